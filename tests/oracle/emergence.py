#!/usr/bin/env python3
"""Evidence of emergence by its definition, in mpmath: the outside truth for src/track/emergence.c (docs/emergence.md has the formula).

Shares no code with clonewatch. `emergence.py > emergence.tsv` writes the table that tests/unit/track reads.
Columns: a b omega_hat omega(,) weeks(,) n(,) k(,) ln_e."""
import random
from mpmath import mp, mpf, log, exp, loggamma, gammainc, findroot, quad

mp.dps = 30
DOUBLINGS = [mpf(x) for x in ("1.5", "2", "3", "4", "6", "8", "12", "20")]
ONSETS = [mpf(x) for x in range(-8, 105, 2)]
LEVELS = [mpf(10) ** (mpf(-4) + mpf(i) / 2) for i in range(7)]
V = mpf("0.35")
UPPER = [mpf(i) / 20 for i in range(1, 19)] + [mpf(x) for x in ("0.95", "0.98", "0.99", "0.999", "0.9999", "1")]


def gamma_cdf(a, x):
    return gammainc(a, 0, x, regularized=True)


def gamma_quantile(a, p):
    lo, hi = mpf(10) ** -200, a + 60 * mp.sqrt(a) + 60
    for _ in range(400):  # bisection on the logarithm: slow and sure
        mid = mp.sqrt(lo * hi)
        if gamma_cdf(a, mid) < p:
            lo = mid
        else:
            hi = mid
        if hi / lo - 1 < mpf(10) ** -22:
            break
    return mp.sqrt(lo * hi)


def nodes(a, b):
    """24 bins of Gamma(a, rate b): (weight, mean of the bin)."""
    out, p0, f0 = [], mpf(0), mpf(0)
    for p1 in UPPER:
        f1 = gamma_cdf(a + 1, gamma_quantile(a, p1)) if p1 < 1 else mpf(1)
        out.append((p1 - p0, a / b * (f1 - f0) / (p1 - p0)))
        p0, f0 = p1, f1
    return out


def ln_nb(k, mean, size):
    return loggamma(k + size) - loggamma(size) - loggamma(k + 1) + size * log(size / (size + mean)) + k * log(mean / (size + mean))


def ln_sum(terms):
    top = max(terms)
    return top + log(sum(exp(t - top) for t in terms))


def ln_e(a, b, omega_hat, omega, weeks, ns, ks, min_molecules=1000):
    a, b, omega_hat = mpf(a), mpf(b), mpf(omega_hat)
    e, looks = a / b, len(weeks)
    used = [j for j in range(looks) if ns[j] >= min_molecules]

    def ln_alternative(j, f):
        n = mpf(ns[j])
        mean = n * (e + f)
        return ln_nb(ks[j], mean, mean ** 2 / ((n * e * omega_hat) ** 2 + (n * f * V) ** 2))

    terms = []
    for d in DOUBLINGS:
        for tau in ONSETS:
            terms.append(log(mpf("0.8") / (8 * 57)) + sum(ln_alternative(j, min(mpf("0.5"), mpf("0.001") * mpf(2) ** ((mpf(weeks[j]) - tau) / d))) for j in used))
    background = {j: ln_alternative(j, mpf(0)) for j in used}
    for level in LEVELS:
        there = {j: ln_alternative(j, level) for j in used}
        for s in range(looks):
            weight = mpf("0.2") / 7 / ((s + 1) * (s + 2))
            terms.append(log(weight) + sum(there[j] if j >= s else background[j] for j in used))
    terms.append(log(mpf("0.2") / (looks + 1)) + sum(background[j] for j in used))
    grid = nodes(a, b)
    worst = max(ln_sum([log(w) + sum(ln_nb(ks[j], ns[j] * x, 1 / mpf(omega_i) ** 2) for j in used) for w, x in grid]) for omega_i in omega)
    return ln_sum(terms) - worst


def cases():
    rng = random.Random(20261121)
    yield "1.5", "50000", "0.35", ["0.2", "0.35", "0.5"], [0, 4, 8], [20000, 20000, 20000], [0, 0, 0]
    yield "1.5", "50000", "0.35", ["0.2", "0.35", "0.5"], [0, 4, 8], [20000, 20000, 20000], [0, 1, 5]
    yield "0.7", "1000000", "0.35", ["0.35"], [-3, 1, 5, 9], [30000, 999, 25000, 1000], [0, 3, 2, 1]
    yield "180", "2000000", "0.2", ["0.1", "0.2"], [0, 2, 4, 6], [12000, 9000, 15000, 11000], [1, 2, 120, 3000]
    yield "1.5", "50000", "0.35", ["0.2", "0.35", "0.5"], [0.5], [800], [0]
    for _ in range(25):
        looks = rng.randint(1, 8)
        a = "%.6g" % (10 ** rng.uniform(-1, 2.3))
        b = "%.6g" % (float(a) / 10 ** rng.uniform(-6.3, -3.5))
        omega = sorted({"%.2f" % rng.choice([.1, .2, .35, .5, .7, 1]) for _ in range(rng.randint(1, 4))})
        weeks, t = [], rng.uniform(-6, 2)
        for _ in range(looks):
            weeks.append(round(t * 7) / 7)
            t += rng.uniform(1, 12)
        f0, rate = 10 ** rng.uniform(-7, -2), rng.uniform(-.3, .6)
        ns = [rng.choice([500, 999, 1000, 3000, 12000, 30000, 90000]) for _ in range(looks)]
        ks = [min(n, max(0, round(n * (min(.5, f0 * 2 ** (rate * w)) + float(a) / float(b)) * rng.lognormvariate(0, .4) + rng.uniform(-.5, .5)))) for n, w in zip(ns, weeks)]
        yield a, b, rng.choice(omega), omega, weeks, ns, ks


if __name__ == "__main__":
    print("a\tb\tomega_hat\tomega\tweeks\tn\tk\tln_e")
    for a, b, w, omega, weeks, ns, ks in cases():
        value = ln_e(a, b, w, omega, weeks, ns, ks)
        print("\t".join([a, b, w, ",".join(omega), ",".join("%.17g" % x for x in weeks), ",".join(map(str, ns)), ",".join(map(str, ks)), mp.nstr(value, 17)]))
