#!/usr/bin/env python3
"""strand_plasma.py BINARY DATA [--record] - are substitutions in real plasma spread evenly over the strands of origin? (docs/detection.md, "Strands")

DATA: a folder with BAMs of plasma, targets.bed and tumour_variants.tsv (not part of the project; see tests/detection/real_data.sh). Every substitution at every base of the target is counted by
`clonewatch count` (bases of quality 20 and more); the tumour's variants, and in each sample what more than 2 % of the molecules show (germline, tumour), are left out. Reported for each
class: errors, and their rate on the strand with more over that on the other. REF is the base that most reads have, since no reference comes with the data. Needs samtools."""
import collections, pathlib, subprocess, sys, tempfile

binary, data = sys.argv[1], pathlib.Path(sys.argv[2])
contig, beg, end = (data / "targets.bed").read_text().split()[:3]
beg, end = int(beg), int(end)
tumour = {int(line.split("\t")[1]) for line in (data / "tumour_variants.tsv").read_text().splitlines()[1:]}
bams = sorted(str(p) for p in data.glob("*.bam"))
bases = collections.defaultdict(collections.Counter)
for bam in bams:
    out = subprocess.run(["samtools", "mpileup", "-Q", "20", "-q", "20", "-r", f"{contig}:{beg + 1}-{end}", bam], capture_output=True, text=True, check=True).stdout
    for line in out.splitlines():
        _, pos, _, _, text, _ = line.split("\t")
        bases[int(pos)].update(c for c in text.upper() if c in "ACGT")

errors, molecules = collections.Counter(), collections.Counter()
with tempfile.TemporaryDirectory() as folder:
    sites, counts = f"{folder}/sites.vcf", f"{folder}/counts.vcf"
    with open(sites, "w") as f:
        f.write("##fileformat=VCFv4.2\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n")
        for pos, seen in sorted(bases.items()):
            ref = seen.most_common(1)[0][0]
            f.write(f"{contig}\t{pos}\t.\t{ref}\t{','.join(b for b in 'ACGT' if b != ref)}\t.\t.\t.\n")
    subprocess.run([binary, "count", "-q", "--sites", sites, "-Ov", "-o", counts, *bams], check=True)
    for line in open(counts):
        cells = line.rstrip("\n").split("\t")
        if line[0] == "#" or int(cells[1]) in tumour:
            continue
        for column in cells[9:]:
            field = dict(zip(cells[8].split(":"), column.split(":")))
            depth, strands = field["AD"], [field["ADF"], field["ADR"]]
            if "." in depth or not sum(map(int, depth.split(","))):
                continue
            total = sum(map(int, depth.split(",")))
            for s, text in enumerate(strands):
                k = list(map(int, text.split(",")))
                for alt, n in zip(cells[4].split(","), k[1:]):
                    if int(depth.split(",")[1 + cells[4].split(",").index(alt)]) <= .02 * total:
                        errors[f"{cells[3]}>{alt}", s] += n
                molecules[cells[3], s] += sum(k)

lines = []
print("class\terrors\tforward\treverse\tratio")
for kind in sorted({k for k, _ in errors}):
    k = [errors[kind, s] for s in (0, 1)]
    rate = sorted(k[s] / molecules[kind[0], s] for s in (0, 1))
    ratio = rate[1] / rate[0] if rate[0] else float("inf")
    print(kind, sum(k), *k, f"{ratio:.2f}", sep="\t")
    if sum(k) >= 5:
        lines += [(f"plasma-mrd, five draws, {kind}: rate of one strand over that of the other", ratio, f"x of {sum(k)} errors")]
if "--record" in sys.argv:
    text = "".join(f"{what}\t{value:.3g}\t{unit}\t-\t-\ttests/bench/strand_plasma.py BINARY DATA --record\n" for what, value, unit in lines)
    subprocess.run([sys.executable, pathlib.Path(__file__).with_name("record.py"), "strands", "--part"], input=text, text=True, check=True)
