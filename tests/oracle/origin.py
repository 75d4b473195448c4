#!/usr/bin/env python3
"""Outside truth for the origin of an allele (src/stats/origin.h): docs/detection.md, "Origin", with numpy and scipy, term by term.

Lists are joined by ','; "nan" in driver is a draw without the driver's VAF, an empty driver cell: no driver. Run: python3 tests/oracle/origin.py > tests/oracle/origin.tsv
"""
import random
import numpy as np
from scipy.special import betainc, betaln, gammaln, logsumexp
from scipy.stats import beta

CV = .25
GRID = 10 ** (-5 + 5 * (np.arange(120) + .5) / 120)        # log-uniform 1e-5 .. 1, bin middles
RATIO = 10 ** (-2 + 4 * (np.arange(120) + .5) / 120)       # of the driver's VAF, 1/100 .. 100
Z = 1.959963984540054


def ln_count(k, n, e, f):
    mean, var = n * (e + f), (n * f * CV) ** 2
    size = mean ** 2 / var
    return gammaln(k + size) - gammaln(size) - gammaln(k + 1) - size * np.log1p(mean / size) - k * np.log1p(size / mean)


def widened(k, n, draws):
    lo, hi, mid = (0 if k == 0 else beta.ppf(.025, k + .5, n - k + .5)), (1 if k == n else beta.isf(.025, k + .5, n - k + .5)), (k + .5) / (n + 1)
    more = (Z * CV) ** 2 / draws
    return 0 if k == 0 else mid * np.exp(-np.sqrt(np.log(mid / max(lo, 1e-12)) ** 2 + more)), min(1, mid * np.exp(np.sqrt(np.log(hi / mid) ** 2 + more)))


def by_white_cells(k, n, e, wk, wn, chip):
    vaf, plasma, reads, draws = wk / wn, sum(k), sum(n), len(n)
    if vaf >= .3 and not chip:
        return "germline" if beta.ppf(.025, wk + .5, wn - wk + .5) >= .2 else "unknown"
    if not reads:
        return "unknown"
    if vaf >= .2 and not chip:
        return "unknown"
    if plasma and widened(plasma, reads, draws)[0] > widened(wk, wn, 1)[1]:
        return "tumour"
    mean, size = wn * e, 8
    carried = wk > 0 and betainc(wk, size, mean / (mean + size)) < .01
    return "chip" if carried else "unknown"


def terms(k, n, driver, e, chip, tumour, af):
    draws = list(zip(k, n, driver if driver else [np.nan] * len(k)))
    any_vaf = [logsumexp(ln_count(a, b, e, GRID)) - np.log(120) for a, b, _ in draws]
    constant = logsumexp(sum(ln_count(a, b, e, GRID) for a, b, _ in draws)) - np.log(120)
    hypotheses, with_driver = [constant, sum(any_vaf)], False
    if sum(np.isfinite(d) for _, _, d in draws) >= 2:
        moving = sum(ln_count(a, b, e, np.minimum(1, RATIO * d)) if np.isfinite(d) else np.full(120, v) for (a, b, d), v in zip(draws, any_vaf))
        moving = logsumexp(moving) - np.log(120)
        with_driver = moving - logsumexp(hypotheses) >= np.log(9)  # rather than flat or on its own
        hypotheses.append(moving)
    ln_tumour = logsumexp(hypotheses) - np.log(len(hypotheses))
    het = sum(gammaln(b + 1) - gammaln(a + 1) - gammaln(b - a + 1) + betaln(50 + a, 50 + b - a) - betaln(50, 50) for a, b, _ in draws)
    hom = sum(gammaln(b + 1) - gammaln(a + 1) - gammaln(b - a + 1) + (b - a) * np.log(.005) + a * np.log(.995) for a, b, _ in draws)
    gene_chip, gene_germ = (3 if chip else -5 if tumour else 0), (-5 if tumour else -3)
    population = np.log(max(af, 1e-6) / 1e-5) if af > 0 else 0
    movement, half = constant - ln_tumour, np.logaddexp(np.log(.9) + het, np.log(.1) + hom) - ln_tumour
    odds = np.array([0, gene_chip + movement, gene_germ + population + half])
    p = np.exp(odds - logsumexp(odds))
    word = "chip" if p[1] >= .9 else "germline" if p[2] >= .9 else "tumour" if p[0] >= .9 and (tumour or not chip or with_driver) else "unknown"
    return word, [*p, gene_chip, gene_germ, population, half, movement]


def decide(k, n, driver, e, wk, wn, chip, tumour, af):
    read = [(a, b, d) for a, b, d in zip(k, n, driver or [np.nan] * len(k)) if b > 0]
    k, n, driver = [r[0] for r in read], [r[1] for r in read], [r[2] for r in read] if driver else None
    none = [np.nan] * 3 + [0] * 5
    if wn:
        return by_white_cells(k, n, e, wk, wn, chip), none
    if sum(k) == 0 or sum(k) <= 3 * sum(n) * e:
        return "unknown", none
    return terms(k, n, driver, e, chip, tumour, af)


def cases():
    rng = random.Random(62)
    for i in range(500):
        J = rng.randint(1, 8)
        e = 10 ** rng.uniform(-6, -3.5)
        n = [rng.choice([0, 1, 999, 1000, 4000, 10000, 30000, 200000]) if rng.random() < .4 else rng.randint(1000, 30000) for _ in range(J)]
        kind = rng.choice(["flat", "half", "one", "moves", "driver", "noise", "none"])
        f0 = 10 ** rng.uniform(-4, -.7)
        base = [min(1, 10 ** rng.uniform(-4, -.5)) for _ in range(J)]
        f = {"flat": [f0] * J, "half": [.5] * J, "one": [1] * J, "moves": [min(1, f0 * 2 ** rng.uniform(-4, 4)) for _ in range(J)],
             "driver": [min(1, b * .6) for b in base], "noise": [0] * J, "none": None}[kind]
        k = [0] * J if f is None else [min(b, max(0, round(rng.gauss(b * min(1, x * rng.lognormvariate(0, .2) + e), (b * x) ** .5)))) for b, x in zip(n, f)]
        if kind == "one":
            k = [b - rng.randint(0, b // 200) for b in n]
        driver = [float("nan") if rng.random() < .15 else float(f"{b:.6g}") for b in base] if rng.random() < .6 else []
        wn = rng.choice([0, 0, 0, 1, 3, 10, 20, 1000, 10000, 100000])
        share = rng.choice([0, f0, f0 / 4, f0, .19, .2, .25, .3, .49, 1])
        wk = min(wn, round(wn * share))
        role = rng.choice(["chip", "tumour", "none"])
        yield k, n, driver, float(f"{e:.6g}"), wk, wn, role == "chip", role == "tumour", rng.choice([float("nan"), 0, 1e-7, 1e-4, .02, .5])


def main():
    print("k\tn\tdriver\tbackground\twbc_k\twbc_n\tchip_role\ttumour_role\tpopulation_af\torigin\tp_tumour\tp_chip\tp_germline\tln_gene_chip\tln_gene_germline\tln_population\tln_near_half\tln_movement")
    for k, n, driver, e, wk, wn, chip, tumour, af in cases():
        word, numbers = decide(k, n, driver, e, wk, wn, chip, tumour, af)
        print(",".join(map(str, k)), ",".join(map(str, n)), ",".join(f"{d:.6g}" for d in driver), f"{e:.6g}", wk, wn, int(chip), int(tumour), af, word, *(f"{x:.12g}" for x in numbers), sep="\t")


if __name__ == "__main__":
    main()
