#!/usr/bin/env python3
"""Outside truth for the partition of alleles into clones (src/track/partition.h, ratio.h), written from its formulas with numpy: every
partition, every multiplicity, every level, slope and scatter by themselves.

Columns: weeks; counts k/n by allele (',' between draws, ';' between alleles); phase a:b:cis:only_a:only_b (';' between, '.' none); label of each
allele in the most probable partition; posterior co-membership of the pairs 0-1, 0-2, 1-2, 0-3 ...
Run: python3 tests/oracle/partition.py > tests/oracle/partition.tsv
"""
import itertools
from math import exp, lgamma, log
import numpy as np

E, W, CV = 1e-5, .35, .07
STEP = log(2) / 10
GRID, REACH = 195, 120
FRACTION = np.minimum(1e-6 * np.exp(STEP * np.arange(-REACH, GRID + REACH)), .99)
MULTIPLICITY = {0: .8, -10: .1, 10: .1}
SCATTER = {0: .5, .25: .25, .5: .25}


def likelihood(k, n):
    mean = n * (E + FRACTION)
    size = mean ** 2 / ((n * E * W) ** 2 + (n * FRACTION * CV) ** 2)
    ln = np.array([lgamma(k + s) - lgamma(s) for s in size]) - lgamma(k + 1) + size * np.log(size / (size + mean)) + k * np.log(mean / (size + mean))
    return np.exp(ln - ln.max())


def at(table, shift):
    return table[:, REACH + shift:REACH + shift + GRID]


def ln_own(clone, allele, weeks):
    """clone [draw][GRID], allele [draw][wide]."""
    draws = len(weeks)
    span = max(weeks) - min(weeks)
    u = [(w - np.mean(weeks)) / span if span else 0 for w in weeks]
    like = np.array([[np.dot(clone[j] / clone[j].sum(), allele[j][s:s + GRID]) for s in range(2 * REACH + 1)] for j in range(draws)])
    level = np.arange(-87, 88)
    p_level = np.exp(-.5 * (level * STEP) ** 2)
    p_level /= p_level.sum()
    z = np.arange(-6, 7) / 2
    p_slope = np.exp(-z ** 2 / 2)
    p_slope = .5 * p_slope / p_slope.sum() + .5 * (z == 0)
    total = -np.inf
    for sd, p_scatter in SCATTER.items():
        x = np.arange(-int(3 * sd / STEP), int(3 * sd / STEP) + 1)
        kernel = np.exp(-.5 * (x * STEP / sd) ** 2) if sd else np.ones(1)
        kernel = kernel / kernel.sum()
        wide = np.array([sum(w * like[:, np.clip(np.arange(2 * REACH + 1) + i, 0, 2 * REACH)] for i, w in zip(x, kernel))])[0]
        for slope, p in zip(z, p_slope):
            ln = np.log(p_level) + log(p) + log(p_scatter)
            for j in range(draws):
                s = np.clip(REACH + np.floor(level + slope * 2 * u[j] / STEP + .5).astype(int), 0, 2 * REACH)
                ln = ln + np.log(np.maximum(wide[j][s], 1e-300))
            total = np.logaddexp(total, np.logaddexp.reduce(ln))
    return total


def ln_beta(a, b):
    return lgamma(a) + lgamma(b) - lgamma(a + b)


def ln_phase(cis, only_a, only_b):
    if cis + only_a + only_b == 0:
        return 0
    miss = .01
    one = .8 * miss ** (only_a + only_b) + .1 * .5 ** (cis + only_a) * miss ** only_b + .1 * .5 ** (cis + only_b) * miss ** only_a
    two = .5 * exp(ln_beta(cis + 1, only_a + 1)) * miss ** only_b + .5 * exp(ln_beta(cis + 1, only_b + 1)) * miss ** only_a
    never = miss ** cis
    return log(.5 * one + .5 * never) - log(.25 * two + .75 * never)


def ln_ratio(members, like, weeks, phase):
    """ln P(C) / P(C, apart)."""
    ln = lambda p: np.log(p.mean(axis=1)).sum()
    together = -np.inf
    for shifts in itertools.product(MULTIPLICITY, repeat=len(members) - 1):
        p = at(like[members[0]], 0)
        for i, s in zip(members[1:], shifts):
            p = p * at(like[i], s)
        together = np.logaddexp(together, sum(log(MULTIPLICITY[s]) for s in shifts) + ln(p))
    clone = at(like[members[0]], 0)
    apart = ln(clone)
    for i in members[1:]:
        apart += ln_own(clone, like[i], weeks)
        clone = clone * at(like[i], max(MULTIPLICITY, key=lambda s: log(MULTIPLICITY[s]) + ln(clone * at(like[i], s))))
    return together - apart + sum(ln_phase(*phase[a, b]) for a, b in itertools.combinations(members, 2) if (a, b) in phase)


def partitions(n):
    if n == 0:
        return [[]]
    out = []
    for p in partitions(n - 1):
        out += [[c + [n - 1] if c is d else c for c in p] for d in p] + [p + [[n - 1]]]
    return out


def posterior(weeks, counts, phase):
    like = [np.array([likelihood(k, n) for k, n in allele]) for allele in counts]
    score = {c: ln_ratio(c, like, weeks, phase) if len(c) > 1 else 0 for r in range(1, len(counts) + 1) for c in itertools.combinations(range(len(counts)), r)}
    every = partitions(len(counts))
    ln = np.array([sum(score[tuple(c)] + lgamma(len(c)) for c in p) for p in every])
    p = np.exp(ln - ln.max())
    p /= p.sum()
    pair = {(a, b): sum(w for q, w in zip(every, p) if any(a in c and b in c for c in q)) for b in range(len(counts)) for a in range(b)}
    best = every[int(np.argmax(p))]
    best.sort(key=min)
    return [next(i for i, c in enumerate(best) if a in c) for a in range(len(counts))], pair


def main():
    rng = np.random.default_rng(41)
    print("weeks\tcounts\tphase\tlabel\ttogether")
    for case in range(24):
        alleles, draws = rng.integers(2, 5), rng.integers(1, 7)
        weeks = np.cumsum(rng.integers(2, 9, draws)).tolist()
        course = np.exp(rng.uniform(log(5e-4), log(.05), (2, draws)))
        counts = []
        for i in range(alleles):
            c = course[rng.integers(0, 2)] * rng.choice([1, 1, .5, 2]) * rng.gamma(200, 1 / 200, draws)
            n = rng.integers(2000, 20000, draws)
            counts.append([(int(rng.poisson(n_ * (f + E))), int(n_)) for n_, f in zip(n, c)])
        counts.sort(key=lambda a: -sum(k for k, _ in a))
        phase = {}
        if case % 3 == 0:
            phase[0, 1] = tuple(int(x) for x in [(43, 18, 0), (12, 0, 0), (0, 15, 9), (3, 4, 5)][case // 3 % 4])
        label, pair = posterior(weeks, counts, phase)
        print("\t".join([",".join(map(str, weeks)), ";".join(",".join(f"{k}/{n}" for k, n in a) for a in counts),
                         ";".join(f"{a}:{b}:{c}:{x}:{y}" for (a, b), (c, x, y) in phase.items()) or ".", ",".join(map(str, label)), ",".join(f"{x:.12g}" for x in pair.values())]))


if __name__ == "__main__":
    main()
