#!/usr/bin/env python3
"""Outside truth for the verdict on one allele in one draw (src/detect/judge.c): docs/detection.md, "One draw", with scipy.

Every number of a call from its definition: nodes of the gamma by scipy's incomplete gamma function and its inverse, tails of the negative binomial by the
incomplete beta function, limits by root finding, Fisher's test over scipy's hypergeometric distribution. a_forward to b_reverse: background of each strand of origin ('.': unknown);
ln_bf_strand: one fraction f on both strands over the largest product of both marginals; orientation: is the word said (detected, with less evidence by strand than k* molecules have together).
Run: python3 tests/oracle/one_draw.py > tests/oracle/one_draw.tsv
"""
import random
import numpy as np
from mpmath import log, loggamma, mp, mpf
from scipy.optimize import brentq
from scipy.special import betainc, betaincc, gammainc, gammaincc, gammaincinv, gammainccinv, gammaln, logsumexp
from scipy.stats import beta, hypergeom

mp.dps = 40
EDGES = [i / 20 for i in range(1, 19)] + [.95, .98, .99, .999, .9999]
LEVELS = 10 ** (-4 + np.arange(7) / 2)


def nodes(a, b):
    x = np.array([gammaincinv(a, p) if p < .5 else gammainccinv(a, t) for p, t in zip(EDGES, [1 - i / 20 for i in range(1, 19)] + [.05, .02, .01, .001, .0001])])
    low, high = np.r_[0, gammainc(a + 1, x), 1], np.r_[1, gammaincc(a + 1, x), 0]
    mass = np.where(low[1:] < .5, np.diff(low), -np.diff(high))
    weight = -np.diff(np.r_[1, [1 - i / 20 for i in range(1, 19)], .05, .02, .01, .001, .0001, 0])
    return weight, a / b * mass / weight


def upper(k, mean, size):
    """P(NB(mean, size) >= k)"""
    if k <= 0:
        return np.ones_like(mean * size)
    with np.errstate(invalid="ignore"):
        return np.where(np.isinf(size), gammainc(k, mean), betainc(k, np.where(np.isinf(size), 1, size), mean / (mean + size)))


def ln_nb(k, mean, size):
    mean, size = np.broadcast_arrays(np.asarray(mean, float), np.asarray(size, float))
    out = np.empty(mean.shape)
    flat = np.isinf(size)
    out[flat] = k * np.log(mean[flat]) - mean[flat] - gammaln(k + 1)
    m, s = mean[~flat], size[~flat]
    out[~flat] = gammaln(k + s) - gammaln(s) - gammaln(k + 1) - s * np.log1p(m / s) - k * np.log1p(s / m)
    return out


def size_of(n, e, f, w, v):
    var = (n * e * w) ** 2 + (n * f * v) ** 2
    return (n * (e + f)) ** 2 / var if var > 0 else np.inf


def p_value(grid, k, n, w):
    return float((grid[0] * upper(k, n * grid[1], 1 / w ** 2)).sum())


def critical(grid, n, w, alpha):
    lo, hi = 0, n
    if n < 1 or p_value(grid, n, n, w) > alpha:
        return None
    while hi - lo > 1:
        mid = (lo + hi) // 2
        lo, hi = (mid, hi) if p_value(grid, mid, n, w) > alpha else (lo, mid)
    return hi


def found(k, n, e, f, w, v):
    return float(upper(k, np.float64(n * (e + f)), np.float64(size_of(n, e, f, w, v))))


def lod(k, n, e, w, v, genomes=np.inf):
    if k is None or found(k, n, e, 1, w, v) < .95:
        return np.nan
    f = np.exp(brentq(lambda t: found(k, n, e, np.exp(t), w, v) - .95, np.log(1e-12), 0, xtol=1e-13, rtol=1e-14)) if found(k, n, e, 1e-12, w, v) < .95 else 1e-12
    f = max(f, 3 / min(n, genomes))
    return f if f < 1 else np.nan


def ln_bf(grid, k, n, e, w, omega):
    top = logsumexp([float(ln_nb(k, n * (e + f), size_of(n, e, f, w, .35))) for f in LEVELS]) - np.log(7)
    return top - max(logsumexp(np.log(grid[0]) + ln_nb(k, n * grid[1], 1 / o ** 2)) for o in omega)


def ln_bf_strand(grids, k, n, e, w, omega):
    top = logsumexp([sum(0 if n[s] == 0 else float(ln_nb(k[s], n[s] * (e[s] + f), size_of(n[s], e[s], f, w, .35))) for s in (0, 1)) for f in LEVELS]) - np.log(7)
    return top - max(sum(0 if n[s] == 0 else logsumexp(np.log(grids[s][0]) + ln_nb(k[s], n[s] * grids[s][1], 1 / o ** 2)) for s in (0, 1)) for o in omega)


def jeffreys(k, n):
    return (0 if k == 0 else beta.ppf(.025, k + .5, n - k + .5), 1 if k == n else beta.isf(.025, k + .5, n - k + .5))


def true_fraction(k, n, a, b, w):
    """95 % posterior interval: 1/2 on 0, 1/2 log-uniform over the points 1e-6 1.02^i up to 1."""
    f = np.r_[0, 1e-6 * 1.02 ** np.arange(698)]
    rate = a / b + f
    variance = a / b ** 2 + (w * a / b) ** 2
    size = rate ** 2 / variance
    mass = ln_nb(k, n * rate, size)
    for i in np.flatnonzero((size > 1e4) & (mass > mass.max() - 100)):  # lnG(k + size) - lnG(size) loses its digits there
        mean, s = mpf(float(n * rate[i])), mpf(float(size[i]))
        mass[i] = loggamma(k + s) - loggamma(s) - loggamma(k + 1) + s * log(s / (s + mean)) + k * log(mean / (s + mean))
    mass = mass + np.log(np.r_[.5, np.full(698, .5 / 698)])
    total = np.cumsum(np.exp(mass - logsumexp(mass)))
    return f[np.argmax(total >= .025)], f[np.argmax(total >= .975)]


def fisher(kf, kr, nf, nr):
    if kf + kr == 0 or kf + nf == 0 or kr + nr == 0:
        return 1.
    law = hypergeom(kf + kr + nf + nr, kf + nf, kf + kr)
    x = np.arange(max(0, kf + kr - kr - nr), min(kf + kr, kf + nf) + 1)
    p = law.logpmf(x)
    return min(1., float(np.exp(p[p <= law.logpmf(kf) + 1e-7]).sum()))


def cases():
    rng = random.Random(51)
    omegas = [.1, .2, .35, .5, .7, 1]
    for i in range(420):
        e = 10 ** rng.uniform(-7, -2.5)
        a = 10 ** rng.uniform(-1.3, 3.5) if i % 3 else 1.5
        n = rng.choice([1, 2, 9, 100, 999, 1000, 1001, 5000]) if i % 5 == 0 else int(10 ** rng.uniform(3, 5)) if i % 7 else int(10 ** rng.uniform(5, 7))
        w = rng.choice(omegas)
        omega = sorted({w, *rng.sample(omegas, rng.randint(0, 4))})
        near = int(rng.gauss(n * e, 4 * (n * e) ** .5 + n * e * w)) + rng.randint(0, 3)
        k = min(n, max(0, rng.choice([0, 1, near, near, near, int(n * 10 ** rng.uniform(-4, 0)), n])))
        other = rng.choice([0, 0, (n - k) // 1000])
        ref = n - k - other
        kf = k if rng.random() < .15 else sum(rng.random() < .5 for _ in range(k)) if k < 5000 else k // 2 + rng.randint(-50, 50)
        rf = ref if rng.random() < .03 else int(ref * rng.uniform(.3, .7))
        yield (f"{a:.6g}", f"{a / e:.6g}", w, omega, rng.choice([.001, .001, .05, 1e-6, 1e-9]), rng.choice([.25, .25, .25, 0, .5]), n, ref, k, kf, rf)
    for i in range(80):                                                            # an artefact of the forward strand, or as many molecules of the clean one
        e, n = 10 ** rng.uniform(-4.5, -3), int(10 ** rng.uniform(3.5, 4.8))
        k = max(1, int(n * e * rng.uniform(1, 5)) + rng.randint(0, 4))
        yield ("1.5", f"{1.5 / e:.6g}", .35, [.2, .35, .5, .7], .001, .25, n, n - k, k, rng.choice([k, k, 0, k // 2]), (n - k) // 2)


def main():
    print("a\tb\tomega_hat\tomega\talpha\tdraw_cv\tn\tref\tk\tk_forward\tref_forward\tp\tk_star\tlob\tlod\tln_bf\tvaf_lo\tvaf_hi\tstrand_p\ttrue_lo\ttrue_hi\tstate\ta_forward\tb_forward\ta_reverse\tb_reverse\tln_bf_strand\torientation")
    rng = random.Random(52)
    for i, (a, b, w, omega, alpha, cv, n, ref, k, kf, rf) in enumerate(cases()):
        grid, e = nodes(float(a), float(b)), float(a) / float(b)
        ks = critical(grid, n, w, alpha)
        state = "not_assessable" if n < 1000 or ks is None else "not_detected" if k == 0 else "below_lod" if k < ks else "detected"
        values = [p_value(grid, k, n, w), 0 if ks is None else ks, np.nan if ks is None else (ks - 1) / n, lod(ks, n, e, w, cv), ln_bf(grid, k, n, e, w, omega), *jeffreys(k, n),
                  fisher(kf, k - kf, rf, ref - rf), *true_fraction(k, n, float(a), float(b), w)]
        ratio, shape = rng.choice([1, 1, 3, 10, 100, .01, .1]), [10 ** rng.uniform(-1, 3) for _ in range(2)]
        if i >= 420:
            ratio, shape = rng.choice([10, 30, 100]), [10 ** rng.uniform(0, 3) for _ in range(2)]
        rates = [2 * e * ratio / (1 + ratio), 2 * e / (1 + ratio)]
        strand = [(f"{s:.6g}", f"{s / r:.6g}") for s, r in zip(shape, rates)] if rng.random() < .9 else [(".", ".")] * 2
        evidence = np.nan
        if strand[0][0] != "." and n > 0:
            pair = [(float(x), float(y)) for x, y in strand]
            evidence = ln_bf_strand([nodes(*p) for p in pair], (kf, k - kf), (kf + rf, k - kf + ref - rf), [x / y for x, y in pair], w, omega)
        values += [evidence]
        said = int(state == "detected" and evidence < ln_bf(grid, ks, n, e, w, omega))
        print(a, b, w, ",".join(map(str, omega)), alpha, cv, n, ref, k, kf, rf, *(f"{v:.12g}" for v in values[:-1]), state, *strand[0], *strand[1], f"{evidence:.12g}", said, sep="\t")


if __name__ == "__main__":
    main()
