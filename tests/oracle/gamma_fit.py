#!/usr/bin/env python3
"""Outside truth for the fit of background rates (src/stats/gamma_fit.h): scipy maximises the same penalised likelihood, written from the
negative binomial pmf (K ~ NB(size nu, mean N mu)). Run: python3 tests/oracle/gamma_fit.py > tests/oracle/gamma_fit.tsv"""
import numpy as np
from scipy.optimize import minimize
from scipy.stats import nbinom


def cost(x, k, n):
    mu, nu = np.exp(x)
    return .5 * (x[1] - np.log(1.5)) ** 2 - nbinom.logpmf(k, nu, nu / (nu + n * mu)).sum()


rng = np.random.default_rng(11)
print("k\tn\tmu\tnu")
for sites, mu, nu in ((200, 1e-5, 1.5), (50, 3e-5, .4), (12, 1e-4, 8), (4, 1e-5, 1.5), (300, 2e-4, 3)):
    n = rng.integers(50_000, 900_000, sites)
    k = rng.poisson(n * rng.gamma(nu, mu / nu, sites))
    best = min((minimize(cost, [np.log(mu), s], args=(k, n), method="Nelder-Mead", options=dict(xatol=1e-10, fatol=1e-12, maxiter=20000)) for s in (-1, 0, 1)), key=lambda r: r.fun)
    print(",".join(map(str, k)), ",".join(map(str, n)), *("%.10g" % v for v in np.exp(best.x)), sep="\t")
