#!/usr/bin/env python3
"""record.py TOPIC [--part] < LINES - put a topic's numbers into results.tsv beside this file, replacing that topic's old lines only; with --part
only those of the same measure.

Each input line: measure TAB value TAB unit TAB goal TAB met TAB command
  goal  as written in the requirement ("<= 1.25"), or "-" for a number that is only reported
  met   yes | no | -
"""
import pathlib, sys

HEADER = "topic\tmeasure\tvalue\tunit\tgoal\tmet\tcommand"
path = pathlib.Path(__file__).with_name("results.tsv")
topic = sys.argv[1]
new = []
for number, line in enumerate(sys.stdin, 1):
    cells = line.rstrip("\n").split("\t")
    if len(cells) != 6 or not all(cells):
        sys.exit(f"record.py: line {number}: {len(cells)} cells, expected 6 that are not empty")
    if cells[4] not in ("yes", "no", "-"):
        sys.exit(f"record.py: line {number}: met is '{cells[4]}', not yes, no or -")
    new.append("\t".join([topic] + cells))
if not new:
    sys.exit("record.py: no lines on standard input")
old = path.read_text().splitlines()[1:] if path.exists() else []
if "--part" in sys.argv[2:]:
    again = {r.split("\t")[1]: r for r in new}
    rows = [again.pop(r.split("\t")[1], r) if r.split("\t")[0] == topic else r for r in old] + list(again.values())
else:
    rows = [r for r in old if r.split("\t")[0] != topic] + new
rows.sort(key=lambda r: r.split("\t")[0])  # stable: a topic's own order stays
path.write_text("\n".join([HEADER] + rows) + "\n")
print(f"{len(new)} lines for {topic}")
