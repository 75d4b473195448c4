#!/usr/bin/env python3
"""What track does with gaps: each case states the behaviour that docs/commands/track.md promises, on data small enough to work out by hand."""
import json
import math
import pathlib
import subprocess
import sys
import tempfile

binary = sys.argv[1]
N = 20000
box = tempfile.TemporaryDirectory()
runs = 0


def run(draws, events=(), expect=0, options=(), previous=None, tissue=(), phase=()):
    """tissue: alleles known from the tumour; phase: (a, b, both, only a, only b) molecules of the last draw. draws: (sample, day, {allele: (n, k)}, exclude). Returns patient.json of P1 (None when it failed)."""
    global runs
    runs += 1
    f = pathlib.Path(box.name, f"run{runs}")
    f.mkdir()
    rows = ["patient,sample,date,type,vcf,exclude"]
    for sample, day, counts, exclude in draws:
        with open(f / f"{sample}.vcf", "w") as out:
            out.write('##fileformat=VCFv4.2\n##clonewatch_background=<omega_hat=0.35,omega="0.2,0.35,0.5",model=m1>\n')
            if phase and sample == draws[-1][0]:
                out.write('##clonewatch_phase=<a="7:{}:A:G",b="7:{}:A:G",both={},only_a={},only_b={},neither=9000>\n'.format(*phase))
            out.write('#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tS\n')
            for allele, what in counts.items():
                allele, gene = allele if isinstance(allele, tuple) else (allele, "")
                gene = gene and f";GENE={gene}"
                if isinstance(what, str):  # a limit: columns AD:LOD:CS
                    out.write(f"7\t{allele}\t.\tA\tG\t.\t.\tBGA=1.5;BGB=50000{gene}\tAD:LOD:CS\t.,.:{what}:not_detected\n")
                else:
                    n, k = what
                    out.write(f"7\t{allele}\t.\tA\tG\t.\t.\tBGA=1.5;BGB=50000{gene}\tAD\t{n - k},{k}\n")
        rows.append(f"P1,{sample},{day},{'normal' if sample == 'blood' else 'plasma'},{sample}.vcf,{exclude}")
    if tissue:
        (f / "tissue.tsv").write_text("chrom\tpos\tref\talt\n" + "".join(f"7\t{a}\tA\tG\n" for a in tissue))
        rows.append("P1,tissue,,tumour,tissue.tsv,")
    (f / "draws.csv").write_text("\n".join(rows) + "\n")
    command = [binary, "track", "-q", "--no-version", "--draws", f / "draws.csv", "-o", f / "out", *options]
    if events:
        (f / "events.csv").write_text("PATIENT_ID,START_DATE,STOP_DATE,EVENT_TYPE,AGENT,RESULT,LINE\n" + "".join("P1," + e + "\n" for e in events))
        command += ["--events", f / "events.csv"]
    if previous:
        command += ["--previous", previous]
    got = subprocess.run(command, stderr=subprocess.PIPE, text=True)
    assert got.returncode == expect, (got.returncode, got.stderr)
    path = f / "out/P1/patient.json"
    return json.loads(path.read_text()) if path.exists() else None


def series(ks, days=None, n=N, exclude=()):
    """One allele at position 100 beside a silent one at 101."""
    days = days or range(0, 28 * len(ks), 28)
    return [(f"s{j}", d, {100: (n, k), 101: (n, 0)}, "odd" if j in exclude else "") for j, (d, k) in enumerate(zip(days, ks))]


def first(p):
    return p["alterations"][0]


def ln_e(p):
    return first(p)["evidence"]["ln_e"]


LINE = "0,,TREATMENT,agent-a,,"
rise = [0, 0, 2, 12, 60, 300]

# a response and then a rise in the same line: what is higher in the last draw than in the one before is not said to stand still (counts of T790M and of
# the deletion of an invented patient under erlotinib, then osimertinib; the 95 % intervals of 15 and 69 of 5,530 molecules lie apart)
two = ["0,286,TREATMENT,agent-a,,", "294,,TREATMENT,agent-b,,"]
days = [0, 56, 112, 196, 238, 280, 336, 434, 490, 546]
regrown = [0, 0, 0, 17, 22, 157, 21, 8, 15, 69]
p = run(series(regrown, days, 5530), two)
assert first(p)["status"] == "emerging" and "not rising" not in first(p)["statement"], first(p)["statement"]
assert "higher in the last draw, 1.25 % after 0.271 %" in first(p)["statement"], first(p)["statement"]
driver = [300, 16, 6, 30, 99, 257, 29, 14, 29, 85]
p = run(series(driver, days, 5560), two)
assert "does not go on" not in first(p)["statement"] and "higher in the last draw, 1.53 % after 0.522 %" in first(p)["statement"], first(p)["statement"]
p = run(series([0, 0, 0, 17, 22, 157, 21, 22, 20, 24], days, 5530), two)
assert "higher in the last draw" not in first(p)["statement"], first(p)["statement"]  # it stands

# baseline: draws up to the day the line starts
p = run(series(rise), [LINE])
assert (first(p)["baseline"], first(p)["status"]) == ("absent", "emerging")
assert first(p)["first_alarm"]["draw"] == "s3" and first(p)["lead_days"] is None and not first(p)["lead_censored"]
p = run(series(rise), ["-10,,TREATMENT,agent-a,,"])
assert (first(p)["baseline"], first(p)["status"]) == ("no_baseline", "emerging") and "no draw from before the line" in first(p)["statement"]
assert p["patient"]["zero_day"] == -10
p = run(series(rise))
assert (first(p)["baseline"], first(p)["status"]) == ("absent", "emerging") and p["patient"]["zero_day"] == 0  # no line: the first draw
p = run(series([300, 310, 290, 305]))
assert (first(p)["baseline"], first(p)["status"]) == ("present", "stable") and not p["alarms"]
assert first(p)["statement"].startswith("stable at")
p = run(series([1000, 250, 200, 200, 250, 500, 750, 1000, 1250]), [LINE])  # six times its nadir: within reach of the slack, and not "stable" for a reader
assert first(p)["status"] == "stable" and first(p)["growth"][-1]["p_rising"] > .975 and first(p)["statement"].startswith("no growth alarm"), first(p)["statement"]
p = run(series([60, 120, 260, 500, 1000, 2000]), [LINE])
assert (first(p)["baseline"], first(p)["status"]) == ("present", "expanding") and {a["kind"] for a in p["alarms"] if a["what"] != "patient"} == {"growth"}
p = run([("s0", 0, {100: (400, 0), 101: (N, 0)}, "")] + series(rise)[1:], [LINE])
assert first(p)["baseline"] == "not_assessable" and first(p)["status"] == "emerging"

# a draw without the allele, or with too few molecules, is the same draw: factor 1, and the alarms of the others stand
few = [list(s) for s in series(rise)]
few[2][2] = {100: (999, 0), 101: (N, 0)}
missing = [list(s) for s in series(rise)]
missing[2][2] = {101: (N, 0)}
a, b = run(few, [LINE]), run(missing, [LINE])
assert ln_e(a) == ln_e(b) != ln_e(run(series(rise), [LINE]))
assert first(a)["points"][2]["state"] == "not_assessable" and first(b)["points"][2]["state"] == "not_reported"
assert first(b)["points"][2]["alt"] is None and first(a)["points"][2]["lod"] is None
last = [list(s) for s in series([0, 0, 0, 0])]
last[3][2] = {100: (500, 0), 101: (N, 0)}
assert first(run(last, [LINE]))["status"] == "not_assessable"

# a draw that is poor beside the others is named; what no draw can assess is not its fault
def at_many(*depths):
    return [(f"s{j}", 28 * j, {a: (n, 0) for a in range(100, 110)} | {120: (10, 0)}, "") for j, n in enumerate(depths)]


assert not [n for n in run(at_many(N, N, N), [LINE])["notices"] if "can assess only" in n]
poor = at_many(N, N, N)
poor[2][2].update({a: (400, 0) for a in range(100, 106)})
assert [n for n in run(poor, [LINE])["notices"] if "can assess only" in n] == [
    "draw s2 can assess only 4 of the 10 alterations that the draws of this patient can assess; of the others it says nothing"]

# an excluded draw is outside the likelihood: as if it were not in the sheet, but listed, and the report says so
out, without = run(series(rise, exclude=(1,)), [LINE]), run([s for j, s in enumerate(series(rise)) if j != 1], [LINE])
assert ln_e(out) == ln_e(without) and out["draws"][1]["excluded"] and any("s1" in n and "bound" in n for n in out["notices"])
p = run(series([0, 5], exclude=(0, 1)))
assert p["alterations"] == [] and any("no draw can be judged" in n for n in p["notices"])

# the order of rows does not matter; a later draw does not change what was raised before
assert run(list(reversed(series(rise))), [LINE])["alarms"] == run(series(rise), [LINE])["alarms"]
early, late = run(series(rise[:4]), [LINE]), run(series(rise + [0, 0]), [LINE])
assert [x for x in late["alarms"] if x["day"] <= 84] == early["alarms"]
assert first(late)["status"] in ("falling", "cleared") and first(late)["first_alarm"]["draw"] == "s3"

# a limit without counts: P(k < 1 | f) with n = 3 / limit; never a zero, never half the limit
limit = [list(s) for s in series([0, 0, 0])]
limit[1][2] = {100: "0.00015", 101: (N, 0)}
counted = [list(s) for s in series([0, 0, 0])]
counted[1][2] = {100: (20000, 0), 101: (N, 0)}
a, b = run(limit, [LINE]), run(counted, [LINE])
assert first(a)["points"][1]["alt"] is None and first(a)["points"][1]["vaf"] is None and first(a)["points"][1]["limit_only"]
assert ln_e(a) < 0 and abs(ln_e(a) - ln_e(b)) < .2 and ln_e(a) != ln_e(b)  # Poisson tail against the negative binomial: close, not equal

# lines: overlapping rows are one line when started together, a joining agent starts the next, open lines run on, LINE decides where given
def lines(*rows):
    return [(x["agents"], x["start"], x["stop"]) for x in run(series([0, 0]), rows)["lines"]]


assert lines("0,100,TREATMENT,a,,", "7,100,TREATMENT,b,,", "100,,TREATMENT,c,,") == [(["a", "b"], 0, 100), (["c"], 100, None)]
assert lines("0,200,TREATMENT,a,,", "90,200,TREATMENT,b,,") == [(["a"], 0, 90), (["b", "a"], 90, 200)]
assert lines("0,50,TREATMENT,a,,", "60,120,TREATMENT,a,,") == [(["a"], 0, 120)]
assert lines("0,50,TREATMENT,a,,1", "40,120,TREATMENT,b,,1", "130,,TREATMENT,a,,2") == [(["a", "b"], 0, 120), (["a"], 130, None)]
assert lines("0,,TREATMENT,a + b,,") == [(["a", "b"], 0, None)]

# a second line: what was there before it is present, not emerging again; the clock does not move
p = run(series([0, 0, 2, 12, 60, 300, 600, 900]), [LINE, "126,,TREATMENT,agent-b,,"])
assert first(p)["status"] == "emerging" and first(p)["first_alarm"]["draw"] == "s3" and p["patient"]["zero_day"] == 0
assert [g["line"] for g in first(p)["growth"]] == [None, "L1", "L2"] and any(a["kind"] == "growth" for a in p["alarms"])

# rising is a word about the present line: what rose under the first one and falls under the second is not raised at the draw that falls
p = run(series([0, 0, 2, 12, 60, 300, 600, 80, 40]), [LINE, "170,,TREATMENT,agent-b,,"])
assert not [a for a in p["alarms"] if a["kind"] == "growth"], [(a["kind"], a["day"]) for a in p["alarms"]]
assert first(p)["status"] == "falling"
p = run(series([0, 0, 2, 12, 60, 300, 600, 80, 40, 80, 320, 1300]), [LINE, "170,,TREATMENT,agent-b,,"])
assert [a["day"] for a in p["alarms"] if a["kind"] == "growth" and a["level"] == "alert"] == [308]  # regrowth inside the second line

# after a deep response: falling while it stays down, not any more once it has clearly been lower
assert first(run(series([1000, 10]), [LINE]))["statement"] == "falling: 0.05 % after 5 % at the baseline of the line"
assert first(run(series([1000, 10, 11, 9]), [LINE]))["status"] == "falling"
for ks in ([1000, 10, 30, 90], [1000, 28, 56, 250]):
    assert first(run(series(ks), [LINE]))["status"] not in ("falling", "cleared"), ks

# imaging: censored without progression after the alert, an interval with it
p = run(series(rise), [LINE, "60,,IMAGING,,SD,"])
assert first(p)["lead_days"] is None and first(p)["lead_censored"]
p = run(series(rise), [LINE, "60,,IMAGING,,SD,", "120,,IMAGING,,PD,"])
assert first(p)["lead_days"] == 36 and first(p)["lead_interval"] == [-24, 64]  # alert day 84, draw before it day 56, scan before day 60

# what emerged under one line is judged by the draws of that line: the baseline of the first line could show 0.07 %, and the level that the draws of the
# second line give at its start says nothing of what was there months before; the sentence names the line
p = run(series([0, 0, 2, 12, 60, 300, 600, 900, 1300, 1800]), [LINE, "126,,TREATMENT,agent-b,,"])
assert "acquired, or there before" in first(p)["statement"] and "this line" not in first(p)["statement"], first(p)["statement"]
jump = [0, 100, 104, 98, 103, 110, 99, 106]  # from none to 0.5 % in one step, then flat: the baseline would have shown it
assert "acquired under this line" in first(run(series(jump), [LINE]))["statement"]
assert "acquired under L1" in first(run(series(jump), [LINE, "126,,TREATMENT,agent-b,,"]))["statement"]
assert "acquired since the first draw" in first(run(series(jump)))["statement"]  # there is no line

# the sign of the lead: progression on imaging in the line before the alert is no lead, whatever a later scan says again; that of an earlier line is of that line
p = run(series(rise), [LINE, "30,,IMAGING,,SD,", "60,,IMAGING,,PD,", "120,,IMAGING,,PD,"])
assert (first(p)["lead_days"], first(p)["lead_interval"], first(p)["lead_censored"]) == (-24, [-54, 4], False)  # alert day 84; draw before it day 56
p = run(series(rise), [LINE, "0,,IMAGING,,PD,", "120,,IMAGING,,PD,"])
assert first(p)["lead_days"] == 36
# the alert may be as old as the last draw that could judge the allele; without an earlier one the end is open
p = run(few, [LINE, "60,,IMAGING,,SD,", "120,,IMAGING,,PD,"])
assert first(p)["first_alarm"]["day"] == 84 and first(p)["lead_interval"] == [-24, 92]
p = run(series([300, 600, 900]), ["-10,,TREATMENT,agent-a,,", "40,,IMAGING,,PD,"])
assert first(p)["lead_days"] == 40 and first(p)["lead_interval"] is None

# forecast: refused with fewer than three informative draws
p = run(series([0, 60, 300]), ["30,,TREATMENT,agent-b,,"])
assert first(p)["forecast"]["crossing_day"] is None and "three informative" in first(p)["forecast"]["refused"]
p = run(series([0, 3, 12, 48, 190]), [LINE])
lo, est, hi = first(p)["forecast"]["crossing_day"]
assert lo < 112 + 1.2 * 28 < hi and lo < est < hi  # 0.95 % at day 112, four times as much every 28 days: 5 % after 1.2 of them
d = first(p)["doubling_days"]
assert d[0] < 14 < d[2]

# an allele that a later file lists first: followed, marked, outside the bound
p = run([("s0", 0, {101: (N, 0)}, "")] + series(rise)[1:], [LINE])
x = [a for a in p["alterations"] if a["id"].startswith("7:100")][0]
assert x["late"] and x["status"] == "emerging" and x["evidence"]["false_alarm_bound"] is None and any("outside the bound" in n for n in p["notices"])

# one draw tells no course, and two of one day tell no rate
assert first(run(series([300])))["statement"] == "there at 1.5 % (1.34 to 1.68 %); of one draw, which tells no course"
assert first(run(series([300, 310])))["statement"].startswith("stable at")
for ks, days in (([300, 330], [0, 0]), ([0, 300], [0, 0]), ([300, 330, 310], [28, 28, 28])):
    g = first(run(series(ks, days)))["growth"]
    assert all(x["doubling_days"] is None and x["half_life_days"] is None and x["p_rising"] is None for x in g), g
assert first(run(series([300, 300, 600], [0, 28, 28])))["growth"][0]["p_rising"] is not None

# weights: one alpha over all alleles
p = run(series(rise), [LINE])
assert abs(sum(a["evidence"]["weight"] for a in p["alterations"]) - 1) < 1e-12 and first(p)["evidence"]["false_alarm_bound"] == .05

# what each draw could have raised: asked of every draw with counts until the evidence is over, and of no other
def limits(p):
    return [x["lod_alarm"] for x in first(p)["points"]]


def missed(count, f, n=N, e=1.5 / 50000):
    """Chance of fewer than `count` molecules at the fraction f: background CV 0.35, draw CV 0.25."""
    mean = n * (e + f)
    size = mean ** 2 / ((n * e * .35) ** 2 + (n * f * .25) ** 2)
    return sum(math.exp(math.lgamma(k + size) - math.lgamma(size) - math.lgamma(k + 1) - size * math.log1p(mean / size) + k * math.log(mean / (size + mean))) for k in range(count))


p = run(series(rise), [LINE])
assert [x is None for x in limits(p)] == [False, False, False, False, True, True], limits(p)  # the alarm is raised by s3
threshold = first(p)["evidence"]["ln_threshold"]
assert [x["ln_e"] >= threshold for x in first(p)["points"]] == [False, False, False, True, True, True] and first(p)["points"][-1]["ln_e"] == ln_e(p)
k = 2
while ln_e(run(series([0, 0, k]), [LINE])) < threshold:
    k += 1
assert abs(missed(k, limits(p)[2]) - .05) < 1e-9, (k, limits(p)[2])  # k molecules would have been enough in the third draw
assert limits(run(few, [LINE]))[2] is None and limits(run(missing, [LINE]))[2] is None and limits(run(limit, [LINE]))[1] is None
assert limits(run(series(rise, exclude=(1,)), [LINE]))[1] is None
assert limits(run(series(rise[:3]), [LINE])) == limits(p)[:3]  # a later draw changes nothing

# molecular response: two molecules of 1,233 on the watch list are no tumour variant, and do not enter the mean
def response(other, *options):
    draws = [("s0", 0, {100: (N, 400), 101: (1233, other[0])}, ""), ("s1", 28, {100: (N, 190), 101: (1233, other[1])}, "")]
    r = run(draws, [LINE], options=options)["response"]
    return r["molecular"], r["preset"], r["preset_version"]


assert response((0, 0)) == response((0, 2)) == ("molecular response", "mean-vaf-50", 3)
assert response((30, 30))[0] == "no molecular response"  # there at the baseline: (.02 + .0243) / 2, then (.0095 + .0243) / 2
assert response((0, 300))[0] == "no molecular response"  # raised
assert response((0, 2), "--response", "intervals")[0] == "decrease"

# the words of the response say no more than the draws: clearance needs a last draw that could have shown each called variant where it was
def word(baseline, last, *between, options=(), line=LINE, at=0):
    draws = [(f"s{j}", at + 28 * j, {100: a, 101: b}, "") for j, (a, b) in enumerate([baseline, *between, last])]
    return run(draws, [line] if line else (), options=options, tissue=[100, 101])["response"]["molecular"]


assert word(((N, 1000), (N, 20)), ((N, 0), (N, 0))) == "clearance"
assert word(((N, 1000), (N, 20)), ((500, 0), (N, 0))) is None  # 5 % at the baseline, not assessable now
assert word(((N, 20), (N, 20)), ((1100, 0), (1100, 0))) is None  # 0.1 % at the baseline; of 1,100 molecules a third of such draws shows none
assert word(((N, 1000), (N, 20)), ((N, 100), (N, 0)), at=3) is None  # the first draw came after the start of the line
assert word(((N, 1000), (N, 20)), ((N, 100), (N, 0)), at=3, line=None) == "molecular response"  # no line: the first draw is the baseline
# means of 2, 0.5 and 0.75 %: half as much again as at the nadir, of the same two variants
assert word(((N, 400), (N, 400)), ((N, 300), (N, 0)), ((N, 200), (N, 0)), options=("--response", "plus20-minus30")) == "increase"

# white cells decide where an allele comes from; what they carry never emerges
blood = [("blood", 0, {100: (N, 200), 101: (N, 0)}, "")]
p = run(series([200, 190, 210, 205]) + blood, [LINE])
assert first(p)["origin"] == "chip" and first(p)["status"] == "stable" and not p["alarms"] and [d["id"] for d in p["draws"]] == ["s0", "s1", "s2", "s3"]
p = run(series([100, 200, 400, 800, 1600, 3200]) + [("blood", 0, {100: (N, 3200), 101: (N, 0)}, "")], [LINE])  # a blood clone that grows: said, no alarm
assert (first(p)["origin"], first(p)["status"]) == ("chip", "expanding") and not p["alarms"] and first(p)["first_alarm"] is None
assert "blood" in first(p)["statement"] and first(p)["evidence"]["ln_e_growth"] > first(p)["evidence"]["ln_threshold"]
# a gene of clonal haematopoiesis without white cells: neither tumour nor an alarm however it rises, and no word that the baseline does not bear out
def in_gene(draws, gene):
    return [(s, d, {(a, gene): c for a, c in counts.items()}, x) for s, d, counts, x in draws]


for ks, word in ((rise, "expanding; not called at the baseline"), ([60, 120, 260, 500, 1000, 2000], "pre-existing and expanding")):
    p = run(in_gene(series(ks), "DNMT3A"), [LINE])
    x = first(p)
    assert x["origin"] == "unknown" and not p["alarms"] and x["first_alarm"] is None and x["status"] == "expanding", (x["origin"], x["status"], p["alarms"])
    assert "no white cells" in x["origin_terms"] and "tumour" in x["origin_terms"] and x["statement"].startswith(word) and "no alarm" in x["statement"], x["statement"]
p = run(in_gene(series(rise), "DNMT3A") + [("blood", 0, {100: (N, 0), 101: (N, 0)}, "")], [LINE])
assert first(p)["origin"] == "tumour" and first(p)["status"] == "emerging" and p["alarms"]
p = run(in_gene(series(rise), "EGFR"), [LINE])
assert first(p)["origin"] == "tumour" and first(p)["status"] == "emerging"

clean = [("blood", 0, {100: (N, 0), 101: (N, 0)}, "")]
p = run(series(rise) + clean, [LINE])
assert first(p)["origin"] == "tumour" and first(p)["status"] == "emerging"

# many variants of the tumour: what was there before the treatment is no alarm at a draw after it that shows nothing
ten = range(200, 210)


def tracked(*per_draw):
    return [(f"s{j}", 28 * j, {a: (5000, k) for a in ten}, "") for j, k in enumerate(per_draw)]


def mrd(p):
    return [a["day"] for a in p["alarms"] if a["kind"] == "mrd" and a["level"] == "alert"]


assert mrd(run(tracked(5, 0, 0), [LINE], tissue=ten)) == []
assert mrd(run(tracked(5, 0, 5), [LINE], tissue=ten)) == [56]
assert mrd(run(tracked(5, 0, 0), ["-7,-7,SURGERY,,,"], tissue=ten)) == [0]  # after an operation every draw counts


# the joint test spends an alpha of its own beside that of all alleles: Bonferroni over the two is what the page may promise
def promise(*given, **words):
    run(*given, options=["--html"], **words)
    page = pathlib.Path(box.name, f"run{runs}/out/P1/report.html").read_text()
    return page[page.index("ever raises a false alert"):].split(";")[0]


assert promise(tracked(5, 0, 0), [LINE], tissue=ten).endswith("is at most 10 %") and promise(series(rise), [LINE]).endswith("alterations together, is at most 5 %")
one = [(f"s{j}", 28 * j, {200: (20000, k)}, "") for j, k in enumerate([400, 300, 500])]
assert run(one, [LINE], tissue=[200])["response"]["mrd"]["ln_e"] is None  # capped below the threshold by rule: no evidence to show
p = run(tracked(5), [LINE], tissue=ten)
assert mrd(p) == [] and abs(p["response"]["mrd"]["tumour_fraction"] - .002) < 2e-4  # heterozygous: twice the VAF


# molecules that carry two alleles order their clones where the counts cannot; alleles never seen apart are one clone; in trans, nothing follows
def two(first_ks, second_ks, **words):
    p = run([(f"s{j}", 28 * j, {100: (N, a), 101: (N, b)}, "") for j, (a, b) in enumerate(zip(first_ks, second_ks))], [LINE], **words)
    return {a: c for c in p["clones"] for a in c["alterations"]}, len(p["clones"])


A, B = "7:100:A:G", "7:101:A:G"
counts = [60, 200, 500, 900], [0, 40, 200, 640]
plain, n = two(*counts)
assert n == 2 and plain[B]["order"] == "not resolvable"
nested, n = two(*counts, phase=(100, 101, 43, 18, 0))
assert n == 2 and not nested[A]["order"] and nested[B]["order"] == nested[A]["id"], nested
apart, _ = two(*counts, phase=(100, 101, 0, 30, 25))
assert apart[B]["order"] == "not resolvable"
same = [60, 200, 500, 900], [57, 211, 488, 915]
plain, n = two(*same)
assert n == 1 and .8 < plain[A]["co_membership"] < .99  # equal counts may be two clones of one size
joined, n = two(*same, phase=(100, 101, 300, 0, 0))
assert n == 1 and joined[A]["co_membership"] > .999
parted, n = two(*same, phase=(100, 101, 0, 300, 310))
assert parted[A]["co_membership"] < plain[A]["co_membership"]

# the next draw alone: white cells, the list of tumour variants and molecules that span two alleles are known from the previous report, as all at once
def next_alone(draws, cut, beside=(), **words):
    run(draws[:cut] + list(beside), [LINE], **words)
    return run(draws[cut:], previous=pathlib.Path(box.name, f"run{runs}/out"))


def said(p):
    return {k: v for k, v in p.items() if k not in ("clonewatch", "since_previous")}


course = [(f"s{j}", 28 * j, {100: (N, a), 101: (N, b)}, "") for j, (a, b) in enumerate([(0, 100), (0, 50), (2, 60), (12, 90), (60, 250), (300, 800)])]
cells = [("blood", 0, {100: (N, 0), 101: (N, 3000)}, "")]
p = next_alone(course, 3, cells)
assert said(p) == said(run(course + cells, [LINE])) and p["alterations"][1]["origin"] == "chip" and p["alterations"][1]["white_cells"] == {"alt": 3000, "depth": N}
p = next_alone(course, 3, tissue=[101])
assert said(p) == said(run(course, [LINE], tissue=[101])) and p["alterations"][1]["known_from_tissue"] and "known_from_tissue" not in p["alterations"][0]
grouped = [(s, d, {(a, "X;PHG=g1" if j < 3 else "X"): c for a, c in counts.items()}, x) for j, (s, d, counts, x) in enumerate(course)]
p = next_alone(grouped, 3, tissue=[100, 101])
assert said(p) == said(run(grouped, [LINE], tissue=[100, 101])) and p["response"]["mrd"]["ln_e"] is None  # one molecule: one unit of the joint test
p = next_alone(course, 3, phase=(100, 101, 3, 9, 7))
assert [(f["cis"], f["trans_a"], f["trans_b"], f["draw"]) for f in p["phases"]] == [(3, 9, 7, "s2")], p["phases"]

# a previous report of another patient, and a broken one, are refused
pathlib.Path(box.name, "other.json").write_text(json.dumps({"patient": {"id": "P2"}}))
assert run(series(rise), [LINE], expect=1, previous=pathlib.Path(box.name, "other.json")) is None
print(f"{runs} runs behave as documented")
