#!/usr/bin/env python3
"""neighbours.py CLONEWATCH [--contigs N] [--seed S] [--bwa BWA] - hotspots: six alleles of all kinds crowd on 40 bases, often in a repeat; whose carrier is whose?

Fragments of each allele's haplotype and of the wild type, read without an error, go through bwa mem and are counted. The truth is the haplotype, not a rule:
no molecule may count for an allele that it does not carry, no wild type for any, and no carrier as reference at its own allele, unless its fragment fits both.
One thing is let pass: a read that ends one or two bases inside an insertion or deletion may show there the base of a listed SNV.
"""
import argparse, collections, pathlib, random, shutil, subprocess, sys, tempfile

from twin import name_hash

PER_ALLELE = 25


def bases(rng, n): return "".join(rng.choice("ACGT") for _ in range(n))


def reverse(s): return s[::-1].translate(str.maketrans("ACGT", "TGCA"))


def some_allele(rng, contig, pos):
    kind = rng.random()
    if kind < .4: return contig[pos:pos + 1 + rng.choice([1, 2, 3, 6, 9, 12, 15, 18, 21, 30, 45])], contig[pos]
    if kind < .65:
        n = rng.choice([1, 2, 3, 6, 9, 15, 24, 45])
        return contig[pos], contig[pos] + (bases(rng, n) if rng.random() < .5 else contig[pos + 1:pos + 1 + n])
    if kind < .8: return contig[pos:pos + rng.choice([3, 6, 9, 15, 18])], bases(rng, rng.choice([1, 2, 3, 6]))
    n = 1 if kind < .92 else rng.choice([2, 3])
    return contig[pos:pos + n], bases(rng, n)


def hotspot(rng):
    """A contig of 1,040 bases or a few more, and its alleles: (0-based place, ref, alt, haplotype)."""
    middle = bases(rng, 40)
    if rng.random() < .5:
        at = rng.randint(5, 25)
        middle = middle[:at] + bases(rng, rng.choice([1, 2, 3, 4])) * rng.randint(3, 8) + middle[at:]
    contig = bases(rng, 500) + middle + bases(rng, 500)
    alleles, seen = [], {contig}
    while len(alleles) < 6:
        pos = 500 + rng.randint(0, len(middle) - 2)
        ref, alt = some_allele(rng, contig, pos)
        hap = contig[:pos] + alt + contig[pos + len(ref):]
        if hap in seen: continue
        seen.add(hap)
        alleles.append((pos, ref, alt, hap))
    return contig, alleles


def write(rng, folder, n_contigs):
    spots, molecules = [], {}  # molecules: hash of the name -> (contig, allele or None, fragment)
    with open(folder / "ref.fa", "w") as fa, open(folder / "1.fq", "w") as one, open(folder / "2.fq", "w") as two, open(folder / "s.vcf", "w") as vcf:
        vcf.write("##fileformat=VCFv4.2\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n")
        for i in range(n_contigs):
            contig, alleles = hotspot(rng)
            spots.append((contig, alleles))
            fa.write(f">c{i}\n{contig}\n")
            vcf.write("".join(f"c{i}\t{pos + 1}\t.\t{ref}\t{alt}\t.\t.\t.\n" for pos, ref, alt, _ in alleles))
            for who, (pos, hap) in enumerate([(a[0], a[3]) for a in alleles] + [(520, contig)]):
                for k in range(PER_ALLELE):
                    length = max(60, int(rng.gauss(160, 20)))
                    begin = max(0, pos - rng.randint(0, length))
                    fragment, read = hap[begin:begin + length], rng.choice([75, 100, 150])
                    name = f"c{i}_{who}_{k}"
                    molecules[f"{name_hash(name):016x}"] = (i, alleles[who] if who < len(alleles) else None, fragment)
                    for f, s in ((one, fragment[:read]), (two, reverse(fragment)[:read])): f.write(f"@{name}\n{s}\n+\n{'I' * len(s)}\n")
    return spots, molecules


def judge(spots, molecules, path):
    said, wrong = collections.Counter(), []
    for line in open(path).read().splitlines()[1:]:
        contig, pos, ref, molecule, cls, alt, _, _, _, _, near_end = line.split("\t")
        i, own, fragment = molecules[molecule]
        here = own and (own[0], own[1]) == (int(pos) - 1, ref)
        said["own " + cls if here else ("carrier elsewhere " if own else "wild type ") + cls] += 1
        if cls == "alt":
            counted = next(a for a in spots[i][1] if a[:3] == (int(pos) - 1, ref, alt))
            if counted == own or fragment in counted[3]: continue
            if own and len(own[1]) != len(own[2]) and len(ref) == len(alt) == 1 and near_end == "1": continue
            wrong.append(f"{contig}:{pos} {ref}>{alt}: a carrier of {own[:3] if own else 'nothing'}")
        elif cls == "ref" and here and fragment not in spots[i][0]:
            wrong.append(f"{contig}:{pos}: a carrier of {own[:3]} is reference")
    print(dict(sorted(said.items())))
    if said["own alt"] < 8 * (said["own uninformative"] + said["own other"] + said["own low_quality"] + said["own discordant"]): wrong.append("too few carriers are found")
    return wrong


def main():
    p = argparse.ArgumentParser()
    p.add_argument("clonewatch")
    p.add_argument("--contigs", type=int, default=60)
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("--bwa", default="bwa")
    a = p.parse_args()
    if not shutil.which(a.bwa): sys.exit(77)
    with tempfile.TemporaryDirectory() as t:
        folder = pathlib.Path(t)
        spots, molecules = write(random.Random(a.seed), folder, a.contigs)
        subprocess.run(f"samtools faidx ref.fa && {a.bwa} index ref.fa 2>log && {a.bwa} mem -v 1 ref.fa 1.fq 2.fq 2>>log | samtools sort -o in.bam - 2>>log", shell=True, check=True, cwd=folder)
        subprocess.run([a.clonewatch, "count", "-q", "--sites", folder / "s.vcf", "-f", folder / "ref.fa", "-Ov", "-o", folder / "out.vcf", "--molecules", folder / "m.tsv", folder / "in.bam"], check=True)
        wrong = judge(spots, molecules, folder / "m.tsv")
    print("\n".join(wrong[:20]))
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
