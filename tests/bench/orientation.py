#!/usr/bin/env python3
"""How often does the filter `orientation` name a true allele, and how often background of one strand? (docs/detection.md, "Strands")

Among simulated draws that are detected at p <= 0.001 (both strands together): the share with the word. n molecules, half on each strand; rate e in the mean of both strands, Gamma(20) in the model;
CV of the background .35, each strand on its own; draw CV .25; Omega .2 to .7. Columns: n, e, rate of one strand over that of the other; share among true alleles at LOD and at twice that; among
draws without an allele whose background is four times the model's (many enough to count), on both strands alike; draws of the latter that were detected, of 2,000. About a minute.
Run: python3 tests/bench/orientation.py [--record]    (--record: into results.tsv)
"""
import os
import subprocess
import sys
import numpy as np

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../oracle"))
from one_draw import critical, ln_bf, ln_bf_strand, lod, nodes

W, OMEGA, SHAPE, RUNS = .35, [.2, .35, .5, .7], 20., 2000
rng = np.random.default_rng(1)


def named(n, e, ratio):
    rates = 2 * e * ratio / (1 + ratio), 2 * e / (1 + ratio)
    joint, strand, seen = nodes(SHAPE, SHAPE / e), [nodes(SHAPE, SHAPE / r) for r in rates], {}
    k_star = critical(joint, n, W, .001)
    least, limit = ln_bf(joint, k_star, n, e, W, OMEGA), lod(k_star, n, e, W, .25)
    for f, factor in ((limit, 1), (2 * limit, 1), (0, 4)):
        detected = words = 0
        for _ in range(RUNS):
            shared = rng.gamma(16, 1 / 16)
            k = tuple(int(rng.poisson(n / 2 * (factor * r * rng.gamma(1 / W ** 2, W ** 2) + f * shared))) for r in rates)
            if sum(k) < k_star:
                continue
            if k not in seen:
                seen[k] = ln_bf_strand(strand, k, (n // 2, n // 2), rates, W, OMEGA) < least
            detected, words = detected + 1, words + seen[k]
        yield words / max(1, detected)
    yield detected


def record(lines):
    text = "".join(f"{what}\t{value:.4g}\t{unit}\t-\t-\ttests/bench/orientation.py --record\n" for what, value, unit in lines)
    subprocess.run([sys.executable, os.path.join(os.path.dirname(os.path.abspath(__file__)), "record.py"), "strands", "--part"], input=text, text=True, check=True)


def rows(n, e, ratio, at, twice, noise, detected):
    where = f"word orientation, {n} molecules, rate {e:g}, strands {ratio} : 1"
    yield f"{where}: true alleles at LOD", 100 * at, "% of detected"
    yield f"{where}: true alleles at twice LOD", 100 * twice, "% of detected"
    yield f"{where}: no allele, four times the background", 100 * noise, f"% of {detected}"


if __name__ == "__main__":
    print("n\trate\tstrand_ratio\ttrue_at_lod\ttrue_at_twice\tbackground_x4\tdetected_x4")
    lines = []
    for n, e in ((10000, 1e-5), (10000, 1e-4), (30000, 1e-4), (30000, 3e-4)):
        for ratio in (1, 3, 10, 30):
            at, twice, noise, detected = named(n, e, ratio)
            print(n, e, ratio, f"{at:.4f}", f"{twice:.4f}", f"{noise:.2f}", detected, sep="\t", flush=True)
            lines += rows(n, e, ratio, at, twice, noise, detected)
    k = nodes(SHAPE, SHAPE / 1e-5), [nodes(SHAPE, SHAPE / r) for r in (2e-5 * 30 / 31, 2e-5 / 31)], 10000
    together = ln_bf(k[0], 3, k[2], 1e-5, W, OMEGA)
    alone = ln_bf_strand(k[1], (3, 0), (k[2] // 2, k[2] // 2), (2e-5 * 30 / 31, 2e-5 / 31), W, OMEGA)
    print(f"three molecules, all on the strand with 30 times the rate, 10,000 molecules, mean rate 1e-5: ln evidence {together:.2f}, by strand {alone:.2f}")
    lines += [("three molecules of 10000, rate 1e-5, all on the strand with 30 times the other's rate: LNBF", together, "ln"), ("the same: LNBFS", alone, "ln")]
    if "--record" in sys.argv:
        record(lines)
