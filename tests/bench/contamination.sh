#!/usr/bin/env bash
# contamination.sh BUILD - how often invented samples with and without another person's DNA fail contamination, and whether the interval holds: into results.tsv (topic contamination). Some minutes.
set -eu
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
"$1/tests/detection/detection_contamination" | sed 's|$|\ttests/bench/contamination.sh BUILD|' | python3 "$here/record.py" contamination
