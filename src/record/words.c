/* SPDX-License-Identifier: MIT */
/* words.c - the words by which the nouns' enumerations leave and enter the program (formats.md). */
#include <clonewatch/patient.h>
#include <clonewatch/knowledge.h>

#include <string.h>

#define COUNT(a) (sizeof(a) / sizeof *(a))

static bool find(const char *const *words, size_t n, const char *s, int *index)
{
    for (size_t i = 0; i < n; i++)
        if (!strcmp(words[i], s)) {
            *index = (int)i;
            return true;
        }
    return false;
}

static const char *const call_states[] = {"not_assessable", "not_detected", "below_lod", "detected", "not_reported"};
static const char *const baselines[] = {"no_baseline", "absent", "below_lod", "present", "not_assessable"};
static const char *const statuses[] = {"not_assessable", "not_detected", "cleared", "falling", "stable", "watch", "expanding", "emerging"};
static const char *const origins[] = {"unknown", "tumour", "chip", "germline"};
static const char *const verdicts[] = {"points_to", "reduced_activity", "collateral", "re_sensitised", "re_challenge", "not_assessable", "needs_assay"};
static const char *const reviews[] = {"reviewed", "partly", "conflict", "unreviewed"};
static const char *const consensuses[] = {"auto", "raw", "umi", "simplex", "duplex"};
static const char *const draw_types[] = {"plasma", "normal", "tumour"};
static const char *const event_types[] = {"TREATMENT", "IMAGING", "SURGERY", "STATUS", "LAB_TEST", "SPECIMEN"};

#define WORDS(type, name, parse, table) \
    const char *name(type x) { return table[x]; } \
    bool parse(const char *s, type *x) \
    { \
        int i; \
        if (!find(table, COUNT(table), s, &i)) return false; \
        *x = (type)i; \
        return true; \
    }

WORDS(cw_call_state, cw_call_state_name, cw_call_state_parse, call_states)
WORDS(cw_baseline, cw_baseline_name, cw_baseline_parse, baselines)
WORDS(cw_status_word, cw_status_name, cw_status_parse, statuses)
WORDS(cw_origin, cw_origin_name, cw_origin_parse, origins)
WORDS(cw_review, cw_review_name, cw_review_parse, reviews)
WORDS(cw_verdict, cw_verdict_name, cw_verdict_parse, verdicts)
WORDS(cw_consensus, cw_consensus_name, cw_consensus_parse, consensuses)
WORDS(cw_draw_type, cw_draw_type_name, cw_draw_type_parse, draw_types)
WORDS(cw_event_type, cw_event_type_name, cw_event_type_parse, event_types)

const char *cw_consensus_level(cw_consensus c) { return consensuses[c == CW_CONS_AUTO ? CW_CONS_RAW : c]; }

const char *cw_gene_before(const char *gene, const char *name)
{
    size_t n = strlen(gene);
    bool named = n && !strncmp(name, gene, n) && (!name[n] || strchr(" -_:", name[n]));
    return named ? "" : gene;
}
