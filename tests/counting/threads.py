#!/usr/bin/env python3
"""threads.py CLONEWATCH - the same counts, header and all, from one thread and many, by index and without, and from a lying index a refusal.

The alignment is large enough to be read in stretches: reads of many lengths over three contigs, reads that skip 30 kb and so touch loci of
two stretches, mates, families, unmapped mates, loci that are phased, and a tail without a place. An independent count (pysam, one base a
step) holds the single-threaded numbers of reads that touch a locus and of the bases at its SNVs.
"""
import pathlib, random, subprocess, sys, tempfile
import pysam

clonewatch = str(pathlib.Path(sys.argv[1]).resolve())
work = pathlib.Path(tempfile.mkdtemp(prefix="cw-threads-"))
rng = random.Random(11)
bad = 0


def check(ok, words):
    global bad
    if not ok:
        bad += 1
        print("FAILED:", words)


contigs = {"1": 400_000, "2": 60_000, "3": 300_000}
genome = {c: "".join(rng.choices("ACGT", k=n)) for c, n in contigs.items()}
with open(work / "ref.fa", "w") as f:
    for c, s in genome.items():
        f.write(f">{c}\n{s}\n")
pysam.faidx(str(work / "ref.fa"))

snvs = []
for c, n in contigs.items():
    at = 2_000
    while at < n - 40_000:
        snvs += [(c, at), (c, at + rng.choice([40, 150, 290]))]  # two that are phased
        at += rng.choice([700, 3_000, 9_000])
with open(work / "s.vcf", "w") as f:
    f.write("##fileformat=VCFv4.2\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n")
    for c, p in snvs:
        r = genome[c][p]
        f.write(f"{c}\t{p + 1}\t.\t{r}\t{'ACGT'[('ACGT'.index(r) + 1) % 4]}\t.\t.\t.\n")
alt = {(c, p): "ACGT"[("ACGT".index(genome[c][p]) + 1) % 4] for c, p in snvs}


def reads(seed, n):
    """Random reads: (tid, pos, flag, cigar, sequence, mate position, name)."""
    rng = random.Random(seed)
    out = []
    for i in range(n):
        tid = rng.choices([0, 1, 2], weights=[6, 1, 4])[0]
        c = str(tid + 1)
        length = rng.choice([35, 80, 151, 249])
        pos = rng.randrange(0, contigs[c] - 35_000)
        kind = rng.random()
        cigar = [(0, length)]
        span = length
        if kind < 0.002:  # reaches over to the loci of another stretch
            cigar, span = [(0, length // 2), (3, 30_000), (0, length - length // 2)], length + 30_000
        s = list(genome[c][pos:pos + length] if span == length else
                 genome[c][pos:pos + length // 2] + genome[c][pos + length // 2 + 30_000:pos + 30_000 + length])
        place, q = pos, 0
        for op, k in cigar:
            for _ in range(k if op == 0 else 0):
                if (c, place) in alt and rng.random() < 0.2: s[q] = alt[c, place]
                elif rng.random() < 0.004: s[q] = rng.choice("ACGT")
                place, q = place + 1, q + 1
            if op == 3: place += k
        flag = rng.choice([0, 16, 0, 16, 1024, 256])
        if kind > 0.99: flag, cigar = 4, []
        out.append((tid, pos, flag, cigar, "".join(s), f"m{i % (n * 9 // 10)}"))
    return out


def write(path, rows, tail=2_000, mode="wb"):
    header = {"HD": {"VN": "1.6", "SO": "coordinate"}, "SQ": [{"SN": c, "LN": n} for c, n in contigs.items()], "RG": [{"ID": "a", "SM": "p"}]}
    rng = random.Random(5)
    with pysam.AlignmentFile(str(path), mode, header=header) as f:
        seen = {}
        for i, (tid, pos, flag, cigar, s, name) in enumerate(sorted(rows, key=lambda r: (r[0], r[1]))):
            a = pysam.AlignedSegment()
            second = seen.get(name, 0)
            seen[name] = 1
            a.query_name, a.flag = name, flag | (1 | (128 if second else 64))
            a.reference_id, a.reference_start, a.mapping_quality = tid, pos, 60
            a.cigartuples = cigar or None
            a.query_sequence = s
            a.query_qualities = pysam.qualitystring_to_array("".join(chr(33 + q) for q in rng.choices(range(12, 42), k=len(s))))
            a.set_tag("MI", str(int(name[1:]) // 3))
            f.write(a)
        for i in range(tail):
            a = pysam.AlignedSegment()
            a.query_name, a.flag, a.reference_id, a.reference_start = f"u{i}", 4, -1, -1
            a.query_sequence = "".join(rng.choices("ACGT", k=100))
            f.write(a)
    pysam.index(str(path))


rows = reads(1, 120_000)
write(work / "in.bam", rows)
check((work / "in.bam").stat().st_size > 12 << 20, "the input is too small to be read in stretches")
# the same reads, but one of the first contig is a base longer: every later place in the file moves a little
other = [tuple(r) for r in rows]
k = next(i for i, r in enumerate(other) if r[0] == 0 and r[1] < 30_000)
other[k] = (*other[k][:5], other[k][5] + "x1")
write(work / "other.bam", [(*r[:5], r[5].replace("x", "")) for r in other])


def count(*more, bam="in.bam", sites="s.vcf"):
    return subprocess.run([clonewatch, "count", "-q", "--no-version", "--sites", sites, "-f", "ref.fa", "-Ov", *more, bam], cwd=work, capture_output=True, text=True)


# ---- the single thread against a count of its own
want = count("--consensus", "raw")
check(want.returncode == 0, want.stderr)
at = {c: [p for d, p in sorted(set(snvs)) if d == c] for c in contigs}
import bisect, re
touching = 0
bases = {}
with pysam.AlignmentFile(str(work / "in.bam")) as f:
    for r in f:
        if r.reference_id < 0: continue
        c = r.reference_name
        end = r.reference_end if not r.is_unmapped else r.reference_start + 1
        i = bisect.bisect_left(at[c], r.reference_start)
        if i == len(at[c]) or at[c][i] >= end: continue
        touching += 1
        if r.flag & (4 | 256 | 1024): continue
        for q, p in r.get_aligned_pairs(matches_only=True):
            if (c, p) in alt and r.query_qualities[q] >= 20:
                bases.setdefault((c, p), {}).setdefault(r.query_name, []).append(r.query_sequence[q])
said = int(re.search(r"##clonewatch_readFilter=<ID=1,Reads=(\d+)", want.stdout).group(1))
check(said == touching, f"reads that touch a locus: {said}, by pysam {touching}")
for line in want.stdout.splitlines():
    if line[0] == "#": continue
    c, p, _, ref, a, *_, keys, values = line.split("\t")
    ad = [int(x) for x in dict(zip(keys.split(":"), values.split(":")))["AD"].split(",")]
    said = {"ref": 0, "alt": 0}
    for votes in bases.get((c, int(p) - 1), {}).values():
        if len(set(votes)) == 1:
            said["ref"] += votes[0] == ref
            said["alt"] += votes[0] == a
    check(ad == [said["ref"], said["alt"]], f"{c}:{p} {ad}, by pysam {said}")

# ---- many threads, no index, phase and families
for more in (["--consensus", "raw"], ["--consensus", "umi"], ["--mates", "gbcms"], ["--consensus", "raw", "--keep-duplicates", "--keep-secondary"]):
    one = count(*more)
    check(one.returncode == 0, one.stderr)
    for threads in ("2", "3", "8"):
        many = count(*more, "-@", threads)
        check(many.returncode == 0 and many.stdout == one.stdout, f"{more}: {threads} threads give other bytes {many.stderr}")
    whole = count(*more, "--no-index", "-@", "2")
    check(whole.stdout == one.stdout, f"{more}: without the index, other bytes {whole.stderr}")
# loci of a third of the file, to which the index jumps, again in parts
some = [l for l in open(work / "s.vcf") if l[0] == "#" or l.startswith("1\t") and int(l.split("\t")[1]) < 220_000]
(work / "few.vcf").write_text("".join(some))
few = count("--no-index", sites="few.vcf").stdout
header = lambda text: [l for l in text.splitlines() if not re.match('##clonewatch_(input|reference)', l)]
# (the CRAM's header names the FASTA that it was made with: that one goes, so that only -f is left)
subprocess.run("""cp ref.fa made.fa && samtools view -b -e 'cigar !~ "N"' -o short.bam in.bam && samtools index short.bam && samtools view -C -T made.fa --output-fmt-option version=3.0 \
               --output-fmt-option seqs_per_slice=1000 -o short.cram short.bam && samtools index short.cram && rm made.fa*""", shell=True, cwd=work, check=True, stderr=subprocess.DEVNULL)
for threads in ("1", "2", "5"):
    check(count("-@", threads, sites="few.vcf").stdout == few, f"a few loci, {threads} threads: other bytes")
    for sites in ("few.vcf", "s.vcf"):
        cram = count("-@", threads, sites=sites, bam="short.cram")
        check(header(cram.stdout) == header(count("--no-index", sites=sites, bam="short.bam").stdout), f"CRAM, {sites}, {threads} threads: other bytes {cram.stderr}")

# ---- a lying index: refused or harmless, never other counts
(work / "other.bam.bai").rename(work / "foreign.bai")
refused = 0
for threads in ("2", "4"):
    got = count("--consensus", "raw", "--index", "foreign.bai", "--allow-stale-index", "-@", threads)
    check(got.returncode != 0 or got.stdout == want.stdout, f"a foreign index changed the counts ({threads} threads)")
    refused += got.returncode == 1 and "index it again" in got.stderr and not got.stdout
check(refused == 2, "a foreign index was taken")
# The same blocks and records, but all places of the first contig 20 kb on: by its index stretches of the true file begin too early, which is
# harmless; the other way round they begin too late, and loci would miss reads.
write(work / "true.bam", rows, mode="wb0")
write(work / "late.bam", [(r[0], r[1] + 20_000 * (r[0] == 0), *r[2:]) for r in rows], mode="wb0")


def bare(bam, *more):
    return subprocess.run([clonewatch, "count", "-q", "--no-version", "--sites", "s.vcf", "-Ov", *more, bam], cwd=work, capture_output=True, text=True)


early = bare("true.bam", "--index", "late.bam.bai", "-@", "2")
check(early.returncode == 0 and early.stdout == bare("true.bam").stdout, f"stretches that begin early change the counts {early.stderr}")
late = bare("late.bam", "--index", "true.bam.bai", "-@", "2", "--allow-stale-index")
check(late.returncode == 1 and "does not tell where its reads lie" in late.stderr and not late.stdout, f"stretches that begin late: {late.stderr}")

# ---- damage between loci is seen with every number of threads
data = bytearray((work / "in.bam").read_bytes())
data[len(data) // 2:len(data) // 2 + 64] = bytes(64)
(work / "rotten.bam").write_bytes(data)
(work / "rotten.bam.bai").write_bytes((work / "in.bam.bai").read_bytes())
words = set()
for threads in ("1", "2", "8"):
    got = count("-@", threads, "--allow-stale-index", bam="rotten.bam")
    check(got.returncode == 1 and not got.stdout, f"a rotten file was counted with {threads} threads")
print("FAILED" if bad else f"ok: {len(snvs)} loci, {len(rows)} reads")
subprocess.run(["rm", "-rf", str(work)])
sys.exit(bad > 0)
