/* SPDX-License-Identifier: MIT */
/* molecules_tsv.c - which molecule said what. Names are hashed: they are long, and agreement can be tested by the hash (the docs give it). */
#include "count/molecules_tsv.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

int cw_molecules_tsv_open(cw_molecules_tsv *t, const char *path, cw_err *err)
{
    memset(t, 0, sizeof *t);
    if (cw_out_open(&t->out, path, err) < 0) return err->code;
    t->is_open = true;
    fputs("contig\tpos\tref\tmolecule\tclass\talt\tquality\tstrand\tduplex\tlength\tnear_end\n", t->out.file);
    return 0;
}

static const char *class_name(uint16_t vote)
{
    switch (vote) {
    case 0: return "ref";
    case CW_VOTE_OTHER: return "other";
    case CW_VOTE_LOW_QUALITY: return "low_quality";
    case CW_VOTE_UNINFORMATIVE: return "uninformative";
    case CW_VOTE_DISCORDANT: return "discordant";
    default: return "alt";
    }
}

void cw_molecules_tsv_write(cw_molecules_tsv *t, const cw_panel *panel, const cw_site *site, const cw_molecules *m)
{
    if (!t->is_open || site->is_snp) return;
    const cw_locus *l = &panel->loci[site->locus];
    for (size_t i = 0; i < m->n; i++) {
        const cw_molecule *x = &m->at[i];
        const uint16_t vote = x->vote[0];
        const bool carries = vote >= 1 && vote < CW_VOTE_OTHER;
        int q = x->quality[0] > x->quality[1] ? x->quality[0] : x->quality[1];
        fprintf(t->out.file, "%s\t%" PRId64 "\t%s\t%016" PRIx64 "\t%s\t%s\t%d\t%c\t%d\t%d\t%s\n", l->contig, l->beg + 1, l->ref, x->key, class_name(vote),
                carries ? panel->alleles[panel->by_locus[l->first + vote - 1u]].alt : ".", q, x->flags & CW_MOL_FORWARD ? '+' : '-',
                (x->flags & CW_MOL_DUPLEX) != 0, m->extra ? m->extra[i].length : 0,
                vote >= CW_VOTE_OTHER ? "." : x->flags & CW_MOL_INSIDE ? "0" : "1");
    }
}

int cw_molecules_tsv_commit(cw_molecules_tsv *t, cw_err *err)
{
    if (!t->is_open) return 0;
    t->is_open = false;
    return cw_out_commit(&t->out, err);
}

void cw_molecules_tsv_abort(cw_molecules_tsv *t)
{
    if (t->is_open) cw_out_abort(&t->out);
    t->is_open = false;
}
