#!/usr/bin/env bash
# detection.sh BUILD - numbers of detection into results.tsv (topic detection): simulations, and real data where they are at hand.
set -eu
build=$1
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
{
  "$build/tests/detection/detection_numbers" | sed 's|$|\ttests/bench/detection.sh BUILD (detection_numbers)|' || true
  "$here/../detection/real_data.sh" "$build/bin/clonewatch" "$build/tests/detection" | sed 's|$|\ttests/bench/detection.sh BUILD (real_data.sh)|' || true
} | python3 "$here/record.py" detection
