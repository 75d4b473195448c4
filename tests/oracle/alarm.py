#!/usr/bin/env python3
"""What each draw could have raised, by brute force: the outside truth for `lod_alarm` (docs/emergence.md has the formula).

For every draw of a series: the least count that brings ln E to the threshold, found by trying 1, 2, 3 ... with the evidence summed anew each
time, and the least fraction f with a 95 % chance of that count, found by summing the probabilities of all smaller counts. Shares no code with
clonewatch. `alarm.py > alarm.tsv` writes the table that tests/unit/track reads.
Columns: a b (, by assay level) omega_hat omega(,) weeks(,) n(,) k(,) level(,) ln_threshold count(,) limit(,). NA: nothing to ask."""
import math
import random
from mpmath import mpf
from emergence import DOUBLINGS, ONSETS, LEVELS, nodes

MIN_MOLECULES, V, DRAW_CV = 1000, .35, .25
GROWTHS = [(float(d), float(tau)) for d in DOUBLINGS for tau in ONSETS]


def ln_nb(k, mean, variance):
    size = mean * mean / variance
    return math.lgamma(k + size) - math.lgamma(size) - math.lgamma(k + 1) - size * math.log1p(mean / size) + k * math.log(mean / (size + mean))


def ln_sum(terms):
    top = max(terms)
    return top + math.log(math.fsum(math.exp(t - top) for t in terms))


class Series:
    def __init__(self, a, b, omega_hat, omega, weeks, ns, levels):
        self.rate = [x / y for x, y in zip(a, b)]
        self.nodes = [[(float(w), float(x)) for w, x in nodes(*(mpf(repr(x)) for x in ab))] for ab in zip(a, b)]
        self.omega_hat, self.omega, self.weeks, self.ns, self.levels = omega_hat, omega, weeks, ns, levels

    def alternative(self, j, k, f):
        n, e = self.ns[j], self.rate[self.levels[j]]
        return ln_nb(k, n * (e + f), (n * e * self.omega_hat) ** 2 + (n * f * V) ** 2)

    def ln_e(self, ks):
        """ks: counts of the first draws; the evidence after them."""
        looks = len(ks)
        used = [j for j in range(looks) if self.ns[j] >= MIN_MOLECULES]
        terms = [math.log(.8 / len(GROWTHS)) + sum(self.alternative(j, ks[j], min(.5, 1e-3 * 2 ** ((self.weeks[j] - tau) / d))) for j in used) for d, tau in GROWTHS]
        none = {j: self.alternative(j, ks[j], 0) for j in used}
        for level in map(float, LEVELS):
            there = {j: self.alternative(j, ks[j], level) for j in used}
            terms += [math.log(.2 / 7 / ((s + 1) * (s + 2))) + sum(there[j] if j >= s else none[j] for j in used) for s in range(looks)]
        terms.append(math.log(.2 / (looks + 1)) + sum(none.values()))
        null = 0
        for level in set(self.levels[j] for j in used):
            null += max(ln_sum([math.log(w) + sum(ln_nb(ks[j], self.ns[j] * x, (self.ns[j] * x * o) ** 2) for j in used if self.levels[j] == level) for w, x in self.nodes[level]])
                        for o in self.omega)
        return ln_sum(terms) - null

    def count(self, before, ln_threshold):
        """Least count of the draw after `before`; None: nothing to ask."""
        n = self.ns[len(before)]
        if n < MIN_MOLECULES or (before and self.ln_e(before) >= ln_threshold):
            return None
        return next((k for k in range(1, n + 1) if self.ln_e(before + [k]) >= ln_threshold), None)

    def limit(self, j, count):
        n, e = self.ns[j], self.rate[self.levels[j]]

        def missed(f):
            return math.fsum(math.exp(ln_nb(k, n * (e + f), (n * e * self.omega_hat) ** 2 + (n * f * DRAW_CV) ** 2)) for k in range(count))
        if missed(1) > .05:
            return None
        lo, hi = 1e-12, 1.
        while hi / lo > 1 + 1e-13:
            mid = math.sqrt(lo * hi)
            lo, hi = (mid, hi) if missed(mid) > .05 else (lo, mid)
        return max(hi, 3 / n)


def cases():
    rng = random.Random(20261121)
    odds = [math.log(20), math.log(800), math.log(4000)]
    yield [1.5], [50000], .35, [.2, .35, .5], [0, 4, 8, 12], [20000] * 4, [0, 0, 0, 0], [0] * 4, odds[2]
    yield [1.5], [50000], .35, [.2, .35, .5], [0, 4, 8, 12, 16], [20000] * 5, [0, 1, 5, 30, 150], [0] * 5, odds[2]       # over it from some draw on
    yield [.7], [1e6], .35, [.35], [-3, 1, 5, 9], [30000, 999, 25000, 1000], [0, 3, 1, 0], [0] * 4, odds[1]               # one draw too shallow
    yield [180], [2e6], .2, [.1, .2], [0, 2, 4, 6], [12000, 9000, 15000, 11000], [1, 2, 2, 0], [0] * 4, odds[0]
    yield [40], [40000], .35, [.2, .35, .5, .7], [0, 3, 6], [60000, 80000, 40000], [55, 70, 41], [0] * 3, odds[2]         # noisy: above 100 molecules
    yield [30], [10000], .2, [.1, .2], [0, 3, 6], [90000, 50000, 80000], [280, 160, 250], [0] * 3, odds[2]                # noisier still: some hundreds
    yield [1.5, 3], [50000, 3000000], .35, [.2, .35, .5], [0, 4, 8, 12], [20000, 6000, 18000, 5000], [1, 0, 0, 0], [0, 1, 0, 1], odds[1]  # two levels
    yield [1.5], [50000], .35, [.35], [0], [1000], [0], [0], 3000.                                                        # out of reach
    for _ in range(8):
        a = float("%.6g" % 10 ** rng.uniform(-.5, 2))
        b = float("%.6g" % (a / 10 ** rng.uniform(-6, -4)))
        omega = sorted({rng.choice([.1, .2, .35, .5, .7, 1]) for _ in range(3)})
        weeks, t = [], rng.uniform(-4, 2)
        for _ in range(rng.randint(2, 5)):
            weeks.append(round(t * 7) / 7)
            t += rng.uniform(1, 10)
        ns = [rng.choice([3000, 12000, 30000, 90000]) for _ in weeks]
        ks = [round(n * a / b * rng.lognormvariate(0, .5)) for n in ns]
        yield [a], [b], rng.choice(omega), omega, weeks, ns, ks, [0] * len(weeks), rng.choice(odds)


def words(values):
    return ",".join("NA" if v is None else "%.17g" % v for v in values)


if __name__ == "__main__":
    print("a\tb\tomega_hat\tomega\tweeks\tn\tk\tlevel\tln_threshold\tcount\tlimit")
    for a, b, omega_hat, omega, weeks, ns, ks, levels, ln_threshold in cases():
        s = Series(a, b, omega_hat, omega, weeks, ns, levels)
        counts = [s.count(ks[:j], ln_threshold) for j in range(len(ks))]
        limits = [None if c is None else s.limit(j, c) for j, c in enumerate(counts)]
        print("\t".join(map(words, (a, b, [omega_hat], omega, weeks, ns, ks, levels, [ln_threshold], counts, limits))))
