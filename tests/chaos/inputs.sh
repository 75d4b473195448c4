#!/usr/bin/env bash
# inputs.sh BINARY FOLDER KNOWLEDGE - the smallest inputs on which count, import, track and report do all their work: a panel of two alleles, one BAM-like
# file of twelve reads, three draws.
set -eu
clonewatch=$1
cd "$2"
ref=ACGTACGGCTTTTTTTTTGACCATGCATCGGATCCTAGCATGACTTGCAGTCCGATCGAATTG
printf '>1\n%s\n' $ref >ref.fa; printf '1\t62\t3\t62\t63\n' >ref.fa.fai
q() { printf 'I%.0s' $(seq $1); }
{
  printf '@HD\tVN:1.6\tSO:coordinate\n@SQ\tSN:1\tLN:62\n@RG\tID:a\tSM:p\n'
  for i in 1 2 3 4 5 6; do
    r=${ref:0:30}; [ $i -gt 4 ] && r=${ref:0:4}G${ref:5:25}
    printf 'm%s\t99\t1\t1\t60\t30M\t=\t1\t30\t%s\t%s\n' $i "$r" "$(q 30)"
    printf 'm%s\t147\t1\t1\t60\t30M\t=\t1\t-30\t%s\t%s\n' $i "$r" "$(q 30)"
  done
} >in.sam
printf '##fileformat=VCFv4.2\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n1\t5\t.\tA\tG\t.\t.\t.\n1\t9\t.\tCT\tC\t.\t.\t.\n' >sites.vcf
mkdir -p panel
printf '{"schema": "clonewatch.panel/1", "name": "tiny", "version": "1", "knowledge": "%s", "genes": ["G1"], "alterations": "alterations.tsv"}\n' "$3" >panel/panel.json
printf 'gene\thgvs_c\thgvs_p\trole\tcontig\tpos38\tref38\talt38\nG1\tc.1A>G\tp.K1R\tresistance\t7\t101\tA\tG\nG2\tc.2C>T\tp.A2V\tdriver\t7\t202\tC\tT\n' >panel/alterations.tsv
vcf() { # name depth k1 k2
  printf '##fileformat=VCFv4.2\n##FORMAT=<ID=GT,Number=1,Type=String,Description="g">\n##FORMAT=<ID=AD,Number=R,Type=Integer,Description="a">\n'
  printf '##contig=<ID=7,length=159345973>\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\t%s\n' "$1"
  printf '7\t101\t.\tA\tG\t.\tPASS\t.\tGT:AD\t0/1:%d,%d\n7\t202\t.\tC\tT\t.\tPASS\t.\tGT:AD\t0/1:%d,%d\n' $2 $3 $2 $4
}
echo 'patient,sample,date,type,vcf' >draws.csv
n=0
for k in '0 60' '3 30' '25 40'; do
  n=$((n + 1)); vcf d$n 3000 $k >d$n.vcf
  "$clonewatch" import -q -p panel --no-version -O v -o d$n.calls.vcf d$n.vcf
  echo "P,d$n,$((n * 30)),plasma,d$n.calls.vcf" >>draws.csv
done
printf 'PATIENT_ID,START_DATE,STOP_DATE,EVENT_TYPE,AGENT,LINE,RESULT\nP,31,,TREATMENT,agent-x,1,\nP,95,,IMAGING,,,PD\n' >events.csv
"$clonewatch" track -q -p panel --draws draws.csv --events events.csv --no-version -o tracked
