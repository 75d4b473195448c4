#!/usr/bin/env bash
# real_data.sh CLONEWATCH PROGRAMS - the many-variant test on two public data sets that are not part of the project; passes without them.
# Prints lines for tests/bench/record.py without the command column.
set -eu
clonewatch=$1 programs=$2
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
data=${CLONEWATCH_DATA:-$here/../../../shared/data}
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
status=0
line() { # measure value unit goal met
  printf '%s\t%s\t%s\t%s\t%s\n' "$@"; [ "$5" = yes ] || status=1
}
if [ -d "$data/plasma-mrd" ]; then
  for s in T1 T2 N1 N2 N3; do
    "$clonewatch" call -q --no-version --tracked "$data/plasma-mrd/tumour_variants.tsv" -Ov -o "$work/$s.calls.vcf" "$data/plasma-mrd/$s.bam"
    e=$("$programs/detection_mrd_plasma" "$data/plasma-mrd/tumour_variants.tsv" "$work/$s.calls.vcf" | sed 's/.*ln_e=\([^ ]*\).*/\1/')
    if [ $s = T1 ]; then goal='>= 2.996'; met=$(awk "BEGIN{print ($e >= 2.996) ? \"yes\" : \"no\"}"); else goal='< 2.996'; met=$(awk "BEGIN{print ($e < 2.996) ? \"yes\" : \"no\"}"); fi
    line "plasma-mrd $s, ten variants: ln E (alarm at ln 20)" "$e" ln "$goal" "$met"
  done
else
  echo "plasma-mrd is not here; skipped" >&2
fi
if [ -f "$data/mrd-tracerx2017/tracked.tsv" ]; then
  set -- $("$programs/detection_mrd_tracerx" "$data/mrd-tracerx2017/tracked.tsv" | tail -1)   # relapses 14 found 13 others 10 flagged 1
  line "mrd-tracerx2017: relapses found, of $2 (development set)" "$4" patients '>= 13' "$([ "$4" -ge 13 ] && echo yes || echo no)"
  line "mrd-tracerx2017: others flagged, of $6 (development set)" "$8" patients '<= 1' "$([ "$8" -le 1 ] && echo yes || echo no)"
else
  echo "mrd-tracerx2017 is not here; skipped" >&2
fi
exit $status
