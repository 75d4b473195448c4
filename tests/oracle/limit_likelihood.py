#!/usr/bin/env python3
"""Outside truth for a draw of which only "not detected, limit f" is known (src/track/observation.c): ln P(Poisson(n (e + f)) < k*), in mpmath.

Run: python3 tests/oracle/limit_likelihood.py > tests/oracle/limit_likelihood.tsv
"""
import random
from mpmath import mp, mpf, gammainc, log, nstr

mp.dps = 40


def main():
    rng = random.Random(4)
    print("k_star\tn\te\tf\tln_p")
    for i in range(250):
        k = rng.choice([1, 1, 2, 3, 5, 20, 300]) if i % 9 else rng.choice([5000, 40000])
        n = rng.choice([1000, 3000, 20000, 10 ** 6])
        e = "%.6g" % 10 ** rng.uniform(-7, -3)
        f = rng.choice(["0", "%.6g" % 10 ** rng.uniform(-6, -.3), "%.6g" % (k / n * rng.uniform(.3, 4)), "0.5", "1"])
        mean = n * (mpf(e) + mpf(f))
        p = gammainc(k, mean, mp.inf, regularized=True)
        print(k, n, e, f, nstr(log(p), 17), sep="\t")


if __name__ == "__main__":
    main()
