#!/usr/bin/env python3
"""Outside truth for the limit of detection of the joint test (cw_joint_lod), by a simulation of its own: the least tumour fraction at which 95 % of 1,500 invented draws reach E >= 1/alpha, with the
evidence of joint.py over one draw. Two simulations differ by chance, so the test allows some per cent. Columns: mu, sd, h, n (of each variant, alike), variants, alpha, lod.
Run: python3 tests/oracle/joint_lod.py > tests/oracle/joint_lod.tsv
"""
import numpy as np
from joint import GRID, PHI, RHO, ln_nb, trajectories

RUNS = 1500
rng = np.random.default_rng(12)


def found(mu, sd, h, n, variants, alpha, theta):
    rate = rng.gamma(mu ** 2 / sd ** 2, sd ** 2 / mu, (RUNS, variants)) if sd else np.full((RUNS, variants), mu)
    k = rng.poisson(n * (rate + rng.gamma(16, h * theta / 16, (RUNS, variants))))
    kinds, at = np.unique(k, return_inverse=True)  # few different counts: the ratio of each once
    at = at.reshape(k.shape)
    weight, path = trajectories([0.])
    share = np.bincount(np.where(path[:, 0] < 0, 64, path[:, 0]), weights=weight, minlength=65)
    least = np.full(RUNS, np.inf)
    for phi in PHI:
        base, noise, signal = n * mu, (n * sd) ** 2 * phi, n * h * GRID
        x = np.array([ln_nb(c, base + signal, noise + signal ** 2) - ln_nb(c, base, noise) for c in kinds])
        x = np.c_[np.exp(np.minimum(50, x)), np.ones(kinds.size)]
        e = np.full(RUNS, .2 / 2)
        for rho in RHO:
            ln_unit = np.log(np.minimum(19.9, 1 - rho + rho * x))
            e += np.exp(ln_unit[at].sum(axis=1)) @ share / RHO.size
        least = np.minimum(least, e)
    return (least >= 1 / alpha).mean()


def lod(*case):
    lo, hi = np.log(1e-6), np.log(.5)
    while hi - lo > .01:
        mid = (lo + hi) / 2
        lo, hi = (lo, mid) if found(*case, np.exp(mid)) >= .95 else (mid, hi)
    return np.exp(hi)


if __name__ == "__main__":
    print("mu\tsd\th\tn\tvariants\talpha\tlod")
    for case in ((2e-5, 1e-5, .5, 5000, 10, .05), (2e-5, 1e-5, .5, 5000, 40, .05), (1e-6, 5e-7, .5, 20000, 16, .05), (1e-4, 5e-5, .5, 8000, 16, .05), (2e-5, 1e-5, .5, 1000, 5, .05),
                 (2e-5, 2e-5, 1, 10000, 12, .005), (1e-5, 3e-6, .25, 30000, 24, .05), (3e-4, 1e-4, .5, 20000, 30, .05)):
        print(*case, f"{lod(*case):.4g}", sep="\t", flush=True)
