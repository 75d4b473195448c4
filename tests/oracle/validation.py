#!/usr/bin/env python3
"""Outside truth for the figures of validate (src/detect/validation.h): docs/commands/validate.md with numpy and scipy.

trials: sample|allele|lot|day|vaf|input|assessable|detected|observed|lod, ';' between. figures: measure|group|vaf_lo|vaf_hi|input|n|positive|value|lo|hi; the lod95 of a probit fit is
held by probit.tsv and left out here. Run: python3 tests/oracle/validation.py > tests/oracle/validation.tsv
"""
import numpy as np
from scipy.stats import beta, binom, chi2, t as student

EDGES = [1e-5, 2e-5, 5e-5, 1e-4, 2e-4, 5e-4, 1e-3, 2e-3, 5e-3, 1e-2, 2e-2, 5e-2, .1, .2, .5, 1.0000001]
NAN = float("nan")


def exact(k, n):
    return (0 if k == 0 else beta.ppf(.025, k, n - k + 1)), (1 if k == n else beta.ppf(.975, k + 1, n - k))


def figures(trials):
    rows = []
    samples = sorted({t["sample"] for t in trials})
    blank = {s for s in samples if all(t["vaf"] == 0 for t in trials if t["sample"] == s)}
    good = [t for t in trials if t["assessable"]]
    zero = [t for t in good if t["vaf"] == 0]
    if zero:
        x, n = np.sort([t["observed"] for t in zero]), len(zero)
        rank = .5 + .95 * n                      # EP17: between the order statistics around it
        below = int(np.floor(rank))
        i = min(max(below, 1), n)
        lob = x[i - 1] + (rank - below) * (x[min(i, n - 1)] - x[i - 1])
        cdf = binom.cdf(np.arange(n), n, .95)    # P(at most k of n below the quantile)
        lo = x[min(int((cdf < .025).sum()), n - 1)]
        up = np.flatnonzero(cdf >= .975)
        rows.append(("lob", "all", NAN, NAN, NAN, n, -1, lob, lo, x[up[0]] if up.size else x[-1]))
        hit = sum(t["detected"] for t in zero)
        rows.append(("false_positive_rate", "all", NAN, NAN, NAN, n, hit, hit / n, *exact(hit, n)))
        if any(t["sample"] in blank for t in zero):
            h, m = sum(t["detected"] for t in zero if t["sample"] in blank), len({t["sample"] for t in zero if t["sample"] in blank})
            rows.append(("false_positives_per_blank", "all", NAN, NAN, NAN, m, h, h / m, chi2.ppf(.025, 2 * h) / 2 / m if h else 0, chi2.ppf(.975, 2 * h + 2) / 2 / m))
    levels = sorted({t["vaf"] for t in trials if t["vaf"] > 0})
    inputs = sorted({t["input"] for t in trials if not np.isnan(t["input"])})
    bins = [(v, v) for v in levels] if len(levels) <= 20 else list(zip(EDGES[:-1], EDGES[1:]))
    for lo, hi in bins:
        inside = [t for t in good if t["vaf"] > 0 and (t["vaf"] == lo if lo == hi else lo <= t["vaf"] < hi)]
        for ng in [None, *inputs]:
            part = [t for t in inside if ng is None or t["input"] == ng]
            if part:
                k = sum(t["detected"] for t in part)
                rows.append(("sensitivity", "all", lo, hi, NAN if ng is None else ng, len(part), k, k / len(part), *exact(k, len(part))))
        if len(inside) < 2:
            continue
        ratio = np.array([t["observed"] / t["vaf"] for t in inside])
        n, mean, sd = ratio.size, ratio.mean(), ratio.std(ddof=1)
        half = student.ppf(.975, n - 1) * sd / np.sqrt(n)
        rows.append(("bias", "all", lo, hi, NAN, n, -1, mean - 1, mean - half - 1, mean + half - 1))
        groups = {}
        for t, r in zip(inside, ratio):
            groups.setdefault((t["lot"], t["day"], t["allele"]), []).append(r)
        free = n - len(groups)
        within = sum(((np.array(g) - np.mean(g)) ** 2).sum() for g in groups.values())
        rows.append(("cv_within", "all", lo, hi, NAN, n, -1, np.sqrt(within / free) / mean if mean > 0 and free else NAN, NAN, NAN))
        rows.append(("cv_total", "all", lo, hi, NAN, n, -1, sd / mean if mean > 0 else NAN, NAN, NAN))
    missing = len(trials) - len(good)
    rows.append(("not_assessable", "all", NAN, NAN, NAN, len(trials), missing, missing / len(trials), NAN, NAN))
    return rows


def main():
    rng = np.random.default_rng(17)
    print("trials\tfigures")
    for case in range(120):
        trials = []
        levels = [0, 0] + list(float(f"{x:.3g}") for x in 10 ** rng.uniform(-5, -.2, int(rng.integers(1, 4)) if case % 10 else 24))
        samples = int(rng.integers(1, 14)) if case % 4 else int(rng.integers(20, 60))
        alleles = int(rng.integers(1, 4))
        for s in range(samples):
            level, ng = levels[int(rng.integers(len(levels)))], float(rng.choice([5, 20, np.nan]))
            lot, day = f"L{rng.integers(2)}" if rng.random() < .8 else "", f"D{rng.integers(3)}"
            for a in range(alleles):
                vaf = level if rng.random() < .8 else 0
                seen = float(f"{rng.poisson(10000 * (vaf * rng.gamma(16, 1 / 16) + 2e-5)) / 10000:.6g}")
                trials.append(dict(sample=f"s{s}", allele=f"a{a}", lot=lot, day=day, vaf=vaf, input=ng, assessable=int(rng.random() < (.93 if s % 5 else .2)), detected=int(seen > 4e-4), observed=seen, lod=1e-3))
        cell = ";".join("|".join(str(t[c]) for c in ("sample", "allele", "lot", "day", "vaf", "input", "assessable", "detected", "observed", "lod")) for t in trials)
        print(cell, ";".join("|".join([r[0], r[1], *(f"{x:.10g}" for x in r[2:])]) for r in figures(trials)), sep="\t")


if __name__ == "__main__":
    main()
