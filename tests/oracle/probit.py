#!/usr/bin/env python3
"""Outside truth for the probit fit (src/stats/probit.h): scipy, on the usual parameters (intercept, slope), polished by Newton's method; the profile by
root finding.
Run: python3 tests/oracle/probit.py > tests/oracle/probit.tsv"""
import numpy as np
from scipy.optimize import brentq, minimize
from scipy.stats import norm

Z = norm.ppf(.95)


def ll(b0, b1, x, k, n):
    z = b0 + b1 * x
    return (k * norm.logcdf(z) + (n - k) * norm.logsf(z)).sum()


def top_of(x, k, n):
    """Maximum likelihood by Newton's method on (intercept, slope): the log likelihood is concave. None when the hits do not rise or are separated."""
    best = minimize(lambda b: -ll(b[0], b[1], x, k, n), [Z + 9, 3], method="Nelder-Mead", options=dict(xatol=1e-9, fatol=1e-12, maxiter=40000, maxfev=40000)).x
    for _ in range(50):
        z = best[0] + best[1] * x
        up, down = np.exp(norm.logpdf(z) - norm.logcdf(z)), np.exp(norm.logpdf(z) - norm.logsf(z))
        g = k * up - (n - k) * down
        w = k * up * (z + up) + (n - k) * down * (down - z)
        gradient, hessian = np.array([g.sum(), (g * x).sum()]), np.array([[w.sum(), (w * x).sum()], [(w * x).sum(), (w * x * x).sum()]])
        step = np.linalg.solve(hessian, gradient)
        best = best + step
        if abs(step).max() < 1e-13:
            break
    return best


def profile(t, x, k, n):
    """Largest log likelihood with the 95 % point at t: over the slope, by the root of its derivative (the profile is concave in it)."""
    def derivative(s):
        z = Z + s * (x - t)
        return ((k * np.exp(norm.logpdf(z) - norm.logcdf(z)) - (n - k) * np.exp(norm.logpdf(z) - norm.logsf(z))) * (x - t)).sum()
    lo, hi = .01, 1000
    s = lo if derivative(lo) <= 0 else hi if derivative(hi) >= 0 else brentq(derivative, lo, hi, xtol=1e-14, rtol=1e-14)
    return ll(Z - s * t, s, x, k, n)


def bound(inside, far, floor, x, k, n):
    if profile(far, x, k, n) >= floor:
        return np.inf if far > inside else -np.inf
    return brentq(lambda u: profile(u, x, k, n) - floor, *sorted((inside, far)), xtol=1e-13)


rng = np.random.default_rng(3)
print("levels\tx95\tlo\thi\tslope")
designs = [(20, 3, -3), (60, 2, -3.2), (10, 5, -2.7), (24, 1.2, -3), (1, 4, -3)]
designs += [(int(rng.choice([1, 5, 20, 60, 200, 2000])), 10 ** rng.uniform(0, 1), rng.uniform(-3.8, -1.8)) for _ in range(170)]
for reps, slope, x0 in designs:
    x = np.round(np.linspace(-4, -2, int(rng.integers(3, 12)) if reps > 1 else 80), 4)
    n = np.full(x.size, reps)
    if reps > 5 and rng.random() < .3:
        n = rng.integers(0, 2 * reps, x.size)
    k = rng.binomial(n, norm.cdf(Z + slope * (x - x0 - .3)))
    some = n > 0
    if some.sum() < 2 or not (k > 0).any() or not (k < n).any() or x[k > 0].min() >= x[k < n].max():
        continue  # hits and misses do not overlap: the likelihood has no maximum
    b0, b1 = top_of(x, k, n)
    t = (Z - b0) / b1
    if not (.02 < b1 < 900 and x[some].min() - 2.8 < t < x[some].max() + 2.8):
        continue  # the hits do not rise, or one level decides: outside what the fit searches
    floor = ll(b0, b1, x, k, n) - 1.920729410347062
    lo, hi = (bound(t, far, floor, x, k, n) for far in (x[some].min() - 4, x[some].max() + 4))
    print(";".join(f"{a:g}:{b}:{c}" for a, b, c in zip(x, k, n)), *("%.12g" % v for v in (t, lo, hi, b1)), sep="\t")
