/* SPDX-License-Identifier: MIT */
/* qc.c - the words of quality: what can fail, and whose a sample is. */
#include <clonewatch/qc.h>

#include <math.h>
#include <string.h>

static const char *const words[CW_QC_WORDS] = {"identity", "contamination", "yield", "noise"};

const cw_qc cw_qc_unknown = {.molecules = -1, .loci = -1, .assessable = -1, .reads = -1, .duplicates = NAN, .duplex = NAN, .fragment_q10 = -1, .fragment_median = -1,
                             .fragment_q90 = -1, .noise = NAN, .noise_bases = -1, .genomes = NAN, .recovery = NAN, .contamination = {.fraction = NAN, .lo = NAN, .hi = NAN}};

const char *cw_person_word(cw_person s)
{
    static const char *const names[] = {"inconclusive", "same", "different"};
    return names[s];
}

const char *cw_qc_word(int bit) { return words[bit]; }

bool cw_qc_words_parse(const char *text, unsigned *bits)
{
    *bits = 0;
    for (size_t n; *text; text += n + (text[n] == ',')) {
        unsigned bit = 0;
        n = strcspn(text, ",");
        for (int i = 0; i < CW_QC_WORDS; i++)
            if (strlen(words[i]) == n && !strncmp(text, words[i], n)) bit = 1u << i;
        if (!bit) return false;
        *bits |= bit;
    }
    return *bits != 0;
}

unsigned cw_qc_failures(const cw_qc_sample *s)
{
    return (s->verdict == CW_PERSON_OTHER ? CW_QC_IDENTITY : 0u) | (s->qc.contaminated ? CW_QC_CONTAMINATION : 0u) | (s->qc.low_yield ? CW_QC_YIELD : 0u) | (s->qc.noisy ? CW_QC_NOISE : 0u);
}
