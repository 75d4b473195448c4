#!/usr/bin/env python3
"""patient.json of a patient with everything in it fulfils docs/schema/patient.schema.json, and what stands in it is consistent: ids that are
named exist, null is never 0, numbers agree with the counts that went in."""
import json
import pathlib
import subprocess
import sys
import tempfile
import jsonschema

binary, source = sys.argv[1], pathlib.Path(sys.argv[2])
SERIES = {  # role, gene, change, node: molecules of 20,000 per draw; None: not enough molecules there
    ("driver", "GENEA", "p.L1R", "n1"): [900, 500, 100, 60, 90, 300],
    ("resistance", "GENEA", "p.T2M", "n1"): [0, 0, 2, 25, 120, 500],
    ("resistance", "GENEB", "p.Q3H", "n2"): [30, 12, 5, 1, 0, 0],
    ("none", "GENEC", "p.S4L", ""): [10000, 9800, 10100, 9900, 10050, 10000],
    ("chip", "GENED", "p.R5H", ""): [200, 210, 190, 220, 180, 205],
    ("resistance", "GENEE", "p.G6D", "n2"): [0, 0, 0, 0, None, None],
}


ESCAPE = {  # the driver comes back, the resistance allele stays where it was: escape without it
    ("driver", "GENEA", "p.L1R", "n1"): [900, 300, 100, 300, 900, 2700],
    ("resistance", "GENEA", "p.T2M", "n1"): [0, 200, 210, 190, 205, 200],
}


def calls(path, draw, what):
    with open(path, "w") as f:
        f.write('##fileformat=VCFv4.2\n##clonewatch_background=<omega_hat=0.35,omega="0.2,0.35,0.5",model=m1>\n'
                "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tS\n")
        for i, ((role, gene, change, node), ks) in enumerate(what.items()):
            n, k = (20000, ks[draw]) if ks[draw] is not None else (400, 0)
            f.write(f"7\t{100 + i}\t.\tA\tG\t.\t.\tGENE={gene};HGVSP={change};ROLE={role};{'NODE=' + node + ';' if node else ''}BGA=1.5;BGB=50000\tAD\t{n - k},{k}\n")


def report_of(what):
    with tempfile.TemporaryDirectory() as folder:
        rows = ["patient,sample,date,type,vcf,plasma_ml,cfdna_ng,exclude,tumour_type,sex"]
        for j in range(6):
            calls(f"{folder}/s{j}.vcf", j, what)
            rows.append(f"P1,s{j},2026-0{j + 1}-05,plasma,s{j}.vcf,4,{20 + j},,NSCLC,F")
        rows.append("P1,bad,2026-03-20,plasma,s2.vcf,,,tube broken,NSCLC,F")
        pathlib.Path(folder, "draws.csv").write_text("\n".join(rows) + "\n")
        pathlib.Path(folder, "events.csv").write_text("PATIENT_ID,START_DATE,STOP_DATE,EVENT_TYPE,AGENT,RESULT,TEST\nP1,2026-01-05,,TREATMENT,agent-a,,\n"
                                                      "P1,2026-04-01,,IMAGING,,SD,\nP1,2026-06-20,,IMAGING,,PD,\nP1,2026-01-02,,LAB_TEST,,3+,HER2 IHC\n")
        subprocess.run([binary, "track", "-q", "--draws", f"{folder}/draws.csv", "--events", f"{folder}/events.csv", "-o", f"{folder}/out"], check=True)
        return json.loads(pathlib.Path(folder, "out/P1/patient.json").read_text())


p = report_of(SERIES)
schema = json.loads((source / "docs/schema/patient.schema.json").read_text())
jsonschema.Draft202012Validator.check_schema(schema)
jsonschema.Draft202012Validator(schema).validate(p)

by_name = {a["name"]: a for a in p["alterations"]}
draws = {d["id"] for d in p["draws"]}
want = {"p.T2M": "emerging", "p.Q3H": "falling", "p.S4L": "stable", "p.R5H": "stable", "p.G6D": "not_assessable"}
for name, status in want.items():
    assert by_name[name]["status"] == status, (name, by_name[name]["status"], by_name[name]["origin_terms"])
assert by_name["p.L1R"]["baseline"] == "present" and by_name["p.T2M"]["baseline"] == "absent"
assert by_name["p.S4L"]["origin"] == "germline" and by_name["p.R5H"]["origin"] == "chip"
for a in p["alterations"]:
    assert {x["draw"] for x in a["points"]} == draws
    for x in a["points"]:
        if x["ref"] is not None:
            assert x["ref"] + x["alt"] + x["other"] == x["depth"] and abs(x["vaf"] - x["alt"] / x["depth"]) < 1e-12
            assert x["lo"] <= x["vaf"] <= x["hi"]
excluded = [x for x in by_name["p.T2M"]["points"] if x["draw"] == "bad"][0]
assert excluded["alt"] is None and excluded["state"] == "not_reported", "an excluded draw has no say"
assert any("bad" in n for n in p["notices"])
few = [x for x in by_name["p.G6D"]["points"] if x["draw"] == "s5"][0]
assert few["state"] == "not_assessable" and few["lod"] is None
assert by_name["p.T2M"]["first_alarm"]["day"] == 90 and by_name["p.T2M"]["lead_days"] == 76  # 5 April to 20 June
assert by_name["p.T2M"]["lead_interval"] == [-4, 107]  # scan of 1 April; draw of 5 March
assert {x for c in p["clones"] for x in c["alterations"]} == {by_name[n]["id"] for n in ("p.L1R", "p.T2M", "p.Q3H")}
assert p["response"]["mixed"] is True and p["response"]["resistance_to_driver"]["ratio"] > 1
assert p["facts"][0]["test"] == "HER2 IHC" and p["lines"][0]["agents"] == ["agent-a"]
assert [a["what"] for a in p["alarms"] if a["kind"] == "node" and a["level"] == "alert"] == ["n1"]
escape = report_of(ESCAPE)
jsonschema.Draft202012Validator(schema).validate(escape)
assert escape["response"]["resistance_to_driver"]["wildtype_escape"] is True and p["response"]["resistance_to_driver"]["wildtype_escape"] is False
ratio = escape["response"]["resistance_to_driver"]  # 200 against 2,700 of as many molecules
assert abs(ratio["ratio"] - 200 / 2700) < 1e-12 and ratio["lo"] < ratio["ratio"] < ratio["hi"]
# a molecule of background is neither a driver nor a resistance: there is no ratio to it
for driver, resistance in (([0, 0, 1, 0, 0, 1], [0, 0, 2, 25, 120, 500]), ([900, 500, 100, 60, 90, 300], [0, 0, 1, 0, 0, 1])):
    ratio = report_of({("driver", "GENEA", "p.L1R", "n1"): driver, ("resistance", "GENEA", "p.T2M", "n1"): resistance})["response"]["resistance_to_driver"]
    assert ratio["ratio"] is None and ratio["lo"] is None and ratio["hi"] is None, ratio
print("patient.json fulfils its schema")
