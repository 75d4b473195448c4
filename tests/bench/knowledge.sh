#!/usr/bin/env bash
# knowledge.sh BINARY - what the knowledge holds, how much of it is reviewed, and how many rows of the papers' tables are answered.
set -euo pipefail
binary=$1 here=$(cd "$(dirname "$0")" && pwd) src=$(cd "$(dirname "$0")/../.." && pwd)
python=${PYTHON:-python3}
rows=$(grep -vc '^#\|^row' "$src/tests/advise/seed_rules.tsv")
failures=$("$python" "$src/tests/advise/seed_rules.py" "$binary" "$src/tests/advise/seed_rules.tsv" | tail -1 | sed 's/.*statements, \([0-9]*\) failures/\1/' || true)
count() { awk -F'\t' -v c="$2" -v w="$3" 'NR == 1 {for (i = 1; i <= NF; i++) if ($i == c) k = i} NR > 1 && (w == "" || $k == w) {n++} END {print n + 0}' "$src/panels/knowledge/$1"; }
ms=$("$python" - "$binary" <<'P'
import subprocess, sys, time
times = []
for _ in range(9):
    t = time.perf_counter()
    subprocess.run([sys.argv[1], "advise", "--tumour", "NSCLC", "--lines", "erlotinib;osimertinib", "--alterations", "EGFR L858R,EGFR T790M"], stdout=subprocess.DEVNULL, check=True)
    times.append(time.perf_counter() - t)
print(round(1000 * sorted(times)[4], 1))
P
)
{
  printf "questions from the papers' tables of agents and cross-resistance that fail (of %s)\t%s\trows\t0\t%s\ttests/bench/knowledge.sh\n" "$rows" "$failures" "$([ "$failures" = 0 ] && echo yes || echo no)"
  printf 'alterations\t%s\trows\t-\t-\ttests/bench/knowledge.sh\n' "$(count alterations.tsv id '')"
  for state in reviewed partly conflict unreviewed; do printf 'rules that are %s\t%s\trows\t-\t-\ttests/bench/knowledge.sh\n' "$state" "$(count rules.tsv review $state)"; done
  printf 'advise for a typed-in case, median of 9\t%s\tms\t-\t-\ttests/bench/knowledge.sh\n' "$ms"
} | "$python" "$here/record.py" knowledge
