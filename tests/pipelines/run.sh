#!/usr/bin/env bash
# run.sh BINARY [--full] - the pipeline on a real Nextflow engine against `clonewatch run`: the same files, byte for byte; -resume does nothing
# twice; a bad draw costs its patient alone and the exit status. --full: the whole demonstration cohort by `-profile test`.
set -u
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
src=$(cd "$here/../.." && pwd)
binary=$(realpath "$1")
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
mkdir "$work/bin"; ln -s "$binary" "$work/bin/clonewatch"
export PATH=$work/bin:$PATH NXF_HOME=$work/home LC_ALL=C.UTF-8
cd "$work"
"$here/nextflow.sh" -version >/dev/null 2>version.log; status=$?
[ $status = 77 ] && { cat version.log; echo "no Nextflow engine: skipped"; exit 77; }
[ $status = 0 ] || { cat version.log; exit 1; }

passed=0 failed=0
check() { if "${@:2}"; then passed=$((passed + 1)); else failed=$((failed + 1)); echo "FAILED: $1"; fi; }
nextflow() { "$here/nextflow.sh" -log "$work/$1.log" run "$src/pipelines" "${@:2}" >"$work/$1.out" 2>&1; }

if [ "${2:-}" = --full ]; then
  nextflow full -profile test --outdir out; check "-profile test exits 0" [ $? = 0 ]
  sheet=$(ls -d work/*/*/simulated)
  clonewatch run -q -p pan-tumour --draws "$sheet/draws.csv" --events "$sheet/events.csv" --no-version -o direct
  check "demonstration cohort equals clonewatch run" diff -r -x pipeline_info direct out
  echo "$passed passed, $failed failed"; [ $failed = 0 ]; exit
fi

# a small cohort: one patient from BAM, one from another caller's VCF, paths relative to the sheet
mkdir cohort
cp "$src/testdata/demo/scenario.json" cohort/
grep -E '^patient|^LUNG-1,LUNG-1-(tissue|p1|p4|p5),|^CRC-1,CRC-1-(tissue|p[1-4]),' "$src/testdata/demo/draws.csv" >cohort/draws.csv
grep -E '^PATIENT_ID|^LUNG-1|^CRC-1' "$src/testdata/demo/events.csv" >cohort/events.csv
clonewatch simulate -q --no-reference -p pan-tumour -o sim cohort/scenario.json || exit 1
clonewatch run -q -p pan-tumour --draws sim/draws.csv --events sim/events.csv --no-version -o direct || exit 1

options=(--input sim/draws.csv --events sim/events.csv --panel pan-tumour --no_version true)
nextflow first "${options[@]}" --outdir out; check "exit 0" [ $? = 0 ]
check "the same files as clonewatch run, byte for byte" diff -r -x pipeline_info direct out
check "and what made them" [ "$(grep -c "  clonewatch: $(clonewatch --version-only)" out/pipeline_info/clonewatch_software_versions.yml)" = 5 ]
nextflow second "${options[@]}" --outdir again -resume; check "-resume exits 0" [ $? = 0 ]
check "-resume runs no job again" [ "$(grep -c 'Submitted process' second.out)" = 0 ]
check "-resume gives the same files" diff -r -x pipeline_info direct again

# a draw that cannot be read, and a patient whose treatment has a date of another kind than the draws: they are not reported, the other one is, and the run fails
head -c 3000 sim/crc-1/p3.vcf.gz >cut && mv cut sim/crc-1/p3.vcf.gz
{ cat sim/draws.csv; printf '=TWO,TWO-p1,0,plasma,,crc-1/p1.vcf.gz,mutect2,umi,,,,,\n=TWO,TWO-p2,56,plasma,,crc-1/p2.vcf.gz,mutect2,umi,,,,,\n'; } >sim/bad.csv
{ cat sim/events.csv; echo '=TWO,2024-01-08,,TREATMENT,cetuximab,,'; } >sim/bad-events.csv
options=(--input sim/bad.csv --events sim/bad-events.csv "${options[@]:4}")
nextflow bad "${options[@]}" --outdir bad -resume; check "a failed draw fails the run" [ $? = 1 ]
check "the other patient is reported" diff -r direct/LUNG-1 bad/LUNG-1
check "the patient with the bad draw is not" [ ! -e bad/CRC-1 ]
clonewatch run -q -p pan-tumour --draws sim/bad.csv --events sim/bad-events.csv --no-version -o direct-bad 2>direct-bad.log
without_paths() { sed -E "s#[^ '	]*/##g; s#(bad|_TWO\.draws)\.csv:[0-9]+#sheet#" "$1"; } # a job sees the patient's own sheet, beside it
check "the cohort lists all, with state and reason" diff <(without_paths direct-bad/cohort.tsv) <(without_paths bad/cohort.tsv)
check "as failed, by the sample's name" grep -q "^CRC-1	failed	.*CRC-1-p3" bad/cohort.tsv
check "and so does the audit" [ "$(grep -c '"patient"' bad/audit.jsonl)" = 3 ]
echo "process { withName: CLONEWATCH_RERUN { beforeScript = 'exit 137' } }" >killed.config
nextflow killed "${options[@]}" --outdir killed -resume -c killed.config
check "a patient whose jobs were killed is listed all the same" [ "$(cut -f1,2 killed/cohort.tsv | tail -n +2 | tr '\t\n' '  ')" = "LUNG-1 ok CRC-1 failed '=TWO failed " ]

# a bad sheet: clonewatch says where
sed 's/,plasma,/,blood,/' sim/draws.csv >sim/typo.csv
nextflow typo --input sim/typo.csv --outdir typo; check "a bad sheet fails the run" [ $? = 1 ]
check "and says row and column" grep -q "typo.csv:3: type 'blood'" typo.out
# names that a shell would act on
sed "s/CRC-1-p1/CRC \$(touch owned) 'p1;/" sim/draws.csv | grep -v 'CRC-1-p3' >sim/names.csv
nextflow names --input sim/names.csv --outdir names --no_version true; check "hostile sample names run" [ $? = 0 ]
check "and are not executed" [ -z "$(find . -name owned)" ]
check "stub run" nextflow stub --input sim/draws.csv --outdir stub -stub-run

echo "$passed passed, $failed failed"
if [ $failed != 0 ]; then tail -n 40 "$work"/*.out; exit 1; fi
