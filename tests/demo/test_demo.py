#!/usr/bin/env python3
"""test_demo.py CLONEWATCH SRC - the demo cohort: made, run, and held against truth.tsv (never against earlier output).

counts       molecules of each true allele against the VAF that the tube was given (exact binomial, all draws)
alarms       who must alarm, and when: after the clone is there, before the scan; who must not
phase        cis and trans read from molecules, against the scenario's tree
determinism  the same bytes at 1, 2 and 8 threads, in another locale and time zone
other names  renamed patients, another seed, another panel
later draw   --previous keeps alarms and weights; the audit names what is new
swapped tube blocks its patient; a reason lets it pass
bad input    cut and missing BAM, foreign build: exit 1, a sentence with the file, nothing left of the patient
"""
import csv, datetime, filecmp, json, os, pathlib, re, shutil, subprocess, sys, tempfile

import pysam
from scipy import stats

binary, src = os.path.abspath(sys.argv[1]), pathlib.Path(sys.argv[2]).resolve()
passed, failures = 0, []
box = pathlib.Path(tempfile.mkdtemp(prefix="clonewatch-demo-"))


def check(condition, message):
    global passed
    if condition:
        passed += 1
    else:
        failures.append(message)
        print("FAILED", message)


def clonewatch(*words, env=None, expect=0):
    done = subprocess.run([binary, *map(str, words)], capture_output=True, text=True, cwd=box, env={**os.environ, **(env or {})})
    check(done.returncode == expect, f"exit {done.returncode} instead of {expect}: clonewatch {' '.join(map(str, words))}\n{done.stderr}")
    return done


def own_locales():
    """Locales that are not installed are silently C: they are made here, where the system has their sources."""
    made = subprocess.run([src / "tests/locale/make.sh", box / "locales"], capture_output=True, text=True)
    if made.returncode == 0:
        os.environ["LOCPATH"] = str(box / "locales")
    else:
        print(made.stdout + made.stderr + "other locales than C are not tested here")


def run(sheet_folder, out, *words, **more):
    reference = ["-f", f"{sheet_folder}/reference.fa.gz"] if (box / sheet_folder / "reference.fa.gz").exists() else []
    return clonewatch("run", "-q", "--draws", f"{sheet_folder}/draws.csv", "--events", f"{sheet_folder}/events.csv", *reference, "-o", out, *words, **more)


def tsv(path):
    with open(box / path, newline="") as f:
        return list(csv.DictReader(f, delimiter="\t"))


def patient(out, name):
    return json.loads((box / out / name / "patient.json").read_text())


def same_tree(a, b):
    names = sorted(str(p.relative_to(box / a)) for p in (box / a).rglob("*") if p.is_file())
    others = sorted(str(p.relative_to(box / b)) for p in (box / b).rglob("*") if p.is_file())
    return names == others and not filecmp.cmpfiles(box / a, box / b, names, shallow=False)[1]


def days(date, first):
    return date if isinstance(date, (int, float)) else (datetime.date.fromisoformat(date) - datetime.date.fromisoformat(first)).days


def counts(truth, out):
    """Counts of all clone alleles in all plasma draws: each exact binomial p above 1e-4 (200 comparisons), none far off."""
    seen = 0
    for name in {t["patient"] for t in truth}:
        points = {(a["id"], p["draw"]): p for a in patient(out, name)["alterations"] for p in a["points"]}
        for t in truth:
            if t["patient"] != name or t["type"] != "plasma":
                continue
            p = points[(t["cwid"], t["sample"])]
            vaf = float(t["vaf"])
            k, n = p["alt"], p["depth"]
            # reads: molecules that span a deletion only in part cannot tell, so a few are missing from n, not from k/n
            test = stats.binomtest(k, n, min(1, vaf + 2e-5)).pvalue
            check(test > 1e-4, f"{t['sample']} {t['cwid']}: {k} of {n} molecules, VAF in the tube {vaf:.5g} (p = {test:.2g})")
            seen += 1
    check(seen > 80, f"only {seen} counts were compared")


def first_alert(data, kind="emergence"):
    return {a["what"]: a for a in reversed(data["alarms"]) if a["kind"] == kind and a["level"] == "alert" and a["what"] != "patient"}


def alarms(truth, out):
    for name in ("LUNG-1", "CRC-1", "BREAST-1", "STABLE-1"):
        data = patient(out, name)
        mine = [t for t in truth if t["patient"] == name and t["type"] == "plasma"]
        real = {t["cwid"]: t for t in mine}
        alerts = first_alert(data)
        for what, a in alerts.items():
            check(what in real, f"{name}: {what} alarms, but no clone has it")
            at = [t for t in mine if t["cwid"] == what and abs(float(t["day"]) - a["day"]) < 1e-9]
            check(at and float(at[0]["vaf"]) > 0, f"{name}: {what} alarms in a draw without it")
        # acquired clones that reached 0.5 % of the molecules must have been found
        for cwid in real:
            course = sorted((float(t["day"]), float(t["vaf"])) for t in mine if t["cwid"] == cwid)
            acquired = course[0][1] < 2e-4 and not real[cwid]["clone"].startswith(("trunk", "blood"))
            if acquired:
                late = [d for d, f in course if f >= 0.005]
                check(cwid in alerts, f"{name}: {cwid} is acquired and never alarms")
                check(not late or (cwid in alerts and alerts[cwid]["day"] <= late[0]), f"{name}: {cwid} alarms after 0.5 %")
            else:
                check(cwid not in alerts, f"{name}: {cwid} was there before and is called emerging")
    lung = patient(out, "LUNG-1")
    first_draw = lung["draws"][0]["date"]
    progression = min(days(i["date"], first_draw) for i in lung["imaging"] if i["progression"])
    gatekeeper = next(t["cwid"] for t in truth if t["patient"] == "LUNG-1" and t["clone"] == "gatekeeper")
    alert = first_alert(lung).get(gatekeeper)
    check(alert and progression - alert["day"] >= 84, "LUNG-1: the gatekeeper mutation does not alarm twelve weeks before the scan")
    check(any(a["lead_days"] == progression - alert["day"] for a in lung["alterations"] if a["id"] == gatekeeper), "LUNG-1: lead time")
    check(any("amplif" in (f["result"] or "") for f in lung["facts"]), "LUNG-1: the other assay's amplification is not among the facts")
    stable = patient(out, "STABLE-1")
    check(stable["alarms"] == [], f"STABLE-1 alarms: {stable['alarms']}")
    low = [p["state"] for a in stable["alterations"] for p in a["points"] if p["draw"] == "STABLE-1-p4"]
    check(low.count("not_assessable") > len(low) * 0.9, "STABLE-1: the low-yield draw is not called not assessable")
    chip = next(t["cwid"] for t in truth if t["patient"] == "BREAST-1" and t["clone"] == "blood")
    breast = {a["id"]: a for a in patient(out, "BREAST-1")["alterations"]}
    check(breast[chip]["origin"] == "chip", f"BREAST-1: the blood clone's origin is {breast[chip]['origin']}")
    crc = {a["id"]: a for a in patient(out, "CRC-1")["alterations"]}
    by_clone = {t["clone"]: t["cwid"] for t in truth if t["patient"] == "CRC-1"}
    check(crc[by_clone["mek"]]["status"] in ("falling", "cleared"), f"CRC-1: the MEK clone is {crc[by_clone['mek']]['status']}")
    check(crc[by_clone["kras-61"]]["status"] == "emerging", f"CRC-1: the rising RAS clone is {crc[by_clone['kras-61']]['status']}")
    check(patient(out, "CRC-1")["response"]["mixed"] is True, "CRC-1: one clone falls, another rises, and the response is not mixed")


def phase(truth, out):
    lung = patient(out, "LUNG-1")
    own = {t["clone"]: t["cwid"] for t in truth if t["patient"] == "LUNG-1"}
    pair = {own["gatekeeper"], own["second-site"]}
    facts = [f for f in lung["phases"] if {f["a"], f["b"]} == pair]
    check(facts, "LUNG-1: no molecule tells the phase of the two resistance mutations")
    for f in facts: # the second-site clone is a child of the other on the same chromosome: never without it
        alone = f["trans_b"] if f["b"] == own["second-site"] else f["trans_a"]
        check(f["cis"] > 0 and alone == 0, f"LUNG-1 {f['draw']}: {f['cis']} in cis, {alone} alone")
    clone = {a: c for c in lung["clones"] for a in c["alterations"]}
    outer, inner = clone[own["gatekeeper"]], clone[own["second-site"]]
    check(outer["id"] != inner["id"] and inner["order"] == outer["id"], f"LUNG-1: the second-site clone descends from '{inner['order']}', its molecules say {outer['id']}")


def other_names():
    """Nothing in the program knows the demo: other ids, another seed, another panel."""
    folder = box / "renamed"
    folder.mkdir()
    for file in ("scenario.json", "draws.csv", "events.csv"):
        text = (src / "testdata/demo" / file).read_text()
        lines = [l for l in text.splitlines(True) if not l.startswith(("LUNG", "BREAST", "STABLE"))] if file != "scenario.json" else [text]
        (folder / file).write_text("".join(lines).replace("CRC-1", "Q7_x").replace("crc-1", "elsewhere"))
    scenario = json.loads((folder / "scenario.json").read_text())
    scenario["patients"] = {"Q7_x": scenario["patients"]["Q7_x"]}
    (folder / "scenario.json").write_text(json.dumps(scenario))
    clonewatch("simulate", "-q", "-p", "colorectal", "--seed", 99, "--no-reference", "-o", "in2", "renamed/scenario.json")
    run("in2", "out-renamed", "-p", "colorectal")
    truth = tsv("in2/truth.tsv")
    real = {t["cwid"] for t in truth}
    alerts = first_alert(patient("out-renamed", "Q7_x"))
    check(set(alerts) <= real and len(alerts) >= 5, f"renamed patient: {sorted(alerts)}")
    check(tsv("out-renamed/cohort.tsv")[0]["patient"] == "Q7_x", "renamed patient: cohort.tsv")


def reads(work):
    """The simulator's BAM and reference by another reader: order, pairs, alignment to the reference, the allele, depth."""
    fasta = pysam.FastaFile(str(work / "reference.fa.gz"))
    check(dict(zip(fasta.references, fasta.lengths))["chr4"] == 190214555 and len(fasta.references) == 25, "reference: contigs")
    check(set(fasta.fetch("chr4", 0, 1000)) == {"N"}, "reference: not N away from the panel")
    bam = pysam.AlignmentFile(str(work / "p1.bam"))
    wrong = bases = 0
    last, names, lengths = (-1, -1), {}, []
    for n, r in enumerate(bam):
        if last > (r.reference_id, r.reference_start):
            check(False, f"reads: {r.query_name} is out of order")
        last = (r.reference_id, r.reference_start)
        names.setdefault(r.query_name, []).append(r)
        if n % 7 == 0:
            sequence = fasta.fetch(r.reference_name, r.reference_start, r.reference_end)
            for q, p in r.get_aligned_pairs(matches_only=True):
                if r.query_qualities[q] >= 30:
                    bases += 1
                    wrong += r.query_sequence[q] != sequence[p - r.reference_start]
    pairs = list(names.values())
    check(all(len(p) == 2 and p[0].is_read1 != p[1].is_read1 and p[0].next_reference_start == p[1].reference_start and p[0].template_length == -p[1].template_length
              for p in pairs), "reads: mates do not name each other")
    lengths = sorted(p[0].template_length for p in pairs)
    check(150 <= lengths[len(lengths) // 2] <= 185 and lengths[-1] <= 560, f"reads: fragment lengths, median {lengths[len(lengths) // 2]}")
    # 5 % of 1500 molecules carry the allele at one of about 100 loci, the genotype's SNPs are off, errors are 3e-5 a base
    check(bases > 100000 and wrong / bases < 3e-3, f"reads: {wrong} of {bases} good bases differ from the reference")
    allele = tsv("in3/truth.tsv")[0]
    row = next(a for a in csv.DictReader((src / "panels/knowledge/alterations.tsv").open(), delimiter="\t") if a["id"] == allele["cwid"])
    seen = {}
    for column in bam.pileup("chr" + row["contig"], int(row["pos38"]) - 1, int(row["pos38"]), truncate=True, max_depth=10**6, min_base_quality=20, ignore_overlaps=False):
        for r in column.pileups:
            if r.query_position is not None:
                seen[r.alignment.query_name] = r.alignment.query_sequence[r.query_position]
    k, n = sum(b == row["alt38"] for b in seen.values()), len(seen)
    check(abs(n - 1500) < 5 * 1500**0.5 + 150, f"reads: {n} molecules at a locus meant to have 1500 (neighbouring targets add a few)")
    check(stats.binomtest(k, n, float(allele["vaf"])).pvalue > 1e-4, f"reads: {k} of {n} molecules carry the allele, VAF {allele['vaf']}")


def bad_input():
    folder = box / "bad"
    folder.mkdir()
    (folder / "scenario.json").write_text(json.dumps({
        "seed": 3, "draws": "draws.csv", "assay": {"molecules": 300, "snp_molecules": 0, "focus_molecules": 1500},
        "patients": {"P": {"clones": [{"id": "a", "alleles": ["KIT c.1669T>C"], "points": [[0, 0.05]]}]}}}))
    head = "patient,sample,date,bam,vcf\n"
    (folder / "draws.csv").write_text(head + "P,p1,0,p1.bam,\nP,p2,30,p2.bam,\nOK,o1,0,,o1.calls.vcf.gz\nOK,o2,30,,o2.calls.vcf.gz\n")
    clonewatch("simulate", "-q", "-p", "gist", "-o", "in3", "bad/scenario.json")
    clonewatch("simulate", "-q", "-p", "gist", "-@", 3, "-o", "in3b", "bad/scenario.json", env={"LC_ALL": "de_DE.UTF-8", "TZ": "Asia/Kolkata"})
    check(same_tree("in3", "in3b"), "simulate: 3 threads give other bytes than 1")
    work = box / "in3"
    reads(work)
    good = (work / "p2.bam").read_bytes()

    def refused(case, sentence, *words, prepare=None, sheet=None):
        out = "out-" + case
        if sheet:
            (work / "draws.csv").write_text(sheet)
        if prepare:
            prepare()
        done = clonewatch("run", "-q", "-p", "gist", "--draws", "in3/draws.csv", "-f", "in3/reference.fa.gz", "-o", out, *words, expect=1)
        rows = {r["patient"]: r for r in tsv(f"{out}/cohort.tsv")}
        check(rows["P"]["state"] == "failed" and rows["OK"]["state"] == "ok", f"{case}: states {rows}")
        check(sentence in done.stderr and sentence in rows["P"]["reason"], f"{case}: '{sentence}' is not in: {done.stderr}")
        check(not (box / out / "P").exists(), f"{case}: something of the failed patient is left")
        check((box / out / "OK" / "report.html").exists(), f"{case}: the other patient has no report")
        check(len((box / out / "audit.jsonl").read_text().splitlines()) == 2, f"{case}: audit")

    refused("cut", "in3/p2.bam", prepare=lambda: (work / "p2.bam").write_bytes(good[:len(good) // 2]))
    refused("no-eof", "in3/p2.bam", prepare=lambda: (work / "p2.bam").write_bytes(good[:-28]))
    refused("missing", "in3/p2.bam", prepare=lambda: (work / "p2.bam").unlink())
    (work / "p2.bam").write_bytes(good)
    os.utime(work / "p2.bam.bai")
    foreign = json.loads((folder / "scenario.json").read_text())
    foreign["build"] = "GRCh37"
    (folder / "37.json").write_text(json.dumps(foreign))
    clonewatch("simulate", "-q", "-p", "gist", "--no-reference", "-o", "in37", "bad/37.json")
    refused("build", "in37/p2.bam", "--build", "GRCh38", sheet=head + "P,p1,0,p1.bam,\nP,p2,30,../in37/p2.bam,\nOK,o1,0,,o1.calls.vcf.gz\nOK,o2,30,,o2.calls.vcf.gz\n")
    only37 = box / "only37"
    only37.mkdir()
    rows = (src / "panels/knowledge/alterations.tsv").read_text().splitlines()
    columns = rows[0].split("\t")
    kept = []
    for row in (r.split("\t") for r in rows[1:]):
        if row[columns.index("gene")] == "KIT" and row[columns.index("pos37")]:
            row[columns.index("pos38")] = row[columns.index("ref38")] = row[columns.index("alt38")] = ""
            kept.append("\t".join(row))
    (only37 / "alterations.tsv").write_text("\n".join([rows[0], *kept]) + "\n")
    (only37 / "panel.json").write_text(json.dumps({"schema": "clonewatch.panel/1", "name": "only37", "version": "1",
                                                   "alterations": "alterations.tsv"}))
    done = clonewatch("run", "-q", "-p", "only37", "--draws", "in3/draws.csv", "-o", "out-panel", expect=1)
    check("only37" in done.stderr and "GRCh38" in done.stderr, f"panel of the other build: {done.stderr}")
    check(not (box / "out-panel" / "P").exists(), "panel of the other build: something is left")


def swapped_tube():
    """A tube of another person blocks its patient, by name; a reason given by hand lets it pass, and is printed."""
    folder = box / "swap"
    folder.mkdir()
    (folder / "scenario.json").write_text(json.dumps({"seed": 11, "draws": "draws.csv", "assay": {"molecules": 2000}, "samples": {"s3": {"genotype_of": "somebody"}},
                                                      "patients": {"S": {"clones": []}}}))
    (folder / "draws.csv").write_text("patient,sample,date,type,vcf\nS,sw,0,normal,sw.calls.vcf.gz\nS,s1,0,plasma,s1.calls.vcf.gz\nS,s2,30,plasma,s2.calls.vcf.gz\n"
                                      "S,s3,60,plasma,s3.calls.vcf.gz\nT,t1,0,plasma,t1.calls.vcf.gz\n")
    clonewatch("simulate", "-q", "-p", "gist", "--no-reference", "-o", "in4", "swap/scenario.json")
    done = clonewatch("run", "-q", "-p", "gist", "--draws", "in4/draws.csv", "-o", "out-swap", expect=1)
    rows = {r["patient"]: r for r in tsv("out-swap/cohort.tsv")}
    check(rows["S"]["state"] == "blocked" and "s3" in rows["S"]["reason"] and rows["T"]["state"] == "ok", f"swap: {rows}")
    check("'s3'" in done.stderr and not (box / "out-swap/S").exists(), f"swap: {done.stderr}")
    check([json.loads(l)["state"] for l in (box / "out-swap/audit.jsonl").read_text().splitlines()] == ["blocked", "ok"], "swap: audit")
    clonewatch("run", "-q", "-p", "gist", "--draws", "in4/draws.csv", "-o", "out-swap", "--accept-identity", "s3=bone marrow transplant")
    check(any("bone marrow transplant" in n for n in patient("out-swap", "S")["notices"]), "swap: the reason is not in the report's notices")
    check("bone marrow transplant" in (box / "out-swap/S/report.html").read_text(), "swap: the reason is not on the page")
    check(len((box / "out-swap/audit.jsonl").read_text().splitlines()) == 4, "swap: the audit is not appended to")
    clonewatch("run", "-q", "-p", "gist", "--draws", "in4/draws.csv", "-o", "out-swap", "--accept-identity", "nobody=x", expect=2)


def later_draw(truth):
    """A later report made with --previous keeps the alarms; the audit names what is new."""
    for file in ("draws.csv", "events.csv"):
        lines = (box / "in" / file).read_text().splitlines(True)
        (box / "in" / f"early-{file}").write_text("".join(l for i, l in enumerate(lines) if i == 0 or (l.startswith("BREAST-1") and "p7" not in l)))
        (box / "in" / f"late-{file}").write_text("".join(l for i, l in enumerate(lines) if i == 0 or l.startswith("BREAST-1")))
    clonewatch("run", "-q", "--draws", "in/early-draws.csv", "--events", "in/early-events.csv", "-o", "out-early")
    clonewatch("run", "-q", "--draws", "in/late-draws.csv", "--events", "in/late-events.csv", "--previous", "out-early", "-o", "out-late")
    key = lambda a: (a["level"], a["kind"], a["what"])
    early, late = ({key(a) for a in patient(o, "BREAST-1")["alarms"]} for o in ("out-early", "out-late"))
    check(early and early <= late, f"later draw: alarms {early - late} are gone")
    line = json.loads((box / "out-late/audit.jsonl").read_text())
    check({key(a) for a in line["alarms_added"]} == late - early, "later draw: the audit's added alarms")
    weights = lambda o: {a["id"]: a["evidence"]["weight"] for a in patient(o, "BREAST-1")["alterations"]}
    check(weights("out-early") == weights("out-late"), "later draw: the weights have changed")


def main():
    own_locales()
    clonewatch("simulate", "-q", "-p", "pan-tumour", "-@", 2, "-o", "in", src / "testdata/demo/scenario.json")
    truth = tsv("in/truth.tsv")
    run("in", "out", "-@", 2)
    for page in sorted((box / "out").glob("*/report.html")):
        check(not re.search(r"&lt;/?(br|span|td|p|b)\b", page.read_text()), f"{page.parent.name}: markup of the page stands on it as text")
    check([r["state"] for r in tsv("out/cohort.tsv")] == ["ok"] * 4, "a demo patient is not ok")
    counts(truth, "out")
    alarms(truth, "out")
    phase(truth, "out")
    run("in", "out1", "-@", 1, env={"LC_ALL": "tr_TR.UTF-8", "TZ": "Pacific/Auckland"})
    run("in", "out8", "-@", 8, env={"LC_ALL": "de_DE.UTF-8", "TZ": "America/Caracas"})
    check(same_tree("out", "out1"), "1 thread in another locale gives other bytes than 2")
    check(same_tree("out", "out8"), "8 threads give other bytes than 2")
    later_draw(truth)
    swapped_tube()
    other_names()
    bad_input()
    print(f"{passed} passed, {len(failures)} failed")
    shutil.rmtree(box)
    sys.exit(bool(failures))


main()
