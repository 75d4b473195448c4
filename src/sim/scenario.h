/* SPDX-License-Identifier: MIT */
/* scenario.h - what is simulated: an assay, and patients with clones whose courses are written down (docs/formats.md, "Scenario").
 * Who is drawn when, and into which file, stands in the draw sheet that the scenario names; the lines of therapy in its events. */
#ifndef CW_SIM_SCENARIO_H
#define CW_SIM_SCENARIO_H

#include <clonewatch/panel.h>
#include <clonewatch/tally.h>

typedef struct cw_sim_assay {
    cw_consensus level;           /* which tags the reads carry: raw none, umi, simplex and duplex as fgbio writes them */
    double molecules;             /* mean molecules at a locus of the panel */
    double focus_molecules;       /* the same at loci where a clone of the patient has an allele */
    double snp_molecules;         /* the same at fingerprint SNPs */
    int64_t read_length;
    double fragment_mean, fragment_sd, long_fraction; /* mononucleosomal; share of dinucleosomal fragments */
    double background[12];        /* errors per molecule and base, A>C A>G A>T C>A C>G C>T G>A G>C G>T T>A T>C T>G */
    double site_shape;            /* rate of a site ~ class rate x Gamma(shape)/shape, the same in all draws */
    double background_cv;         /* of a site's rate between draws */
    double draw_cv;               /* of a clone's VAF between draws */
    double low_quality;           /* share of bases that the sequencer marks as doubtful */
} cw_sim_assay;

typedef struct cw_sim_point { double day, vaf; } cw_sim_point;

typedef struct cw_sim_clone {
    const char *id;
    ptrdiff_t parent;             /* index in the patient's clones, -1: none */
    const char **alleles; size_t n_alleles; /* as written: CWID, "GENE p.X", "GENE c.X" or "contig:pos:ref:alt" */
    int homolog;                  /* 1, or 2: on the other chromosome than the parent's alleles (trans) */
    bool blood;                   /* a clone of the blood: in normal rows too, without a tumour behind it */
    bool tissue;                  /* known from the tumour: written into tumour rows */
    /* The course of the VAF: points joined by straight lines of its logarithm ... */
    cw_sim_point *points; size_t n_points;
    /* ... or growth from (day, vaf): doubling_days[i] under line i (0: before the first), negative: halving, 0: flat. */
    double day, vaf, max_vaf;
    double *doubling_days; size_t n_doubling;
} cw_sim_clone;

typedef struct cw_sim_patient {
    const char *id;
    cw_sim_clone *clones; size_t n_clones;
} cw_sim_patient;

typedef struct cw_sim_sample { /* what is special about one draw */
    const char *sample;
    double yield;                 /* factor on the molecules */
    const char *of;               /* whose genotype it carries: another patient's id makes a swapped tube; NULL: its own */
} cw_sim_sample;

typedef struct cw_scenario {
    struct cw_arena *arena;
    const char *path;
    uint64_t seed;
    cw_build build;
    const char *draws_path, *events_path; /* resolved against the scenario; events_path "" when there is none */
    cw_sim_assay assay;
    cw_sim_patient *patients; size_t n_patients;
    cw_sim_sample *samples; size_t n_samples;
} cw_scenario;

CW_MUST_CHECK int cw_scenario_read(cw_scenario *scenario, const char *path, cw_err *err);
void cw_scenario_release(cw_scenario *scenario);
const cw_sim_patient *cw_scenario_patient(const cw_scenario *scenario, const char *id); /* NULL: none */
const cw_sim_sample *cw_scenario_sample(const cw_scenario *scenario, const char *sample); /* NULL: nothing special */

/* VAF that the clone's own alleles are meant to have on a day; line_start are the starts of the lines of therapy, ascending. */
double cw_sim_course(const cw_sim_clone *clone, double day, const double *line_start, size_t n_lines);
#endif
