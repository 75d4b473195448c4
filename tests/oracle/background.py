#!/usr/bin/env python3
"""Outside truth for the background model (src/detect/background_fit.c, noise.c): docs/detection.md, "Background", with scipy.

mu and nu are the root of the gradient of the penalised likelihood (digamma functions), from several starts; Omega by the same profile over the six values with the rate summed out over
the 24 nodes of one_draw.py; the off-target range is Student's prediction interval on ln scale. Columns: alleles (ref,alt,before,after,run; '-' unknown), counts (k/n by normal, ',' between;
';' between alleles), noise (mismatches/bases by normal), max_vaf; classes (name|mu|nu|sites|molecules|mutants), omega_hat, omega, sites (allele|a|b), offtarget_lo, offtarget_hi, and for three
draws of these mismatches/bases whether the 99 % range refuses them; forward (as counts: mutant/reference molecules of the forward strand, '.' where the strands are not known), and by
the same fit of either strand alone strand_classes (name|mu|nu|molecules|mutants forward, the same reverse; nan: no molecules of it) and strand_sites (allele|a|b forward, a|b reverse). Run: python3 tests/oracle/background.py > tests/oracle/background.tsv
"""
import numpy as np
from scipy.optimize import least_squares, minimize
from scipy.special import logsumexp, psi
from scipy.stats import beta, nbinom, t as student
from one_draw import ln_nb, nodes

OMEGA = [.1, .2, .35, .5, .7, 1]


def names(ref, alt, before, after, run):
    if len(ref) == len(alt) == 1:
        return ([f"{before}[{ref}>{alt}]{after}"] if before != "-" and after != "-" else []) + [f"{ref}>{alt}", "other"]
    if len(ref) == len(alt) or (len(ref) > 1 and len(alt) > 1):
        return ["MNV", "other"]
    word = "del" if len(ref) > len(alt) else "ins"
    size = min(3, abs(len(ref) - len(alt)))
    word += "3+" if size == 3 else str(size)
    return ([f"{word}:run{min(9, run)}"] if run > 0 else []) + [word, "other"]


def fit(k, n):
    k, n = np.array(k, float), np.array(n, float)
    if k.sum() < .5:
        return .5 / n.sum(), 1.5

    def cost(x):
        mu, nu = np.exp(x)
        return .5 * (x[1] - np.log(1.5)) ** 2 - nbinom.logpmf(k, nu, nu / (nu + n * mu)).sum()

    def gradient(x):
        mu, nu = np.exp(x)
        by_mu = (k - n * mu) * nu / (nu + n * mu)                                  # d ln L / d ln mu
        by_nu = nu * (psi(k + nu) - psi(nu) + np.log(nu / (nu + n * mu)) + 1 - (nu + k) / (nu + n * mu))
        return [by_mu.sum(), by_nu.sum() - (x[1] - np.log(1.5))]

    starts = [minimize(cost, [np.log(k.sum() / n.sum()), s], method="Nelder-Mead").x for s in (-2, 0, 2, 5)]
    best = min((least_squares(gradient, s, xtol=1e-15, ftol=1e-15, gtol=1e-15, method="lm").x for s in starts), key=cost)
    return tuple(np.exp(best))


def model(alleles, counts, max_vaf):
    usable = [[(k, n) for k, n in row if n > 0 and not (k >= 2 and k > max_vaf * n)] for row in counts]
    K, N = [sum(k for k, _ in r) for r in usable], [sum(n for _, n in r) for r in usable]
    named = [names(*a) for a in alleles]
    classes = {}
    for name in {x for row in named for x in row}:
        member = [i for i, row in enumerate(named) if name in row and N[i] > 0]
        mutants = sum(K[i] for i in member)
        if not member or (set(name) & set("[:") and (len(member) < 20 or mutants < 5)):
            continue
        classes[name] = (*fit([K[i] for i in member], [N[i] for i in member]), len(member), sum(N[i] for i in member), mutants)
    own = [next((x for x in row if x in classes), None) for row in named]
    grids = {c: nodes(classes[c][1], classes[c][1] / classes[c][0]) for c in set(own) if c}
    ln_l = []
    for w in OMEGA:
        total = 0
        for c, row, n in zip(own, usable, N):
            if c and n > 0:
                weight, x = grids[c]
                total += logsumexp(np.log(weight) + sum(ln_nb(k, m * x, 1 / w ** 2) for k, m in row))
        ln_l.append(total)
    best = int(np.argmax(ln_l))
    omega = [w for w, l in zip(OMEGA, ln_l) if 2 * (ln_l[best] - l) <= 3.84]
    sites = [(i, classes[c][1] + k, classes[c][1] / classes[c][0] + n) for i, (c, k, n) in enumerate(zip(own, K, N)) if c and n > 0]
    return classes, OMEGA[best], omega, sites


def by_strand(alleles, counts, forward, max_vaf, classes):
    """The class rates and shrunk sites of each strand, from the normals that are usable at the allele and whose strands are known there."""
    named = [names(*a) for a in alleles]
    known = [[(f, k, n) for f, (k, n) in zip(fs, row) if f and n > 0 and not (k >= 2 and k > max_vaf * n)] for fs, row in zip(forward, counts)]
    read = [any(n > 0 and not (k >= 2 and k > max_vaf * n) for k, n in row) for row in counts]
    K = np.array([[sum(f[0] for f, _, _ in r) for r in known], [sum(k - f[0] for f, k, _ in r) for r in known]])
    N = np.array([[sum(sum(f) for f, _, _ in r) for r in known], [sum(n - sum(f) for f, _, n in r) for r in known]])
    rates = {}
    for c in classes:
        member = [i for i, row in enumerate(named) if c in row and read[i]]
        rates[c] = [(*fit(K[s][m], N[s][m]), N[s][m].sum(), K[s][m].sum()) if len(m) else (np.nan, np.nan, 0, 0) for s in (0, 1) for m in [[i for i in member if N[s][i] > 0]]]
    own = [next((x for x in row if x in classes), None) for row in named]
    sites = [(i, *(x for s in (0, 1) for mu, nu in [rates[c][s][:2]] for x in (nu + K[s][i], nu / mu + N[s][i]))) for i, c in enumerate(own) if c and read[i]]
    return rates, sites


def offtarget(noise):
    x = np.array([np.log(m / n) for m, n in noise if n > 0 and m > 0])
    if x.size < 3:
        return np.nan, np.nan
    half = student.ppf(.995, x.size - 1) * x.std(ddof=1) * np.sqrt(1 + 1 / x.size)
    return np.exp(x.mean() - half), np.exp(x.mean() + half)


def refused(lo, hi, mismatches, bases):
    if np.isnan(lo) or bases < 10000:
        return 0
    low = 0 if mismatches == 0 else beta.ppf(.005, mismatches, bases - mismatches + 1)
    high = 1 if mismatches == bases else beta.isf(.005, mismatches + 1, bases - mismatches)
    return int(high < lo or low > hi)


def main():
    rng, strand_rng = np.random.default_rng(23), np.random.default_rng(24)
    print("alleles\tcounts\tnoise\tmax_vaf\tclasses\tomega_hat\tomega\tsites\tofftarget_lo\tofftarget_hi\tdraws\trefused\tforward\tstrand_classes\tstrand_sites")
    for case in range(110):
        S, normals = int(rng.integers(2, 50)), int(rng.choice([1, 2, 3, 8, 20]))
        with_context, cv = case % 3 == 0, float(rng.choice([0, .2, .35, .7, 1.2]))
        alleles = []
        for _ in range(S):
            kind = rng.integers(8)
            ref, alt = str(rng.choice(["C", "A"])), str(rng.choice(["T", "G"]))
            if kind == 6:
                ref, alt = "C", "C" + "A" * int(rng.integers(1, 5))
            elif kind == 7:
                ref, alt = "T" * int(rng.integers(2, 5)), "T" if rng.random() < .8 else "GC"
            before, after = ("A", "G") if with_context else ("-", "-")
            alleles.append((ref, alt, before, after, int(rng.integers(1, 12)) if with_context and kind > 5 else 0))
        mu = 10 ** rng.uniform(-6.5, -3)
        rate = rng.gamma(1.5, mu / 1.5, S) if case % 13 else np.zeros(S)
        depth = 10 ** rng.uniform(2.5, 5)
        counts = []
        for s in range(S):
            row = []
            for j in range(normals):
                n = 0 if rng.random() < .05 else int(depth * rng.uniform(.5, 1.5))
                noise = rng.gamma(1 / cv ** 2, cv ** 2) if cv else 1
                k = int(min(n, rng.poisson(n * rate[s] * noise)))
                if rng.random() < .01:
                    k = n // int(rng.choice([1, 2, 15, 25]))    # germline, or a blood clone above and below the limit
                row.append((k, n))
            counts.append([(0, 0)] * normals if rng.random() < .03 else row)
        if not any(n for row in counts for _, n in row):
            continue
        bases = [int(10 ** rng.uniform(4, 7)) for _ in range(normals)]
        noise = [(int(rng.poisson(b * 1e-4 * rng.lognormal(0, .2))), b) for b in bases]
        if case % 10 == 7:
            noise = [(0, b) if j % 2 else (0, 0) for j, (_, b) in enumerate(noise)]
        max_vaf = float(rng.choice([.05, .05, .01, .5]))
        share, ref_share = [(.5, .5), (.9, .5), (.05, .45), (1, .5), (1, 1)][case % 5]
        forward = [[None if strand_rng.random() < (.1 if case % 4 else .9 if case % 8 else 0) else (int(strand_rng.binomial(k, share)), int(strand_rng.binomial(n - k, ref_share))) for k, n in row]
                   for row in counts]
        classes, hat, omega, sites = model(alleles, counts, max_vaf)
        lo, hi = offtarget(noise)
        strand_rates, strand_sites = by_strand(alleles, counts, forward, max_vaf, classes)
        draws = [(int(rng.poisson(b * 1e-4 * f)), b) for b, f in ((1000000, 10 ** rng.uniform(-1, 1)), (20000, 10 ** rng.uniform(-1, 1)), (9999, 10))]
        cells = [";".join(",".join(map(str, a)) for a in alleles), ";".join(",".join(f"{k}/{n}" for k, n in row) for row in counts), ",".join(f"{m}/{n}" for m, n in noise), max_vaf,
                 ";".join("|".join([c, *(f"{x:.12g}" for x in v)]) for c, v in sorted(classes.items())), hat, ",".join(map(str, omega)),
                 ";".join(f"{i}|{a:.12g}|{b:.12g}" for i, a, b in sites), f"{lo:.12g}", f"{hi:.12g}", ",".join(f"{m}/{n}" for m, n in draws), ",".join(str(refused(lo, hi, *d)) for d in draws),
                 ";".join(",".join(f"{f[0]}/{f[1]}" if f else "." for f in row) for row in forward),
                 ";".join("|".join([c, *(f"{x:.12g}" for s in v for x in s)]) for c, v in sorted(strand_rates.items())), ";".join("|".join([str(i), *(f"{x:.12g}" for x in v)]) for i, *v in strand_sites)]
        print(*cells, sep="\t")


if __name__ == "__main__":
    main()
