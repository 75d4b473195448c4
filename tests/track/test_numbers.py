#!/usr/bin/env python3
"""The numbers beside each allele of a series against scipy, in 300 patients of one draw: VAF interval, critical count and limit of detection that follow from counts and background
alone (oracle: tests/oracle/one_draw.py), mutant molecules per mL with their interval, the floor by genomes, and the ratio of resistance to driver with its exact interval."""
import json
import math
import pathlib
import random
import subprocess
import sys
import tempfile

binary, source = sys.argv[1], pathlib.Path(sys.argv[2])
sys.path.insert(0, str(source / "tests/oracle"))
sys.dont_write_bytecode = True
from one_draw import critical, jeffreys, lod, nodes
from scipy.stats import beta, norm

rng = random.Random(77)
ROLES = ("driver", "resistance")
patients, rows = [], ["patient,sample,date,type,vcf,plasma_ml,cfdna_ng"]
box = tempfile.TemporaryDirectory()
folder = pathlib.Path(box.name)
for i in range(300):
    n = [rng.choice([1000, 1001, 999, 50000, 10 ** 6]) if i % 5 == 0 else rng.randint(1000, 40000) for _ in ROLES]
    k = [rng.choice([0, 1, m, m // 2]) if rng.random() < .3 else int(m * 10 ** rng.uniform(-4, -.5)) for m in n]
    bg = [(f"{10 ** rng.uniform(0, 2):.6g}", f"{10 ** rng.uniform(4.5, 7):.6g}") for _ in ROLES]
    ml, ng = (f"{rng.uniform(.5, 10):.4g}", f"{10 ** rng.uniform(0, 2.3):.4g}") if i % 4 else ("", "")
    with open(folder / f"p{i}.vcf", "w") as out:
        out.write('##fileformat=VCFv4.2\n##clonewatch_background=<omega_hat=0.35,omega="0.2,0.35,0.5",model=m>\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tS\n')
        for x, role in enumerate(ROLES):
            out.write(f"7\t{100 + x}\t.\tA\tG\t.\t.\tROLE={role};BGA={bg[x][0]};BGB={bg[x][1]}\tAD\t{n[x] - k[x]},{k[x]}\n")
    rows.append(f"P{i},S{i},0,plasma,p{i}.vcf,{ml},{ng}")
    patients.append((n, k, bg, ml, ng))
(folder / "draws.csv").write_text("\n".join(rows) + "\n")
subprocess.run([binary, "track", "-q", "--no-version", "--draws", folder / "draws.csv", "-o", folder / "out"], check=True)

compared = ratios = 0


def same(what, got, want):
    global compared
    compared += 1
    if want is None or not math.isfinite(want):
        assert got is None, (what, got, want)
    else:
        assert got is not None and abs(got - want) <= 1e-6 * abs(want), (what, got, want)


for i, (n, k, bg, ml, ng) in enumerate(patients):
    p = json.loads((folder / f"out/P{i}/patient.json").read_text())
    for x in range(2):
        point = p["alterations"][x]["points"][0]
        a, b = map(float, bg[x])
        where = (i, ROLES[x])
        same((*where, "vaf"), point["vaf"], k[x] / n[x])
        for key, want in zip(("lo", "hi"), jeffreys(k[x], n[x])):
            same((*where, key), point[key], want)
        genomes = 303 * float(ng) if ng else math.inf
        if n[x] >= 1000:
            star = critical(nodes(a, b), n[x], .35, .001)
            same((*where, "k_star"), point["k_star"], star)
            same((*where, "lod"), point["lod"], lod(star, n[x], a / b, .35, .25, genomes))
            assert point["state"] == ("not_detected" if k[x] == 0 else "below_lod" if k[x] < star else "detected"), where
        else:
            assert point["state"] == "not_assessable" and point["lod"] is None, where
        if point["lod_alarm"] is not None:
            assert point["lod_alarm"] >= 3 / genomes * (1 - 1e-12), where
        mid = k[x] / n[x] * genomes / float(ml) if ng else None
        half = norm.ppf(.975) * math.sqrt(1 / k[x] + .15 ** 2) if k[x] else 0
        same((*where, "per_ml"), point["per_ml"], mid)
        same((*where, "per_ml_lo"), point["per_ml_lo"], mid if mid is None else mid * math.exp(-half))
        same((*where, "per_ml_hi"), point["per_ml_hi"], mid if mid is None else mid * math.exp(half) if k[x] else 3 / n[x] * genomes / float(ml))
    ratio = p["response"]["resistance_to_driver"]
    if not all(x["evidence"]["ln_e"] is not None and x["evidence"]["ln_e"] >= x["evidence"]["ln_threshold"] and x["origin"] not in ("chip", "germline") for x in p["alterations"]):
        assert ratio["ratio"] is None, i  # an allele that was never shown, or is of the blood, is nobody's driver or resistance
        continue
    ratios += 1
    kr, both = k[1], k[0] + k[1]
    same((i, "ratio"), ratio["ratio"], n[0] / n[1] * kr / k[0])
    for key, q in (("lo", beta.ppf(.025, kr, both - kr + 1)), ("hi", beta.isf(.025, kr + 1, both - kr))):
        same((i, "ratio", key), ratio[key], n[0] / n[1] * q / (1 - q))
assert compared > 4000 and ratios > 50, (compared, ratios)
print(f"{compared} numbers agree to 1e-6")
