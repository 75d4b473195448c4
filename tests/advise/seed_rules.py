#!/usr/bin/env python3
"""seed_rules.py BINARY TABLE - every row of the papers' tables, put as a question to `clonewatch advise`."""
import csv, json, subprocess, sys

binary, table = sys.argv[1], sys.argv[2]
failures, asked = [], 0
rows = list(csv.DictReader((l for l in open(table) if not l.startswith("#")), delimiter="\t", quoting=csv.QUOTE_NONE))
for row in rows:
    row = {k: v or "" for k, v in row.items()}
    command = [binary, "advise", "--tumour", row["tumour"], "--lines", row["lines"]]
    command += ["--alterations", row["alterations"]] if row["alterations"] else []
    command += ["--facts", row["facts"]] if row["facts"] else []
    run = subprocess.run(command, capture_output=True, text=True)
    name = f"{row['row']} ({row['from']})"
    if run.returncode:
        failures.append(f"{name}: exit {run.returncode}: {run.stderr}")
        continue
    patient = json.loads(run.stdout)
    said = {(a["agent"], a["verdict"]): a for a in patient["advice"]}
    findings = {f["id"] for f in patient["findings"]}
    for item in filter(None, row["expect"].split(";")):
        agent, verdicts = item.split("=")
        got = [said[(agent, v)] for v in verdicts.split(",") if (agent, v) in said]
        asked += 1
        if not got:
            failures.append(f"{name}: no {item}; {agent}: {[v for a, v in said if a == agent]}")
        for a in got:
            if not a["findings"] or not set(a["findings"]) <= findings or not a["citations"]:
                failures.append(f"{name}: {agent} without finding or source")
    for item in filter(None, row["absent"].split(";")):
        agent, verdict = item.split("=")
        asked += 1
        if (agent, verdict) in said:
            failures.append(f"{name}: {item} must not be said: {said[(agent, verdict)]}")
    if row["shows"]:
        asked += 1
        gaps = " | ".join(f"{g['what']} {g['why']} {g['assay']}" for g in patient["not_assessable"])
        if row["shows"] not in gaps:
            failures.append(f"{name}: '{row['shows']}' is not among what plasma does not show: {gaps}")
print("\n".join(failures))
print(f"{len(rows)} rows, {asked} statements, {len(failures)} failures")
sys.exit(bool(failures))
