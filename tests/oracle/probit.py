#!/usr/bin/env python3
"""Outside truth for the probit fit (src/stats/probit.h): scipy, on the usual parameters (intercept, slope), the profile by brentq.
Run: python3 tests/oracle/probit.py > tests/oracle/probit.tsv"""
import numpy as np
from scipy.optimize import brentq, minimize, minimize_scalar
from scipy.stats import norm

Z = norm.ppf(.95)


def ll(b0, b1, x, k, n):
    z = b0 + b1 * x
    return (k * norm.logcdf(z) + (n - k) * norm.logsf(z)).sum()


def profile(t, x, k, n):
    r = minimize_scalar(lambda s: -ll(Z - np.exp(s) * t, np.exp(s), x, k, n), bounds=(np.log(.01), np.log(1000)), method="bounded", options=dict(xatol=1e-12))
    return -r.fun


rng = np.random.default_rng(3)
print("levels\tx95\tlo\thi\tslope")
for reps, slope, x0 in ((20, 3, -3), (60, 2, -3.2), (10, 5, -2.7), (24, 1.2, -3), (1, 4, -3)):
    x = np.round(np.linspace(-4, -2, 9 if reps > 1 else 80), 4)
    n = np.full(x.size, reps)
    k = rng.binomial(n, norm.cdf(Z + slope * (x - x0 - .3)))
    best = minimize(lambda b: -ll(b[0], b[1], x, k, n), [Z + 9, 3], method="Nelder-Mead", options=dict(xatol=1e-11, fatol=1e-13, maxiter=40000, maxfev=40000))
    b0, b1 = best.x
    t, top = (Z - b0) / b1, -best.fun
    f = lambda u: profile(u, x, k, n) - top + 1.920729410347062
    lo, hi = brentq(f, t - 4, t, xtol=1e-11), brentq(f, t, t + 4, xtol=1e-11)
    print(";".join(f"{a:g}:{b}:{c}" for a, b, c in zip(x, k, n)), *("%.10g" % v for v in (t, lo, hi, b1)), sep="\t")
