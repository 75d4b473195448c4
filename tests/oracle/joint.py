#!/usr/bin/env python3
"""Outside truth for the joint test of many variants (src/stats/joint.h), written from its formula with numpy and scipy.

Columns: sites (mu:sd:h:group, ';' between), weeks, counts (k/n by site, ',' between; ';' between draws), ln_e after the last draw,
theta of the last draw by a scan of the likelihood. Run: python3 tests/oracle/joint.py > tests/oracle/joint.tsv
"""
import numpy as np
from scipy.special import gammaln

RHO = [.03, .1, .3, .6, .95]
PHI = [.5, 1, 2]
GRID = 1e-6 * (.5 / 1e-6) ** (np.arange(64) / 63)


def ln_nb(k, mean, var_extra):
    if var_extra == 0:
        return k * np.log(mean) - mean - gammaln(k + 1)
    r = mean * mean / var_extra
    return gammaln(k + r) - gammaln(r) - gammaln(k + 1) + r * np.log(r / (r + mean)) + k * np.log(mean / (r + mean))


def ln_ratio(site, k, n, theta, phi, cv):
    mu, sd, h, _ = site
    base, noise = n * mu, (n * sd) ** 2 * phi
    signal = n * h * theta
    return ln_nb(k, base + signal, noise + (signal * cv) ** 2) - ln_nb(k, base, noise)


def snap(theta):
    g = np.log(theta / 1e-6) / np.log(.5 / 1e-6) * 63
    return None if g < -.5 else GRID[min(63, int(np.floor(g + .5)))]


def trajectories(weeks):
    out = []
    for d in (1.5, 2, 3, 4, 6, 8, 12, 20):
        for tau in range(-8, 105, 2):
            out.append((.8 / 456, [snap(min(.5, 1e-3 * 2 ** ((t - tau) / d))) for t in weeks]))
    for level in range(7):
        for s in range(len(weeks)):
            out.append((.2 / 7 / ((s + 1) * (s + 2)), [None if j < s else snap(10 ** (-4 + level / 2)) for j in range(len(weeks))]))
    return out


def ln_e(sites, weeks, k, n):
    units = {}
    for i, s in enumerate(sites):
        units.setdefault(("g", s[3]) if s[3] >= 0 else ("s", i), []).append(i)
    total = []
    for phi in PHI:
        e = .2 / (len(weeks) + 1)
        for weight, theta in trajectories(weeks):
            x = [np.exp(min(50, sum(ln_ratio(s, k[j][i], n[j][i], theta[j], phi, 1) for j in range(len(weeks)) if theta[j] and n[j][i] > 0))) for i, s in enumerate(sites)]
            for rho in RHO:
                e += weight / len(RHO) * np.prod([min(19.9, np.mean([1 - rho + rho * x[i] for i in u])) for u in units.values()])
        total.append(e)
    return np.log(min(total))


def theta_hat(sites, k, n):
    scan = 1e-6 * 1.02 ** np.arange(698)
    best, at = 0, 0
    for t in scan:
        l = max(sum(np.logaddexp(np.log(1 - r), np.log(r) + ln_ratio(s, k[i], n[i], t, 1, .35)) for i, s in enumerate(sites) if n[i] > 0) for r in RHO[-2:])
        if l > best:
            best, at = l, t
    return at


def main():
    rng = np.random.default_rng(5)
    print("sites\tweeks\tcounts\tln_e\ttheta")
    for case in range(14):
        S, J = int(rng.integers(1, 9)), int(rng.integers(1, 5))
        theta = 0 if case % 3 == 0 else 10 ** rng.uniform(-4, -1)
        sites = [(float("%.4g" % 10 ** rng.uniform(-6, -3.5)), 0, .5, -1) for _ in range(S)]
        sites = [(mu, float("%.4g" % (mu * rng.uniform(.1, 1))) if case != 4 else 0, .5, int(rng.integers(-1, 2)) if case % 2 else -1) for mu, _, _, _ in sites]
        weeks = sorted(float("%.4g" % w) for w in rng.uniform(0, 60, J))
        n = rng.integers(200, 40000, (J, S))
        if case % 4 == 1:
            n[0, 0] = 0
        k = np.array([[rng.poisson(n[j, i] * (s[0] + s[2] * theta)) for i, s in enumerate(sites)] for j in range(J)])
        cells = [";".join(":".join(f"{x:.6g}" for x in s) for s in sites), ";".join(f"{w:.6g}" for w in weeks),
                 ";".join(",".join(f"{k[j, i]}/{n[j, i]}" for i in range(S)) for j in range(J)),
                 f"{ln_e(sites, weeks, k, n):.14g}", f"{theta_hat(sites, k[-1], n[-1]):.10g}"]
        print("\t".join(cells))


if __name__ == "__main__":
    main()
