#!/usr/bin/env bash
# run.sh BUILD [SECONDS [TARGET ...]] - fuzz each reader for SECONDS (default 60) from its seeds and from what earlier runs found (.cache/fuzz of the
# checkout). A crash, a leak, a sanitizer report, 10 s for one input or 2 GB of memory is a failure; the input is kept in .cache/fuzz/<target>-found.
# Results go to tests/bench/results.tsv with --record as SECONDS' neighbour: run.sh BUILD 600 --record
set -u
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
build=$(realpath "$1"); seconds=${2:-60}; shift $(($# > 1 ? 2 : 1))
record=; [ "${1:-}" = --record ] && { record=1; shift; }
cache=$here/../../.cache/fuzz
targets=("$@"); [ $# -gt 0 ] || for p in "$build"/fuzz/fuzz_*; do targets+=("$(basename "$p" | sed s/fuzz_//)"); done
passed=0 failed=0 runs=0
for t in "${targets[@]}"; do
  mkdir -p "$cache/$t" "$cache/$t-found"
  ASAN_OPTIONS=detect_leaks=1:allocator_may_return_null=1 nice "$build/fuzz/fuzz_$t" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 -max_len=65536 \
    -print_final_stats=1 -artifact_prefix="$cache/$t-found/" "$cache/$t" "$here/corpus/$t" >"$cache/$t.log" 2>&1
  status=$?
  n=$(sed -n 's/^stat::number_of_executed_units: *//p' "$cache/$t.log"); runs=$((runs + ${n:-0}))
  if [ $status = 0 ]; then passed=$((passed + 1)); echo "$t: ${n:-0} inputs"
  else failed=$((failed + 1)); echo "FAILED $t:"; grep -aE 'ERROR|SUMMARY|#[0-9]+ .* in (cw_|[a-z_]+ /)|Test unit written' "$cache/$t.log" | head -15; fi
done
echo "$runs inputs"
echo "$passed passed, $failed failed"
if [ -n "$record" ]; then
  printf 'fuzz targets without a finding (of %d, %d s each)\t%d\ttargets\tall\t%s\ttests/fuzz/run.sh\nfuzzed inputs\t%d\tinputs\t-\t-\ttests/fuzz/run.sh\n' \
    ${#targets[@]} "$seconds" $passed "$([ $failed = 0 ] && echo yes || echo no)" $runs | "$here/../bench/record.py" fuzz
fi
[ $failed = 0 ]
