/* SPDX-License-Identifier: MIT */
/* patient.h - one patient over all draws: series, clones, findings, advice. In memory what patient.json is on disk
 * (same names; io/patient_json.c writes and reads it). Track makes everything up to `alarms`, advise the rest.
 *
 * Every object has an id and names its parents by id. NAN, -1 (indices) and "" mean "does not apply", which leaves the
 * program as null: never as 0. Strings live in the arena. */
#ifndef CLONEWATCH_PATIENT_H
#define CLONEWATCH_PATIENT_H

#include <clonewatch/draw.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum cw_baseline {
    CW_BASE_NO_BASELINE = 0, CW_BASE_ABSENT, CW_BASE_BELOW_LOD, CW_BASE_PRESENT, CW_BASE_NOT_ASSESSABLE
} cw_baseline;

typedef enum cw_status_word {
    CW_STATUS_NOT_ASSESSABLE = 0, CW_STATUS_NOT_DETECTED, CW_STATUS_CLEARED, CW_STATUS_FALLING, CW_STATUS_STABLE,
    CW_STATUS_WATCH, CW_STATUS_EXPANDING, CW_STATUS_EMERGING
} cw_status_word;

typedef enum cw_origin { CW_ORIGIN_UNKNOWN = 0, CW_ORIGIN_TUMOUR, CW_ORIGIN_CHIP, CW_ORIGIN_GERMLINE } cw_origin;

typedef struct cw_strings { const char **v; size_t n; } cw_strings; /* list of ids or words */

typedef struct cw_interval { double lo, est, hi; } cw_interval;

typedef struct cw_line { /* of therapy */
    const char *id;
    cw_strings agents;
    cw_day start, stop;           /* stop.known = false: open */
    const char *setting;
} cw_line;

typedef struct cw_surgery { cw_day date; const char *result; } cw_surgery; /* result: what the events say of it, "" nothing */
typedef struct cw_imaging { cw_day date; const char *result; bool progression; } cw_imaging;

typedef struct cw_fact { /* LAB_TEST row: another assay's result, HER2 IHC, ER, ... */
    cw_day date;
    const char *test, *result;
} cw_fact;

typedef struct cw_patient_draw {
    const char *id, *sample;
    cw_day date;
    double day;                   /* the sheet's number, or days since the first draw */
    bool excluded; const char *exclude_reason;
    bool has_call_file;
    int64_t molecules;            /* median over the loci within the targets; -1 unknown */
    double plasma_ml, cfdna_ng;
    const char *level;            /* raw, umi, simplex, duplex */
    const char *calls_name, *calls_sha256;
    const char *qc;               /* JSON object as text, or "" */
} cw_patient_draw;

typedef struct cw_point {         /* one alteration in one draw */
    size_t draw;                  /* index into draws */
    int64_t ref, alt, other;      /* molecules; -1 when unknown */
    int64_t depth;                /* ref + all alts + other; -1 unknown */
    double vaf, lo, hi;
    double lod;                   /* least fraction that this draw alone detects with 95 % chance */
    double lod_alarm;             /* least fraction with a 95 % chance that this draw lifts the evidence over its threshold, given the earlier
                                   * draws; NAN: over it before, there from the start, no counts, excluded, or out of reach */
    double ln_e, ln_e_growth;     /* cw_evidence after this draw; NAN: excluded, or not made */
    double ln_bf, ln_bf_strand;   /* of this draw alone, as in cw_call */
    cw_call_state state;
    double per_ml, per_ml_lo, per_ml_hi; /* mutant molecules per mL plasma, 95 % interval; NAN without yield, the interval also without counts */
    const char *filters;
    int64_t k_star;               /* least alt count that is `detected`; -1 unknown */
    bool limit_only;              /* imported "not detected, limit f": alt is unknown, only alt < k_star is known */
} cw_point;

/* What the series of an alteration was judged against, per assay level: kept so that a later report uses the same. */
typedef struct cw_level_rate { const char *level; cw_bg bg; } cw_level_rate;
typedef struct cw_level_set { const char *level; cw_background_set set; } cw_level_set;

typedef struct cw_growth {        /* within the line named */
    const char *line;             /* line id or "" */
    cw_interval doubling_days;    /* hi = INFINITY: "none"; all NAN: not estimable */
    cw_interval half_life_days;
    double p_rising;              /* P(r > 0) */
    double noise_cv;              /* measured draw CV */
} cw_growth;

typedef struct cw_forecast {
    double threshold_vaf;
    cw_interval crossing_day;     /* same axis as cw_patient_draw.day */
    double p_no_crossing;
    const char *refused;          /* why there is none, or "" */
} cw_forecast;

typedef struct cw_evidence {
    double ln_e;                  /* statistics 3.2 over all draws so far; growth test for present alleles in ln_e_growth */
    double ln_e_growth;
    double ln_threshold;          /* ln 1/(alpha pi) */
    double false_alarm_bound;     /* alpha */
    double weight;                /* pi */
    int tier;                     /* 1..3; 0 none */
    bool on_growth;               /* there from the start: the weight is spent on the growth test, not on emergence */
} cw_evidence;

typedef struct cw_alarm {
    const char *id, *level;       /* alert | confirmed */
    const char *kind;             /* emergence | growth | node | mrd */
    const char *what;             /* alteration id, node name, or "patient" */
    size_t draw;                  /* index of the draw that raised it */
    double day, ln_e;
    cw_day date;
    bool confirmed_by_model;      /* false: from a previous report, not confirmed by the present model */
} cw_alarm;

typedef struct cw_white_cells { int64_t alt, depth; } cw_white_cells;

typedef struct cw_alteration {
    const char *id;               /* CWID */
    const char *gene, *name;      /* "EGFR", "p.T790M" */
    cw_allele_type type;
    cw_role role;
    const char *node, *mechanism;
    cw_build build;              /* of the calls that contig and beg are taken from */
    const char *contig, *ref, *alt; int64_t beg; /* "" and -1 for alterations stated by another assay */
    cw_baseline baseline;
    cw_status_word status;
    cw_origin origin;
    const char *origin_terms;     /* how the origin was decided, term by term */
    const char *statement;        /* the words of statistics 3.5 in one sentence */
    cw_evidence evidence;
    ptrdiff_t first_alarm;        /* index into alarms, or -1 */
    cw_growth *growth; size_t n_growth; /* by line; the last one is the present */
    cw_interval doubling_days;    /* of the last line */
    cw_forecast forecast;
    double lead_days, lead_lo, lead_hi; /* first alert to first imaging PD; NAN: none */
    bool lead_censored;           /* alarm, but no progression on imaging so far */
    cw_level_rate *rates; size_t n_rates;
    bool known_from_tissue;       /* on the patient's own list of tumour variants */
    const char *phase_group;      /* those of the list that lie on one molecule share it; NULL or "" none */
    cw_white_cells white_cells;   /* molecules of the matched normal rows; depth 0: none */
    bool late;                    /* not listed in the first draw: its alarms stand outside the stated bound */
    const char *stated_by;        /* the other assay that states it ("FISH", "NGS tissue"), or "" */
    cw_point *points; size_t n_points;
} cw_alteration;

typedef struct cw_clone {
    const char *id;
    cw_strings alterations;
    cw_interval doubling_days;
    cw_status_word status;
    double *trajectory; size_t n_trajectory; /* VAF per draw, NAN where not assessable */
    double co_membership;         /* least posterior co-membership inside the clone; NAN for one allele */
    const char *order;            /* parent clone id, "" root, or "not resolvable" */
} cw_clone;

typedef struct cw_node_state {
    const char *node;
    cw_strings alterations;       /* those that emerge or expand */
    double ln_e, ln_threshold;
    cw_status_word status;
} cw_node_state;

typedef struct cw_phase_fact { const char *a, *b; int64_t cis, trans_a, trans_b; size_t draw; } cw_phase_fact;

typedef struct cw_level { const char *scheme, *value; } cw_level;

typedef struct cw_finding {
    const char *id;
    const char *alteration, *clone; /* one of them is "" */
    const char *rule;             /* row id in the knowledge */
    const char *mechanism, *node, *explains_line;
    cw_level level;
    const char *review;           /* reviewed | unreviewed ... */
    const char *statement;
    cw_strings citations;
    cw_strings conditions;        /* of this rule, in words: open, or remarks */
} cw_finding;

typedef enum cw_verdict {
    CW_VERDICT_POINTS_TO = 0, CW_VERDICT_REDUCED_ACTIVITY, CW_VERDICT_COLLATERAL, CW_VERDICT_RE_SENSITISED,
    CW_VERDICT_RE_CHALLENGE, CW_VERDICT_NOT_ASSESSABLE, CW_VERDICT_NEEDS_ASSAY
} cw_verdict;

typedef struct cw_advice {
    const char *id, *agent;
    cw_verdict verdict;
    cw_strings covers, leaves;    /* clone ids */
    cw_strings unanswered;        /* ids of the alterations of the clones it leaves that it does not answer */
    cw_strings conditions;        /* open conditions, in words */
    bool contradicted;            /* points to the agent, while something known speaks against it: conditions say what */
    cw_strings findings;          /* ids */
    cw_level level;
    const char *review, *statement;
    cw_strings citations;
} cw_advice;

typedef struct cw_not_assessable { const char *what, *why, *assay; } cw_not_assessable;

typedef struct cw_response {
    const char *molecular;        /* word of the preset, or "" */
    const char *preset;
    int mixed;                    /* 1, 0, or -1 not assessable */
    double driver_resistance_ratio, ratio_lo, ratio_hi;
    int wildtype_escape;          /* driver up while no resistance allele: 1, 0, -1 */
    double tumour_fraction, tumour_fraction_lo, tumour_fraction_hi, mrd_ln_e; /* many tracked variants; NAN: none */
    double mrd_lod, mrd_lod_bound; /* tumour fraction that the last draw alone shows with 95 % chance, by simulation; and the bound 4.74 / molecules */
    int preset_version;           /* of the preset's definition; 0: no preset */
} cw_response;

typedef struct cw_input { const char *name, *sha256; } cw_input;

typedef struct cw_patient {
    struct cw_arena *arena;
    const char *id, *tumour_type, *sex;
    const char *command, *panel, *panel_version, *knowledge_version, *background_model;
    bool background_is_default;
    cw_input *inputs; size_t n_inputs;
    /* fixed before the first draw and used again at every later report */
    double alpha, alpha_confirmed;
    double zero_day;              /* zero of t on the axis of draw.day */
    const char *weights_basis;    /* from what the tiers were taken */
    cw_level_set *sets; size_t n_sets; /* dispersion of the background by assay level */
    cw_line *lines; size_t n_lines;
    cw_imaging *imaging; size_t n_imaging;
    cw_surgery *surgeries; size_t n_surgeries; /* by date */
    cw_fact *facts; size_t n_facts;
    cw_patient_draw *draws; size_t n_draws;
    cw_alteration *alterations; size_t n_alterations;
    cw_clone *clones; size_t n_clones;
    cw_node_state *nodes; size_t n_nodes;
    cw_phase_fact *phases; size_t n_phases;
    cw_response response;
    cw_alarm *alarms; size_t n_alarms;
    double patient_ln_e;          /* ln of the weighted mean over absent alleles */
    cw_strings notices;           /* sentences that must be read first: excluded draws, defaults, refusals */
    cw_strings since_previous;    /* what is new since the last report */
    cw_finding *findings; size_t n_findings;
    cw_advice *advice; size_t n_advice;
    cw_not_assessable *not_assessable; size_t n_not_assessable;
} cw_patient;

/* Why the alteration is or is not believed in this draw, in words: what the draw shows by itself, then what all draws up to it say. draw:
 * the point's, or NULL. Cut to size. */
void cw_point_reason(const cw_point *x, const cw_alteration *a, const cw_patient_draw *draw, char *text, size_t size);

const char *cw_baseline_name(cw_baseline b);
const char *cw_status_name(cw_status_word s);
const char *cw_origin_name(cw_origin o);
const char *cw_verdict_name(cw_verdict v);
bool cw_baseline_parse(const char *s, cw_baseline *b);
bool cw_status_parse(const char *s, cw_status_word *w);
bool cw_origin_parse(const char *s, cw_origin *o);
bool cw_verdict_parse(const char *s, cw_verdict *v);
void cw_patient_release(cw_patient *p);

#ifdef __cplusplus
}
#endif
#endif
