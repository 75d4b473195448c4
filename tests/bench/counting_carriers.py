#!/usr/bin/env python3
"""counting_carriers.py CLONEWATCH [--bwa BWA] [--gbcms GBCMS] [--keep DIR] - are the carriers of each allele found after a real aligner has had them?

Simulates cfDNA pairs (fragments around 167 bp, reads of 100 bp) over one allele per locus: SNV, MNV, delins, insertions and deletions of 1 to 200 bp, a third of
the fragments mutant; aligns them with bwa mem; counts. Truth is the fragment itself: it carries the allele when at least 10 bp of each flank
lie in it, or of the inserted bases where the insertion is longer than the rest. Prints result lines for record.py.
"""
import argparse, pathlib, random, subprocess, sys, tempfile

KINDS = [("SNV", 0)] * 4 + [("MNV", 2)] * 3 + [("delins", 5)] * 3 + [(k, n) for n in (1, 2, 3, 6, 9, 15, 18, 20, 24, 30, 40, 50, 75, 100, 150, 200) for k in ("del", "ins")]

# One goal for all kinds. Two fall short of it: both bases of an MNV must be good where 3 % are poor, and what bwa leaves unmapped of long insertions cannot be counted.
GOAL = ">= 95"


def simulate(rng, folder, per_locus, read_length):
    spacing = 3000
    genome = [rng.choice("ACGT") for _ in range(spacing * (len(KINDS) + 1))]
    for _ in range(len(genome) // 400):  # homopolymers and short repeats, as genomes have
        at = rng.randrange(len(genome) - 40)
        unit = "".join(rng.choice("ACGT") for _ in range(rng.choice([1, 1, 2, 3])))
        genome[at:at + 4 * len(unit)] = list(unit * 4)
    genome = "".join(genome)
    loci, fragments = [], []
    for i, (kind, n) in enumerate(KINDS):
        pos = spacing * (i + 1)
        base = genome[pos]
        if kind == "SNV": ref, alt = base, rng.choice([b for b in "ACGT" if b != base])
        elif kind == "MNV":
            ref = genome[pos:pos + 2]
            alt = "".join(rng.choice([b for b in "ACGT" if b != x]) for x in ref)
        elif kind == "delins":
            ref = genome[pos:pos + 12]
            alt = "".join(rng.choice("ACGT") for _ in range(n))
        elif kind == "del": ref, alt = genome[pos:pos + 1 + n], base
        else: ref, alt = base, base + "".join(rng.choice("ACGT") for _ in range(n))
        loci.append((kind, n, pos, ref, alt))
        mutant = genome[:pos] + alt + genome[pos + len(ref):]
        for f in range(per_locus):
            carrier = rng.random() < 1 / 3
            seq, size = (mutant, len(alt)) if carrier else (genome, len(ref))
            length = max(90, int(rng.gauss(167, 20)))
            start = rng.randint(pos - length - 20, pos + size + 20)
            end = start + length
            left, right = pos + 1 - start, end - (pos + size)
            inside = right if right > 0 else 0
            # bases of the new junction: left flank, then either right flank or enough of the insertion
            far = end - (pos + 1) if kind == "ins" and n >= 10 else inside if kind not in ("SNV", "MNV") else right + 10
            truth = carrier and left >= (1 if kind in ("SNV", "MNV") else 10) and far >= 10
            covers = left >= 1 and end > pos + 1
            fragments.append((f"f{i}:{f}", seq[start:end], i, carrier, truth, covers))
    with open(folder / "ref.fa", "w") as f:
        f.write(">chr1\n")
        for k in range(0, len(genome), 80): f.write(genome[k:k + 80] + "\n")
    comp = str.maketrans("ACGT", "TGCA")
    with open(folder / "1.fq", "w") as one, open(folder / "2.fq", "w") as two:
        for name, seq, *_ in fragments:
            a, b = seq[:read_length], seq.translate(comp)[::-1][:read_length]
            if rng.random() < 0.5: a, b = b, a
            for out, s in ((one, a), (two, b)):
                q = "".join(rng.choices("F:,#", (92, 5, 2.5, 0.5), k=len(s)))
                s = "".join(rng.choice("ACGT") if rng.random() < {"F": 3e-4, ":": 3e-3, ",": .05, "#": .3}[x] else c for c, x in zip(s, q))
                out.write(f"@{name}\n{s}\n+\n{q}\n")
    with open(folder / "sites.vcf", "w") as v:
        v.write(f"##fileformat=VCFv4.2\n##contig=<ID=chr1,length={len(genome)}>\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n")
        for kind, n, pos, ref, alt in loci: v.write(f"chr1\t{pos + 1}\t.\t{ref}\t{alt}\t.\t.\t.\n")
    return loci, fragments


def main():
    p = argparse.ArgumentParser()
    p.add_argument("clonewatch")
    p.add_argument("--bwa", default="bwa")
    p.add_argument("--gbcms")
    p.add_argument("--per-locus", type=int, default=600)
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("--keep")
    a = p.parse_args()
    sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "counting"))
    from twin import name_hash
    rng = random.Random(a.seed)
    hold = tempfile.TemporaryDirectory()
    folder = pathlib.Path(a.keep or hold.name)
    folder.mkdir(parents=True, exist_ok=True)
    loci, fragments = simulate(rng, folder, a.per_locus, 100)
    sh = lambda c: subprocess.run(c, shell=True, check=True, cwd=folder, stderr=subprocess.DEVNULL)
    sh(f"{a.bwa} index ref.fa; samtools faidx ref.fa; {a.bwa} mem -R '@RG\\tID:a\\tSM:s' ref.fa 1.fq 2.fq | samtools sort -o in.bam - && samtools index in.bam")
    sh(f"{pathlib.Path(a.clonewatch).resolve()} count -q --sites sites.vcf -f ref.fa -Ov -o out.vcf --molecules mol.tsv in.bam")
    said = {}
    with open(folder / "mol.tsv") as f:
        next(f)
        for line in f:
            x = line.split("\t")
            said[(int(x[1]) - 1, x[3])] = x[4]
    groups = {}
    for name, seq, i, carrier, truth, covers in fragments:
        kind, n, pos, ref, alt = loci[i]
        group = kind if kind in ("SNV", "MNV", "delins") else f"{kind} {'1-18' if n < 20 else '20-50' if n <= 50 else '51-200'} bp"
        g = groups.setdefault(group, dict(truth=0, found=0, as_ref=0, wild=0, false=0, vaf=[]))
        c = said.get((pos, f"{name_hash(name):016x}"))
        if truth:
            g["truth"] += 1
            g["found"] += c == "alt"
            g["as_ref"] += c == "ref"
        if not carrier:
            g["wild"] += covers
            g["false"] += c == "alt"
    def row(measure, value, goal):
        met = "-" if goal == "-" else "yes" if (value <= float(goal[3:]) if goal[0] == "<" else value >= float(goal[3:])) else "no"
        print("\t".join([measure, f"{value:.4g}", "%", goal, met, "tests/bench/counting_carriers.py"]))
    for k, g in groups.items():
        row(f"carriers found after bwa mem, {k}", 100 * g["found"] / g["truth"], GOAL)
        row(f"carriers counted as reference, {k}", 100 * g["as_ref"] / g["truth"], "<= 0.5")
        row(f"wild type counted as carrier, {k}", 100 * g["false"] / g["wild"], "<= 0.1")
    if a.gbcms:
        sh(f"rm -rf gb; {a.gbcms} dna -v sites.vcf -b in.bam -f ref.fa -o gb > /dev/null")
        mine = dict((int(l.split("\t")[1]), l.rstrip("\n").split("\t")[9].split(":")) for l in open(folder / "out.vcf") if l[0] != "#")
        found = {}
        for l in open(next((folder / "gb").glob("*.vcf"))):
            if l[0] == "#": continue
            x = l.rstrip("\n").split("\t")
            form = dict(zip(x[8].split(":"), x[9].split(":")))
            kind, n, pos, ref, alt = min(loci, key=lambda y: abs(y[2] + 1 - int(x[1])))
            found[pos] = int(form["FAD"].split(",")[1])
        for lo, hi in ((1, 18), (20, 50), (51, 200)):
            here = [(pos, i) for i, (k, n, pos, r, al) in enumerate(loci) if k in ("del", "ins") and lo <= n <= hi]
            true = sum(1 for f in fragments if f[4] and f[2] in {i for _, i in here})
            row(f"gbcms 6.6.0: carriers counted, ins and del {lo}-{hi} bp", 100 * sum(found.get(p, 0) for p, _ in here) / true, "-")


main()
