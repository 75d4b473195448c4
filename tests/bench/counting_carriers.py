#!/usr/bin/env python3
"""counting_carriers.py CLONEWATCH [--bwa BWA] [--gbcms GBCMS] [--keep DIR] - are the carriers of each allele found after a real aligner has had them?

Simulates cfDNA pairs (fragments around 167 bp, reads of 100 bp) over one allele per locus: SNV, MNV, delins, insertions, deletions and tandem
duplications of 1 to 200 bp, a third of the fragments mutant; aligns them with bwa mem; counts. Truth is what the sequencer read, not what the
aligner made of it. A molecule is a carrier that must be found when one of its reads
  - holds the change: all bases of an SNV or MNV; 10 bases on both sides of a junction (of an insertion of 20 bp and more either one, of a tandem
    duplication the one where its copies meet; else both flanks of the change in one read);
  - passes: every changed base of an SNV or MNV, one inserted base of an insertion, has quality 20 or more;
  - is placed: bwa mapped it with mapping quality 20 or more.
Carriers that only the second or the third condition leaves out have rows of their own, where there are any. Prints result lines for record.py.
"""
import argparse, pathlib, random, subprocess, sys, tempfile

KINDS = ([("SNV", 1)] * 4 + [("MNV", n) for n in (2, 2, 2, 3, 6)] + [("delins", 5)] * 3 +
         [(k, n) for n in (1, 2, 3, 6, 9, 15, 18, 20, 24, 30, 40, 50, 75, 100, 150, 200) for k in ("del", "ins")] + [("dup", n) for n in (20, 30, 50, 75, 100)])
GOAL = ">= 95"
FLANK = 10  # bases that must be read on either side


def holds(kind, n, alt, pos, beg, end):
    """Does a read of the mutant haplotype's [beg,end) hold the change? The change begins at pos; indels keep their first base."""
    if kind in ("SNV", "MNV"): return beg <= pos and pos + n <= end
    first, last = pos + (kind != "delins"), pos + len(alt)  # of the bases that came
    around = lambda a, b: beg <= a - FLANK and b + FLANK <= end
    if kind == "dup": return around(last, last)
    if kind == "ins" and n >= 2 * FLANK: return around(first, first) or around(last, last)
    return around(first, last)


def passes(kind, n, alt, pos, beg, quals):
    """Are the bases that must decide good enough? quals: of the read's bases in the order of the haplotype."""
    if kind in ("SNV", "MNV"): return min(quals[pos - beg:pos - beg + n]) >= 20
    first, last = max(beg, pos + (kind != "delins")), min(beg + len(quals), pos + len(alt))
    return kind in ("del", "dup") or max(quals[first - beg:last - beg]) >= 20


def simulate(rng, folder, per_locus, read_length, spacing):
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
            ref = genome[pos:pos + n]
            alt = "".join(rng.choice([b for b in "ACGT" if b != x]) for x in ref)
        elif kind == "delins":
            ref = genome[pos:pos + 12]
            alt = "".join(rng.choice("ACGT") for _ in range(n))
        elif kind == "del": ref, alt = genome[pos:pos + 1 + n], base
        elif kind == "dup": ref, alt = base, genome[pos:pos + 1 + n]
        else: ref, alt = base, base + "".join(rng.choice("ACGT") for _ in range(n))
        loci.append((kind, n, pos, ref, alt))
        mutant = genome[:pos] + alt + genome[pos + len(ref):]
        for f in range(per_locus):
            carrier = rng.random() < 1 / 3
            seq, size = (mutant, len(alt)) if carrier else (genome, len(ref))
            length = max(90, int(rng.gauss(167, 20)))
            start = rng.randint(pos - length - 20, pos + size + 20)
            end = start + length
            fragments.append(dict(name=f"f{i}:{f}", seq=seq[start:end], locus=i, start=start, carrier=carrier, covers=start <= pos and end > pos + 1))
    with open(folder / "ref.fa", "w") as f:
        f.write(">chr1\n")
        for k in range(0, len(genome), 80): f.write(genome[k:k + 80] + "\n")
    comp = str.maketrans("ACGT", "TGCA")
    with open(folder / "1.fq", "w") as one, open(folder / "2.fq", "w") as two:
        for x in fragments:
            seq, start, name = x["seq"], x["start"], x["name"]
            kind, n, pos, ref, alt = loci[x["locus"]]
            length = min(read_length, len(seq))
            reads = [(seq[:length], start, False), (seq.translate(comp)[::-1][:length], start + len(seq) - length, True)]
            if rng.random() < 0.5: reads.reverse()
            x["holds"], x["passes"] = set(), set()  # 0: first read of the pair, 1: second
            for mate, (s, beg, back) in enumerate(reads):
                q = "".join(rng.choices("F:,#", (92, 5, 2.5, 0.5), k=len(s)))
                s = "".join(rng.choice("ACGT") if rng.random() < {"F": 3e-4, ":": 3e-3, ",": .05, "#": .3}[y] else c for c, y in zip(s, q))
                (two if mate else one).write(f"@{name}\n{s}\n+\n{q}\n")
                quals = [ord(y) - 33 for y in (q[::-1] if back else q)]
                if x["carrier"] and holds(kind, n, alt, pos, beg, beg + length):
                    x["holds"].add(mate)
                    if passes(kind, n, alt, pos, beg, quals): x["passes"].add(mate)
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
    p.add_argument("--spacing", type=int, default=3000, help="bases between loci")
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("--keep")
    p.add_argument("--misses", action="store_true", help="name every molecule that was missed, and its class")
    a = p.parse_args()
    sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "counting"))
    from twin import name_hash
    rng = random.Random(a.seed)
    hold = tempfile.TemporaryDirectory()
    folder = pathlib.Path(a.keep or hold.name)
    folder.mkdir(parents=True, exist_ok=True)
    loci, fragments = simulate(rng, folder, a.per_locus, 100, a.spacing)
    sh = lambda c: subprocess.run(c, shell=True, check=True, cwd=folder, stderr=subprocess.DEVNULL)
    sh(f"{a.bwa} index ref.fa; samtools faidx ref.fa; {a.bwa} mem -R '@RG\\tID:a\\tSM:s' ref.fa 1.fq 2.fq | samtools sort -o in.bam - && samtools index in.bam")
    sh(f"{pathlib.Path(a.clonewatch).resolve()} count -q --sites sites.vcf -f ref.fa -Ov -o out.vcf --molecules mol.tsv in.bam")
    said = {}
    with open(folder / "mol.tsv") as f:
        next(f)
        for line in f:
            x = line.split("\t")
            said[(int(x[1]) - 1, x[3])] = x[4]
    placed = set()  # (name, mate): 0x904 is unmapped, secondary or supplementary
    for line in subprocess.run(["samtools", "view", "-F", "0x904", "-q", "20", folder / "in.bam"], check=True, capture_output=True, text=True).stdout.splitlines():
        name, flag = line.split("\t", 2)[:2]
        placed.add((name, 1 if int(flag) & 0x80 else 0))
    groups = {}
    for x in fragments:
        kind, n, pos, ref, alt = loci[x["locus"]]
        group = kind if kind in ("SNV", "MNV", "delins") else "dup 20-100 bp" if kind == "dup" else f"{kind} {'1-18' if n < 20 else '20-50' if n <= 50 else '51-200'} bp"
        g = groups.setdefault(group, dict(carriers=0, held=0, poor=0, unplaced=0, truth=0, found=0, as_ref=0, wild=0, false=0))
        c = said.get((pos, f"{name_hash(x['name']):016x}"))
        x["truth"] = any((x["name"], mate) in placed for mate in x["passes"])
        g["held"] += bool(x["holds"])
        g["poor"] += bool(x["holds"] and not x["passes"])
        g["unplaced"] += bool(x["passes"] and not x["truth"])
        g["truth"] += x["truth"]
        g["found"] += x["truth"] and c == "alt"
        g["carriers"] += x["carrier"]
        g["as_ref"] += x["carrier"] and c == "ref"
        if not x["carrier"]:
            g["wild"] += x["covers"]
            g["false"] += c == "alt"
        if a.misses and (x["carrier"] if c == "ref" else x["truth"] and c != "alt"): print(group, x["name"], c, file=sys.stderr)
    def row(measure, value, goal):
        met = "-" if goal == "-" else "yes" if (value <= float(goal[3:]) if goal[0] == "<" else value >= float(goal[3:])) else "no"
        print("\t".join([measure, f"{value:.4g}", "%", goal, met, "tests/bench/counting_carriers.py"]))
    for k, g in groups.items():
        row(f"carriers found after bwa mem, {k}", 100 * g["found"] / g["truth"], GOAL)
        row(f"carriers counted as reference, {k}", 100 * g["as_ref"] / g["carriers"], "<= 0.5")
        row(f"wild type counted as carrier, {k}", 100 * g["false"] / g["wild"], "<= 0.1")
        if g["poor"]: row(f"carriers outside the rows above: bases under quality 20, {k}", 100 * g["poor"] / g["held"], "-")
        if g["unplaced"]: row(f"carriers outside the rows above: reads that bwa mem did not place, {k}", 100 * g["unplaced"] / g["held"], "-")
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
            true = sum(1 for f in fragments if f["truth"] and f["locus"] in {i for _, i in here})
            row(f"gbcms 6.6.0: carriers counted, ins and del {lo}-{hi} bp", 100 * sum(found.get(p, 0) for p, _ in here) / true, "-")


main()
