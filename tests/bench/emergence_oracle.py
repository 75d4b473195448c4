#!/usr/bin/env python3
"""ln E of `clonewatch track` against a second implementation from docs/emergence.md (numpy and scipy), on random series.

    emergence_oracle.py CLONEWATCH [SERIES]     prints one line for record.py"""
import json
import os
import subprocess
import sys
import tempfile
import numpy as np
from scipy.special import gammainc, gammaincinv, gammaincc, gammainccinv, gammaln, logsumexp

D = np.array([1.5, 2, 3, 4, 6, 8, 12, 20])
TAU = np.arange(-8, 105, 2.0)
LEVEL = 10 ** np.arange(-4, -.9, .5)
EDGES = np.r_[np.arange(1, 19) / 20, .95, .98, .99, .999, .9999]


def ln_nb(k, mean, size):
    return gammaln(k + size) - gammaln(size) - gammaln(k + 1) + size * -np.log1p(mean / size) + k * (np.log(mean) - np.log(size + mean))


def nodes(a, b):
    x = np.where(EDGES < .5, gammaincinv(a, EDGES), gammainccinv(a, 1 - EDGES))
    lower, upper = np.r_[0, gammainc(a + 1, x), 1], np.r_[1, gammaincc(a + 1, x), 0]
    mass = np.where(lower[1:] < .5, np.diff(lower), -np.diff(upper))
    w = np.diff(np.r_[0, EDGES, 1])
    return w, a / b * mass / w


def ln_e(a, b, w_hat, omega, weeks, n, k):
    J, e, used = len(weeks), a / b, n >= 1000

    def alternative(f):  # f: trajectories x draws
        mean = n * (e + f)
        size = mean ** 2 / ((n * e * w_hat) ** 2 + (n * f * .35) ** 2)
        return np.where(used, ln_nb(k, mean, size), 0).sum(-1)
    growth = np.minimum(.5, 1e-3 * 2 ** ((weeks[None, None] - TAU[None, :, None]) / D[:, None, None])).reshape(-1, J)
    terms = [np.log(.8 / 456) + alternative(growth)]
    for s in range(J):
        f = np.where(np.arange(J) >= s, LEVEL[:, None], 0)
        terms.append(np.log(.2 / 7 / ((s + 1) * (s + 2))) + alternative(f))
    terms.append(np.log(.2 / (J + 1)) + alternative(np.zeros((1, J))))
    w, x = nodes(a, b)
    d = max(logsumexp(np.log(w) + np.where(used, ln_nb(k, n * x[:, None], 1 / o ** 2), 0).sum(-1)) for o in omega)
    return logsumexp(np.concatenate(terms)) - d


def main():
    binary, total = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 10000
    rng = np.random.default_rng(612)
    folder = tempfile.mkdtemp(prefix="cw-oracle-")
    sheet, events, truth, S = ["patient,sample,date,type,vcf\n"], ["PATIENT_ID,START_DATE,STOP_DATE,EVENT_TYPE,AGENT\n"], {}, 100
    for p in range(total // S):
        J = int(rng.integers(1, 16))
        days = np.sort(rng.choice(900, J, replace=False)) - int(rng.integers(0, 30))
        zero = int(days[0] - rng.integers(0, 60)) if rng.random() < .5 else None
        omega = sorted(rng.choice([.1, .2, .35, .5, .7, 1], rng.integers(1, 5), replace=False))
        w_hat = float(rng.choice(omega))
        a = np.array([float("%.7g" % x) for x in 10 ** rng.uniform(-1, 2.3, S)])
        b = np.array([float("%.7g" % x) for x in a / 10 ** rng.uniform(-6.3, -3.3, S)])
        there = rng.random(S) < .06
        f0, rate = np.where(there, 10 ** rng.uniform(-7, -1.5, S), 1e-12), rng.uniform(-.3, .5, S) * (rng.random(S) < .7)
        n = rng.choice([600, 999, 1000, 2500, 10000, 30000, 80000], (J, S))
        f = np.minimum(.45, f0 * 2 ** (rate * (days[:, None] - days[0]) / 7))
        k = np.minimum(n, rng.poisson(n * (a / b + f) * rng.lognormal(0, .15, (J, S))))
        for j in range(J):
            with open(f"{folder}/p{p}_{j}.vcf", "w") as out:
                out.write(f'##fileformat=VCFv4.2\n##clonewatch_background=<omega_hat={w_hat},omega="{",".join(map(str, omega))}",model=m{p}>\n'
                          "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tS\n")
                out.write("".join(f"1\t{i + 1}\t.\tC\tT\t.\t.\tBGA={a[i]!r};BGB={b[i]!r}\tAD\t{n[j, i] - k[j, i]},{k[j, i]}\n" for i in range(S)))
            sheet.append(f"p{p},p{p}_{j},{days[j]},plasma,p{p}_{j}.vcf\n")
        if zero is not None:
            events.append(f"p{p},{zero},,TREATMENT,agent\n")
        events.append(f"p{p},{days[0] + 1},,TREATMENT,later\n")  # begun after the first draw: does not move the zero
        truth[f"p{p}"] = (a, b, w_hat, omega, (days - (zero if zero is not None else days[0])) / 7, n, k)
    open(f"{folder}/draws.csv", "w").writelines(sheet)
    open(f"{folder}/events.csv", "w").writelines(events)
    subprocess.run([binary, "track", "-q", "--draws", f"{folder}/draws.csv", "--events", f"{folder}/events.csv", "-o", f"{folder}/out"], check=True)
    worst = worst_relative = 0.0
    count = 0
    for patient, (a, b, w_hat, omega, weeks, n, k) in truth.items():
        found = {x["id"]: x["evidence"]["ln_e"] for x in json.load(open(f"{folder}/out/{patient}/patient.json"))["alterations"]}
        for i in range(len(a)):
            want = ln_e(a[i], b[i], w_hat, omega, weeks, n[:, i].astype(float), k[:, i].astype(float))
            got = found[f"1:{i + 1}:C:T"]
            worst, worst_relative, count = max(worst, abs(got - want)), max(worst_relative, abs(got - want) / max(1, abs(want))), count + 1
            if abs(got - want) > 1e-6 * max(1, abs(want)):
                print(f"{patient} allele {i}: {got!r}, not {want!r}", file=sys.stderr)
    command = "tests/bench/emergence_oracle.py"
    print(f"largest difference of ln E from an independent oracle, {count} random series\t{worst:.3g}\t-\t<= 1e-6\t{'yes' if worst <= 1e-6 else 'no'}\t{command}")
    print(f"the same, relative to max(1, ln E)\t{worst_relative:.3g}\t-\t<= 1e-6\t{'yes' if worst_relative <= 1e-6 else 'no'}\t{command}")
    subprocess.run(["rm", "-r", folder])


if __name__ == "__main__":
    main()
