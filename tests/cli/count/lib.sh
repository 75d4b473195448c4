# Helpers of the count cases: a 62 bp contig "1", sites, and short ways to write SAM.
ref=ACGTACGGCTTTTTTTTTGACCATGCATCGGATCCTAGCATGACTTGCAGTCCGATCGAATTG
reference() { printf '>%s\n%s\n' "${1:-1}" $ref >ref.fa; printf '%s\t62\t%d\t62\t63\n' "${1:-1}" $((${#1} ? ${#1} + 2 : 3)) >ref.fa.fai; }
head_() { printf '@HD\tVN:1.6\tSO:coordinate\n@SQ\tSN:%s\tLN:%s\n@RG\tID:a\tSM:p\n' "${1:-1}" "${2:-62}"; }
q() { printf 'I%.0s' $(seq $1); }
# name flag pos cigar seq [tags]: mapping quality 60, base quality 40
read_() { printf '%s\t%s\t1\t%s\t60\t%s\t*\t0\t0\t%s\t%s%s\n' "$1" "$2" "$3" "$4" "$5" $(q ${#5}) "${6:+	$6}"; }
sites() { printf '##fileformat=VCFv4.2\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n'; while read -r c p r a; do printf '%s\t%s\t.\t%s\t%s\t.\t.\t.\n' $c $p $r $a; done; }
# locus and its counts: pos alt AD ADX OTH LQ UNI DIS
table() { bcftools query -f '%POS %ALT[ AD=%AD ADX=%ADX OTH=%OTH LQ=%LQ UNI=%UNI DIS=%DIS]\n' "$1"; }
