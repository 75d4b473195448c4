# make_calls.sh - calls files of one patient from a table: make_calls NAME DEPTH k1 k2 ... (alternative molecules of the alleles, in order; "." is unknown)
make_calls() {
  local name=$1 n=$2 pos=100 k; shift 2
  { printf '##fileformat=VCFv4.2\n##clonewatch_background=<omega_hat=0.35,omega="0.2,0.35,0.5",model=%s>\n' "${MODEL:-m1}"
    printf '#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\t%s\n' "$name"
    for k; do
      pos=$((pos + 1))
      printf '7\t%d\t.\tA\tG\t.\t.\tBGA=1.5;BGB=50000\tAD\t%d,%d\n' $pos $((n - k)) "$k"
    done; } > "$name.calls.vcf"
}
