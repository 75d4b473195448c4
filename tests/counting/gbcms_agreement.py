#!/usr/bin/env python3
"""gbcms_agreement.py CLONEWATCH GBCMS BAM FASTA SITES.vcf [--flips N] [--case DIR] - molecule by molecule against gbcms 6.6.0 (needs pysam, and
polars beside gbcms).

FASTA "-": rebuilt from the reads' MD tags. GBCMS a .tsv file: what gbcms said once (number of the site, molecule, class). One allele per site, none that
overlap. --case DIR writes a small case with four molecules of each pair of classes, which needs gbcms no more (tests/counting/gbcms).

Both write what each molecule said; names are joined through both programs' hashes. Agreement on totals would not do: two molecules can offset
each other; nor would the same class alone: both can be wrong. A pair of classes is explained when three things hold:
  - the bases of the molecule's reads bear out clonewatch's class, by the rules of docs/counting-rules.md (by_bases.py);
  - its reads lead to gbcms' class by the rules that gbcms documents (`Theirs` below);
  - it is the same class, or the pair has a name in NAMES.
What is not explained is printed and fails.

--flips N: is that worth anything? Gives about N molecules each wrong class in turn; one that is explained fails. A molecule that both leave out
cannot be told.
"""
import argparse, collections, pathlib, random, shutil, struct, subprocess, sys, tempfile
import pysam
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from by_bases import Change, Read, classes, records_by_name
from twin import name_hash

M = (1 << 64) - 1
CLASSES = ("ref", "alt", "other", "low_quality", "uninformative", "discordant", "-")


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


# ---------------------------------------------------------------- what gbcms says, by its documents

def repeat_beside(hap, beg, end, units):
    """Bases by which tandem repeats that touch hap[beg,end) go on to its left and right."""
    run = lambda same: next(k for k in range(len(hap) + 1) if not same(k))
    right = [run(lambda k: end + k < len(hap) and end + k >= u and hap[end + k] == hap[end + k - u]) for u in units]
    left = [run(lambda k: beg - 1 - k >= 0 and beg - 1 - k + u < len(hap) and hap[beg - 1 - k] == hap[beg - 1 - k + u]) for u in units]
    return max([k for k, u in zip(left, units) if k >= u], default=0), max([k for k, u in zip(right, units) if k >= u], default=0)


class Theirs:
    """gbcms 6.6.0 on the reads of one molecule: docs/reference/allele-classification.md and the register (RJ-n) of read-judgment.md there.
    said: for each read the set of what it may count as: alt, ref or None."""

    def __init__(self, c, reads):
        self.c = c
        self.pure = c.kind in ("insertion", "deletion")
        self.listed = any(self.lists(r) for r in reads)
        self.said = [self.pure_indel(r) if self.pure else self.block(r) for r in reads]

    def leads_to(self, g):
        """May the molecule be of class g?"""
        may = lambda x: any(x in s for s in self.said)
        must = lambda x: any(s == {x} for s in self.said)
        if g in ("alt", "ref"): return may(g)
        if g == "-": return not self.listed and not must("alt") and not must("ref")
        return not must("alt") and not must("ref") or may("alt") and may("ref")

    @staticmethod
    def own(r):
        """Of aligned bases past the fragment's end at most two are taken for adapter (RJ-10)."""
        return r.frm if r.frm - r.pos <= 2 else r.pos, r.to if r.end - r.to <= 2 else r.end

    def lists(self, r):
        """The first base of the record is covered (counting-metrics.md, "Anchor Overlap Standard")."""
        frm, to = self.own(r)
        return frm <= (self.c.left if self.pure else self.c.beg) < to

    def aligned(self, r, beg, end):
        """Aligned over all of [beg,end), without a gap?"""
        frm, to = self.own(r)
        a, b = r.at.get(beg), r.at.get(end - 1)
        return frm <= beg and end <= to and a is not None and b is not None and b - a == end - 1 - beg and not any(beg < max(g[1], g[0] + (g[2] < 0)) and g[0] < end for g in r.gaps)

    def pure_indel(self, r):
        """ALT by a gap of the allele's size at an equivalent placement whose bases, where inserted, can be read and are the allele's (RJ-2, RJ-20); a deletion
        of 50 bp and more may be three off (RJ-6). REF by a span of aligned bases, whatever they are: from the anchor through one base past
        the first that would differ, on either side (RJ-1). Clips say nothing (RJ-13 is for 6.7.0)."""
        c, beside = self.c, set()
        for p, end, n in r.gaps:
            if n != c.net and not (c.net <= -50 and n < 0 and abs(n - c.net) <= 3): continue
            before = r.at.get(p - 1)
            if n > 0 and before is not None and not any(r.good[before + 1:before + 1 + n]): continue
            a, b = r.at.get(c.left), r.at.get(c.right)
            spells = n < 0 or a is None or b is None or not r.differ(c.alt_hap, c.left - a, range(a + 1, b))[0]
            if c.beg <= p <= c.beg + c.shift and spells: return {"alt"}
            qs = r.between()  # beside its placements: another allele, or the allele, slid over a base that fits because it is poor (RJ-21)
            beside |= {None, "alt"} if qs is not None and not r.differ(c.alt_hap, r.lo - qs.start + 1, qs)[0] else {None}
        other_side = (c.end - 2, c.right + 1) if c.kind == "deletion" else (c.left - 1, c.decide)
        spans = self.aligned(r, c.left, c.left + 1) and (self.aligned(r, c.left, c.decide + 1) or self.aligned(r, *other_side))
        another = any(g[0] <= c.right and g[1] > c.left for g in r.gaps)  # a gap in the window is another allele (RJ-7)
        return {"ref" if spans and not another else None} | beside

    def block(self, r):
        """SNV and MNV: each changed position whose base can be read votes. Else, for a delins, or with a gap or clip at the block: the whole event, grown through
        repeats, and two bases beside it must be the allele's; poor bases fit (RJ-4)."""
        c = self.c
        if c.kind != "delins" and self.aligned(r, c.beg, c.end) and not any(g[0] <= c.end and g[1] >= c.beg for g in r.gaps):
            at = [(p, r.at[p]) for p in c.changed if r.good[r.at[p]]]
            votes = {"ref" if r.seq[q] == c.ref_hap[p - c.zero] else "alt" if r.seq[q] == c.ins[p - c.beg] else None for p, q in at}
            return votes if len(votes) == 1 else {None}
        if c.kind == "SNV": return {None}
        beg, n = self.event()
        said = set()
        first, last = (r.own.start if r.back else 0), (len(r.seq) if r.back else r.own.stop)
        if r.frag_beg is None and r.back: first = r.clips[0]
        if r.frag_end is None and not r.back: last -= r.clips[1]
        starts = beg - max(0, c.net) // 2, beg - max(0, -c.net) // 2  # the shorter allele's window reaches out on both sides
        for d in r.diagonals:
            for at, net in ((beg, 0), (beg + n - 1, c.net)):  # read from its first base, and back from its last
                if r.at.get(at) != at - d: continue
                windows = [("ref", c.ref_hap, d, range(starts[0] - d, starts[0] - d + n)), ("alt", c.alt_hap, d + net, range(starts[1] - d - net, starts[1] - d - net + n))]
                if any(x.start < first or x.stop > last for *_, x in windows): continue
                fits = {k for k, hap, x, qs in windows if not r.differ(hap, x, qs)[0]}
                said |= fits if len(fits) == 1 else {None}
        return (said or {None}) | ({None} if r.near else set())  # of the readings from both sides the closer one counts

    def event(self):
        """Place and length of the window."""
        c = self.c
        units = sorted({1, 2, 3, 4, 5, 6, abs(c.net)} - {0})
        b = c.beg - c.zero
        sides = repeat_beside(c.ref_hap, b, c.end - c.zero, units), repeat_beside(c.alt_hap, b, b + len(c.ins), units)
        left, right = max(s[0] for s in sides) + 2, max(s[1] for s in sides) + 2
        return c.beg - left, left + right + max(c.end - c.beg, len(c.ins))


# ---------------------------------------------------------------- the differences

BLOCK, PURE, ALL = ("SNV", "MNV"), ("insertion", "deletion"), ("SNV", "MNV", "delins", "insertion", "deletion")
# (kinds, clonewatch, gbcms, name). "-": the program does not list the molecule at the locus. gbcms "other" holds all that is neither.
NAMES = [
    (ALL, ("other",), ("other", "N"), "neither reference nor allele, for both"),
    (BLOCK, ("low_quality",), ("other", "N", "-"), "no base passes: gbcms keeps such molecules with other"),
    (("MNV",), ("low_quality",), ("alt",), "a poor base of the block leaves a part of it open: gbcms lets the others decide"),
    (("MNV",), ("alt",), ("-", "other"), "MNV in a clip: gbcms wants all of the event, grown through repeats, and two bases beside it"),
    (("MNV",), ("-", "uninformative"), ("alt",), "MNV in a clip: only good bases tell here, and the whole clip must go on as the allele's haplotype"),
    (("MNV",), ("uninformative",), ("ref",), "a gap near the read's end fits as well as the MNV: gbcms compares base by base"),
    (BLOCK, ("discordant", "other"), ("alt", "ref"), "a third base votes: in gbcms only reference and allele do"),
    (ALL, ("discordant",), ("other",), "mates disagree: gbcms keeps such molecules with other"),
    (PURE, ("low_quality",), ("ref", "other", "-"), "the bases that decide are poor: gbcms needs the span only, or a base of the insertion where the aligner put it"),
    (PURE + ("delins",), ("low_quality",), ("alt",), "the bases that decide are poor: to gbcms the length tells"),
    (PURE, ("uninformative",), ("ref",), "the bases do not tell, or not one base past the first difference: gbcms needs the span only, on either side"),
    (PURE, ("alt",), ("other", "-"), "carrier without the allele's gap: clipped, ending in mismatches, or the gap beside the place or in pieces"),
    (PURE, ("alt",), ("ref",), "carrier without the allele's gap that spans the place: gbcms does not read its bases, or counts its mate"),
    (PURE, ("other", "discordant"), ("alt",), "the gap has the size but the bases do not spell the allele: in gbcms a matching gap wins outright"),
    (PURE, ("other", "discordant"), ("ref", "other", "-"), "something else votes: in gbcms the span is reference, or nothing"),
    (("delins",), ("ref", "alt", "low_quality", "discordant", "other"), ("other", "-"), "gbcms wants all of a delins, grown through repeats, and two bases beside it"),
    (("delins",), ("-", "uninformative", "discordant", "other"), ("alt", "ref"), "gbcms lets poor bases of a delins fit, and a third allele does not vote"),
    (ALL, ("uninformative",), ("other", "-", "N"), "does not span: gbcms lists it as other or not at all"),
]


def explain(c, reads, ours, theirs):
    """The name of the pair of classes, or None."""
    if ours not in classes(reads): return None
    if ours == theirs and ours != "other": return "same class"
    if not Theirs(c, reads).leads_to(theirs): return None
    return next((name for kinds, a, b, name in NAMES if c.kind in kinds and ours in a and theirs in b), None)


# ---------------------------------------------------------------- both programs

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


class Alleles:
    """Alleles as both programs may write them -> (chromosome without chr, place, REF, ALT), trimmed and at the leftmost placement."""

    def __init__(self, fasta): self.fasta, self.known = fasta, {}

    def chrom(self, c): return c if c in self.fasta.references else "chr" + c

    def __call__(self, c, p, r, a):
        c = c.removeprefix("chr")
        key = c, p, r, a
        if key not in self.known: self.known[key] = self.leftmost(*key)
        return self.known[key]

    def leftmost(self, c, p, r, a):
        while True:
            if len(r) > 1 and len(a) > 1 and r[-1] == a[-1]: r, a = r[:-1], a[:-1]
            elif (len(r) == 1) != (len(a) == 1) and r[-1] == a[-1]:
                b = self.fasta.fetch(self.chrom(c), p - 2, p - 1)
                r, a, p = b + r[:-1], b + a[:-1], p - 1
            else: break
        while len(r) > 1 and len(a) > 1 and r[0] == a[0]: r, a, p = r[1:], a[1:], p + 1
        return c, p, r, a


def run_clonewatch(a, fasta, alleles, names, folder):
    subprocess.run([a.clonewatch, "count", "-q", "--mates", "gbcms", "--sites", a.sites, "-f", fasta, "-Ov", "-o", folder / "o.vcf", "--molecules", folder / "m.tsv", a.bam], check=True)
    name = {f"{name_hash(n):016x}": n for n in names}
    alts = {tuple(x[:2] + x[3:4]): x[4] for x in (l.split("\t") for l in open(a.sites) if l[0] != "#")}
    said = {}
    for l in open(folder / "m.tsv").readlines()[1:]:
        x = l.rstrip("\n").split("\t")
        said[alleles(x[0], int(x[1]), x[2], alts[tuple(x[:3])]) + (name[x[3]],)] = x[4]
    return said


def run_gbcms(a, fasta, alleles, names, folder):
    if a.gbcms.endswith(".tsv"):
        sites = sites_of(a, alleles)
        return {sites[int(i)] + (n,): k for i, n, k in (l.split() for l in open(a.gbcms))}
    import polars
    subprocess.run([a.gbcms, "dna", "-t", "1", "-v", a.sites, "-b", a.bam, "-f", fasta, "-o", folder / "gb", "--observations-parquet"], check=True, capture_output=True)
    name = {rust_hash(n.encode()): n for n in names}
    table = polars.read_parquet(next((folder / "gb").glob("*.observations.parquet")))
    return {alleles(c, p + 1, r, x) + (name[h],): ("ref", "alt", "N", "other")[k] for c, p, r, x, h, k in table.select("chrom", "pos", "ref", "alt", "molecule_hash", "allele").iter_rows()}


def sites_of(a, alleles): return [alleles(x[0], int(x[1]), x[3], x[4]) for x in (l.split("\t") for l in open(a.sites) if l[0] != "#")]


def write_case(a, fasta, alleles, ours, theirs, changes):
    """Reads, sites, reference and gbcms' words of four molecules of each pair of classes."""
    folder, picked = pathlib.Path(a.case), collections.defaultdict(list)
    folder.mkdir(parents=True, exist_ok=True)
    for key in sorted({*ours, *theirs}):
        few = picked[(changes[key[:4]].kind, ours.get(key, "-"), theirs.get(key, "-"))]
        if len(few) < 4: few.append(key)
    names = {key[4] for few in picked.values() for key in few}
    with pysam.AlignmentFile(a.bam) as f:
        header = {k: v for k, v in f.header.to_dict().items() if k in ("HD", "SQ")}
        with pysam.AlignmentFile(str(folder / "in.sam"), "w", header=header) as out:
            for r in f:
                if r.query_name not in names: continue
                r.set_tags([])
                out.write(r)
    number = {site: i for i, site in enumerate(sites_of(a, alleles))}
    (folder / "gbcms.tsv").write_text("".join(f"{number[key[:4]]}\t{key[4]}\t{theirs[key]}\n" for key in sorted(theirs) if key[4] in names))
    for source, to in ((a.sites, "sites.vcf"), (fasta, "ref.fa"), (fasta + ".fai", "ref.fa.fai")): shutil.copy(source, folder / to)


def main():
    p = argparse.ArgumentParser()
    for x in ("clonewatch", "gbcms", "bam", "fasta", "sites"): p.add_argument(x)
    p.add_argument("--flips", type=int, default=0)
    p.add_argument("--case")
    a = p.parse_args()
    with tempfile.TemporaryDirectory() as t:
        t = pathlib.Path(t)
        if a.fasta == "-": rebuild(a.bam, sorted({l.split("\t")[0] for l in open(a.sites) if l[0] != "#"}), t / "ref.fa")
        fasta = str(t / "ref.fa") if a.fasta == "-" else a.fasta
        alleles = Alleles(pysam.FastaFile(fasta))
        records = records_by_name(a.bam)
        ours, theirs = run_clonewatch(a, fasta, alleles, records, t), run_gbcms(a, fasta, alleles, records, t)
        changes = {k: Change(alleles.fasta, alleles.chrom(k[0]), *k[1:]) for k in {key[:4] for key in [*ours, *theirs]}}
        if a.case: write_case(a, fasta, alleles, ours, theirs, changes)
    ask = lambda key, x: explain(changes[key[:4]], [Read(changes[key[:4]], r) for r in records[key[4]]], x, theirs.get(key, "-"))
    tally, unexplained = collections.Counter(), 0
    for key in sorted({*ours, *theirs}):
        name = ask(key, ours.get(key, "-"))
        if name is None:
            unexplained += 1
            if unexplained <= 10: print("not explained:", key, "clonewatch", ours.get(key, "-"), "gbcms", theirs.get(key, "-"))
        tally[(changes[key[:4]].kind, name)] += 1
    for (kind, name), n in sorted(tally.items(), key=lambda x: (x[0][0], -x[1])): print(f"{kind}\t{n}\t{name or 'NOT EXPLAINED'}")
    missed = flips(a.flips, ours, theirs, changes, ask) if a.flips else False
    print(f"{sum(tally.values())} molecule-loci, {unexplained} differences without a rule")
    sys.exit(1 if unexplained or missed else 0)


def flips(n, ours, theirs, changes, ask):
    """Wrong classes that would be explained. Molecules are drawn evenly over the pairs of kind and class, so that the rare ones count."""
    rng, by, told, swallowed = random.Random(1), collections.defaultdict(list), 0, collections.Counter()
    for key in sorted(ours): by[(changes[key[:4]].kind, ours[key])].append(key)
    for kind, right in sorted(by):
        for key in rng.sample(by[kind, right], min(len(by[kind, right]), max(1, n // len(by)))):
            g = theirs.get(key, "-")
            for wrong in CLASSES:
                if wrong == right or wrong == g == "-": continue
                name = ask(key, wrong)
                told += name is None
                if name: swallowed[(kind, right, wrong, g, name)] += 1
    for x, k in swallowed.most_common(10): print("swallowed", k, *x, sep="\t")
    print(f"{told} wrong classes told, {sum(swallowed.values())} not")
    return bool(swallowed)


if __name__ == "__main__":
    main()
