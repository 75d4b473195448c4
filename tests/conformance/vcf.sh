#!/usr/bin/env bash
# vcf.sh BINARY - the conformance files of the VCF specification: `failed` have to be refused with file, line and reason (86 % at
# least, bcftools view 1.16 refuses 9 %), `passed` accepted, and no file of either may crash strict or lax import. With --record the
# numbers go to tests/bench/results.tsv.
set -u
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
clonewatch=$1
data=${CLONEWATCH_HTS_SPECS:-$here/../../../shared/data/hts-specs}
[ -d "$data" ] || { echo "no hts-specs files: skipped"; exit 77; }
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
failed=0 refused=0 passed=0 accepted=0 crashed=0
for f in "$data"/*/failed/*.vcf "$data"/*/passed/*.vcf; do
  timeout 10 "$clonewatch" import --check "$f" >/dev/null 2>"$work/err"; status=$?
  timeout 10 "$clonewatch" import --lax --caller ad -q -o "$work/out.vcf.gz" "$f" >/dev/null 2>"$work/lax"; lax=$?
  [ $status -le 1 ] && [ $lax -le 1 ] || { crashed=$((crashed + 1)); echo "exit $status, lax $lax: $f"; }
  case $f in
  */failed/*)
    failed=$((failed + 1))
    if [ $status = 1 ] && grep -qE "^clonewatch import: error: .*$(basename "$f")('|:[0-9]+:)" "$work/err"; then refused=$((refused + 1)); else echo "accepted: $f"; fi ;;
  *)
    passed=$((passed + 1))
    if [ $status = 0 ]; then accepted=$((accepted + 1)); else echo "refused: $f: $(cat "$work/err")"; fi ;;
  esac
done
echo "invalid VCF refused $refused of $failed, valid accepted $accepted of $passed, crashes $crashed"
if [ "${2:-}" = --record ]; then
  met=$([ $((refused * 100)) -ge $((failed * 86)) ] && echo yes || echo no)
  { printf 'invalid hts-specs VCF refused (of %d)\t%d\tfiles\t>= 86 %%\t%s\ttests/conformance/vcf.sh\n' $failed $refused "$met"
    printf 'valid hts-specs VCF accepted (of %d)\t%d\tfiles\tall\t%s\ttests/conformance/vcf.sh\n' $passed $accepted "$([ $accepted = $passed ] && echo yes || echo no)"
    printf 'hts-specs VCF that crash import\t%d\tfiles\t0\t%s\ttests/conformance/vcf.sh\n' $crashed "$([ $crashed = 0 ] && echo yes || echo no)"
  } | "$here/../bench/record.py" conformance-vcf
fi
[ $failed -gt 0 ] && [ $((refused * 100)) -ge $((failed * 86)) ] && [ $accepted = $passed ] && [ $crashed = 0 ]
