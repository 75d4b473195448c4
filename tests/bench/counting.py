#!/usr/bin/env python3
"""counting.py CLONEWATCH --work DIR [--deepgen deepgen.c] [--gbcms BIN] [--perbase BIN] [--allelecounter BIN] [--bwa BIN] - cost and agreement of counting.

Makes its inputs with deepgen (pairs of 150 bp over ~167 bp fragments) and from them files with MI, consensus tags and CRAM; runs peers side by side on the
same work, one thread each; prints result lines for record.py. CPU is user + system seconds, median of --runs (slow peers: three runs, mpileups one). A peer that is
not given is left out, and so is its line. With --bwa the carriers after a real aligner are measured too.

  tests/bench/counting.py build/bin/clonewatch --work /tmp/w --gbcms $(which gbcms) | tests/bench/record.py counting
"""
import argparse, os, pathlib, statistics, subprocess, sys, time

here = pathlib.Path(__file__).resolve().parent
p = argparse.ArgumentParser()
p.add_argument("clonewatch")
p.add_argument("--work", required=True)
p.add_argument("--deepgen", default=str(here.parents[2] / "shared/bench/deepgen.c"))
p.add_argument("--gbcms")
p.add_argument("--perbase")
p.add_argument("--allelecounter")
p.add_argument("--bwa")
p.add_argument("--part", choices=("all", "speed", "rules"), default="all")
p.add_argument("--runs", type=int, default=5)
a = p.parse_args()
a.clonewatch = str(pathlib.Path(a.clonewatch).resolve())
work = pathlib.Path(a.work)
work.mkdir(parents=True, exist_ok=True)
os.chdir(work)
SCRIPT = "tests/bench/counting.py"


def row(measure, value, unit, goal="-", met=None):
    if met is None and goal != "-":
        limit = float(goal.split()[1])
        met = value <= limit if goal[0] == "<" else value >= limit
    shown = f"{value:.3g}" if isinstance(value, float) else str(value)
    print("\t".join([measure, shown, unit, goal, "-" if goal == "-" else "yes" if met else "no", SCRIPT]), flush=True)


def once(command):
    """(CPU seconds, wall seconds, peak MiB) of a shell command and its children."""
    start = time.monotonic()
    child = subprocess.Popen(command, shell=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, executable="/bin/bash")
    _, status, use = os.wait4(child.pid, 0)
    if status: sys.exit(f"failed: {command}")
    return use.ru_utime + use.ru_stime, time.monotonic() - start, use.ru_maxrss / 1024


def measure(commands, runs):
    """The commands in turn, so that the weather on the machine is the same for all: medians of CPU, least wall, greatest memory."""
    got = {k: [] for k in commands}
    for i in range(runs):
        for k, (command, most) in commands.items():
            if i < most: got[k].append(once(command))
    return {k: (statistics.median(x[0] for x in v), min(x[1] for x in v), max(x[2] for x in v)) for k, v in got.items()}


def make(name, loci, fragments, seed):
    if not pathlib.Path(f"{name}.bam.bai").exists():
        subprocess.run(f"./deepgen {loci} {fragments} {seed} {name}.bam {name}.fa {name}.vcf && samtools faidx {name}.fa && samtools index {name}.bam", shell=True, check=True,
                       stderr=subprocess.DEVNULL)
    lines = [l.split("\t") for l in open(f"{name}.vcf") if l[0] != "#"]
    pathlib.Path(f"{name}.bed").write_text("".join(f"{l[0]}\t{int(l[1]) - 1}\t{l[1]}\n" for l in lines))
    pathlib.Path(f"{name}.loci").write_text("".join(f"{l[0]}\t{l[1]}\n" for l in lines))


def count(name, sites=None, more="", bam=None):
    return f"{a.clonewatch} count -q --no-version --sites {sites or name}.vcf -f {name}.fa -Ob -o out.bcf {more} {bam or name + '.bam'}"


def peers(name, sites, slow):
    out = {"clonewatch": (count(name, sites), a.runs)}
    if a.gbcms: out["gbcms"] = (f"rm -rf gb; {a.gbcms} dna -t 1 -v {sites}.vcf -b {name}.bam -f {name}.fa -o gb", slow)
    if a.allelecounter: out["alleleCounter"] = (f"{a.allelecounter} -l {sites}.loci -b {name}.bam -o ac.txt -q 20", slow)
    if a.perbase:
        out["perbase"] = (f"{a.perbase} base-depth -t 2 -b {sites}.bed {name}.bam", slow)
        out["perbase with mate fix"] = (f"{a.perbase} base-depth -m -t 2 -b {sites}.bed {name}.bam", slow)
    return out


if not pathlib.Path("deepgen").exists():
    subprocess.run(f"cc -O2 {a.deepgen} -o deepgen $(pkg-config --cflags --libs htslib)", shell=True, check=True)

def speed():
    # ---- deep panel: 200 loci at 20,000 fragments, 8 million reads
    make("deep", 200, 20000, 1)
    commands = peers("deep", "deep", 3)
    commands["view"] = ("samtools view -c deep.bam", a.runs)
    commands["two threads"] = (count("deep", more="-@ 2"), a.runs)
    commands["view, two threads"] = ("samtools view -c -@ 2 deep.bam", a.runs)
    m = measure(commands, a.runs)
    mine, floor = m["clonewatch"][0], m["view"][0]
    row("deep panel (200 loci x 20,000): CPU of samtools view -c", floor, "s")
    row("deep panel: CPU of clonewatch count", mine, "s")
    row("deep panel: CPU against samtools view -c", mine / floor, "x", "<= 1.25")
    for peer, goal in (("gbcms", ">= 4"), ("alleleCounter", ">= 6"), ("perbase", ">= 1"), ("perbase with mate fix", ">= 1")):
        if peer in m: row(f"deep panel: CPU of {peer} against clonewatch", m[peer][0] / mine, "x", goal)
    row("deep panel: wall of two threads against one", m["two threads"][1] / m["clonewatch"][1], "x", "<= 0.65")
    row("deep panel: wall of samtools view -c -@ 2 against one thread", m["view, two threads"][1] / m["view"][1], "x")
    row("deep panel: peak memory", m["clonewatch"][2], "MiB", "<= 64")

    # ---- a tenth of it, with the mpileups, and as CRAM, families and consensus reads
    make("tenth", 200, 2000, 1)
    m = measure({"clonewatch": (count("tenth"), a.runs), "view": ("samtools view -c tenth.bam", a.runs),
                 "samtools mpileup": ("samtools mpileup -d 0 -q 20 -Q 20 -l tenth.bed -f tenth.fa tenth.bam", 1),
                 "bcftools mpileup": ("bcftools mpileup -d 1000000 -q 20 -Q 20 -T tenth.bed -f tenth.fa -Ob -o m.bcf tenth.bam", 1)}, a.runs)
    for peer in ("samtools mpileup", "bcftools mpileup"):
        row(f"200 loci x 2,000: CPU of {peer} against clonewatch", m[peer][0] / m["clonewatch"][0], "x", ">= 1")
    row("ten times the reads at the same loci: CPU", mine / m["clonewatch"][0], "x", "<= 11")
    if not pathlib.Path("cons.bam").exists():
        import pysam
        subprocess.run("samtools view -C -T tenth.fa -o tenth.cram tenth.bam", shell=True, check=True, stderr=subprocess.DEVNULL)
        with pysam.AlignmentFile("tenth.bam") as f, pysam.AlignmentFile("mi.bam", "wb", template=f) as mi, pysam.AlignmentFile("cons.bam", "wb", template=f) as cons:
            import array
            depth = {n: array.array("H", [2] * n) for n in range(60, 151)}
            for r in f:
                n = int(r.query_name.rsplit(":", 1)[1])
                rx = r.get_tag("RX")
                r.set_tag("RX", None)
                r.set_tag("MI", f"{n // 4}/{'AB'[n & 1]}")
                mi.write(r)
                r.set_tag("MI", str(n))
                for tag in ("cD", "aD", "bD"): r.set_tag(tag, 4 if tag == "cD" else 2)
                for tag in ("ad", "bd"): r.set_tag(tag, depth[r.query_length])
                cons.write(r)
    m = measure({"cram": (count("tenth", bam="tenth.cram"), a.runs), "cram view": ("samtools view -c -T tenth.fa tenth.cram", a.runs),
                 "mi": (count("tenth", bam="mi.bam"), a.runs), "mi view": ("samtools view -c mi.bam", a.runs),
                 "cons": (count("tenth", bam="cons.bam"), a.runs), "cons view": ("samtools view -c cons.bam", a.runs)}, a.runs)
    row("CRAM: CPU against samtools view -c", m["cram"][0] / m["cram view"][0], "x")
    row("UMI families by MI: CPU against samtools view -c", m["mi"][0] / m["mi view"][0], "x")
    row("duplex consensus with per-base tags: CPU against samtools view -c", m["cons"][0] / m["cons view"][0], "x")

    # ---- sparse loci in a wide file: 200 of 20,000 loci, index jumps pay; then all 20,000
    make("wide", 20000, 200, 2)
    lines = open("wide.vcf").read().splitlines(True)
    head_, body = [l for l in lines if l[0] == "#"], [l for l in lines if l[0] != "#"][::100]
    pathlib.Path("sparse.vcf").write_text("".join(head_ + body))
    body = [l.split("\t") for l in body]
    pathlib.Path("sparse.bed").write_text("".join(f"{l[0]}\t{int(l[1]) - 1}\t{l[1]}\n" for l in body))
    pathlib.Path("sparse.loci").write_text("".join(f"{l[0]}\t{l[1]}\n" for l in body))
    commands = peers("wide", "sparse", a.runs)
    commands["view"] = ("samtools view -c -M -L sparse.bed wide.bam", a.runs)
    m = measure(commands, a.runs)
    row("sparse loci (200 of 20,000): CPU against samtools view -c -M -L", m["clonewatch"][0] / m["view"][0], "x", "<= 2")
    for peer, goal in (("alleleCounter", ">= 1"), ("perbase", ">= 1"), ("perbase with mate fix", ">= 1"), ("gbcms", "-")):
        if peer in m: row(f"sparse loci: CPU of {peer} against clonewatch", m[peer][0] / m["clonewatch"][0], "x", goal)
    m = measure({"all": (count("wide"), 3), "view": ("samtools view -c wide.bam", 3)}, 3)
    row("20,000 loci x 200, 8 million reads: CPU against samtools view -c", m["all"][0] / m["view"][0], "x")
    row("100 times the loci at the same number of reads: CPU", m["all"][0] / mine, "x", "<= 1.25")

    # ---- depth and family size
    make("million", 1, 1000000, 3)
    m = measure({"million": (count("million"), 1)}, 1)
    row("depth 10^6 at one locus: peak memory", m["million"][2], "MiB", "<= 2048")
    row("depth 10^6 at one locus: CPU", m["million"][0], "s")
    make("family", 1, 100000, 4)
    if not pathlib.Path("onefamily.bam").exists():
        import pysam
        with pysam.AlignmentFile("family.bam") as f, pysam.AlignmentFile("onefamily.bam", "wb", template=f) as out:
            for r in f:
                r.set_tag("MI", "1/A")
                out.write(r)
    m = measure({"one": (count("family", bam="onefamily.bam"), 1)}, 1)
    row("10^5 templates in one family: peak memory", m["one"][2], "MiB", "<= 2048")
    row("10^5 templates in one family: CPU", m["one"][0], "s")


def rules():
    # ---- rules held elsewhere
    done = subprocess.run([sys.executable, here.parent / "counting/twin.py", a.clonewatch, "--molecules", "20000", "--seed", "7"], capture_output=True, text=True)
    words = done.stdout.split()
    row("twin: alignments compared", int(words[words.index("alignments,") - 1]), "alignments", ">= 10000")
    row("twin: molecules whose class differs", int(words[words.index("differ;") - 1]), "molecules", "<= 0")
    done = subprocess.run([sys.executable, here.parent / "counting/damaged.py", a.clonewatch, "--files", "1200", "--seed", "9"], capture_output=True, text=True)
    row("cut, rotten and rewritten alignment files (1,200): crashed, hung, left output or gave other counts", int(done.stdout.splitlines()[-1].split()[2]), "files", "<= 0")
    if a.bwa:
        out = subprocess.run([sys.executable, here / "counting_carriers.py", a.clonewatch, "--bwa", a.bwa, "--keep", work / "carriers"] + (["--gbcms", a.gbcms] if a.gbcms else []),
                             capture_output=True, text=True, check=True).stdout
        print(out, end="")
        if a.gbcms:
            plasma = here.parents[2] / "shared/data/plasma-mrd"
            make("tenth", 200, 2000, 1)
            jobs = [("carriers after bwa mem", "carriers/in.bam", "carriers/ref.fa", "carriers/sites.vcf"), ("deepgen 200 x 2,000", "tenth.bam", "tenth.fa", "tenth.vcf")]
            if plasma.is_dir():
                sites = [l.split("\t") for l in (plasma / "tumour_variants.tsv").read_text().splitlines()[1:]]
                pathlib.Path("plasma.vcf").write_text("##fileformat=VCFv4.2\n##contig=<ID=chr14,length=107349540>\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n" +
                                                      "".join(f"{x[0]}\t{x[1]}\t.\t{x[2]}\t{x[3]}\t.\t.\t.\n" for x in sites))
                jobs += [(f"real plasma {n}", str(plasma / f"{n}.bam"), "-", "plasma.vcf") for n in ("T1", "T2", "N1", "N2", "N3")]
            for name, bam, fasta, sites in jobs:
                out = subprocess.run([sys.executable, here.parent / "counting/gbcms_agreement.py", a.clonewatch, a.gbcms, bam, fasta, sites], capture_output=True, text=True).stdout
                words = out.splitlines()[-1].split()
                row(f"gbcms 6.6.0 per molecule, {name}: {words[0]} molecule-loci, differences without a named rule", int(words[2]), "molecules", "<= 0")


if a.part != "rules": speed()
if a.part != "speed": rules()
