#!/usr/bin/env bash
# run.sh BINARY [COMMAND[/CASE] ...] - run the whole-command cases.
#
# A case is a folder tests/cli/<command>/<case>/ with a bash script `cmd`. It runs in a fresh temporary folder with
# CLONEWATCH (the binary), SRC (the repository) and CASE (the case's folder) set. Beside it stand the expectations:
#   stdout, stderr   lines; `*` and `?` match as in a shell pattern where a number or a path moves; missing: not checked
#   exit             the exit status; missing: 0
# CW_REWRITE=1 writes stdout, stderr and exit anew, so that a change is reviewed as a diff.
set -u
binary=$(realpath "$1"); shift
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
src=$(cd "$here/../.." && pwd)
export CLONEWATCH=$binary SRC=$src LC_ALL=C TZ=UTC
export ASAN_OPTIONS=${ASAN_OPTIONS:-detect_leaks=1} UBSAN_OPTIONS=${UBSAN_OPTIONS:-print_stacktrace=1}
passed=0 failed=0
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT

# Compare text with expectation lines that may be patterns. Lines that hold none of * ? [ \ are compared as they are.
matches() { # expected-file actual-file
  local e a
  exec 3<"$1" 4<"$2"
  while :; do
    IFS= read -r e <&3; local re=$?
    IFS= read -r a <&4; local ra=$?
    if [ $re -ne 0 ] && [ -z "$e" ]; then [ $ra -ne 0 ] && [ -z "$a" ]; return; fi
    if [ $ra -ne 0 ] && [ -z "$a" ]; then return 1; fi
    e=${e//\\/\\\\}; e=${e//\[/\\[}
    # shellcheck disable=SC2053
    [[ $a == $e ]] || return 1
  done
}

run_case() {
  local dir=$1 name=${1#"$here"/} want got why=""
  local box=$work/box; rm -rf "$box"; mkdir "$box"
  ( cd "$box" && CASE=$dir bash "$dir/cmd" ) >"$work/stdout" 2>"$work/stderr" </dev/null; got=$?
  if [ -n "${CW_REWRITE:-}" ]; then
    cp "$work/stdout" "$dir/stdout"; cp "$work/stderr" "$dir/stderr"
    if [ $got -ne 0 ]; then echo $got >"$dir/exit"; else rm -f "$dir/exit"; fi
  fi
  want=0; [ -f "$dir/exit" ] && want=$(<"$dir/exit")
  [ "$got" = "$want" ] || why="exit $got, expected $want"
  for s in stdout stderr; do
    [ -f "$dir/$s" ] && ! matches "$dir/$s" "$work/$s" && why="$why${why:+; }$s differs"
  done
  if [ -z "$why" ]; then passed=$((passed + 1)); return; fi
  failed=$((failed + 1))
  echo "FAILED $name: $why"
  for s in stdout stderr; do
    if [ -f "$dir/$s" ]; then diff -u --label "expected $s" --label "actual $s" "$dir/$s" "$work/$s" | head -40
    else head -20 "$work/$s" | sed "s/^/  $s: /"; fi
  done
}

cases=()
if [ $# -eq 0 ]; then set -- ""; fi
for want in "$@"; do
  for cmd in "$here"/${want:-*}/cmd "$here"/${want:-*}/*/cmd; do [ -f "$cmd" ] && cases+=("$(dirname "$cmd")"); done
done
for dir in "${cases[@]}"; do run_case "$dir"; done
echo "$passed passed, $failed failed"
[ $failed -eq 0 ] && [ $passed -gt 0 ]
