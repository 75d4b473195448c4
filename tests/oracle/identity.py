#!/usr/bin/env python3
"""Outside truth for identity and contamination (src/detect/identity.h): the formulas of docs/detection.md, "Identity and contamination", with numpy and scipy.

A row is two samples of one fingerprint; the contamination columns are those of the first. Frequencies may be nan (not known). fraction, lo and hi lie on the stated grid of
400 steps, so they are exact; an upper end of .2 and more may be one of the steps of two persons; fraction_ml is the maximum of the same likelihood without a grid, which the grid's may miss by one step (2.7 %); nan where two persons over all SNPs decide.
Run: python3 tests/oracle/identity.py > tests/oracle/identity.tsv
"""
import numpy as np
from scipy.optimize import minimize_scalar
from scipy.special import gammaln, logsumexp

GRID = 1e-5 * 4e4 ** (np.arange(400) / 399)


def frequency(af):
    return .5 if np.isnan(af) else min(.999, max(.001, af))


def hardy_weinberg(q):
    return np.log([(1 - q) ** 2, 2 * q * (1 - q), q * q])


def ln_genotypes(ref, alt):
    scale = min(1, 50 / (ref + alt))
    r, a = ref * scale, alt * scale
    lost = [np.log(.1 / 15) + a * np.log(v) + r * np.log(1 - v) for v in np.arange(2, 17) / 18]
    return np.array([r * np.log(.99) + a * np.log(.01), logsumexp([np.log(.9) + (r + a) * np.log(.5), *lost]), r * np.log(.01) + a * np.log(.99)])


def lod(one, two, af):
    total, used = 0, 0
    for (r1, a1, _), (r2, a2, _), q in zip(one, two, af):
        if r1 + a1 < 10 or r2 + a2 < 10:
            continue
        p, x, y = hardy_weinberg(frequency(q)), ln_genotypes(r1, a1), ln_genotypes(r2, a2)
        total += (logsumexp(p + x + y) - logsumexp(p + x) - logsumexp(p + y)) / np.log(10)
        used += 1
    return total, used


def ln_nb(k, mean, size):
    return gammaln(k + size) - gammaln(size) - gammaln(k + 1) - size * np.log1p(mean / size) - k * np.log1p(size / mean)


def two_persons(sample, af, error):
    """fraction, lo, hi, LOD over all SNPs, at 5, 6 ... 50 %, or None below LOD 3 or 20 %; and the largest share from 20 % on that the counts allow (nan: none)."""
    size = 1 / .15 ** 2
    own = [(0, 0), *((v, 1) for v in [1 / 2, *np.arange(2, 17) / 18]), (1, 2)]     # fraction, genotype

    def ln_l(alpha):
        return max(ln_skewed(alpha, s) for s in (.05, .5, .95))

    def ln_skewed(alpha, skewed):
        weight = [0, np.log(1 - skewed), *[np.log(skewed / 15)] * 15, 0]
        total = 0
        for (r, a, _), q in zip(sample, af):
            if r + a < 10:
                continue
            p = hardy_weinberg(frequency(q))
            phi = np.array([[(1 - alpha) * v + alpha * g / 2 for g in range(3)] for v, _ in own])
            prior = np.array([[p[mine] + w + p[g] for g in range(3)] for (_, mine), w in zip(own, weight)])
            low = phi < .5 + 1e-9
            total += logsumexp(prior + ln_nb(np.where(low, a, r), (r + a) * (error + np.where(low, phi, 1 - phi)), size))
        return total

    steps = .05 + .01 * np.arange(46)
    none, curve = ln_l(0), np.array([ln_l(x) for x in steps])
    at, lod10 = curve.argmax(), (curve.max() - none) / np.log(10)
    allowed = steps[(curve >= max(none, curve.max()) - 1.92) & (steps > .2 - 1e-9)]
    largest = allowed[-1] if allowed.size else np.nan
    if lod10 < 3 or steps[at] < .2 - 1e-9:
        return None, largest
    inside = np.flatnonzero(curve >= curve.max() - 1.92)
    return [steps[at], steps[inside[0]], steps[inside[-1]], lod10], largest


def contamination(sample, af):
    hom, other, all_reads = [], .5, 0
    for (r, a, o), q in zip(sample, af):
        if r + a < 10:
            continue
        vaf = a / (r + a)
        if vaf < .2:
            hom.append((a, r + a, frequency(q)))
        elif vaf > .8:
            hom.append((r, r + a, 1 - frequency(q)))
        other, all_reads = other + o, all_reads + r + a
    error = max(other / (2 * all_reads), 1e-5) if all_reads else 0
    size = 1 / .15 ** 2
    much, largest = two_persons(sample, af, error) if all_reads else (None, np.nan)
    if np.prod([(1 - q) ** 2 for *_, q in hom]) > .01:  # another person may well have none of the alleles that would tell
        return [len(hom)] + (much if much else [np.nan] * 4) + [np.nan]

    v = np.arange(2, 17) / 18
    het = [logsumexp(np.append(np.log(.1 / 15) + ln_nb(k, n * (error + v), size), np.log(.9) + ln_nb(k, n * (error + 1 / 2), size))) for k, n, _ in hom]

    def ln_l(alpha):
        total = 0
        for (k, n, q), own_het in zip(hom, het):
            p = hardy_weinberg(q)
            own_hom = logsumexp(p + [ln_nb(k, n * (error + alpha * g / 2), size) for g in range(3)])
            total += logsumexp([p[0] + own_hom, p[1] + own_het])
        return total

    none, curve = ln_l(0), np.array([ln_l(a) for a in GRID])
    best = max(none, curve.max())
    at = curve.argmax()
    inside = np.flatnonzero(curve >= best - 1.92)
    fraction = GRID[at] if curve[at] > none else 0
    lo = 0 if none >= best - 1.92 else GRID[inside[0]]
    hi = GRID[inside[-1]] if inside.size else GRID[0]
    exact = 0
    if fraction:
        around = np.log([GRID[max(0, at - 1)], GRID[min(399, at + 1)]])
        exact = np.exp(minimize_scalar(lambda t: -ln_l(np.exp(t)), bounds=around, method="bounded", options=dict(xatol=1e-9)).x)
    if much and (much[0] >= hi or best - none < 3 * np.log(10)):
        return [len(hom), *much, np.nan]
    hi = np.fmax(hi, largest)
    return [len(hom), fraction, lo, hi, (best - none) / np.log(10), exact]


def main():
    rng = np.random.default_rng(8)
    print("af\tfirst\tsecond\tlod\tsnps\thomozygous\tfraction\tlo\thi\tcontamination_lod\tfraction_ml")
    for case in range(240):
        S = int(rng.choice([5, 15, 19, 20, 21, 30, 40]))
        af = [np.nan if rng.random() < .05 else float(f"{x:.4g}") for x in rng.choice([0, 1, .01], S) * (rng.random(S) < .03) + rng.uniform(.2, .8, S)]
        af = [min(1., x) for x in af]
        person = [rng.binomial(2, frequency(q)) for q in af]
        guest = [rng.binomial(2, frequency(q)) for q in af]
        same = case % 2 == 0
        share = rng.choice([0, 0, 10 ** rng.uniform(-4, -.6), rng.uniform(.2, .5)])
        error = 10 ** rng.uniform(-5, -2)

        def sample(genotype, second, alpha):
            out = []
            for g, h in zip(genotype, second):
                n = int(rng.choice([0, 1, 9, 10, 11, 30, 50, 51, 200, 5000, 100000]) if rng.random() < .5 else rng.integers(20, 9000))
                f = (1 - alpha) * g / 2 + alpha * h / 2
                if rng.random() < .05 and g == 1:
                    f = rng.uniform(.05, .95)
                a = rng.binomial(n, f * (1 - error) + (1 - f) * error)
                out.append((n - a, a, int(rng.poisson(2 * n * error))))
            return out

        one = sample(person, guest, share)
        two = sample(person if same else guest, guest, 0)
        if case % 25 == 24:
            one = [(0, 0, 0)] * S
        total, used = lod(one, two, af)
        cells = [",".join(f"{q:.6g}" for q in af), *(",".join(f"{r}:{a}:{o}" for r, a, o in s) for s in (one, two)), f"{total:.12g}", used]
        hom, *rest = contamination(one, af)
        print(*cells, hom, *(f"{x:.12g}" for x in rest), sep="\t")


if __name__ == "__main__":
    main()
