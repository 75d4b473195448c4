#!/usr/bin/env python3
"""CPU time and memory of `clonewatch track`, one thread, user + system of the child as the kernel counts it.

    track_speed.py CLONEWATCH [PATIENTS]     prints lines for record.py

A cohort of PATIENTS (default 300) and of a third of them, each with 8 draws of 200 sites and one growing clone; then one patient with 30 draws."""
import os
import resource
import subprocess
import sys
import tempfile
import numpy as np
from emergence_sim import Assay, Cohort

COMMAND = "tests/bench/track_speed.py"


def measure(binary, patients, draws, html=False):
    rng = np.random.default_rng(patients)
    a = Assay(rng)
    c = Cohort(tempfile.mkdtemp(prefix="cw-speed-"))
    for p in range(patients):
        c.add_line(f"P{p:05d}", 0)
        for j in range(draws):
            n, k = a.draw({0: min(.4, 1e-4 * 2 ** (j / 2))}, .25)
            c.add_draw(a, f"P{p:05d}", 28 * j, n, k)
    c.close()
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    run = subprocess.Popen([binary, "track", "-q", "--draws", c.folder + "/draws.csv", "--events", c.folder + "/events.csv", "-o", c.folder + "/out"] + (["--html"] if html else []))
    _, status, usage = os.wait4(run.pid, 0)
    assert status == 0, status
    subprocess.run(["rm", "-r", c.folder], check=True)
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def main():
    binary, patients = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 300
    small, big = measure(binary, patients // 3, 8), measure(binary, patients, 8)
    per_patient = (big[0] - small[0]) / (patients - patients // 3)
    minutes = 10000 * per_patient / 60
    print(f"cohort of 10,000 patients x 8 draws x 200 sites, CPU, from {patients} patients\t{minutes:.3g}\tmin\t<= 15\t{'yes' if minutes <= 15 else 'no'}\t{COMMAND}")
    growth = (big[1] - small[1]) / (patients - patients // 3) * 1024
    print(f"memory at {patients} patients\t{big[1]:.3g}\tMiB\t-\t-\t{COMMAND}")
    print(f"memory for each further patient (rows of the sheets)\t{growth:.3g}\tKiB\t-\t-\t{COMMAND}")
    one = min(measure(binary, 1, 30, html=True)[0] for _ in range(3))
    print(f"one patient, 200 sites x 30 draws, CPU with the report\t{one:.3g}\ts\t<= 1\t{'yes' if one <= 1 else 'no'}\t{COMMAND}")


if __name__ == "__main__":
    main()
