#!/usr/bin/env python3
"""What would be gained if each strand of origin had its own background rate? (docs/detection.md, "Strands")

Limit of detection (95 %) of one draw at p <= 0.001 by simulation: once from the molecules of both strands together, with their mean rate, as call does; once from the likelihood ratio of
each strand with its own true rate, log likelihoods added. n molecules, half on each strand; background CV .35, each strand on its own; draw CV .25. Columns: n, mean rate, rate of
one strand over that of the other, the two limits, their ratio. Then false calls where a draw is damaged on one strand more than the normals were: both strands alike in the normals, one at
ten times its rate in the draw. About two minutes. Run: python3 tests/bench/strand_gain.py [--record]    (--record: into results.tsv)
"""
import os
import subprocess
import sys
import numpy as np
from scipy.special import gammaln

W, V, RUNS, NULL = .35, .35, 20000, 200000
FRACTIONS = 10 ** (-4.5 + np.arange(8) / 2)
rng = np.random.default_rng(1)


def ln_nb(k, mean, size):
    return gammaln(k + size) - gammaln(size) - size * np.log1p(mean / size) - k * np.log1p(size / mean)


def ln_ratio(k, n, e, f):
    mean, variance = n * (e + f), (n * e * W) ** 2 + (n * f * V) ** 2
    return ln_nb(k, mean, mean ** 2 / variance) - ln_nb(k, n * e, 1 / W ** 2)


def counts(n, rates, f, runs):
    shared = rng.gamma(16, 1 / 16, runs)
    return [rng.poisson(n / 2 * (e * rng.gamma(1 / W ** 2, W ** 2, runs) + f * shared)) for e in rates]


def together(k, n, rates):
    return k[0] + k[1]


def by_strand(k, n, rates):
    out = np.full(k[0].shape, -np.inf)
    for f in FRACTIONS:
        out = np.logaddexp(out, ln_ratio(k[0], n / 2, rates[0], f) + ln_ratio(k[1], n / 2, rates[1], f))
    return out


def critical_value(statistic, n, rates):
    return np.sort(statistic(counts(n, rates, 0, NULL), n, rates))[int(np.ceil(NULL * .999))]


def false_calls(statistic, n, rates, damaged):
    """Share of draws called whose background has the damaged rates, judged by those of the normals."""
    critical = critical_value(statistic, n, rates)
    return (statistic(counts(n, damaged, 0, NULL), n, rates) > critical).mean()


def limit(statistic, n, rates):
    critical = critical_value(statistic, n, rates)
    lo, hi = np.log(1 / n), np.log(.05)
    for _ in range(13):
        mid = (lo + hi) / 2
        lo, hi = (lo, mid) if (statistic(counts(n, rates, np.exp(mid), RUNS), n, rates) > critical).mean() >= .95 else (mid, hi)
    return np.exp(hi)


def record(lines):
    text = "".join(f"{what}\t{value:.4g}\t{unit}\t-\t-\ttests/bench/strand_gain.py --record\n" for what, value, unit in lines)
    subprocess.run([sys.executable, os.path.join(os.path.dirname(os.path.abspath(__file__)), "record.py"), "strands", "--part"], input=text, text=True, check=True)


if __name__ == "__main__":
    print("n\trate\tstrand_ratio\tlod_together\tlod_by_strand\tgain")
    lines = []
    for n, e in ((10000, 1e-5), (10000, 1e-4), (10000, 3e-4), (30000, 1e-5), (30000, 1e-4), (30000, 3e-4), (30000, 1e-3)):
        for ratio in (1, 2, 5, 10, 30):
            rates = 2 * e * ratio / (1 + ratio), 2 * e / (1 + ratio)
            a, b = limit(together, n, rates), limit(by_strand, n, rates)
            print(n, e, ratio, f"{a:.3g}", f"{b:.3g}", f"{a / b:.2f}", sep="\t", flush=True)
            lines.append((f"LOD of one draw with a joint rate over that by strand, {n} molecules, rate {e:g}, strands {ratio} : 1", a / b, "x"))
    print("n\trate\tfalse_together\tfalse_by_strand (one strand at ten times the rate of the normals)")
    for n, e in ((10000, 1e-5), (10000, 3e-5), (10000, 1e-4)):
        shares = [false_calls(statistic, n, (e, e), (10 * e, e)) for statistic in (together, by_strand)]
        print(n, e, *(f"{x:.3f}" for x in shares), sep="\t", flush=True)
        for how, x in zip(("a joint rate", "rates by strand"), shares):
            lines.append((f"false calls at p <= 0.001, one strand damaged to ten times its rate, {n} molecules, rate {e:g}: {how}", 100 * x, "%"))
    if "--record" in sys.argv:
        record(lines)
