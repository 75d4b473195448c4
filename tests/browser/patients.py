#!/usr/bin/env python3
"""patients.py FOLDER - writes patient.json documents to look at and to test the page with.

Typed and computed here from the documented layout of patient.json alone; nothing of the program's own output goes in.
  lung       one emerging alteration, dates, three lines, CHIP decoy, germline, amplification of another assay, advice
  colorectal three alterations emerging together, mixed response, day numbers, an open line
  twelve     twelve emerging alterations, fourteen draws, long names
  quiet      nothing emerging, one low-yield draw, stable CHIP
  advice     advice only: no draws (the command line without any BAM)
  hostile    every string is an attack
"""
import copy
import datetime
import json
import math
import sys
from pathlib import Path

SHA = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"


def interval(k, n):
    """Wilson 95 %: only to have something of the right size to draw."""
    z, p = 1.96, k / n
    mid, half = (p + z * z / 2 / n) / (1 + z * z / n), z * math.sqrt(p * (1 - p) / n + z * z / 4 / n / n) / (1 + z * z / n)
    return max(0.0, mid - half) if k else 0.0, min(1.0, mid + half)


def point(draw, n, vaf, background=3e-5):
    if n < 1000:
        return dict(draw=draw["id"], ref=n, alt=0, other=0, depth=n, vaf=None, lo=None, hi=None, lod=None, lod_alarm=None, state="not_assessable", per_ml=None, filters="low_molecules")
    k = round(n * vaf)
    lod = max(3 / n, (8.0 + n * background) / n)
    lo, hi = interval(k, n)
    state = "not_detected" if k == 0 else "below_lod" if k < 3 else "detected"
    return dict(draw=draw["id"], ref=n - k, alt=k, other=2, depth=n + 2, vaf=k / n, lo=lo, hi=hi, lod=lod, lod_alarm=lod * 1.3, state=state,
                per_ml=round(k / n * 303 * 8.2, 2) if state == "detected" else None, filters="PASS")


def draws(days, start=None, molecules=None, **extra):
    out = []
    for i, day in enumerate(days):
        date = (start + datetime.timedelta(days=day)).isoformat() if start else day
        n = molecules[i] if molecules else 14000 + 700 * ((i * 7) % 5)
        out.append(dict(id=f"D{i + 1}", sample=f"S{i + 1:02d}", date=date, day=day, excluded=False, exclude_reason=None, has_calls=True, molecules=n,
                        plasma_ml=4.0, cfdna_ng=32.5 + i, level="umi", calls=f"S{i + 1:02d}.calls.vcf.gz", calls_sha256=SHA,
                        qc=dict(identity="same", identity_lod=41.2, contamination=0.0004, duplication=0.62, off_target_noise="inside"), **extra))
    return out


def alteration(ident, gene, name, ds, vafs, *, kind="SNV", role="resistance", node="MAPK", baseline="absent", status="not_detected", origin="tumour",
               ln_e=-1.2, alarm=None, doubling=None, half=None, place=None, statement=None, lead=None, mechanism=None, stated_by=None):
    contig, beg, ref, alt = place or (None, None, None, None)
    points = [point(d, d["molecules"] + 13 * j, v) for j, (d, v) in enumerate(zip(ds, vafs))] if vafs else []
    return dict(id=ident, gene=gene, name=name, type=kind, role=role, node=node, mechanism=mechanism, contig=contig, pos=None if beg is None else beg + 1, ref=ref, alt=alt,
                baseline=baseline, status=status, origin=origin, origin_terms="white cells: 0 of 9,812 molecules; plasma above",
                statement=statement, evidence=dict(ln_e=ln_e, ln_e_growth=None, ln_threshold=math.log(800), false_alarm_bound=0.05, weight=0.025, tier=1),
                late=False, first_alarm=dict(alarm=alarm) if alarm else None, doubling_days=doubling,
                growth=[dict(line="L1", doubling_days=doubling, half_life_days=half, p_rising=0.99 if doubling else 0.01, noise_cv=0.2)] if doubling or half else [],
                forecast=dict(threshold_vaf=0.05, crossing_day=[240, 262, 301], p_no_crossing=0.04, refused=None) if doubling else
                dict(threshold_vaf=0.05, crossing_day=None, p_no_crossing=None, refused="fewer than three informative draws"),
                lead_days=lead[1] if lead else None, lead_interval=[lead[0], lead[2]] if lead and lead[0] is not None else None, lead_censored=False,
                stated_by=stated_by, background=[dict(level="umi", a=1.5, b=50000.0)], points=points)


def program(**extra):
    return dict(version="0.1.0", command="clonewatch run -p pan-tumour --draws draws.csv --events events.csv -o OUT", htslib="1.16", panel="pan-tumour", panel_version="2026.11",
                knowledge="2026.11", background="default-2026.1", background_is_default=True,
                inputs=[dict(path_basename="S01.bam", sha256=SHA), dict(path_basename="draws.csv", sha256=SHA[::-1])], **extra)


def document(ident, tumour, ds, **parts):
    base = dict(clonewatch=program(), patient=dict(id=ident, tumour_type=tumour, sex="female", build="GRCh38", alpha=0.05, alpha_confirmed=0.005, zero_day=0,
                                                  weights_basis="tumour type NSCLC, lines L1, knowledge 2026.11", ln_e=-0.3, backgrounds=[]),
                lines=[], imaging=[], facts=[], draws=ds, alterations=[], clones=[], nodes=[], phases=[],
                response=dict(molecular=None, preset=None, mixed=None, resistance_to_driver=dict(ratio=None, lo=None, hi=None, wildtype_escape=None),
                              mrd=dict(tumour_fraction=None, interval=None, ln_e=None)),
                alarms=[], notices=[], since_previous=[], findings=[], advice=[], not_assessable=[])
    base.update(parts)
    return base


PANEL = [("KRAS", f"p.{c}") for c in ("G12A", "G12C", "G12D", "G12V", "G13D", "Q61H", "A146T")] + [("BRAF", "p.V600E"), ("NRAS", "p.Q61K"), ("ERBB2", "p.L755S"), ("PIK3CA", "p.E545K"),
                                                                                                   ("PIK3CA", "p.H1047R"), ("MAP2K1", "p.K57N"), ("EGFR", "p.G724S"), ("EGFR", "p.L718Q")]


def absent(ds):
    return [alteration(f"{g}:NM_0{i:05d}:{c}", g, c, ds, [0.0] * len(ds)) for i, (g, c) in enumerate(PANEL)]


def lung():
    start = datetime.date(2025, 1, 14)
    ds = draws([0, 28, 56, 84, 112, 140, 196, 231, 266], start, [15200, 14100, 16020, 640, 13900, 15600, 14800, 15100, 14400])
    ds[3]["qc"]["off_target_noise"] = "outside"
    date = lambda day: (start + datetime.timedelta(days=day)).isoformat()
    driver = alteration("EGFR:NM_005228.5:p.E746_A750del", "EGFR", "p.E746_A750del", ds, [0.031, 0.004, 0.0009, 0, 0.0012, 0.006, 0.009, 0.003, 0.012], kind="deletion", role="driver",
                        node="EGFR", baseline="present", status="expanding", ln_e=14.2, alarm="A3", doubling=[18, 27, 49], place=("chr7", 55174771, "GGAATTAAGAGAAGC", "G"), lead=None)
    t790m = alteration("EGFR:NM_005228.5:p.T790M", "EGFR", "p.T790M", ds, [0, 0, 0.00012, 0, 0.0011, 0.0042, 0.0071, 0.0009, 0.0011], node="EGFR", status="emerging", ln_e=38.7, alarm="A1",
                       doubling=[11.2, 15.4, 24.8], place=("chr7", 55181377, "C", "T"), lead=(56, 84, 112), mechanism="on-target second site",
                       statement="Emerging, acquired under line L1: the baseline draw would have shown the back-cast fraction (LoD95 0.05 %).")
    c797s = alteration("EGFR:NM_005228.5:p.C797S", "EGFR", "p.C797S", ds, [0, 0, 0, 0, 0, 0, 0, 0.0009, 0.0031], node="EGFR", status="emerging", ln_e=19.0, alarm="A4", place=("chr7", 55181397, "T", "A"),
                       mechanism="on-target second site", statement="Emerging, acquired under line L2.")
    c797s["lead_censored"] = True
    chip = alteration("DNMT3A:NM_022552.5:p.R882H", "DNMT3A", "p.R882H", ds, [0.012, 0.0131, 0.0118, 0, 0.0127, 0.0125, 0.0122, 0.013, 0.0126], role="chip", node=None, baseline="present", status="stable",
                      origin="chip", ln_e=-0.4, place=("chr2", 25234372, "C", "T"))
    germ = alteration("EGFR:NM_005228.5:p.R521K", "EGFR", "p.R521K", ds, [0.49, 0.51, 0.5, 0, 0.497, 0.503, 0.5, 0.499, 0.5], role="none", node=None, baseline="present", status="stable", origin="germline", ln_e=-3)
    met = alteration("MET:amplification", "MET", "amplification", ds, None, kind="amplification", node="MET", baseline="no_baseline", status="not_assessable", ln_e=None, stated_by="tissue FISH")
    alarms = [dict(id="A1", level="alert", kind="emergence", what=t790m["id"], draw="D5", date=date(112), day=112, ln_e=9.4, confirmed_by_model=True),
              dict(id="A2", level="confirmed", kind="emergence", what=t790m["id"], draw="D6", date=date(140), day=140, ln_e=24.0, confirmed_by_model=True),
              dict(id="A3", level="alert", kind="growth", what=driver["id"], draw="D6", date=date(140), day=140, ln_e=11.1, confirmed_by_model=True),
              dict(id="A4", level="alert", kind="emergence", what=c797s["id"], draw="D8", date=date(231), day=231, ln_e=7.9, confirmed_by_model=False)]
    level = lambda scheme, value: dict(scheme=scheme, value=value)
    findings = [dict(id="F1", alteration=t790m["id"], clone="C2", rule="R-EGFR-014", mechanism="on-target second site", node="EGFR", explains_line="L1", level=level("AMP/ASCO/CAP", "Tier I A"), review="reviewed",
                     statement="T790M explains the failure of a first-generation EGFR inhibitor.", citations=["PMID:27959700", "S2"]),
                dict(id="F2", alteration=c797s["id"], clone="C3", rule="R-EGFR-031", mechanism="on-target second site", node="EGFR", explains_line="L2", level=level("ESCAT", "II-B"), review="unreviewed",
                     statement="C797S in cis with T790M leaves no approved EGFR inhibitor active.", citations=["PMID:25939061"])]
    advice = [dict(id="V1", agent="osimertinib", verdict="points_to", covers=["C1", "C2"], leaves=["C3"], conditions=["no C797S in cis with T790M"], findings=["F1"], level=level("AMP/ASCO/CAP", "Tier I A"),
                   review="reviewed", statement="T790M after a first-generation inhibitor points to a third-generation inhibitor.", citations=["PMID:27959700"]),
              dict(id="V2", agent="osimertinib", verdict="reduced_activity", covers=["C1"], leaves=["C3"], conditions=[], findings=["F2"], level=level("ESCAT", "II-B"), review="unreviewed",
                   statement="C797S takes the covalent binding site.", citations=["PMID:25939061"]),
              dict(id="V3", agent="gefitinib", verdict="reduced_activity", covers=["C1"], leaves=["C2", "C3"], conditions=[], findings=["F1"], level=level("CIViC", "B"), review="reviewed",
                   statement="T790M raises the affinity for ATP.", citations=["PMID:18227510"]),
              dict(id="V4", agent="savolitinib", verdict="needs_assay", covers=[], leaves=["C1", "C2", "C3"], conditions=["MET amplification confirmed by FISH or tissue NGS"], findings=[], level=level("ESCAT", "II-A"),
                   review="reviewed", statement="MET amplification stated by another assay.", citations=["S2"])]
    return document("LUNG-01", "NSCLC", ds,
                    lines=[dict(id="L1", agents=["erlotinib"], start=date(0), stop=date(205), setting="metastatic"), dict(id="L2", agents=["osimertinib"], start=date(210), stop=None, setting="metastatic")],
                    imaging=[dict(date=date(-7), result="SD", progression=False), dict(date=date(63), result="PR", progression=False), dict(date=date(130), result="SD", progression=False),
                             dict(date=date(196), result="PD", progression=True)],
                    facts=[dict(date=date(200), test="MET FISH", result="amplified")],
                    alterations=[driver, t790m, c797s, chip, germ, met] + absent(ds),
                    clones=[dict(id="C1", alterations=[driver["id"]], doubling_days=[18, 27, 49], status="expanding", trajectory=[p["vaf"] for p in driver["points"]], co_membership=None, order=""),
                            dict(id="C2", alterations=[t790m["id"]], doubling_days=[11.2, 15.4, 24.8], status="emerging", trajectory=[p["vaf"] for p in t790m["points"]], co_membership=None, order="C1"),
                            dict(id="C3", alterations=[c797s["id"]], doubling_days=None, status="emerging", trajectory=[p["vaf"] for p in c797s["points"]], co_membership=None, order="not resolvable")],
                    nodes=[dict(node="EGFR", alterations=[t790m["id"], c797s["id"]], ln_e=39.0, ln_threshold=math.log(20), status="emerging")],
                    phases=[dict(a=t790m["id"], b=c797s["id"], cis=9, trans_a=4, trans_b=0, draw="D9")],
                    response=dict(molecular="molecular progression", preset="+20 % / -30 % (cRECIST-like), version 1", mixed=True, resistance_to_driver=dict(ratio=0.35, lo=0.08, hi=0.61, wildtype_escape=False),
                                  mrd=dict(tumour_fraction=None, interval=None, ln_e=None)),
                    alarms=alarms, notices=["Draw D4 (S04) has 640 molecules: no alteration can be assessed in it.", "The background is the built-in default: no normals of this assay were given, so limits are wider than with own normals."],
                    since_previous=["One new draw: D9 (2025-10-07).", "EGFR p.C797S: evidence rose from 1 : 2,700 to 1 : 180,000,000."],
                    findings=findings, advice=advice,
                    not_assessable=[dict(what="small-cell transformation", why="a change of cell state leaves no mutation in cell-free DNA", assay="tissue re-biopsy with histology"),
                                    dict(what="MET amplification", why="this assay has no copy-number background", assay="FISH or tissue NGS")])


def colorectal():
    ds = draws([0, 21, 49, 77, 105, 140])
    names = [("KRAS", "p.Q61H"), ("NRAS", "p.Q61K"), ("EGFR", "p.S464L")]
    als = [alteration(f"{g}:NM_1:{c}", g, c, ds, [0, 0, 0.0001, 0.0004 * (i + 1), 0.0013 * (i + 1), 0.006 / (i + 1)], node="MAPK" if i < 2 else "EGFR", status="emerging", ln_e=12 + i, doubling=[10, 14 + i, None]) for i, (g, c) in enumerate(names)]
    falling = alteration("MAP2K1:NM_2:p.K57T", "MAP2K1", "p.K57T", ds, [0.011, 0.012, 0.009, 0.003, 0.0007, 0], baseline="present", status="falling", ln_e=-0.6, half=[12, 16, 21])
    alarms = [dict(id=f"A{i}", level="alert", kind="emergence", what=a["id"], draw="D5", date=105, day=105, ln_e=8.0, confirmed_by_model=True) for i, a in enumerate(als)]
    alarms.append(dict(id="AN", level="confirmed", kind="node", what="MAPK", draw="D5", date=105, day=105, ln_e=9.9, confirmed_by_model=True))
    for a, alarm in zip(als, alarms):
        a["first_alarm"] = dict(alarm=alarm["id"])
    return document("CRC-07", "COLORECTAL", ds, lines=[dict(id="L1", agents=["panitumumab", "trametinib"], start=3, stop=None, setting="metastatic")], imaging=[dict(date=100, result="SD", progression=False)],
                    alterations=als + [falling] + absent(ds), alarms=alarms,
                    clones=[dict(id=f"C{i + 1}", alterations=[a["id"]], doubling_days=a["doubling_days"], status=a["status"], trajectory=[p["vaf"] for p in a["points"]], co_membership=None, order="") for i, a in enumerate(als + [falling])],
                    response=dict(molecular=None, preset=None, mixed=True, resistance_to_driver=dict(ratio=None, lo=None, hi=None, wildtype_escape=None), mrd=dict(tumour_fraction=0.0011, interval=[0.0004, 0.0031], ln_e=6.1)),
                    nodes=[dict(node="MAPK", alterations=[a["id"] for a in als[:2]], ln_e=13.9, ln_threshold=math.log(20), status="emerging")])


def twelve():
    start = datetime.date(2023, 11, 2)
    ds = draws([i * 28 + (i % 3) for i in range(14)], start)
    als = []
    for i in range(12):
        t0 = 3 + i % 6
        vafs = [0 if j < t0 else min(0.2, 0.0002 * (1.5 + 0.12 * (i % 5)) ** (2 * (j - t0))) for j in range(14)]
        name = "p.T599_V600insETTVQGKLIARWDSELKEENDSVQWQ" if i == 4 else f"p.K{57 + i}N"
        als.append(alteration(f"GENE{i}:NM_{i}:{name}", ["KRAS", "NRAS", "BRAF", "MAP2K1", "EGFR", "ERBB2"][i % 6], name, ds, vafs, node=["MAPK", "PI3K", "EGFR"][i % 3], status="emerging", ln_e=8 + 3 * i, alarm=f"A{i}",
                              doubling=[9, 13, 22]))
    alarms = [dict(id=f"A{i}", level="alert", kind="emergence", what=a["id"], draw=f"D{6 + i % 6}", date=ds[5 + i % 6]["date"], day=ds[5 + i % 6]["day"], ln_e=8.2, confirmed_by_model=True) for i, a in enumerate(als)]
    date = lambda day: (start + datetime.timedelta(days=day)).isoformat()
    lines = [dict(id=f"L{i + 1}", agents=a, start=date(70 * i), stop=date(70 * i + 60) if i < 4 else None, setting=None) for i, a in
             enumerate([["dabrafenib", "trametinib"], ["ipilimumab", "nivolumab"], ["dacarbazine"], ["encorafenib", "binimetinib", "cetuximab"], ["an agent with an exceptionally long name (investigational)"]])]
    return document("MEL-12", "MELANOMA", ds, lines=lines, imaging=[dict(date=date(56 * i), result=["SD", "PR", "PR", "SD", "PD", "PD", "SD"][i], progression=i in (4, 5)) for i in range(7)],
                    alterations=als + absent(ds), alarms=alarms,
                    clones=[dict(id=f"C{i + 1}", alterations=[a["id"]], doubling_days=a["doubling_days"], status="emerging", trajectory=[p["vaf"] for p in a["points"]], co_membership=None, order="not resolvable") for i, a in enumerate(als)],
                    advice=[dict(id=f"V{i}", agent=f"agent-{i}", verdict=v, covers=[f"C{j + 1}" for j in range(12) if (i + j) % 3], leaves=[f"C{j + 1}" for j in range(12) if not (i + j) % 3], conditions=[], findings=[],
                                 level=dict(scheme="OncoKB-like", value="3A"), review="unreviewed", statement="Typed in for the look of a long list.", citations=["PMID:1"]) for i, v in
                            enumerate(["points_to", "points_to", "reduced_activity", "collateral", "re_sensitised", "re_challenge", "not_assessable", "needs_assay"])])


def quiet():
    start = datetime.date(2025, 6, 3)
    ds = draws([0, 30, 62, 90], start, [12000, 850, 13400, 12800])
    chip = alteration("TET2:NM_9:p.Q1034*", "TET2", "p.Q1034*", ds, [0.021, 0.02, 0.0205, 0.0199], role="chip", node=None, baseline="present", status="stable", origin="chip")
    return document("QUIET-04", "BREAST", ds, lines=[dict(id="L1", agents=["letrozole", "palbociclib"], start=start.isoformat(), stop=None, setting="metastatic")], imaging=[],
                    alterations=[chip] + absent(ds), notices=["Draw D2 (S02) has 850 molecules: no alteration can be assessed in it."])


def advice():
    return document("command line", "NSCLC", [], lines=[dict(id="L1", agents=["erlotinib"], start=None, stop=None, setting=None)],
                    alterations=[alteration("EGFR:NM_005228.5:p.T790M", "EGFR", "p.T790M", [], None, status="not_assessable", baseline="no_baseline", stated_by="the command line")],
                    clones=[dict(id="C1", alterations=["EGFR:NM_005228.5:p.T790M"], doubling_days=None, status="not_assessable", trajectory=[], co_membership=None, order=None)],
                    advice=lung()["advice"][:1])


ATTACKS = ["<script>window.pwned=1</script>", "\"onload=\"window.pwned=1\" x=\"", "javascript:window.pwned=1", "</title><script>window.pwned=1</script>", "&#60;script&#62;", "red;}body{display:none",
           "a\u202eb\u2066c", "<img src=x onerror=window.pwned=1>", "</script><script>window.pwned=1</script>", "<!--", "]]>", "{{body}}", "${window.pwned=1}", "%n%s%s", "=cmd|' /C calc'!A0",
           "'><svg onload=window.pwned=1>", "x" * 1_000_000, "../../etc/passwd", "-rf", "A\u0007B\u0000C".replace("\u0000", ""), "datum.window.pwned=1", "\u2028\u2029", "\ufeffé\U0001F9EC"]
FIXED = {"status", "origin", "baseline", "state", "verdict", "level", "kind", "date", "start", "stop", "draw", "id", "what", "alteration", "covers", "leaves", "findings", "alterations", "clone", "alarm", "order", "line", "explains_line"}


def hostile():
    count = [0]

    def spoil(value, key):
        if isinstance(value, dict):
            return {k: spoil(v, k) for k, v in value.items()}
        if isinstance(value, list) and (key not in FIXED or value and isinstance(value[0], dict)):
            return [spoil(v, key) for v in value]
        if isinstance(value, str) and key not in FIXED:
            count[0] += 1
            attack = ATTACKS[count[0] % len(ATTACKS)]
            return attack if len(attack) < 5000 or count[0] < 60 else attack[:300]
        return copy.deepcopy(value)

    doc = spoil(lung(), "")
    doc["patient"]["id"] = ATTACKS[0] + ATTACKS[6]
    return doc


ALL = dict(lung=lung, colorectal=colorectal, twelve=twelve, quiet=quiet, advice=advice, hostile=hostile)

if __name__ == "__main__":
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for name, make in ALL.items():
        (folder / f"{name}.json").write_text(json.dumps(make(), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
