#!/usr/bin/env python3
"""plasma.py CLONEWATCH - real plasma of a lymphoma patient and three controls (the ctDNAtools example data, when the folder is there).

Molecules per allele at the ten known tumour variants, by clonewatch and by brute force over pysam's aligned pairs; the brute force's reads per base
are held against samtools mpileup first. Exit 77 (skipped) without the data. Nothing of it is copied.
"""
import collections, pathlib, subprocess, sys, tempfile
import pysam

data = pathlib.Path(__file__).resolve().parents[3] / "shared/data/plasma-mrd"
if not data.is_dir():
    print("plasma data not there: skipped")
    sys.exit(77)
clonewatch = sys.argv[1]
sites = [l.split("\t")[:4] for l in (data / "tumour_variants.tsv").read_text().splitlines()[1:]]
bad = 0


def pileup(bam, chrom, pos):
    """Reads per base as samtools mpileup sees them: no overlap correction, no BAQ, no depth cap."""
    text = subprocess.run(["samtools", "mpileup", "-x", "-B", "-d", "0", "-q", "20", "-Q", "20", "--ff", "UNMAP,SECONDARY,QCFAIL,DUP,SUPPLEMENTARY", "-A",
                           "-r", f"{chrom}:{pos}-{pos}", bam], capture_output=True, text=True).stdout.split("\t")
    bases, out, i = (text[4] if len(text) > 4 else ""), collections.Counter(), 0
    while i < len(bases):
        c = bases[i]
        if c == "^": i += 2; continue
        if c in "+-":
            j = i + 1
            while bases[j].isdigit(): j += 1
            i = j + int(bases[i + 1:j]); continue
        if c.upper() in "ACGT": out[c.upper()] += 1
        i += 1
    return out


for bam in sorted(data.glob("*.bam")):
    with tempfile.TemporaryDirectory() as t:
        vcf = pathlib.Path(t) / "s.vcf"
        vcf.write_text("##fileformat=VCFv4.2\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n" + "".join(f"{c}\t{p}\t.\t{r}\t{a}\t.\t.\t.\n" for c, p, r, a in sites))
        out = subprocess.run([clonewatch, "count", "-q", "--sites", vcf, "-Ov", "--allow-stale-index", bam], capture_output=True, text=True, check=True).stdout
    got = {}
    for line in out.splitlines():
        if line[0] != "#":
            x = line.split("\t")
            form = dict(zip(x[8].split(":"), x[9].split(":")))
            ref, alt = map(int, form["AD"].split(","))
            got[int(x[1])] = (ref, alt, int(form["OTH"]), int(form["LQ"]), int(form["UNI"]), int(form["DIS"]))
    for chrom, pos, ref, alt in sites:
        pos = int(pos)
        votes, reads = collections.defaultdict(list), collections.Counter()
        for r in pysam.AlignmentFile(str(bam)).fetch(chrom, pos - 1, pos):
            if r.flag & (4 | 256 | 512 | 1024 | 2048) or r.mapping_quality < 20: continue
            cut = False
            if r.flag & 1 and not r.flag & 8 and r.is_reverse != r.mate_is_reverse and r.reference_id == r.next_reference_id:
                cut = (not r.is_reverse and 0 < r.template_length and pos - 1 >= r.reference_start + r.template_length) or \
                      (r.is_reverse and r.template_length < 0 and pos - 1 < r.reference_end + r.template_length)
            for q, p in r.get_aligned_pairs():
                if p != pos - 1: continue
                if q is None: v = "other"
                else:
                    b = r.query_sequence[q]
                    v = "low" if r.query_qualities[q] < 20 or b == "N" else "ref" if b == ref else "alt" if b == alt else "other"
                    if v != "low": reads[b] += 1
                if not cut: votes[r.query_name].append(v)
        mp = pileup(str(bam), chrom, pos)
        if mp != reads:
            bad += 1
            print(f"{bam.name} {pos}: brute force {dict(reads)} and mpileup {dict(mp)} disagree")
        want = collections.Counter()
        for v in votes.values():
            said = set(v) - {"low"}
            want["dis" if len(said) > 1 else said.pop() if said else "low"] += 1
        tuple_ = (want["ref"], want["alt"], want["other"], want["low"], 0, want["dis"])
        if got.get(pos) != tuple_:
            bad += 1
            print(f"{bam.name} {pos}: clonewatch {got.get(pos)}, brute force {tuple_}")
    print(f"{bam.name}: {sum(map(sum, got.values()))} molecules at {len(got)} loci, {sum(v[1] for v in got.values())} alternate")
sys.exit(1 if bad else 0)
