#!/usr/bin/env python3
"""Outside truth for mass and volume (src/stats/yield.h): 3.3 pg per haploid genome, docs/detection.md, in mpmath.

per_ml, lo, hi: the log-normal interval with variance 1/k + cv^2; at k = 0 the upper end is the Poisson one (3.0 molecules). p_empty: chance that no mutant molecule went in at
fraction f; floor: what a limit of detection of f becomes with this mass. nan: not defined. Run: python3 tests/oracle/yield.py > tests/oracle/yield.tsv
"""
import random
from mpmath import mp, mpf, exp, sqrt, erfinv, nan, nstr

mp.dps = 30
Z = sqrt(mpf(2)) * erfinv(mpf("0.95"))


def per_ml(k, n, ng, ml, cv):
    if n <= 0 or not 0 <= k <= n or ng <= 0 or ml <= 0:
        return nan, nan, nan
    genomes = 303 * ng / ml
    if k == 0:
        return mpf(0), mpf(0), 3 * genomes / n
    mid, half = mpf(k) / n * genomes, Z * sqrt(mpf(1) / k + cv ** 2)
    return mid, mid / exp(half), mid * exp(half)


def floored(f, ng):
    floor = 3 / (303 * ng) if ng > 0 else mpf(0)
    return f if f >= floor else floor if floor < 1 else nan


def main():
    rng = random.Random(9)
    print("k\tn\tng\tml\tcv\tf\tper_ml\tlo\thi\tgenomes\tp_empty\tfloor")
    for i in range(300):
        n = rng.choice([0, 1, 10, 999, 30000, 10 ** 7]) if i % 4 == 0 else rng.randint(1000, 60000)
        k = rng.choice([0, 1, n, n + 1, -1]) if i % 5 == 0 else min(n, int(n * 10 ** rng.uniform(-5, 0)))
        ng = rng.choice(["0", "1e-6", "0.005", "1e6"]) if i % 7 == 0 else "%.5g" % 10 ** rng.uniform(0, 2.5)
        ml = rng.choice(["0", "1e-3", "50"]) if i % 11 == 0 else "%.4g" % rng.uniform(.5, 10)
        cv = rng.choice(["0", "0.15", "0.5"])
        f = "%.6g" % rng.choice([1e-6, 1, 10 ** rng.uniform(-6, 0)])
        m = mpf(ng)
        row = [*per_ml(k, n, m, mpf(ml), mpf(cv)), 303 * m, exp(-mpf(f) * 303 * m) if m > 0 else nan, floored(mpf(f), m)]
        print(k, n, ng, ml, cv, f, *(nstr(x, 15) for x in row), sep="\t")


if __name__ == "__main__":
    main()
