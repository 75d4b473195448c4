#!/usr/bin/env python3
"""manifest.py SRC - every file of testdata stands in MANIFEST.tsv with its checksum, and every line has its file."""
import csv, hashlib, pathlib, sys

root = pathlib.Path(sys.argv[1]) / "testdata"
rows = {r["file"]: r for r in csv.DictReader((root / "MANIFEST.tsv").open(), delimiter="\t")}
files = {str(p.relative_to(root)) for p in root.rglob("*") if p.is_file()} - {"MANIFEST.tsv", "README.md"}
bad = [f"{f} is not in MANIFEST.tsv" for f in sorted(files - set(rows))] + [f"{f} is in MANIFEST.tsv alone" for f in sorted(set(rows) - files)]
for f in sorted(files & set(rows)):
    if hashlib.sha256((root / f).read_bytes()).hexdigest() != rows[f]["sha256"]:
        bad.append(f"{f} has another checksum than MANIFEST.tsv says")
    if not rows[f]["origin"].strip():
        bad.append(f"{f} has no origin")
print("\n".join(bad + [f"{len(files) - len(bad)} passed, {len(bad)} failed"]))
sys.exit(bool(bad))
