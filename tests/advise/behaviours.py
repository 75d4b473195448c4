#!/usr/bin/env python3
"""behaviours.py BINARY SRC - what the matching must be able to say beyond single rows: all clones, nodes, phase, states of clones, intervals,
regimens, and the three values of a condition. Expectations come from the three papers and from the grammar of the conditions."""
import json, os, shutil, subprocess, sys, tempfile

binary, src = sys.argv[1], sys.argv[2]
failures, passed = [], 0


def ask(tumour, lines="", alterations="", facts="", panel=None, patient=None):
    command = [binary, "advise"] + (["-p", panel] if panel else [])
    if patient is not None:
        with tempfile.NamedTemporaryFile("w", suffix=".json", delete=False) as f:
            json.dump(patient, f)
        command.append(f.name)
    else:
        for option, value in (("--tumour", tumour), ("--lines", lines), ("--alterations", alterations), ("--facts", facts)):
            command += [option, value] if value else []
    run = subprocess.run(command, capture_output=True, text=True)
    if patient is not None:
        os.unlink(f.name)
    if run.returncode:
        raise SystemExit(f"{command}: exit {run.returncode}: {run.stderr}")
    p = json.loads(run.stdout)
    p["said"] = {(a["agent"], a["verdict"]): a for a in p["advice"]}
    return p


def check(name, condition, detail=""):
    global passed
    if condition:
        passed += 1
    else:
        failures.append(f"{name}: {detail}")


def verdicts(p, agent):
    return sorted(v for a, v in p["said"] if a == agent)


def opens(p, agent, verdict):
    return " | ".join(p["said"][(agent, verdict)]["conditions"] or [])


# B3: every emerging subclone has its findings, never only the first
p = ask("melanoma", "vemurafenib", "BRAF V600E,NRAS Q61K,MAP2K1 K57T,PTEN loss")
with_findings = {f["alteration"] for f in p["findings"] if f["alteration"]}
check("B3", {a["id"] for a in p["alterations"]} <= with_findings, with_findings)

# B5: the driver rises while the resistance allele does not; and not when both rise
p = ask("NSCLC", "erlotinib;rociletinib", "EGFR L858R=rising,EGFR T790M=falling")
escape = [f for f in p["findings"] if f["mechanism"] == "wild_type_escape"]
check("B5 finding", len(escape) == 1 and "L858R" not in escape[0]["rule"], escape)
check("B5 agent", "reduced_activity" in verdicts(p, "rociletinib"), verdicts(p, "rociletinib"))
p = ask("NSCLC", "erlotinib;rociletinib", "EGFR L858R=rising,EGFR T790M=rising")
check("B5 both rise", not [f for f in p["findings"] if f["mechanism"] == "wild_type_escape"])
p = ask("NSCLC", "erlotinib", "EGFR L858R=rising,EGFR T790M=falling")
check("B5 only under an agent that acts through the allele", not [f for f in p["findings"] if f["mechanism"] == "wild_type_escape"])

# an allele that emerged under an earlier line is still "emerging" while the driver leaves it behind: the counts decide
behind = {k: v for k, v in ask("NSCLC", "erlotinib;rociletinib", "EGFR L858R=rising,EGFR T790M=rising").items() if k != "said"}
behind["response"]["resistance_to_driver"]["wildtype_escape"] = True
p = ask("", patient=behind)
check("B5 left behind", "reduced_activity" in verdicts(p, "rociletinib") and [f for f in p["findings"] if f["mechanism"] == "wild_type_escape"], p["findings"])

# B7: alterations that converge are counted together, and each is a finding of the node's rule
p = ask("CRC", "cetuximab", "KRAS Q61H,NRAS Q61K,MAP2K1 K57T,TP53 R175H")
node = p["said"].get(("ERK inhibitor", "points_to"))
check("B7", node and "3 alterations converge on node RAS_ERK" in " ".join(f["statement"] or "" for f in p["findings"] if f["id"] in node["findings"]) and
      len({f["alteration"] for f in p["findings"] if f["id"] in node["findings"]}) == 3, node)

# B8: the class of the mechanism and the line that the alteration explains
p = ask("NSCLC", "erlotinib;osimertinib", "EGFR C797S,MET amplification,KRAS G12D")
mechanism = {f["alteration"].split(":")[0]: f for f in p["findings"] if f["alteration"]}
check("B8", (mechanism["EGFR"]["mechanism"], mechanism["MET"]["mechanism"], mechanism["KRAS"]["mechanism"]) ==
      ("on_target_second_site", "bypass", "downstream_activation"), mechanism)
check("B8 line", mechanism["EGFR"]["explains_line"] == "L2", mechanism["EGFR"]["explains_line"])

# B10: a clone that has fallen since the agent stopped; not while it is the present line, not when the clone stands
p = ask("CRC", "cetuximab;FOLFIRINOX", "KRAS G12D=falling")
check("B10", "re_challenge" in verdicts(p, "cetuximab") and "re_challenge" in verdicts(p, "EGFR antibody"), verdicts(p, "cetuximab"))
check("B10 both sides are shown", "reduced_activity" in verdicts(p, "cetuximab"))
p = ask("CRC", "cetuximab;FOLFIRINOX", "KRAS G12D=cleared")
check("B10 cleared", verdicts(p, "cetuximab") == ["re_challenge"], verdicts(p, "cetuximab"))
check("B10 present line", "re_challenge" not in verdicts(ask("CRC", "cetuximab", "KRAS G12D=falling"), "cetuximab"))
p = ask("CRC", "cetuximab;FOLFIRINOX", "KRAS G12D=falling,NRAS Q61K=rising")
check("B10 another clone stands", any("has not fallen: NRAS p.Q61K" in c for c in p["said"][("cetuximab", "re_challenge")]["conditions"]),
      p["said"][("cetuximab", "re_challenge")]["conditions"])
p = ask("CRC", "cetuximab;FOLFIRINOX", "KRAS G12D=falling,NRAS Q61K=cleared")
check("B10 no other clone stands", not any("has not fallen" in c for c in p["said"][("cetuximab", "re_challenge")]["conditions"]))
# a reversion of BRCA1/2 that another assay reports speaks against every PARP inhibitor; a second indel of a calls file is not put together with the
# first, so after a PARP inhibitor the report asks for another assay
for line in ("olaparib", "niraparib", "rucaparib", "talazoparib"):
    p = ask("prostate", line, facts="BRCA2 reversion=yes")
    check(f"reversion, {line}", ("PARP inhibitor", "reduced_activity") in p["said"] and ("olaparib", "reduced_activity") in p["said"], sorted(p["said"]))
    check(f"reversion explains {line}", any(f["explains_line"] for f in p["findings"]), p["findings"])
    p = ask("prostate", line, "BRCA2 p.E23fs,BRCA2 p.K25fs")
    check(f"reversion not told, {line}", [g for g in p["not_assessable"] if "reversion" in g["what"] and g["assay"]] and ("PARP inhibitor", "reduced_activity") not in p["said"],
          p["not_assessable"])
check("no PARP inhibitor given", not [g for g in ask("prostate", "docetaxel", "BRCA2 p.E23fs")["not_assessable"] if "reversion" in g["what"]])
# an antibody of the class that is running is no re-challenge; of a class that is not, it is
p = ask("CRC", "cetuximab;panitumumab", "KRAS G12D=falling")
check("B10 class is running", not [a for a, v in p["said"] if v == "re_challenge"], sorted(p["said"]))
check("B10 class is not running", "re_challenge" in verdicts(ask("CRC", "cetuximab;panitumumab;FOLFIRINOX", "KRAS G12D=falling"), "panitumumab"))
# a combination of which a member is resisted comes after what nothing speaks against, and says so, unless it is meant for that alteration
p = ask("NSCLC", "osimertinib", "EGFR L858R,EGFR C797S")
order = [a["agent"] for a in p["advice"] if a["verdict"] == "points_to"]
check("member resisted", any("lazertinib" in c and "C797S" in c for c in p["said"][("amivantamab + lazertinib", "points_to")]["conditions"]),
      p["said"][("amivantamab + lazertinib", "points_to")]["conditions"])
check("member resisted comes last", order.index("amivantamab + lazertinib") > max(order.index(a) for a in ("erlotinib", "gefitinib", "icotinib")), order)
meant = p["said"][("erlotinib + osimertinib", "points_to")]["conditions"]
check("meant for it", not any("spoken against" in c for c in meant), meant)
check("B10 clone stands", "re_challenge" not in verdicts(ask("CRC", "cetuximab;FOLFIRINOX", "KRAS G12D=rising"), "cetuximab"))

# B11: the second mutation re-sensitises only after the agent under which it arose
p = ask("NSCLC", "crizotinib;lorlatinib", "ALK fusion,ALK L1198F")
check("B11", verdicts(p, "crizotinib") == ["points_to", "re_sensitised"] or verdicts(p, "crizotinib") == ["re_sensitised"], verdicts(p, "crizotinib"))
check("B11 needs the line", "re_sensitised" not in verdicts(ask("NSCLC", "crizotinib", "ALK fusion,ALK L1198F"), "crizotinib"))

# B12: a polyclonal set, clone by clone, and the words when no single agent covers it
p = ask("cholangiocarcinoma", "infigratinib", "FGFR2 fusion,FGFR2 V565F,FGFR2 N550K,KRAS G12D")
clone = {c["alterations"][0].split(":")[-1]: c["id"] for c in p["clones"]}
infi = p["said"][("infigratinib", "reduced_activity")]
check("B12 leaves", set(infi["leaves"]) >= {c["id"] for c in p["clones"] if "FGFR2" in c["alterations"][0] and "fusion" not in c["alterations"][0]}, infi)
check("B12 notice", any("no single agent" in n for n in p.get("notices") or []), p.get("notices"))
check("B12 alias", ask("cholangiocarcinoma", "BGJ398", "FGFR2 V564F")["alterations"][0]["name"] == "p.V565F")
p = ask("NSCLC", "erlotinib", "EGFR L858R,EGFR T790M")
check("B12 one agent covers", not any("no single agent" in n for n in p.get("notices") or []), p.get("notices"))
check("B12 covers", set(p["said"][("osimertinib", "points_to")]["covers"]) == {"C1", "C2"})
check("B12 leaves one", p["said"][("gefitinib", "points_to")]["leaves"] == ["C2"])

two = {k: v for k, v in ask("NSCLC", "erlotinib", "EGFR L858R,EGFR T790M,MET amplification").items() if k != "said"}
ids = [a["id"] for a in two["alterations"]]
two["clones"] = [{"id": "K1", "alterations": ids[:2]}, {"id": "K2", "alterations": ids[2:]}]
p = ask("", patient=two)
check("B12 a clone is left when any of its alterations resists", p["said"][("gefitinib", "points_to")]["leaves"] == ["K1", "K2"], p["said"][("gefitinib", "points_to")])
check("B12 matrix", (p["said"][("osimertinib", "points_to")]["covers"], p["said"][("osimertinib", "points_to")]["leaves"]) == (["K1"], ["K2"]) and
      p["said"][("MET inhibitor", "points_to")]["covers"] == ["K2"], p["said"][("osimertinib", "points_to")])


# B9: what holds against an agent stands beside it, whatever else is said of the agent with a condition that is open
p = ask("NSCLC", "gefitinib", "EGFR L858R,EGFR T790M")
check("B9 beside an open row", any("spoken against" in c and "T790M" in c for c in p["said"][("afatinib", "points_to")]["conditions"]), p["said"][("afatinib", "points_to")])
p = ask("NSCLC", "alectinib", "ALK fusion,ALK G1202R")
check("B9 in part", any("spoken against, in part: ALK p.G1202R" in c for c in p["said"][("brigatinib", "points_to")]["conditions"]), p["said"][("brigatinib", "points_to")])
p = ask("CRC", "cetuximab;FOLFIRI + madeupmab", "KRAS G12D")
check("an agent without a row is named", any("FOLFIRI, madeupmab" in n for n in p["notices"]), p["notices"])
p = ask("NSCLC", "gefitinib", "EGFR L858R,EGFR T790M")
check("B9 the open row speaks of afatinib too", any(f.startswith("X") for f in p["said"][("afatinib", "reduced_activity")]["findings"]), p["said"][("afatinib", "reduced_activity")])

# B12: one clone with a driver that a regimen answers and an alteration that resists a member of it, which nothing of the regimen answers
raf = {k: v for k, v in ask("CRC", "cetuximab", "BRAF V600E,KRAS G12D").items() if k != "said"}
raf["clones"] = [{"id": "K1", "alterations": [a["id"] for a in raf["alterations"]]}]
p = ask("", patient=raf)
check("B12 a regimen leaves a clone that resists a member of it", p["said"][("encorafenib + cetuximab", "points_to")]["leaves"] == ["K1"], p["said"][("encorafenib + cetuximab", "points_to")])
check("B12 unless the regimen answers that alteration", p["said"][("EGFR antibody + MEK inhibitor", "points_to")]["covers"] == ["K1"], p["said"][("EGFR antibody + MEK inhibitor", "points_to")])
three = {k: v for k, v in ask("NSCLC", "osimertinib", "EGFR L858R,EGFR T790M,EGFR C797S,MET amplification").items() if k != "said"}
ids = [a["id"] for a in three["alterations"]]
three["clones"] = [{"id": "K1", "alterations": ids[:3]}, {"id": "K2", "alterations": ids[3:]}]
p = ask("", patient=three)
check("B12 a class leaves a clone that resists its members", p["said"][("EGFR TKI 3rd generation + MET inhibitor", "points_to")]["leaves"] == ["K1"],
      p["said"][("EGFR TKI 3rd generation + MET inhibitor", "points_to")])

# B12: an agent covers a clone only when it answers every resistance alteration in it: anti-HER2 does not answer ESR1 beside ERBB2 in one clone
her2 = {k: v for k, v in ask("breast", "fulvestrant", "ERBB2 amplification,ESR1 Y537S").items() if k != "said"}
ids = {a["gene"]: a["id"] for a in her2["alterations"]}
for together in (1, .6, None):
    her2["clones"] = [{"id": "K1", "alterations": [ids["ERBB2"], ids["ESR1"]], "co_membership": together}]
    p = ask("", patient=her2)
    v = p["said"][("pyrotinib", "points_to")]
    check(f"B12 anti-HER2 leaves a clone with ESR1 ({together})", (v["covers"], v["leaves"], v["unanswered"]) == ([], ["K1"], [ids["ESR1"]]), v)
her2["clones"] = [{"id": "K1", "alterations": [ids["ERBB2"]]}, {"id": "K2", "alterations": [ids["ESR1"]]}]
v = ask("", patient=her2)["said"][("pyrotinib", "points_to")]
check("B12 two clones: covers the one, leaves the other", (v["covers"], v["leaves"], v["unanswered"]) == (["K1"], ["K2"], [ids["ESR1"]]), v)
# a driver that may be of another clone is asked for too: T790M answered for certain, and what an agent says of the driver is no longer pooled with it
pooled = {k: v for k, v in ask("NSCLC", "erlotinib", "ALK fusion,EGFR T790M").items() if k != "said"}
ids = {a["gene"]: a["id"] for a in pooled["alterations"]}
for together, left in ((.99, []), (.94, ["K1"])):
    pooled["clones"] = [{"id": "K1", "alterations": [ids["ALK"], ids["EGFR"]], "co_membership": together}]
    v = ask("", patient=pooled)["said"][("osimertinib", "points_to")]
    check(f"B12 uncertain membership ({together})", v["leaves"] == left and v["unanswered"] == ([ids["ALK"]] if left else []), v)

# B15: without a marker the agent is a question, not an answer
p = ask("breast HER2+", "trastuzumab")
check("B15", any("HER2" in (g["what"] or "") and "IHC" in (g["assay"] or "") for g in p["not_assessable"]), p["not_assessable"])

# B16: adjuvant trastuzumab, by the interval to relapse (boundary 6-12 months)
def relapse(days):
    return ask("breast HER2+", "trastuzumab (adjuvant)", facts=f"relapse interval days={days}")
check("B16 refractory", "reduced_activity" in verdicts(relapse(100), "trastuzumab") and "points_to" in verdicts(relapse(100), "lapatinib + capecitabine"))
check("B16 boundary", "needs_assay" in verdicts(relapse(270), "trastuzumab") and "points_to" not in verdicts(relapse(270), "trastuzumab"), verdicts(relapse(270), "trastuzumab"))
check("B16 sensitive", "points_to" in verdicts(relapse(500), "trastuzumab") and "reduced_activity" not in verdicts(relapse(500), "trastuzumab"), verdicts(relapse(500), "trastuzumab"))
check("B16 unknown interval is open", "not known" in opens(ask("breast HER2+", "trastuzumab (adjuvant)"), "trastuzumab", "reduced_activity"))
check("B16 naive", "points_to" in verdicts(ask("breast HER2+", "letrozole"), "trastuzumab"))
check("B16 HER2-negative", "points_to" not in verdicts(ask("breast HER2-", "letrozole"), "trastuzumab"))
check("B16 CNS no", not any("central nervous" in (a["statement"] or "") for a in ask("breast HER2+", "trastuzumab", facts="CNS=no")["advice"]))
check("B16 TAnDEM needs both receptors", ("letrozole + lapatinib", "points_to") not in ask("breast HER2+ HR-", "tamoxifen")["said"])

# B16 from the dates of the lines: 150, 270 and 500 days from the end of adjuvant therapy to the next line; HER2 tested again since
def dated(gap, facts=()):
    p = ask("breast HER2+", "trastuzumab (adjuvant);letrozole")
    p = {k: v for k, v in p.items() if k != "said"}
    p["draws"] = [{"id": "d1", "sample": "s1", "day": 2000, "date": 2000}]
    p["lines"][0].update(start=0, stop=365)
    p["lines"][1].update(start=365 + gap, stop=None)
    p["facts"] = [{"date": d, "test": t, "result": r} for d, t, r in facts]
    return ask("", patient=p)
for gap, verdict in ((150, "reduced_activity"), (270, "needs_assay"), (500, "points_to")):
    check(f"B16 {gap} days by dates", verdict in verdicts(dated(gap), "trastuzumab") and
          not {"reduced_activity", "points_to"} - {verdict} & set(verdicts(dated(gap), "trastuzumab")) - {"reduced_activity", "points_to"}, verdicts(dated(gap), "trastuzumab"))
check("B16 re-biopsy asked for", any(a["statement"].startswith("HER2 status must be shown") for a in dated(500)["advice"] if a["verdict"] == "needs_assay"))
again = dated(500, [(600, "HER2 IHC", "3+")])
check("B16 not when tested since", not any((f["statement"] or "").startswith("HER2 status must be shown") for f in again["findings"]))
check("B16 stated as tested again", ("HER2-directed agent", "needs_assay") not in ask("breast HER2+", "trastuzumab", facts="HER2 re-tested=yes")["said"] or
      "L01" not in str(ask("breast HER2+", "trastuzumab", facts="HER2 re-tested=yes")["said"][("HER2-directed agent", "needs_assay")]["findings"]))
lost = dated(500, [(600, "HER2 IHC", "0")])
check("B16 HER2 lost: no HER2 rule left", "points_to" not in verdicts(lost, "trastuzumab"), verdicts(lost, "trastuzumab"))

# 4: cis or trans decides
for phase, together, alone in (("trans", True, False), ("cis", False, False)):
    p = ask("NSCLC", "erlotinib;osimertinib", "EGFR L858R,EGFR T790M,EGFR C797S", facts=f"phase={phase}")
    check(f"phase {phase}", (("gefitinib + osimertinib", "points_to") in p["said"]) == together, verdicts(p, "gefitinib + osimertinib"))
    check(f"phase {phase}: osimertinib alone stays against", "reduced_activity" in verdicts(p, "osimertinib"))
p = ask("NSCLC", "erlotinib;osimertinib", "EGFR L858R,EGFR T790M,EGFR C797S")
check("phase unknown is open", "in trans with" in opens(p, "gefitinib + osimertinib", "points_to"))
check("T790M present: first generation not by C797S", not any(f["rule"] and "C797S" in (f["statement"] or "") and "points to gefitinib" in f["statement"] and "+" not in f["statement"] for f in p["findings"]))
p = ask("NSCLC", "osimertinib", "EGFR L858R,EGFR C797S,EGFR T790M=absent")
check("T790M absent: first generation", any("C797S" in (f["statement"] or "") and f["statement"].endswith("points to gefitinib") for f in p["findings"]))

# 9: CHIP and germline point nowhere
for state in ("chip", "germline"):
    p = ask("CRC", "cetuximab", f"KRAS G12D={state}")
    check(f"9 {state}", not [f for f in p["findings"] if f["alteration"]], p["findings"])
p = ask("AML", "", "DNMT3A R882H")
check("9 role chip", not p["findings"], p["findings"])

# regimens: resistance to one member is no veto
p = ask("CRC", "encorafenib", "BRAF V600E")
check("regimen", "reduced_activity" in verdicts(p, "cetuximab") and verdicts(p, "encorafenib + cetuximab") == ["points_to"], verdicts(p, "encorafenib + cetuximab"))
check("regimen covers", p["said"][("encorafenib + cetuximab", "points_to")]["covers"] == ["C1"])
p = ask("CRC", "", "KRAS G12C")
check("regimen in its tumour", ("adagrasib + cetuximab", "points_to") in p["said"] and ("sotorasib", "points_to") not in p["said"])

# tumours: parent and subtype, status words, unknown
check("subtype of the condition", ("sotorasib", "points_to") in ask("LUAD", "", "KRAS G12C")["said"])
p = ask("lung", "", "KRAS G12C")
check("parent keeps the verdict, open", "tumour is NSCLC" in opens(p, "sotorasib", "points_to"))
p = ask("breast", "letrozole", "ERBB2 L755S")
check("unstated receptor keeps the verdict, open", "tumour is" in opens(p, "tamoxifen", "reduced_activity"))
check("stated receptor against", ("tamoxifen", "reduced_activity") not in ask("breast ER- HER2-", "letrozole", "ERBB2 L755S")["said"])
p = ask("breast", "", "RET M918T")
check("other tumour is said", "evidence is for" in opens(p, "selpercatinib", "points_to"))
check("own tumour is not", "evidence is for" not in opens(ask("thyroid", "", "RET M918T"), "selpercatinib", "points_to"))

# a patient with draws: what a panel saw to be absent is false; what it cannot exclude stays open; phase by molecules; the line explained
def with_draws(p, absent=(), phases=()):
    p = {k: v for k, v in p.items() if k != "said"}
    for a in p["alterations"]:
        a["stated_by"] = None
        a["status"] = "not_detected" if a["id"] in absent else "emerging"
    if phases:
        p["draws"] = [{"id": "d1", "sample": "s1", "day": 0}]
        p["phases"] = [dict(zip(("a", "b", "cis", "trans_a", "trans_b", "draw"), f)) for f in phases]
    return p
t790m, c797s, l858r = "EGFR:NM_005228.5:c.2369C>T", "EGFR:NM_005228.5:c.2389T>A", "EGFR:NM_005228.5:c.2573T>G"
base = ask("NSCLC", "erlotinib;osimertinib", f"{l858r},{t790m},{c797s}")
p = ask("", patient=with_draws(base, absent=(t790m,)))
check("draws: absent is false", ("gefitinib + osimertinib", "points_to") not in p["said"] and any("C797S" in f["statement"] and f["statement"].endswith("points to gefitinib") for f in p["findings"]))
for cis, a, b, verdict in ((0, 12, 9, True), (14, 3, 2, False)):
    p = ask("", patient=with_draws(base, phases=[(t790m, c797s, cis, a, b, "d1")]))
    check(f"draws: {cis} molecules in cis", (("gefitinib + osimertinib", "points_to") in p["said"]) == verdict and
          not (verdict and opens(p, "gefitinib + osimertinib", "points_to")), p["said"].get(("gefitinib + osimertinib", "points_to")))
keap = ask("NSCLC", "gefitinib", "KEAP1 R320Q,EGFR T790M")
p = ask("", patient=with_draws(keap, absent=(keap["alterations"][0]["id"],)))
check("draws: a gene can be lost elsewhere", "only with KEAP1" in opens(p, "afatinib", "reduced_activity") or "only with KEAP1" in " ".join(c for a in p["advice"] for c in a["conditions"] or []))
egfr = ask("CRC", "cetuximab", "EGFR S464L,EGFR G465R,EGFR I491M,KRAS G12D,NRAS Q61K")
p = ask("", patient=with_draws(egfr, absent=[a["id"] for a in egfr["alterations"]]))
check("draws: named alleles seen to be absent", not any(f["rule"] == "X017" for f in p["findings"]), [f["rule"] for f in p["findings"]])

# ranking: inside a verdict reviewed never stands below unreviewed; unreviewed has no level
order = ["reviewed", "partly", "conflict", "unreviewed"]
for question in (("NSCLC", "erlotinib;osimertinib", "EGFR L858R,EGFR T790M,MET amplification"), ("breast HER2+", "trastuzumab", "PIK3CA H1047R,ERBB2 L755S"),
                 ("GIST", "imatinib", "KIT V654A"), ("prostate", "enzalutamide", "AR amplification,AR T878A")):
    p = ask(*question)
    by_verdict = {}
    for a in p["advice"]:
        by_verdict.setdefault(a["verdict"], []).append(order.index(a["review"]))
        check("no level on unreviewed", a["review"] != "unreviewed" or a["level"] is None or a["level"].get("value") is None, a)
        check("source", a["citations"], a)
    check(f"ranked {question}", all(r == sorted(r) for r in by_verdict.values()), by_verdict)
    pairs = [(a["agent"], a["verdict"]) for a in p["advice"]]
    check("one entry per agent and verdict", len(pairs) == len(set(pairs)))

# a driver alone under a line that nothing resists: the agent of that line stands first, no other is offered as if it had failed
p = ask("NSCLC", "osimertinib", "EGFR L858R")
points = [a for a in p["advice"] if a["verdict"] == "points_to" and a["review"] == "reviewed"]
check("quiet", points[0]["agent"] == "osimertinib" and all("nothing that resists the present line" in " ".join(a["conditions"] or []) for a in points[1:]), [a["agent"] for a in points])
p = ask("NSCLC", "erlotinib", "EGFR L858R,EGFR T790M")
check("not quiet", "nothing that resists" not in opens(p, "osimertinib", "points_to"))

# what rises while an agent is given is not covered by it, whatever a row says of the two: the patient shows otherwise (lorlatinib answers each of these
# alone, and fails where they meet on one molecule)
p = ask("NSCLC", "alectinib;lorlatinib", "ALK fusion,ALK G1202R=rising,ALK L1196M=rising")
a = p["said"][("lorlatinib", "points_to")]
check("rises under the agent", set(a["covers"]) == {"C1"} and "given in the present line L2" in opens(p, "lorlatinib", "points_to"), a)
check("rises under the agent, named", "under which ALK p.G1202R and ALK p.L1196M rise" in opens(p, "lorlatinib", "points_to"), opens(p, "lorlatinib", "points_to"))
check("rises under a combination", not ask("CRC", "EGFR antibody + MEK inhibitor", "KRAS G12D=rising")["said"][("EGFR antibody + MEK inhibitor", "points_to")]["covers"])
check("stands under the agent", "C2" in ask("NSCLC", "erlotinib;osimertinib", "EGFR L858R,EGFR T790M=stable")["said"][("osimertinib", "points_to")]["covers"])
check("rose under an earlier agent", set(ask("GIST", "imatinib;sunitinib;ripretinib", "KIT W557_K558del,KIT V654A=rising")["said"][("sunitinib", "points_to")]["covers"]) == {"C1", "C2"})
p = ask("NSCLC", "osimertinib", "EGFR L858R=rising")
check("driver rises under its agent", "under which EGFR p.L858R rises" in opens(p, "osimertinib", "points_to") and not p["said"][("osimertinib", "points_to")]["covers"], opens(p, "osimertinib", "points_to"))
p = ask("NSCLC", "osimertinib", "EGFR L858R=rising,EGFR C797S=rising")
check("a rise that a resistance explains", p["said"][("osimertinib", "points_to")]["covers"] == ["C1"], p["said"][("osimertinib", "points_to")])

# an agent may cover a clone by a row that leaves something open, or that nobody reviewed, while a stronger row speaks for it: both are said
said = opens(p, "erlotinib", "points_to")
check("open behind the strongest row", "for EGFR p.C797S: without EGFR:T790M: not known" in said, said)
check("closed behind the strongest row", "not known" not in opens(ask("NSCLC", "osimertinib", "EGFR L858R=rising,EGFR C797S=rising,EGFR T790M=absent"), "erlotinib", "points_to"))
said = opens(p, "gefitinib", "points_to")
check("unreviewed behind the strongest row", "for EGFR p.C797S: the row is unreviewed" in said, said)

# an agent that no one can be given is not named without a word
p = ask("NSCLC", "erlotinib", "EGFR L858R,EGFR T790M,EGFR exon20 insertion")
for agent, status in (("rociletinib", "discontinued"), ("WZ4002", "preclinical"), ("mobocertinib", "withdrawn")):
    check(f"status of {agent}", f"{agent}: {status}" in opens(p, agent, "points_to"), opens(p, agent, "points_to"))
check("status of an approved agent", "osimertinib: approved" not in opens(p, "osimertinib", "points_to"))

# resistance to a combination is none to its member alone, and an agent that answers only in a combination is no answer of its member
p = ask("CRC", "FOLFIRI + cetuximab", "KRAS Q61H=rising,EGFR S492R=rising")
check("combination against its member", "EGFR antibody + MEK inhibitor" not in opens(p, "panitumumab", "points_to"), opens(p, "panitumumab", "points_to"))
p = ask("CRC", "encorafenib + cetuximab", "BRAF V600E=stable,KRAS G12D=rising")
check("member of a combination", "spoken against a part of it: KRAS p.G12D reduces the activity of cetuximab" in opens(p, "encorafenib + cetuximab", "points_to"), opens(p, "encorafenib + cetuximab", "points_to"))

# a class is spoken against where one of its members is: C797S stands against third-generation inhibitors, alone and in a combination
p = ask("NSCLC", "erlotinib;osimertinib", "EGFR L858R,EGFR T790M=rising,EGFR C797S=rising,MET amplification=rising", "phase=cis")
a = p["said"][("EGFR TKI 3rd generation + MET inhibitor", "points_to")]
check("class in a combination", a["contradicted"] and "EGFR p.C797S reduces the activity of osimertinib" in " ".join(a["conditions"]), a["conditions"])
p = ask("NSCLC", "osimertinib;osimertinib + savolitinib", "MET amplification,MET D1228N=rising,EGFR L858R")
check("class alone", p["said"][("MET inhibitor", "points_to")]["contradicted"] and "MET p.D1228N" in opens(p, "MET inhibitor", "points_to"), opens(p, "MET inhibitor", "points_to"))

# an alteration of which no row speaks in this tumour is named
p = ask("gastric", "trastuzumab", "MET amplification=rising")
check("silent in this tumour", "no row of the knowledge speaks of MET amplification in this patient" in " ".join(p.get("notices") or []), p.get("notices"))

# what a class points to is not what each of its members does: futibatinib fails at the gatekeeper that "a structurally different inhibitor" answers
p = ask("cholangiocarcinoma", "pemigatinib", "FGFR2 fusion,FGFR2 V565I=rising,FGFR2 V565F=rising")
check("class is not its member", not {"C2", "C3"} & set(p["said"][("futibatinib", "points_to")]["covers"]), p["said"][("futibatinib", "points_to")])
check("futibatinib at the gatekeeper", p["said"][("futibatinib", "reduced_activity")]["review"] == "reviewed" and {"C2", "C3"} <= set(p["said"][("lirafugratinib", "points_to")]["covers"]))

# a driver is no resistance on which others converge, unless it resists a line that was given (BRAF V600E under an EGFR antibody, not under its own inhibitor)
check("driver does not converge", ("ERK inhibitor", "points_to") not in ask("melanoma", "dabrafenib + trametinib", "BRAF V600E")["said"])
check("driver that resists does", ("ERK inhibitor", "points_to") in ask("CRC", "cetuximab", "BRAF V600E=rising")["said"])

# sources: Cocco 2021 (TRK xDFG), Bardelli 2013 (MET in CRC), EMBER-3, MOUNTAINEER, Lin 2019 (reversion and platinum), Shiba-Ishii 2022 (ALK in cis), FDA 2022 (V600E)
p = ask("NSCLC", "larotrectinib", "NTRK1 fusion,NTRK1 G667C=rising,NTRK1 G595R=rising")
for agent in ("repotrectinib", "selitrectinib"):
    check(f"xDFG {agent}", "reduced_activity" in verdicts(p, agent) and "C2" in p["said"][(agent, "points_to")]["leaves"] and "C3" in p["said"][(agent, "points_to")]["covers"], p["said"].get((agent, "points_to")))
p = ask("CRC", "FOLFIRI + cetuximab", "MET amplification=rising")
check("MET under EGFR antibodies", all("reduced_activity" in verdicts(p, a) for a in ("cetuximab", "panitumumab")) and ("cabozantinib + panitumumab", "points_to") in p["said"])
check("HER2 in CRC", ("trastuzumab + tucatinib", "points_to") in ask("CRC", "cetuximab", "ERBB2 amplification=rising,KRAS G12D=absent")["said"])
check("HER2 in RAS-mutant CRC", ("trastuzumab + tucatinib", "points_to") not in ask("CRC", "cetuximab", "ERBB2 amplification=rising,KRAS G12D")["said"])
p = ask("breast HR+ HER2-", "letrozole + palbociclib", "ESR1 D538G=rising,ESR1 Y537S=rising")
check("ESR1 imlunestrant", set(p["said"][("imlunestrant", "points_to")]["covers"]) == {"C1", "C2"})
p = ask("ovarian", "olaparib", "BRCA2 reversion=rising")
check("reversion", all("reduced_activity" in verdicts(p, a) for a in ("platinum", "rucaparib", "olaparib", "PARP inhibitor")))
for v in ("V600D", "V600K", "V600R"):
    p = ask("CRC", "", f"BRAF {v}")
    check(f"{v} in CRC", not [a for a in p["advice"] if a["verdict"] == "points_to" and "inib + " in a["agent"]], [a["agent"] for a in p["advice"]])
check("V600E elsewhere", ("dabrafenib + trametinib", "points_to") in ask("glioma", "", "BRAF V600E")["said"] and ("dabrafenib + trametinib", "points_to") not in ask("CRC", "", "BRAF V600E")["said"])
p = ask("NSCLC ALK+", "alectinib;lorlatinib", "ALK fusion,ALK G1202R=rising,ALK L1196M=rising", "phase=cis")
check("ALK in cis", "reduced_activity" in verdicts(p, "lorlatinib") and not opens(p, "lorlatinib", "reduced_activity"))
check("ALK without lorlatinib", "reduced_activity" not in verdicts(ask("NSCLC ALK+", "alectinib", "ALK fusion,ALK G1202R=rising"), "lorlatinib"))
p = ask("melanoma", "dabrafenib + trametinib", "BRAF V600E,NRAS Q61K=rising")
check("RAS against every BRAF inhibitor", "reduced_activity" in verdicts(p, "encorafenib") and "NRAS p.Q61K" in opens(p, "encorafenib + binimetinib", "points_to"))

# an exon 20 insertion is no target of osimertinib: under it, others are not said to be offered while nothing resists
p = ask("NSCLC", "osimertinib", "EGFR exon20 insertion=rising")
check("exon 20 insertion", "reduced_activity" in verdicts(p, "osimertinib") and "nothing that resists" not in opens(p, "amivantamab", "points_to"), opens(p, "amivantamab", "points_to"))
check("FQEA is", "reduced_activity" not in verdicts(ask("NSCLC", "osimertinib", "EGFR A763_Y764insFQEA"), "osimertinib"))

# the glucocorticoid that goes with abiraterone is the comedication that AR L702H asks for
p = ask("prostate", "abiraterone + prednisone", "AR L702H=rising")
check("glucocorticoid of the line", "not known" not in opens(p, "abiraterone", "reduced_activity") and "prednisone" not in " ".join(p["notices"]), p["notices"])
check("no glucocorticoid known", "comedication" in opens(ask("prostate", "abiraterone", "AR L702H=rising"), "abiraterone", "reduced_activity"))

# what is not known is kept and said
p = ask("NSCLC", "erlotinib + noveltinib", "EGFR T790M,EGFR K999Z,NOSUCHGENE A1B")
notices = " ".join(p.get("notices") or [])
check("unknown alteration", "K999Z" in notices and "NOSUCHGENE" in notices, notices)
check("unknown agent", "line L1 holds what the knowledge does not name: noveltinib" in notices, notices)
check("unknown tumour", "not in the knowledge" in " ".join(ask("zebra", "", "EGFR T790M").get("notices") or []))

# lines as records of treatment write them: other signs between the agents, a dose, a salt, a mark; and a slip is told with the name it may mean
def given(line):
    p = ask("melanoma", line, "BRAF V600E,NRAS Q61K=rising")
    return "dabrafenib" in opens(p, "dabrafenib", "points_to") + "trametinib" and "given in the present line" in opens(p, "dabrafenib + trametinib", "points_to"), " ".join(p["notices"])


for line in ("dabrafenib/trametinib", "Dabrafenib, Trametinib", "dabrafenib and trametinib", "Tafinlar & Mekinist", "dabrafenib 150 mg + trametinib 2mg", "dabrafenib mesylate + Mekinist\u00ae",
             "dabrafenib-trametinib"):
    known, notices = given(line)
    check(f"line '{line}'", known and "does not name" not in notices, notices)
known, notices = given("dabrafenib / noveltinib")
check("one known, one not", not known and "does not name: dabrafenib / noveltinib" in notices, notices)
notices = " ".join(ask("NSCLC", "osimertinb", "EGFR L858R")["notices"])
check("a slip", "does not name: osimertinb (osimertinib?)" in notices, notices)
check("no slip", "?" not in " ".join(ask("NSCLC", "noveltinib", "EGFR L858R")["notices"]))

# the same answer for synonyms, and for a second run over its own output
a, b = ask("NSCLC", "Iressa", "EGFR T790M"), ask("non-small cell lung cancer", "ZD1839", "EGFR p.T790M")
check("synonyms", [(x["agent"], x["verdict"], x["findings"]) for x in a["advice"]] == [(x["agent"], x["verdict"], x["findings"]) for x in b["advice"]])

print("\n".join(failures))
print(f"{passed} passed, {len(failures)} failed")
sys.exit(bool(failures))
