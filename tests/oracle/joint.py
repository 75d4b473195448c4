#!/usr/bin/env python3
"""Outside truth for the joint test of many variants (src/stats/joint.h), written from its formula with numpy and scipy.

Columns: sites (mu:sd:h:group, ';' between), weeks, counts (k/n by site, ',' between; ';' between draws), ln_e after the last draw,
theta of the last draw by a scan of the likelihood with its 95 % profile interval, and the bound on its limit of detection.
Run: python3 tests/oracle/joint.py > tests/oracle/joint.tsv
"""
import numpy as np
from scipy.special import gammaln

RHO = np.array([.03, .1, .3, .6, .95])
PHI = [.5, 1, 2]
GRID = 1e-6 * (.5 / 1e-6) ** (np.arange(64) / 63)
SCAN = 1e-6 * 1.02 ** np.arange(698)


def ln_nb(k, mean, var_extra):
    mean, var_extra = np.broadcast_arrays(np.asarray(mean, float), np.asarray(var_extra, float))
    poisson = k * np.log(mean) - mean - gammaln(k + 1)
    with np.errstate(divide="ignore", invalid="ignore"):
        r = mean * mean / var_extra
        wide = gammaln(k + r) - gammaln(r) - gammaln(k + 1) - r * np.log1p(mean / r) + k * (np.log(mean) - np.log(mean + r))
    return np.where(var_extra > 0, wide, poisson)


def ln_ratio(site, k, n, theta, phi, cv):
    mu, sd, h, _ = site
    base, noise = n * mu, (n * sd) ** 2 * phi
    signal = n * h * np.asarray(theta)
    return ln_nb(k, base + signal, noise + (signal * cv) ** 2) - ln_nb(k, base, noise)


def snap(theta):
    g = np.log(theta / 1e-6) / np.log(.5 / 1e-6) * 63
    return -1 if g < -.5 else min(63, int(np.floor(g + .5)))


def trajectories(weeks):
    out = []
    for d in (1.5, 2, 3, 4, 6, 8, 12, 20):
        for tau in range(-8, 105, 2):
            out.append((.8 / 456, [snap(min(.5, 1e-3 * 2 ** ((t - tau) / d))) for t in weeks]))
    for level in range(7):
        for s in range(len(weeks)):
            out.append((.2 / 7 / ((s + 1) * (s + 2)), [-1 if j < s else snap(10 ** (-4 + level / 2)) for j in range(len(weeks))]))
    return np.array([w for w, _ in out]), np.array([g for _, g in out])


def ln_e(sites, weeks, k, n):
    units = {}
    for i, s in enumerate(sites):
        units.setdefault(("g", s[3]) if s[3] >= 0 else ("s", i), []).append(i)
    weight, path = trajectories(weeks)
    total = []
    for phi in PHI:
        x = np.zeros((len(sites), weight.size))
        for i, s in enumerate(sites):
            for j in range(len(weeks)):
                if n[j][i] > 0:
                    table = np.append(ln_ratio(s, k[j][i], n[j][i], GRID, phi, 1), 0)  # the last one: theta = 0
                    x[i] += table[path[:, j]]
        x = np.exp(np.minimum(50, x))
        e = .2 / (len(weeks) + 1)
        for rho in RHO:
            m = 1 - rho + rho * x
            e += (weight * np.prod([np.minimum(19.9, m[u].mean(axis=0)) for u in units.values()], axis=0)).sum() / RHO.size
        total.append(e)
    return np.log(min(total))


def estimate(sites, k, n):
    """theta, lo, hi of one draw and the bound 4.74 / sum n h."""
    molecules = sum(n[i] * s[2] for i, s in enumerate(sites))
    if not molecules:
        return [np.nan] * 4
    curve = np.max([sum(np.logaddexp(np.log(1 - r), np.log(r) + ln_ratio(s, k[i], n[i], SCAN, 1, .35)) for i, s in enumerate(sites) if n[i] > 0) for r in RHO[-2:]], axis=0)
    top = max(0, curve.max())
    inside = np.flatnonzero(curve >= top - 1.92)
    return SCAN[curve.argmax()] if top > 0 else 0, 0 if top <= 1.92 else SCAN[inside[0]], SCAN[inside[-1]] if inside.size else SCAN[0], min(1, 4.74 / molecules)


def main():
    rng = np.random.default_rng(5)
    print("sites\tweeks\tcounts\tln_e\ttheta\tlo\thi\tlod")
    for case in range(240):
        S, J = int(rng.integers(1, 13)), int(rng.integers(1, 6))
        theta = 0 if case % 3 == 0 else 10 ** rng.uniform(-4, -.3)
        h = [.5 if case % 5 else float(rng.choice([.25, .5, 1])) for _ in range(S)]
        mu = [float("%.4g" % 10 ** rng.uniform(-6.5, -3)) for _ in range(S)]
        sites = [(m, float("%.4g" % (m * rng.uniform(.1, 1.5))) if case % 10 != 4 else 0, x, int(rng.integers(-1, 3)) if case % 2 else -1) for m, x in zip(mu, h)]
        weeks = sorted(float("%.4g" % w) for w in rng.uniform(-5, 110, J))
        n = rng.integers(200, 40000, (J, S)) if case % 7 else rng.choice([0, 1, 20, 999, 10 ** 6], (J, S))
        if case % 4 == 1:
            n[0, 0] = 0
        if case % 40 == 39:
            n[-1] = 0
        k = np.array([[min(n[j, i], rng.poisson(n[j, i] * (s[0] + s[2] * theta))) for i, s in enumerate(sites)] for j in range(J)])
        if case % 11 == 5:
            k[:, 0] = n[:, 0]  # one variant in every molecule
        cells = [";".join(":".join(f"{x:.6g}" for x in s) for s in sites), ";".join(f"{w:.6g}" for w in weeks),
                 ";".join(",".join(f"{k[j, i]}/{n[j, i]}" for i in range(S)) for j in range(J)),
                 f"{ln_e(sites, weeks, k, n):.14g}", *(f"{x:.12g}" for x in estimate(sites, k[-1], n[-1]))]
        print("\t".join(cells))


if __name__ == "__main__":
    main()
