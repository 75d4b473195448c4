/* SPDX-License-Identifier: MIT */
/* surroundings.c - the reference bases around a panel's loci. */
#include "io/surroundings.h"

#include <stdlib.h>
#include "io/reference.h"

enum { REACH = 20 }; /* a run longer than this counts the same */

static char known(char base) { return base == 'N' ? '\0' : base; }

int cw_panel_surroundings(cw_panel *panel, const char *reference, cw_err *err)
{
    cw_reference fasta = {0};
    if (!reference) return 0;
    int status = cw_reference_open(&fasta, reference, err);
    for (size_t i = 0; i < panel->n_loci && status == 0; i++) {
        cw_locus *l = &panel->loci[i];
        char *bases = NULL;
        if (cw_reference_length(&fasta, l->contig) < 0) continue;
        status = cw_reference_fetch(&fasta, l->contig, l->beg - 1, l->end + REACH, &bases, err);
        if (status < 0) break;
        size_t length = (size_t)(l->end - l->beg);
        l->before = known(bases[0]);
        l->after = known(bases[1 + length]);
        l->run = 0; /* of the base behind the anchor, which is bases[1] */
        while (l->run < REACH && bases[2 + l->run] != 'N' && bases[2 + l->run] == bases[2]) l->run++;
        free(bases);
    }
    cw_reference_close(&fasta);
    return status;
}
