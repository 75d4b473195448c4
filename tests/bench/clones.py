#!/usr/bin/env python3
"""clones.py BINARY [--patients N] [--record] - how often `clonewatch track` finds which alleles lie in one clone, and whether the probability that it gives is right.

Simulated patients: 2-4 alleles (and 12, beyond the exact enumeration), 3-8 draws 3-8 weeks apart, 2,000-20,000 molecules; every clone reaches .2-8 %, its draws scatter with
CV .25, alleles of one clone besides with CV .07 each (gamma) and counting (Poisson); later alleles of a clone have multiplicity 1 (.8), 1/2 or 2 (.1 each).
  one        all alleles in one clone
  different  one clone each, growing at rates of their own (-.2 to .25 doublings a week)
  similar    one clone each, one rate, scatter of their own
  parallel   one clone each, one rate and one scatter: only their sizes differ
  mixed      alleles shared out among clones at random
Nothing here is shared with the program's likelihood but the multiplicities. Exit 1 when a goal is missed."""
import argparse, json, os, pathlib, subprocess, sys, tempfile
import numpy as np

KINDS = ("one", "different", "similar", "parallel", "mixed")
BACKGROUND = 2e-5


def patient(rng, kind, alleles):
    draws = rng.integers(3, 9)
    day = 7 * np.cumsum(rng.choice([3, 4, 6, 8], draws))
    depth = np.exp(rng.uniform(np.log(2000), np.log(20000)))
    if kind == "one":
        clone = [0] * alleles
    elif kind == "mixed":
        clone = [0]
        for _ in range(alleles - 1):
            clone.append(int(rng.integers(0, max(clone) + 2)))
    else:
        clone = list(range(alleles))
    if alleles > 9:
        clone = [int(x) for x in rng.permutation([0] * 4 + [1] * 4 + [2] * 2 + [3, 4])] if kind == "mixed" else clone
    common, scatter = rng.uniform(-.1, .2), rng.gamma(16, 1 / 16, draws)
    course = []
    for _ in range(max(clone) + 1):
        rate = common if kind in ("similar", "parallel") else rng.uniform(-.2, .25)
        y = 2. ** (rate * day / 7)
        course.append(y / y.max() * np.exp(rng.uniform(np.log(.002), np.log(.08))) * (scatter if kind == "parallel" else rng.gamma(16, 1 / 16, draws)))
    counts, seen = [], set()
    for c in clone:
        m = rng.choice([1, .5, 2], p=[.8, .1, .1]) if c in seen else 1
        seen.add(c)
        n = (depth * rng.uniform(.7, 1.3, draws)).astype(int)
        counts.append((n, rng.poisson(n * np.minimum(.9, m * course[c] * rng.gamma(1 / .07 ** 2, .07 ** 2, draws) + BACKGROUND))))
    return day, clone, counts


def write(folder, name, day, counts, sheet):
    for j, d in enumerate(day):
        with open(f"{folder}/{name}_{d}.vcf", "w") as f:
            f.write('##fileformat=VCFv4.2\n##clonewatch_background=<omega_hat=0.35,omega="0.2,0.35,0.5",model=sim>\n'
                    f"#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\t{name}_{d}\n")
            f.write("".join(f"7\t{1000 * (i + 1)}\t.\tA\tG\t.\t.\tBGA=2;BGB=100000\tAD:CS\t{n[j] - k[j]},{k[j]}:{'detected' if k[j] > 4 else 'below_lod' if k[j] else 'not_detected'}\n"
                            for i, (n, k) in enumerate(counts)))
        sheet.append(f"{name},{name}_{d},{d},plasma,{name}_{d}.vcf\n")


def found(path, alleles):
    """Clone of each allele, and the least co-membership of each clone; alleles that the program does not put in any are left out."""
    p = json.load(open(path))
    label, together = {}, {}
    for c, clone in enumerate(p["clones"]):
        for a in clone["alterations"]:
            label[int(a.split(":")[1]) // 1000 - 1] = c
        if len(clone["alterations"]) > 1:
            together[c] = clone["co_membership"]
    return label, together


def same(a, b):
    return all((a[x] == a[y]) == (b[x] == b[y]) for x in b for y in b)


def measure(binary, folder, kind, alleles, patients):
    rng = np.random.default_rng([17, KINDS.index(kind), alleles])
    folder = f"{folder}/{kind}{alleles}"
    os.makedirs(folder)
    truth, sheet = [], ["patient,sample,date,type,vcf\n"]
    for i in range(patients):
        day, clone, counts = patient(rng, kind, alleles or rng.integers(2, 5))
        write(folder, f"P{i}", day, counts, sheet)
        truth.append(clone)
    pathlib.Path(f"{folder}/draws.csv").write_text("".join(sheet))
    subprocess.run([binary, "track", "-q", "--draws", f"{folder}/draws.csv", "-o", f"{folder}/out"], check=True)
    right, pairs, pairs_right, pooled = 0, 0, 0, []
    for i, clone in enumerate(truth):
        label, together = found(f"{folder}/out/P{i}/patient.json", len(clone))
        right += same(clone, label)
        for a in label:
            for b in label:
                if a < b:
                    pairs += 1
                    pairs_right += (label[a] == label[b]) == (clone[a] == clone[b])
        for c, p in together.items():
            pooled.append((p, len({clone[a] for a in label if label[a] == c}) == 1))
    return right / patients, pairs_right / max(1, pairs), pooled


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("binary")
    parser.add_argument("--patients", type=int, default=200)
    parser.add_argument("--record", action="store_true")
    arg = parser.parse_args()
    lines, everything, missed = [], [], 0
    command = "tests/bench/clones.py BINARY --record"

    def line(measure, value, unit, goal="-", met=None):
        nonlocal missed
        missed += met is False
        lines.append("\t".join([measure, f"{value:.4g}", unit, goal, "-" if met is None else "yes" if met else "no", command]))
        print(lines[-1].rsplit("\t", 1)[0], flush=True)

    with tempfile.TemporaryDirectory() as folder:
        for kind in KINDS:
            right, pairs, pooled = measure(os.path.abspath(arg.binary), folder, kind, 0, arg.patients)
            line(f"2-4 alleles, {kind}: the truth is the partition given", 100 * right, f"% of {arg.patients}")
            if kind not in ("one", "mixed"):
                wrong = sum(p >= .95 for p, _ in pooled)
                line(f"2-4 alleles, {kind}: patients with a clone pooled wrongly at co-membership 0.95 or more", 100 * wrong / arg.patients, f"% of {arg.patients}", "<= 5", 100 * wrong / arg.patients <= 5)
            everything += [(p, t, 3 if kind == "one" else 1) for p, t in pooled]
        for low, high in ((0, .5), (.5, .8), (.8, .95), (.95, 1.01)):
            at = [(t, w) for p, t, w in everything if low <= p < high]
            if len(at) < 10:
                continue
            named = f"2-4 alleles, clones given with least co-membership {low:g} to {min(1, high):g}: truly one clone"
            share = 100 * np.average([t for t, _ in at], weights=[w for _, w in at])
            line(f"{named}, as many patients with one clone as without any that is shared", share, f"% of {len(at)}", ">= 90" if low == .95 else "-", bool(share >= 90) if low == .95 else None)
            line(f"{named}, three times as many without", 100 * np.mean([t for t, _ in at]), f"% of {len(at)}")
        for kind in ("one", "different", "mixed"):
            patients = max(10, arg.patients // 4)
            right, pairs, pooled = measure(os.path.abspath(arg.binary), folder, kind, 12, patients)
            line(f"12 alleles, {kind}: pairs put together or apart rightly", 100 * pairs, f"% of {66 * patients}")
            sure = [t for p, t in pooled if p >= .95]
            if len(sure) >= 5:
                line(f"12 alleles, {kind}: clones given with least co-membership 0.95 or more: truly one clone", 100 * np.mean(sure), f"% of {len(sure)}")
    if arg.record:
        here = pathlib.Path(__file__).parent
        subprocess.run([sys.executable, here / "record.py", "clones"], input="\n".join(lines) + "\n", text=True, check=True)
    return missed > 0


if __name__ == "__main__":
    sys.exit(main())
