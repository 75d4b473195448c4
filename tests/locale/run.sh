#!/usr/bin/env bash
# run.sh BINARY - every output of the program, byte for byte the same under a decimal comma, a Turkish i and the time zone of Kiritimati (UTC+14).
# The locales are made here, since a locale that is not installed is silently C.
set -u
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
src=$(cd "$here/../.." && pwd)
binary=$(realpath "$1")
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
"$here/make.sh" locales; status=$?
[ $status = 0 ] || exit $status
export LOCPATH=$work/locales
passed=0 failed=0
check() { if "${@:2}"; then passed=$((passed + 1)); else failed=$((failed + 1)); echo "FAILED: $1"; fi; }

clonewatch() { "$binary" "$@" && return; local code=$?; failed=$((failed + 1)); echo "FAILED: clonewatch $*, exit $code, in $where" >&2; }

# what people see: numbers of a shell and of awk change, so the settings below are real
check "a decimal comma" [ "$(LC_ALL=de_DE.UTF-8 bash -c 'printf %.1f 1,5' 2>&1)" = 1,5 ]
check "another day in Kiritimati" [ "$(TZ=Pacific/Kiritimati date -d @1700000000 +%d)" = 15 ]

mkdir cohort
cp "$src/testdata/demo/scenario.json" cohort/
grep -E '^patient|^LUNG-1,LUNG-1-(tissue|p1|p4|p5),|^CRC-1,CRC-1-(tissue|p[1-4]),' "$src/testdata/demo/draws.csv" >cohort/draws.csv
grep -E '^PATIENT_ID|^LUNG-1|^CRC-1' "$src/testdata/demo/events.csv" >cohort/events.csv

everything() { # folder: every command that writes something
  where=$1
  mkdir "$1" && cd "$1" || exit 1
  cp -r ../cohort cohort
  clonewatch simulate -q -p pan-tumour -o sim cohort/scenario.json
  clonewatch run -q -p pan-tumour --draws sim/draws.csv --events sim/events.csv -f sim/reference.fa.gz -o out
  clonewatch run -q -p pan-tumour --draws sim/draws.csv --events sim/events.csv -f sim/reference.fa.gz --previous out -o later
  clonewatch count -q -p pan-tumour -f sim/reference.fa.gz -o p1.counts.vcf.gz sim/lung-1/p1.bam
  clonewatch count -q -p pan-tumour -f sim/reference.fa.gz --molecules p1.molecules.tsv -o p1.counts.bcf sim/lung-1/p1.bam
  clonewatch call -q -p pan-tumour -f sim/reference.fa.gz --plasma-ml 4.2 --cfdna-ng 38 -o p1.calls.vcf sim/lung-1/p1.bam
  clonewatch call -q -p pan-tumour -f sim/reference.fa.gz -o p4.calls.bcf sim/lung-1/p4.bam
  clonewatch background -q -o background.tsv p1.counts.vcf.gz
  for format in html json tsv maf cbioportal multiqc; do clonewatch report -q --format $format -o report.$format out/LUNG-1/patient.json; done
  clonewatch advise -q --tumour "NSCLC" --lines "erlotinib;osimertinib" --alterations "EGFR L858R,EGFR T790M" --format text >advice.txt
  clonewatch qc -q -o qc.json out/LUNG-1/*.calls.vcf.gz
  clonewatch qc -q --format tsv -o qc.tsv out/LUNG-1/*.calls.vcf.gz
  clonewatch explain out/LUNG-1/patient.json C1 >explain.txt
  clonewatch plan -q --runs 40 --doubling 2,4 --interval 2,4 --html plan.html >plan.tsv
  clonewatch panel show pan-tumour >panel.txt
  cd ..
}
LC_ALL=C TZ=UTC everything plain
LC_ALL=de_DE.UTF-8 TZ=Pacific/Kiritimati everything german
LC_ALL=tr_TR.UTF-8 TZ=Pacific/Kiritimati everything turkish
check "no empty output" [ -z "$(find plain -type f -empty)" ]
check "the files of de_DE.UTF-8" diff -rq plain german
check "the files of tr_TR.UTF-8" diff -rq plain turkish
echo "$passed passed, $failed failed"
[ $failed = 0 ]
