/* SPDX-License-Identifier: MIT */
/* contigs.c - names and lengths of the chromosomes (GRC assembly reports GCF_000001405.13 and .26; MT is rCRS in both). */
#include "record/contigs.h"

#include <string.h>

static const struct { const char *name; int64_t length37, length38; } contigs[CW_N_CONTIGS] = {
    {"1", 249250621, 248956422},  {"2", 243199373, 242193529},  {"3", 198022430, 198295559},  {"4", 191154276, 190214555},
    {"5", 180915260, 181538259},  {"6", 171115067, 170805979},  {"7", 159138663, 159345973},  {"8", 146364022, 145138636},
    {"9", 141213431, 138394717},  {"10", 135534747, 133797422}, {"11", 135006516, 135086622}, {"12", 133851895, 133275309},
    {"13", 115169878, 114364328}, {"14", 107349540, 107043718}, {"15", 102531392, 101991189}, {"16", 90354753, 90338345},
    {"17", 81195210, 83257441},   {"18", 78077248, 80373285},   {"19", 59128983, 58617616},   {"20", 63025520, 64444167},
    {"21", 48129895, 46709983},   {"22", 51304566, 50818468},   {"X", 155270560, 156040895},  {"Y", 59373566, 57227415},
    {"MT", 16569, 16569},
};

const char *cw_contig_name(size_t i) { return contigs[i].name; }

int64_t cw_contig_length(cw_build build, size_t i)
{
    return build == CW_BUILD_GRCH37 ? contigs[i].length37 : build == CW_BUILD_GRCH38 ? contigs[i].length38 : 0;
}

const char *cw_plain_contig(const char *contig)
{
    if (!strncmp(contig, "chr", 3) && contig[3]) contig += 3;
    return strcmp(contig, "M") ? contig : "MT";
}

int cw_contig_find(const char *name)
{
    name = cw_plain_contig(name);
    for (int i = 0; i < CW_N_CONTIGS; i++)
        if (!strcmp(contigs[i].name, name)) return i;
    return -1;
}

int cw_contig_rank(const char *name)
{
    int i = cw_contig_find(name);
    return i < 0 ? CW_N_CONTIGS : i;
}

bool cw_contig_fits_vcf(const char *name)
{
    if (!*name || strchr("*=", *name)) return false;
    for (; *name; name++)
        if (*name <= ' ' || *name > '~' || strchr("\\,\"'`()[]{}<>", *name)) return false;
    return true;
}
