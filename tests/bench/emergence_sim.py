"""Patients with known courses, as calls files for `clonewatch track`.

Shares no code and no distribution with the test: background rates are log-normal between sites (the test: gamma), vary log-normally
between draws (the test: negative binomial), true fractions carry log-normal shedding noise, counts are Poisson. The background handed
to the program is estimated from simulated normals by moments, as a laboratory would."""
import os
import numpy as np

CLASS_MEANS = np.array([1e-5, 3e-5, 1e-4])


class Assay:
    """A panel of sites with a background learned from normals."""

    def __init__(self, rng, sites=200, normals=30, background_cv=.35, depth=(10000, 30000), omega=(.2, .35, .5), omega_hat=.35):
        self.rng, self.sites, self.depth, self.omega, self.omega_hat = rng, sites, depth, omega, omega_hat
        self.background_cv = background_cv
        self.cls = rng.integers(0, 3, sites)
        sigma = np.sqrt(np.log(1 + 1 / 1.5))  # CV of Gamma(1.5), another shape
        self.e = CLASS_MEANS[self.cls] * rng.lognormal(-sigma ** 2 / 2, sigma, sites)
        n = rng.integers(depth[0], depth[1] + 1, (normals, sites))
        k = rng.poisson(n * self.e * self.noise((normals, sites), .35))
        self.a, self.b = np.empty(sites), np.empty(sites)
        for c in range(3):
            at = self.cls == c
            K, N = k[:, at].sum(0), n[:, at].sum(0)
            mu = K.sum() / N.sum()
            between = max(((K / N - mu) ** 2).mean() - (mu / N).mean(), (mu * .2) ** 2)  # Poisson part taken off
            nu = mu ** 2 / between
            self.a[at], self.b[at] = nu + K, nu / mu + N

    def noise(self, shape, cv):
        s = np.sqrt(np.log(1 + cv ** 2))
        return self.rng.lognormal(-s ** 2 / 2, s, shape)

    def draw(self, fractions, patient_cv):
        """Counts of one draw; fractions: site -> true fraction now."""
        n = self.rng.integers(self.depth[0], self.depth[1] + 1, self.sites)
        rate = self.e * self.noise(self.sites, self.background_cv)
        for site, f in fractions.items():
            rate[site] += min(.9, f * self.noise((), patient_cv))
        return n, np.minimum(n, self.rng.poisson(n * rate))


class Cohort:
    """Writes draw sheet, events and calls files."""

    def __init__(self, folder):
        os.makedirs(folder, exist_ok=True)
        self.folder, self.rows, self.events = folder, [], []

    def add_draw(self, assay, patient, day, n, k):
        name = f"{patient}_{day}"
        w = ",".join(f"{x:g}" for x in assay.omega)
        with open(f"{self.folder}/{name}.vcf", "w") as f:
            f.write(f'##fileformat=VCFv4.2\n##clonewatch_background=<omega_hat={assay.omega_hat:g},omega="{w}",model=sim>\n'
                    f"#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\t{name}\n")
            f.write("".join(f"7\t{1000 + i}\t.\tA\tG\t.\t.\tBGA={assay.a[i]:.8g};BGB={assay.b[i]:.8g}\tAD:VAFLO:VAFHI:LOB:LOD:CS\t{n[i] - k[i]},{k[i]}:0:1:0:{4 / n[i]:.3g}:"
                            f"{'not_detected' if k[i] == 0 else 'detected' if k[i] > 4 else 'below_lod'}\n" for i in range(len(n))))
        self.rows.append(f"{patient},{name},{day},plasma,{name}.vcf\n")

    def add_line(self, patient, day):
        self.events.append(f"{patient},{day},,TREATMENT,agent,\n")

    def close(self):
        with open(f"{self.folder}/draws.csv", "w") as f:
            f.write("patient,sample,date,type,vcf\n" + "".join(self.rows))
        with open(f"{self.folder}/events.csv", "w") as f:
            f.write("PATIENT_ID,START_DATE,STOP_DATE,EVENT_TYPE,AGENT,RESULT\n" + "".join(self.events))


def site_id(i):
    return f"7:{1000 + i}:A:G"
