/* The joint test on one draw: tracked alleles in a calls file.
 *   mrd_plasma list.tsv draw.calls.vcf    list: chrom pos ref alt phase_group; prints ln E, tumour fraction, interval, bound. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include "base/parse.h"
#include "base/table.h"
#include "io/calls_vcf.h"
#include "stats/init.h"
#include "stats/joint.h"

enum { MOST = 256 };

static const char *bare(const char *contig) { return strncmp(contig, "chr", 3) ? contig : contig + 3; }

int main(int argc, char **argv)
{
    cw_table t = {0};
    cw_calls c;
    cw_err err = {0};
    cw_joint_site site[MOST];
    int64_t k[MOST], n[MOST], pos;
    size_t sites = 0;
    const char *group[MOST];
    cw_stats_init();
    if (argc != 3 || cw_table_read(&t, argv[1], &err) < 0 || cw_calls_read(&c, argv[2], &err) < 0) return fprintf(stderr, "%s\n", err.text), 1;
    for (size_t r = 0; r < t.n_rows && sites < MOST; r++)
        for (size_t l = 0; l < c.n_loci; l++)
            for (size_t i = c.locus[l].first; i < c.locus[l].first + c.locus[l].n; i++) {
                const char *g = cw_table_cell(&t, r, 4);
                if (!cw_parse_i64(cw_table_cell(&t, r, 1), &pos) || c.locus[l].beg != pos - 1 || strcmp(bare(c.locus[l].contig), bare(cw_table_cell(&t, r, 0))) ||
                    strcmp(c.call[i].alt, cw_table_cell(&t, r, 3)))
                    continue;
                int at = -1;
                for (size_t s = 0; s < sites && strcmp(g, "."); s++)
                    if (!strcmp(group[s], g)) at = site[s].group;
                if (at < 0 && strcmp(g, ".")) at = (int)sites;
                group[sites] = g;
                site[sites] = cw_joint_site_from_background(c.call[i].bg.a, c.call[i].bg.b, c.background.omega_hat, .5, at);
                k[sites] = c.call[i].k;
                n[sites++] = c.locus[l].depth;
            }
    static const double zero = 0;
    const cw_joint_input in = {sites, 1, site, &zero, k, n};
    cw_joint_look look;
    if (cw_joint_test(&in, &look) < 0) return 1;
    int64_t all = 0;
    for (size_t s = 0; s < sites; s++) all += k[s];
    printf("sites=%zu mutants=%" PRId64 " ln_e=%.3f theta=%.4g lo=%.4g hi=%.4g bound=%.4g lod=%.4g\n", sites, all, look.ln_e, look.theta, look.lo, look.hi, look.lod,
           cw_joint_lod(site, n, sites, .05, 200));
    cw_calls_release(&c);
    cw_table_release(&t);
    return 0;
}
