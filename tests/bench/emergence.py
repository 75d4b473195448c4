#!/usr/bin/env python3
"""Quality of `clonewatch track` on simulated patients: false alarms, lead time, growth, doubling times, side by side with the usual rules.

    emergence.py CLONEWATCH [--scale X] [--only SUITE] > lines.tsv      (record.py emergence < lines.tsv puts them into results.tsv)

--scale 1 is the size in the results table. Columns: measure, value, unit, goal, met, command."""
import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import numpy as np
from scipy import stats
from emergence_sim import Assay, Cohort, site_id

ARGS = None
COMMAND = "tests/bench/emergence.py"


def report(measure, value, unit, goal="-", met="-"):
    print("\t".join([measure, f"{value:.4g}" if isinstance(value, float) else str(value), unit, goal, met if isinstance(met, str) else "yes" if met else "no",
                     f"{COMMAND} --only {ARGS.suite}"]), flush=True)


def scaled(n):
    return max(4, int(round(n * ARGS.scale)))


def track(cohort, keep):
    """Run the program on a cohort; yields keep(patient.json) by patient id."""
    out = cohort.folder + "/out"
    cohort.close()
    run = subprocess.run([ARGS.binary, "track", "--draws", cohort.folder + "/draws.csv", "--events", cohort.folder + "/events.csv", "-o", out, "-q"], stderr=subprocess.PIPE)
    if run.returncode:
        sys.exit(run.stderr.decode())
    found = {}
    for patient in sorted(os.listdir(out)):
        path = f"{out}/{patient}/patient.json"
        if os.path.exists(path):
            found[patient] = keep(json.load(open(path)))
    shutil.rmtree(cohort.folder)
    return found


def batches(n, size=100):
    while n > 0:
        yield min(n, size)
        n -= size


def first_alarms(report):
    return [a for a in report["alarms"] if a["level"] == "alert"]


# --- the usual rules, on the same counts: day of the first alarm of one site, or None ---

def rule_threshold(days, n, k, level, least):
    for day, nn, kk in zip(days, n, k):
        if kk >= least and kk / nn >= level:
            return day
    return None


def rule_test(days, n, k, e, alpha, w=.35):
    for day, nn, kk in zip(days, n, k):
        if kk and stats.nbinom.sf(kk - 1, 1 / w ** 2, 1 / (1 + nn * e * w ** 2)) <= alpha:
            return day
    return None


def null_suite(name, patients, draws, goal, **assay):
    """No clone at all: how many patients ever get an alert?"""
    rng = np.random.default_rng(sum(map(ord, name)))
    true_cv = assay.pop("true_cv", .35)
    shedding = assay.pop("shedding", False)
    alarms = dict.fromkeys(["clonewatch", "VAF >= 0.5 %", "VAF >= 0.1 % and k >= 3", "per-draw p < 0.001", "per-draw Bonferroni over sites"], 0)
    total = scaled(patients)
    for size in batches(total):
        a = Assay(rng, **assay)
        a.background_cv = true_cv
        c = Cohort(tempfile.mkdtemp(prefix="cw-bench-"))
        e = a.a / a.b
        for p in range(size):
            c.add_line(f"P{p:04d}", 0)
            fired = {r: False for r in alarms}
            for j in range(draws):
                n, k = a.draw({}, 0)
                if shedding and rng.random() < .15:  # a draw of bad quality: every background rate jumps
                    k = np.minimum(n, k + rng.poisson(n * a.e * rng.exponential(.5)))
                c.add_draw(a, f"P{p:04d}", 28 * j, n, k)
                pv = stats.nbinom.sf(k - 1, 1 / .35 ** 2, 1 / (1 + n * e * .35 ** 2))
                fired["VAF >= 0.5 %"] |= bool((k / n >= .005).any())
                fired["VAF >= 0.1 % and k >= 3"] |= bool(((k / n >= .001) & (k >= 3)).any())
                fired["per-draw p < 0.001"] |= bool((pv < .001).any())
                fired["per-draw Bonferroni over sites"] |= bool((pv < .05 / len(k)).any())
            for r in fired:
                alarms[r] += fired[r]
        for found in track(c, first_alarms).values():
            alarms["clonewatch"] += bool(found)
    for r, hits in alarms.items():
        rate = 100 * hits / total
        report(f"false alarm ever per patient, {name}: {r}", rate, f"% of {total}", f"<= {goal}" if r == "clonewatch" else "-", rate <= goal if r == "clonewatch" else "-")


def lead_suite(doubling, patients, depth=20000, draw_cv=.25, jumps=False, label=""):
    """One allele grows from below notice; progression on imaging is the first 8-weekly scan with the clone at 5 % or more."""
    rng = np.random.default_rng(int(doubling * 1000) + (7 if jumps else 0))
    weeks, gains, early, total = [], {"VAF >= 0.5 %": [], "VAF >= 0.1 % and k >= 3": [], "per-draw Bonferroni over sites": []}, [], scaled(patients)
    normals = 10 if jumps else 30
    alarm_weeks, vaf_at = [], []
    for size in batches(total, 30):
        a = Assay(rng, normals=normals, depth=(depth, depth))
        c = Cohort(tempfile.mkdtemp(prefix="cw-bench-"))
        e, truth = a.a / a.b, {}
        for p in range(size):
            site, f0 = int(rng.integers(0, 200)), 10 ** rng.uniform(-6, -4)
            c.add_line(f"P{p:04d}", 0)
            scan = 0
            while f0 * 2 ** (scan / doubling) < .05:
                scan += 8
            shed, days, ns, ks = 1.0, [], [], []
            for week in range(0, scan + 1, 4):
                if jumps and rng.random() < .2:
                    shed = rng.choice([.4, 1, 2.5])
                f = f0 * 2 ** (week / doubling)
                n, k = a.draw({site: min(.5, f) * shed}, .4 if jumps else draw_cv)
                c.add_draw(a, f"P{p:04d}", 7 * week, n, k)
                days.append(week), ns.append(n[site]), ks.append(k[site])
            truth[f"P{p:04d}"] = (site, scan, {"VAF >= 0.5 %": rule_threshold(days, ns, ks, .005, 1),
                                               "VAF >= 0.1 % and k >= 3": rule_threshold(days, ns, ks, .001, 3),
                                               "per-draw Bonferroni over sites": rule_test(days, ns, ks, e[site], .05 / 200)}, f0)

        def keep(r):
            return {x["what"]: x["day"] / 7 for x in first_alarms(r)}
        for patient, found in track(c, keep).items():
            site, scan, rules, f0 = truth[patient]
            at = found.get(site_id(site))
            early.append(at is not None and scan - at >= 4)
            alarm_weeks.append(scan - at if at is not None else 0)
            if at is not None:
                vaf_at.append(f0 * 2 ** (at / doubling))
            for r in gains:
                gains[r].append((rules[r] if rules[r] is not None else scan) - (at if at is not None else scan))
    goal = {2: 6, 4: 12, 6: 24, 8: 32}[doubling]
    head = f"doubling {doubling} weeks, {depth} molecules{label}"
    gain = float(np.median(gains["VAF >= 0.5 %"]))
    report(f"median gain over VAF >= 0.5 %, {head}", gain, "weeks", f">= {goal}" if not jumps else "-", gain >= goal if not jumps else "-")
    for r in ("VAF >= 0.1 % and k >= 3", "per-draw Bonferroni over sites"):
        report(f"median gain over {r}, {head}", float(np.median(gains[r])), "weeks")
    report(f"median lead over imaging, {head}", float(np.median(alarm_weeks)), "weeks")
    report(f"median true VAF at the alert, {head}", 100 * float(np.median(vaf_at)), "%")
    share = 100 * float(np.mean(early))
    report(f"alert at least 4 weeks before imaging, {head}", share, f"% of {total}", ">= 99", share >= 99)


# --- alleles that are there ---

def course_suite(name, course, weeks, draw_cv, copies, patients, judge, goal, met, rules=True, depth=(10000, 30000)):
    """Several alleles of one course in each patient; judge(report alteration, truth weeks) -> bool."""
    rng = np.random.default_rng(sum(map(ord, name)))
    hits, seen, total = 0, {"+50 % on previous": 0, ">= 2 x nadir": 0, "intervals apart": 0}, 0
    for size in batches(scaled(patients), 50):
        a = Assay(rng, sites=200, depth=depth)
        c = Cohort(tempfile.mkdtemp(prefix="cw-bench-"))
        for p in range(size):
            c.add_line(f"P{p:04d}", 0)
            ns, ks = [], []
            for w in weeks:
                n, k = a.draw({s: course(w) for s in range(copies)}, draw_cv)
                c.add_draw(a, f"P{p:04d}", 7 * w, n, k)
                ns.append(n[:copies]), ks.append(k[:copies])
            if rules:
                v = np.array(ks) / np.array(ns)
                lo, hi = stats.beta.ppf(.025, np.array(ks) + .5, np.array(ns) - np.array(ks) + .5), stats.beta.ppf(.975, np.array(ks) + .5, np.array(ns) - np.array(ks) + .5)
                for s in range(copies):
                    nadir = np.minimum.accumulate(v[:, s])
                    seen["+50 % on previous"] += bool((v[1:, s] >= 1.5 * v[:-1, s]).any())
                    seen[">= 2 x nadir"] += bool((v[1:, s] >= 2 * nadir[:-1]).any())
                    seen["intervals apart"] += bool((lo[1:, s] > np.minimum.accumulate(hi[:, s])[:-1]).any())

        def keep(r):
            alarms = {}
            for x in first_alarms(r):
                alarms.setdefault(x["what"], []).append((x["kind"], x["day"] / 7))
            by_id = {x["id"]: x for x in r["alterations"]}
            return [judge(by_id[site_id(s)], alarms.get(site_id(s), [])) for s in range(copies)]
        for found in track(c, keep).values():
            hits += sum(found)
            total += len(found)
    share = 100 * hits / total
    report(name + ": clonewatch", share, f"% of {total}", goal, met(share) if met else "-")
    for r, h in seen.items():
        if rules:
            report(f"{name}: {r}", 100 * h / total, f"% of {total}")


def rising(kind="growth", by=None):
    return lambda x, alarms: any(k == kind and (by is None or w <= by) for k, w in alarms)


def doubling_suite(draws, patients):
    """Coverage of the 90 % interval of the doubling time at the k-th draw after the allele is first seen."""
    rng = np.random.default_rng(100 + draws)
    covered = total = 0
    for size in batches(scaled(patients), 50):
        a = Assay(rng, sites=60)
        c = Cohort(tempfile.mkdtemp(prefix="cw-bench-"))
        for p in range(size):
            c.add_line(f"P{p:04d}", 0)
            for j in range(draws):
                n, k = a.draw({s: 10 ** -3.3 * 2 ** (4 * j / 4) for s in range(5)}, .35)
                c.add_draw(a, f"P{p:04d}", 28 * j + 7, n, k)

        def keep(r):
            by_id = {x["id"]: x for x in r["alterations"]}
            return [by_id[site_id(s)]["growth"] for s in range(5)]
        for found in track(c, keep).values():
            for growth in found:
                if not growth:
                    continue
                d = growth[-1]["doubling_days"]
                total += 1
                covered += bool(d) and d[0] <= 28 and (d[2] is None or d[2] >= 28)
    share = covered / total
    report(f"90 % interval of the doubling time covers (4 weeks, {draws} draws)", share, f"of {total}", "0.85-0.98", .85 <= share <= .985)


def response_suite(draws, patients, fall):
    """The same after a response: from 5 % at the baseline to 0.05 % in the `fall` draws after it, then doubling every 4 weeks."""
    rng = np.random.default_rng(200 + 10 * fall + draws)
    covered = falling = total = 0
    for size in batches(scaled(patients), 50):
        a = Assay(rng, sites=60)
        c = Cohort(tempfile.mkdtemp(prefix="cw-bench-"))
        for p in range(size):
            c.add_line(f"P{p:04d}", 0)
            for j in range(draws + 1):
                f = .05 * .01 ** (j / fall) if j <= fall else 5e-4 * 2 ** (j - fall)
                n, k = a.draw({s: f for s in range(5)}, .25)
                c.add_draw(a, f"P{p:04d}", 28 * j, n, k)

        def keep(r):
            by_id = {x["id"]: x for x in r["alterations"]}
            return [by_id[site_id(s)] for s in range(5)]
        for found in track(c, keep).values():
            for x in found:
                d, total = x["growth"][-1]["doubling_days"], total + 1
                falling += x["status"] == "falling"
                covered += bool(d) and d[0] <= 28 and (d[2] is None or d[2] >= 28)
    head = f"after a response of 99 % by draw {fall} of the line, doubling 4 weeks, {draws} draws"
    report(f"{head}: 90 % interval of the doubling time covers", covered / total, f"of {total}", "0.85-0.98", .85 <= covered / total <= .985)
    report(f"{head}: called falling", 100 * falling / total, f"% of {total}")


def second_line_suite(patients):
    """Five draws of one line at 0.3 %, then doubling every 4 weeks under the next: share called and week of the call, counted from its start."""
    rng = np.random.default_rng(5)
    weeks, total = [], 0
    for size in batches(scaled(patients), 50):
        a = Assay(rng, sites=200)
        c = Cohort(tempfile.mkdtemp(prefix="cw-bench-"))
        for p in range(size):
            c.add_line(f"P{p:04d}", 0)
            c.events.append(f"P{p:04d},{7 * 16},,TREATMENT,agent-b,\n")
            for w in range(0, 41, 4):
                n, k = a.draw({s: .003 * 2 ** (max(0, w - 16) / 4) for s in range(5)}, .25)
                c.add_draw(a, f"P{p:04d}", 7 * w, n, k)

        def keep(r):
            first = {}
            for x in first_alarms(r):
                if x["kind"] == "growth":
                    first.setdefault(x["what"], x["day"] / 7 - 16)
            return [first.get(site_id(s)) for s in range(5)]
        for found in track(c, keep).values():
            weeks += [w for w in found if w is not None]
            total += len(found)
    head = "flat at 0.3 % in five draws of a line, doubling 4 weeks under the next"
    report(f"{head}: called within 16 weeks of it", 100 * sum(w <= 16 for w in weeks) / total, f"% of {total}")
    report(f"{head}: called within 20 weeks of it", 100 * sum(w <= 20 for w in weeks) / total, f"% of {total}")
    report(f"{head}: called before the line", 100 * sum(w <= 0 for w in weeks) / total, f"% of {total}")


SUITES = {
    "null8": lambda: null_suite("8 draws, 200 sites", 2000, 8, 1),
    "null20": lambda: null_suite("20 draws, 200 sites", 600, 20, 1.5),
    "null-doubled": lambda: null_suite("background CV doubled to 0.70, model says 0.35", 2000, 8, 5, true_cv=.7),
    "null-covered": lambda: null_suite("background CV 0.70, model says 0.35 but its set reaches 0.7", 600, 8, 5, true_cv=.7, omega=(.2, .35, .5, .7)),
    "null-dispersion": lambda: null_suite("background dispersion (CV^2) doubled, model says CV 0.35", 600, 8, 5, true_cv=.35 * 2 ** .5),
    "null-hard": lambda: null_suite("ten normals, bad draws", 600, 8, 1, normals=10, shedding=True),
    "lead2": lambda: lead_suite(2, 90), "lead4": lambda: lead_suite(4, 90), "lead6": lambda: lead_suite(6, 90), "lead8": lambda: lead_suite(8, 90),
    "lead4-hard": lambda: lead_suite(4, 90, jumps=True, label=", draw CV 0.4, shedding jumps, ten normals"),
    "chip": lambda: [course_suite(f"stable {100 * f:g} % called rising in 8 draws, draw CV {cv}", lambda w, f=f: f, range(0, 32, 4), cv, 10, 40, rising(),
                                  "<= 1" if cv < .3 else "<= 10", (lambda s, cv=cv: s <= (1 if cv < .3 else 10))) for f in (.01, .05) for cv in (.25, .40)],
    "rising": lambda: course_suite("rising from 0.3 %, doubling 4 weeks, called within 16 weeks", lambda w: .003 * 2 ** (w / 4), range(0, 21, 4), .25, 5, 40,
                                   lambda x, al: any(w <= 16 for _, w in al), ">= 95", lambda s: s >= 95, rules=False),
    "regrowth": lambda: course_suite("regrowth 5 % to 0.05 %, then doubling 6 weeks, found", lambda w: max(5e-4 * 2 ** ((w - 16) / 6), .05 * 2 ** (-w / 2.4)) if w < 16 else min(.3, 5e-4 * 2 ** ((w - 16) / 6)),
                                     range(0, 61, 4), .25, 3, 20, rising(), ">= 95", lambda s: s >= 95, rules=False),
    "falls": lambda: course_suite("falls then flat, called rising in 8 draws, draw CV 0.4", lambda w: max(.05 * 2 ** (-w / 3), .002), range(0, 32, 4), .4, 10, 30, rising(), "-", None),
    "doubling": lambda: [doubling_suite(d, 60) for d in (3, 4, 5, 6)],
    "response": lambda: [response_suite(d, 60, fall) for fall, d in ((1, 3), (1, 4), (1, 6), (2, 4), (2, 6))],
    "second-line": lambda: second_line_suite(40),
}

if __name__ == "__main__":
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument("binary")
    p.add_argument("--scale", type=float, default=1)
    p.add_argument("--only", action="append", choices=sorted(SUITES))
    ARGS = p.parse_args()
    for suite in ARGS.only or SUITES:
        ARGS.suite = suite
        SUITES[suite]()
