#!/usr/bin/env python3
"""Outside truth for src/stats: mpmath at 40 digits, written as tests/oracle/stats.tsv (function, arguments separated by ',', value).

Every value is computed from the definition, not from the program's form of it: binomial coefficients by mpmath's loggamma, tails by the
regularised incomplete beta function, quantiles by root finding. Run: python3 tests/oracle/stats.py > tests/oracle/stats.tsv
"""
from itertools import product
from functools import lru_cache
from scipy.stats import beta, nchypergeom_fisher
from mpmath import mp, mpf, loggamma, log, exp, betainc, gammainc, findroot, inf, binomial, sqrt

mp.dps = 40


def ln_nb(k, mean, size):
    k, mean = mpf(k), mpf(mean)
    if mean == 0:
        return mpf(0) if k == 0 else -inf
    if size == inf:
        return k * log(mean) - mean - loggamma(k + 1)
    size = mpf(size)
    p = size / (size + mean)
    return loggamma(k + size) - loggamma(size) - loggamma(k + 1) + size * log(p) + k * log(1 - p)


def nb_upper(k, mean, size):
    if k <= 0:
        return mpf(1)
    if mean == 0:
        return mpf(0)
    if size == inf:
        return gammainc(k, 0, mean, regularized=True)
    return betainc(k, size, 0, mpf(mean) / (mean + size), regularized=True)


def bisect(f, lo, hi, steps=150):
    for _ in range(steps):
        mid = (lo + hi) / 2
        if f(mid) > 0:
            hi = mid
        else:
            lo = mid
    return (lo + hi) / 2


def gamma_p(x, a):
    return gammainc(a, 0, x, regularized=True)


EDGES = [mpf(i) / 20 for i in range(19)] + [mpf(s) for s in (".95", ".98", ".99", ".999", ".9999", "1")]


@lru_cache(None)
def nodes(a, b):
    a, b = mpf(a), mpf(b)
    cut = [mpf(0)]
    for p in EDGES[1:-1]:
        cut.append(exp(bisect(lambda t: gamma_p(exp(t), a) - p, mpf(-700) if a < 1 else log(a) - 60, log(a + 60 * sqrt(a) + 60))))
    up = [mpf(0)] + [gamma_p(c, a + 1) for c in cut[1:]] + [mpf(1)]
    out = []
    for m in range(24):
        w = EDGES[m + 1] - EDGES[m]
        out.append((w, a / b * (up[m + 1] - up[m]) / w))
    return out


def marginal(a, b, k, n, w):
    return log(sum(wt * exp(ln_nb(k, n * x, 1 / mpf(w) ** 2)) for wt, x in nodes(a, b)))


def p_value(a, b, k, n, w):
    return sum(wt * nb_upper(k, n * x, 1 / mpf(w) ** 2) for wt, x in nodes(a, b))


def k_star(a, b, n, w, alpha):
    k = 1
    while p_value(a, b, k, n, w) > mpf(alpha):
        k += 1
    return k


def nb_size(n, e, f, w, v):
    n, e, f, w, v = map(mpf, (n, e, f, w, v))
    var = (n * e * w) ** 2 + (n * f * v) ** 2
    return (n * (e + f)) ** 2 / var if var else inf


def lod(k, n, e, w, v):
    n, e = mpf(n), mpf(e)
    f = exp(bisect(lambda t: nb_upper(k, n * (e + exp(t)), nb_size(n, e, exp(t), w, v)) - mpf("0.95"), log(mpf("1e-9")), mpf(0), 90))
    return max(f, 3 / n)


def ln_e(a, b, k, n, w, omega):
    e = mpf(a) / mpf(b)
    num = sum(exp(ln_nb(k, n * (e + f), nb_size(n, e, f, w, "0.35"))) for f in (mpf(10) ** (mpf(-8 + i) / 2) for i in range(7))) / 7
    return log(num) - max(marginal(a, b, k, n, o) for o in omega)


def beta_quantile(p, a, b):
    if a > b:  # by symmetry: mpmath's series converges on the short side
        return 1 - beta_quantile(1 - mpf(p), b, a)
    start = mpf(float(beta.ppf(float(p), float(a), float(b))))  # scipy brackets, mpmath decides
    return bisect(lambda x: betainc(a, b, 0, x, regularized=True) - mpf(p), start * mpf("0.99"), min(mpf(1), start * mpf("1.01")), 100)


def fisher(kf, kr, nf, nr):
    f, r, k = kf + nf, kr + nr, kf + kr
    if not (f and r and k):
        return mpf(1)
    pr = {x: binomial(f, x) * binomial(r, k - x) / binomial(f + r, k) for x in range(max(0, k - r), min(k, f) + 1)}
    return sum(p for p in pr.values() if p <= pr[kf] * (1 + mpf("1e-7")))


ODDS = mpf("1.5")  # CW_ENDS_ODDS


def ends(kn, kf, nn, nf):
    """P(X >= kn), X ~ Fisher's noncentral hypergeometric distribution: weights C(near, x) C(far, k - x) odds^x. scipy must agree."""
    near, far, k = kn + nn, kf + nf, kn + kf
    if not (near and far and k and nn + nf):
        return mpf(1)
    w = {x: binomial(near, x) * binomial(far, k - x) * ODDS ** x for x in range(max(0, k - far), min(k, near) + 1)}
    p = sum(v for x, v in w.items() if x >= kn) / sum(w.values())
    other = nchypergeom_fisher.sf(kn - 1, near + far, near, k, float(ODDS))
    assert near + far > 20000 or abs(other - float(p)) < 1e-8, (kn, kf, nn, nf, other, p)
    return p


def ends_least(kn, kf, nn, nf):
    near, k = kn + nn, kn + kf
    most = min(k, near)
    return ends(most, k - most, near - most, nn + nf - (near - most))


def row(name, args, value):
    print(f"{name}\t{','.join(str(x) for x in args)}\t{mp.nstr(value, 17)}")


def main():
    print("function\targuments\tvalue")
    for k, m, s in product((0, 1, 3, 40, 65, 400, 30000), ("0.001", "0.7", "12", "9000"), ("0.5", "8.163265306122449", "99", "101", "1e7", "inf")):
        size = inf if s == "inf" else mpf(s)
        row("nb_ln_pmf", (k, m, s), ln_nb(k, mpf(m), size))
    for k, m, s in product((1, 2, 9, 150), ("0.001", "0.7", "12", "160"), ("0.5", "8.163265306122449", "101", "inf")):
        row("nb_upper", (k, m, s), nb_upper(k, mpf(m), inf if s == "inf" else mpf(s)))
    shapes = (("0.05", "500"), ("1.5", "50000"), ("31.5", "900000"), ("400", "4000000"), ("20000", "2e8"))
    for a, b in shapes:
        for m in (0, 9, 17, 18, 22, 23):
            row("node", (a, b, m), nodes(a, b)[m][1])
        for k, n, w in product((0, 2, 11), (2000, 30000), ("0.2", "0.35", "1")):
            row("ln_marginal", (a, b, k, n, w), marginal(a, b, k, n, w))
            row("p_value", (a, b, k, n, w), p_value(a, b, k, n, w))
    for (a, b), n, alpha in product(shapes[1:4], (2000, 10000, 30000), ("0.001", "0.05")):
        k = k_star(a, b, n, "0.35", alpha)
        row("k_star", (a, b, n, "0.35", alpha), mpf(k))
        row("lod", (k, n, mpf(a) / mpf(b), "0.35", "0.25"), lod(k, n, mpf(a) / mpf(b), "0.35", "0.25"))
    for k, n in ((1, 2000), (5, 10000), (300, 30000)):
        row("lod", (k, n, "1e-5", "0.35", "0"), lod(k, n, "1e-5", "0.35", "0"))
    for (a, b), k, n in product(shapes[1:4], (0, 1, 7, 90), (3000, 25000)):
        row("one_draw_ln_e", (a, b, k, n, "0.35"), ln_e(a, b, k, n, "0.35", ("0.2", "0.35", "0.5")))
    for k, n in ((0, 10), (1, 10), (10, 10), (3, 2000), (0, 30000), (29999, 30000), (150, 30000)):
        for q, name in (("0.025", "lo"), ("0.975", "hi")):
            edge = (name == "lo" and k == 0) or (name == "hi" and k == n)
            row("jeffreys_" + name, (k, n), mpf(0 if name == "lo" else 1) if edge else beta_quantile(q, k + mpf("0.5"), n - k + mpf("0.5")))
            a, b = (k, n - k + 1) if name == "lo" else (k + 1, n - k)
            row("clopper_pearson_" + name, (k, n), mpf(0 if name == "lo" else 1) if edge else beta_quantile(q, a, b))
    for args in ((10, 0, 500, 500), (5, 5, 400, 600), (0, 3, 2000, 10), (40, 2, 9000, 11000), (0, 0, 5, 5), (3, 1, 0, 0)):
        row("strand_p", args, fisher(*args))
    for args in ((5, 0, 60, 440), (6, 0, 1200, 8800), (4, 0, 60, 440), (1, 0, 60, 440), (0, 3, 60, 440), (3, 7, 240, 1760), (9, 1, 1200, 8800), (1, 9, 1200, 8800), (2, 2, 1, 1),
                 (700, 4300, 1200, 8800), (1800, 3200, 1200, 8800), (40, 60, 0, 900), (0, 40, 12, 0), (12, 0, 0, 40), (3, 3, 100, 0), (0, 0, 60, 440), (2, 1, 0, 0),
                 (25, 15, 36000, 264000), (90, 400, 120000, 880000)):
        row("ends_p", args, ends(*args))
        row("ends_least_p", args, ends_least(*args))


if __name__ == "__main__":
    main()
