#!/usr/bin/env python3
"""gbcms_agreement.py CLONEWATCH GBCMS BAM FASTA SITES.vcf - molecule by molecule against gbcms 6.6.0 (needs polars and pysam; not in the default run).

FASTA "-": rebuilt from the reads' MD tags.

Both write what each molecule said; names are joined through both programs' hashes. Every difference is put under a named rule of
docs/counting-rules.md; what has no rule is printed and fails. Agreement on totals would not do: two molecules can offset each other.
"""
import collections, pathlib, struct, subprocess, sys, tempfile
import polars, pysam
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from twin import name_hash

M = (1 << 64) - 1


def rust_hash(name):
    """Rust's default hasher (SipHash-1-3, zero key) over a byte slice: what gbcms calls molecule_hash."""
    data = struct.pack("<Q", len(name)) + name
    rot = lambda x, b: ((x << b) | (x >> (64 - b))) & M
    v = [0x736f6d6570736575, 0x646f72616e646f6d, 0x6c7967656e657261, 0x7465646279746573]

    def turn():
        v[0] = (v[0] + v[1]) & M; v[1] = rot(v[1], 13) ^ v[0]; v[0] = rot(v[0], 32)
        v[2] = (v[2] + v[3]) & M; v[3] = rot(v[3], 16) ^ v[2]
        v[0] = (v[0] + v[3]) & M; v[3] = rot(v[3], 21) ^ v[0]
        v[2] = (v[2] + v[1]) & M; v[1] = rot(v[1], 17) ^ v[2]; v[2] = rot(v[2], 32)
    whole = len(data) - len(data) % 8
    words = [struct.unpack_from("<Q", data, i)[0] for i in range(0, whole, 8)] + [int.from_bytes(data[whole:], "little") | (len(data) & 255) << 56]
    for w in words:
        v[3] ^= w; turn(); v[0] ^= w
    v[2] ^= 255
    for _ in range(3): turn()
    return v[0] ^ v[1] ^ v[2] ^ v[3]


def kind(ref, alt):
    return "SNV" if len(ref) == len(alt) == 1 else "MNV" if len(ref) == len(alt) else "indel"


# (kind, clonewatch, gbcms) -> rule. "-": the program does not list the molecule at the locus. gbcms "other" holds everything that is neither.
RULES = [
    (lambda k, c, g, gap, clip, gapped: c == g, "same class"),
    (lambda k, c, g, gap, clip, gapped: c == "low_quality" and g in ("other", "-", "N"), "no base passes: gbcms keeps such molecules with other"),
    (lambda k, c, g, gap, clip, gapped: c == "low_quality" and g == "ref" and k == "indel", "the bases that decide are poor: gbcms needs the span only"),
    (lambda k, c, g, gap, clip, gapped: c == "low_quality" and g == "alt" and k == "MNV", "a poor base of the block leaves a part of it open: gbcms lets the others decide"),
    (lambda k, c, g, gap, clip, gapped: c == "uninformative" and g in ("other", "-", "N"), "does not span: gbcms lists it as other or not at all"),
    (lambda k, c, g, gap, clip, gapped: c == "uninformative" and g == "ref" and k == "indel", "does not span one base past the first difference, or fits the allele by too few bases"),
    (lambda k, c, g, gap, clip, gapped: c == "discordant" and g in ("other", "-"), "mates disagree: gbcms keeps such molecules with other"),
    (lambda k, c, g, gap, clip, gapped: c == "discordant" and g in ("ref", "alt") and k != "indel", "a third base votes: in gbcms only reference and allele do"),
    (lambda k, c, g, gap, clip, gapped: c == "discordant" and g in ("alt", "ref") and k == "indel", "a mate that spells something else votes: in gbcms a matching gap wins outright"),
    (lambda k, c, g, gap, clip, gapped: c == "alt" and g != "alt" and k == "indel" and not gap, "carrier without the gap: clipped or ending in mismatches"),
    (lambda k, c, g, gap, clip, gapped: c == "alt" and g != "alt" and k == "indel", "carrier whose gap stands beside the place or in pieces"),
    (lambda k, c, g, gap, clip, gapped: c == "other" and g == "ref", "an error or another change where the allele is decided is other, not reference"),
    (lambda k, c, g, gap, clip, gapped: c == "other" and g == "-", "a gap over the place is other"),
    (lambda k, c, g, gap, clip, gapped: c == "other" and g == "alt" and k == "indel", "the gap has the size, but the bases do not spell the allele"),
    (lambda k, c, g, gap, clip, gapped: c == "ref" and g in ("other", "-") and k == "indel", "the reference is read through all that decides: gbcms wants more flank"),
    (lambda k, c, g, gap, clip, gapped: c in ("-", "uninformative") and g == "alt" and k == "MNV" and clip, "a clip is read for an MNV only where it goes on as the allele's haplotype and cannot be adapter"),
    (lambda k, c, g, gap, clip, gapped: c == "alt" and g in ("-", "other") and k == "MNV" and clip, "MNV in a clip that goes on as the allele's haplotype"),
    (lambda k, c, g, gap, clip, gapped: c == "uninformative" and g == "alt" and k == "MNV" and gapped, "a gap near the read's end fits as well as the MNV"),
    (lambda k, c, g, gap, clip, gapped: c in ("-", "uninformative") and g == "alt" and k == "indel" and clip, "an error in a clip of less than 20 bases"),
    (lambda k, c, g, gap, clip, gapped: c == "-" and g in ("other", "ref"), "aligned bases do not reach the locus"),
    (lambda k, c, g, gap, clip, gapped: c == "otheralt" and g == "other", "carries another allele of the locus"),
]


def rebuild(bam, contigs, path):
    """A FASTA of the contigs with the bases that the reads' MD tags tell, and N elsewhere."""
    with pysam.AlignmentFile(bam) as f, open(path, "w") as out:
        for c in contigs:
            bases = bytearray(b"N" * f.get_reference_length(c))
            for r in f.fetch(c):
                for _, p, b in r.get_aligned_pairs(with_seq=True):
                    if p is not None and b: bases[p] = ord(b.upper())
            out.write(f">{c}\n")
            for k in range(0, len(bases), 60000): out.write(bases[k:k + 60000].decode() + "\n")
    pysam.faidx(str(path))


def main():
    clonewatch, gbcms, bam, fasta, sites = sys.argv[1:6]
    hold = tempfile.TemporaryDirectory()
    if fasta == "-":
        fasta = str(pathlib.Path(hold.name) / "ref.fa")
        rebuild(bam, sorted({l.split("\t")[0] for l in open(sites) if l[0] != "#"}), fasta)
    fa = pysam.FastaFile(fasta)
    chrom = lambda c: c if c in fa.references else "chr" + c

    def leftmost(c, p, r, a):
        while True:
            if len(r) > 1 and len(a) > 1 and r[-1] == a[-1]: r, a = r[:-1], a[:-1]
            elif (len(r) == 1) != (len(a) == 1) and r[-1] == a[-1]:
                b = fa.fetch(chrom(c), p - 2, p - 1)
                r, a, p = b + r[:-1], b + a[:-1], p - 1
            else: break
        while len(r) > 1 and len(a) > 1 and r[0] == a[0]: r, a, p = r[1:], a[1:], p + 1
        return p, r, a
    names, gaps, clips = {}, collections.defaultdict(set), set()
    for r in pysam.AlignmentFile(bam):
        names[r.query_name] = None
        for op, n in r.cigartuples or []:
            if op == 4: clips.add(r.query_name)
            if op in (1, 2): gaps[r.query_name].add(n if op == 1 else -n)
    theirs, ours = {rust_hash(n.encode()): n for n in names}, {f"{name_hash(n):016x}": n for n in names}
    with tempfile.TemporaryDirectory() as t:
        t = pathlib.Path(t)
        subprocess.run([clonewatch, "count", "-q", "--mates", "gbcms", "--sites", sites, "-f", fasta, "-Ov", "-o", t / "o.vcf", "--molecules", t / "m.tsv", bam], check=True)
        subprocess.run([gbcms, "dna", "-t", "1", "-v", sites, "-b", bam, "-f", fasta, "-o", t / "gb", "--observations-parquet"], check=True, capture_output=True)
        table = polars.read_parquet(next((t / "gb").glob("*.observations.parquet")))
        got, want = {}, {}
        for c, p, r, a, h, x in table.select("chrom", "pos", "ref", "alt", "molecule_hash", "allele").iter_rows():
            c = c.removeprefix("chr")
            want[(c,) + leftmost(c, p + 1, r, a) + (theirs[h],)] = ("ref", "alt", "N", "other")[x]
        alts = collections.defaultdict(list)
        for l in open(sites):
            if l[0] != "#":
                x = l.split("\t")
                alts[(x[0].removeprefix("chr"), int(x[1]), x[3])] += x[4].split(",")
        for i, l in enumerate(open(t / "m.tsv")):
            if not i: continue
            x = l.rstrip("\n").split("\t")
            key = (x[0].removeprefix("chr"), int(x[1]), x[2])
            for alt in alts[key]:
                c = x[4] if x[4] != "alt" else "alt" if x[5] == alt else "otheralt"
                got[(key[0],) + leftmost(*key, alt) + (ours[x[3]],)] = c
    tally, unexplained = collections.Counter(), 0
    for key in set(got) | set(want):
        c, g, k = got.get(key, "-"), want.get(key, "-"), kind(key[2], key[3])
        gap = len(key[3]) - len(key[2]) in gaps[key[4]]
        rule = next((text for test, text in RULES if test(k, c, g, gap, key[4] in clips, bool(gaps.get(key[4])))), None)
        if rule is None:
            unexplained += 1
            if unexplained <= 10: print("no rule:", key, "clonewatch", c, "gbcms", g)
        tally[(k, rule)] += 1
    for (k, rule), n in sorted(tally.items(), key=lambda x: (x[0][0], -x[1])): print(f"{k}\t{n}\t{rule}")
    print(f"{sum(tally.values())} molecule-loci, {unexplained} differences without a rule")
    sys.exit(1 if unexplained else 0)


main()
