#!/usr/bin/env python3
"""damaged.py CLONEWATCH [--files N] [--seed S] - cut, bit-rotten and rewritten BAM, CRAM and SAM files.

A run on a damaged file ends with exit 1 and a sentence, and leaves no output; or, where the damage may be legal (text and payload changed under a right
checksum, or a byte that nothing reads), with exit 0. Cut and bit-rotten files whose counts differ from the whole file's must not exit 0. Never a crash or a hang.
"""
import argparse, gzip, pathlib, random, struct, subprocess, sys, tempfile, zlib
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import twin

p = argparse.ArgumentParser()
p.add_argument("clonewatch")
p.add_argument("--files", type=int, default=60)
p.add_argument("--seed", type=int, default=1)
a = p.parse_args()
rng = random.Random(a.seed)


def bgzf(data):
    out = b""
    for i in range(0, len(data), 60000):
        part = data[i:i + 60000]
        c = zlib.compressobj(1, zlib.DEFLATED, -15)
        z = c.compress(part) + c.flush()
        out += struct.pack("<BBBBIBBHBBHH", 31, 139, 8, 4, 0, 0, 255, 6, 66, 67, 2, len(z) + 25) + z + struct.pack("<II", zlib.crc32(part), len(part))
    return out + bytes.fromhex("1f8b08040000000000ff0600424302001b0003000000000000000000")


def rot(data, n, start=0):
    d = bytearray(data)
    for _ in range(n): d[rng.randrange(start, len(d))] ^= 1 << rng.randrange(8)
    return bytes(d)


with tempfile.TemporaryDirectory() as t:
    t = pathlib.Path(t)
    if twin.run(a.clonewatch, 300, 5, t)[2] == 0: sys.exit(1)
    sh = lambda c: subprocess.run(c, shell=True, check=True, cwd=t, stderr=subprocess.DEVNULL)
    sh("samtools view -b -o whole.bam in.sam; samtools view -C -T ref.fa -o whole.cram in.sam")
    whole = {k: (t / f"whole.{k}").read_bytes() for k in ("bam", "cram")}
    text = (t / "in.sam").read_bytes()
    raw = gzip.decompress(whole["bam"])
    body = raw.find(b"c0:m") - 36

    def count(path):
        for f in t.glob("o.vcf"): f.unlink()
        return subprocess.run([a.clonewatch, "count", "-q", "--no-version", "--sites", t / "sites.vcf", "-f", t / "ref.fa", "-Ov", "-o", t / "o.vcf", path],
                              capture_output=True, timeout=60)
    records = lambda: [l for l in (t / "o.vcf").read_text().splitlines() if l[0] != "#"]
    assert count(t / "whole.bam").returncode == 0
    right = records()
    tally, bad = {}, 0
    for i in range(a.files):
        kind = ("cut bam", "rotten bam", "payload", "cut cram", "rotten cram", "text")[i % 6]
        form = kind.split()[-1] if " " in kind else "bam" if kind == "payload" else "sam"
        if kind.startswith("cut"): data = whole[form][:rng.randrange(1, len(whole[form]))]
        elif kind.startswith("rotten"): data = rot(whole[form], rng.randint(1, 8))
        elif kind == "payload": data = bgzf(rot(raw, rng.randint(1, 40), body))
        else: data = rot(text, rng.randint(1, 8))
        path = t / f"x.{form}"
        path.write_bytes(data)
        r = count(path)
        why = None
        if r.returncode not in (0, 1) or b"Sanitizer" in r.stderr or b"runtime error" in r.stderr: why = f"exit {r.returncode}: {r.stderr[-300:]}"
        elif r.returncode == 1 and b"clonewatch count: error: " not in r.stderr: why = "exit 1 without a sentence"
        elif r.returncode == 1 and (t / "o.vcf").exists(): why = "output left"
        elif r.returncode == 0 and kind[:3] in ("cut", "rot") and records() != right: why = "other counts and exit 0"
        if why:
            bad += 1
            print(f"file {i} ({kind}): {why}")
        tally[(kind, r.returncode)] = tally.get((kind, r.returncode), 0) + 1
print(f"{a.files} files, {bad} wrong;", ", ".join(f"{k} exit {c}: {n}" for (k, c), n in sorted(tally.items())))
sys.exit(1 if bad else 0)
