/* SPDX-License-Identifier: MIT */
/* consensus.c - consensus and UMI tags. Sources of the table: fgbio 2.x DuplexConsensusCaller and Umis, DRAGEN TSO 500 ctDNA tags,
 * gencore, Connor; fgbio writes bD = 0 when a strand was not read, so presence alone does not make a duplex. */
#include "count/consensus.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/out.h"
#include "count/molecule.h"

static const cw_tag_rule known_rules[] = {
    {"fgbio", "cD", {"aD", "bD"}, {"ad", "bd"}, false},
    {"DRAGEN", "XV", {"XW", ""}, {"", ""}, false},
    {"gencore", "FR", {"RR", ""}, {"", ""}, false},
    {"Connor", "X5", {"", ""}, {"", ""}, false},
};
enum { KNOWN = sizeof known_rules / sizeof *known_rules };

static int copy_tags(char to[][3], size_t n, const char *text, const char *path, size_t line, cw_err *err)
{
    for (size_t i = 0; i < n && *text; i++) {
        size_t length = strcspn(text, ";");
        if (length != 2) return cw_err_set(err, CW_EFORMAT, "%s:%zu: '%s' is not one or two tags of two letters joined by ';'", path, line, text);
        to[i][0] = text[0];
        to[i][1] = text[1];
        text += 2 + (text[2] == ';');
    }
    return *text ? cw_err_set(err, CW_EFORMAT, "%s:%zu: too many tags", path, line) : 0;
}

int cw_consensus_open(cw_consensus_tags *c, const char *tag_table, cw_err *err)
{
    memset(c, 0, sizeof *c);
    size_t own = 0;
    if (tag_table) {
        if (cw_table_read(&c->table, tag_table, err) < 0) return err->code;
        own = c->table.n_rows;
    }
    if (!(c->rule = calloc(own + KNOWN, sizeof *c->rule))) return cw_err_nomem(err);
    if (tag_table) {
        int name = cw_table_require(&c->table, "name", err), consensus = cw_table_require(&c->table, "consensus", err);
        int duplex = cw_table_column(&c->table, "duplex"), base = cw_table_column(&c->table, "base");
        if (name < 0 || consensus < 0) return err->code;
        for (size_t i = 0; i < own; i++) {
            cw_tag_rule *r = &c->rule[i];
            size_t line = c->table.line[i];
            r->any_type = true;
            r->name = cw_table_cell(&c->table, i, name);
            if (copy_tags(&r->consensus, 1, cw_table_cell(&c->table, i, consensus), tag_table, line, err) < 0 ||
                copy_tags(r->duplex, 2, cw_table_cell(&c->table, i, duplex), tag_table, line, err) < 0 ||
                copy_tags(r->base, 2, cw_table_cell(&c->table, i, base), tag_table, line, err) < 0)
                return err->code;
            if (!*r->consensus) return cw_err_set(err, CW_EFORMAT, "%s:%zu: a row needs the tag by which a consensus is known", tag_table, line);
        }
    }
    memcpy(c->rule + own, known_rules, sizeof known_rules);
    c->n_rules = own + KNOWN;
    c->n_own = own;
    return 0;
}

/* A tag that is there and, when a number, above 0. */
static bool holds(const bam1_t *b, const char *tag)
{
    const uint8_t *v = bam_aux_get(b, tag);
    if (!v) return false;
    return strchr("cCsSiI", *v) ? bam_aux2i(v) > 0 : true;
}

static bool duplex_read(const cw_tag_rule *r, const bam1_t *b)
{
    if (!*r->duplex[0] || !holds(b, r->duplex[0])) return false;
    return !*r->duplex[1] || holds(b, r->duplex[1]);
}

static bool is_consensus(const cw_tag_rule *r, const bam1_t *b)
{
    const uint8_t *v = bam_aux_get(b, r->consensus);
    return v && (r->any_type || strchr("cCsSiI", *v));
}

/* "duplex", "Duplex", "DUPLEX": people name files in every way. */
static bool name_holds(const char *path, const char *word)
{
    const size_t n = strlen(word);
    for (const char *c = cw_base_name(path); *c; c++) {
        size_t k = 0;
        while (k < n && tolower((unsigned char)c[k]) == word[k]) k++;
        if (k == n) return true;
    }
    return false;
}

/* MI "7/A" or "7/B": the read, or the consensus, of one strand of molecule 7. */
static bool is_of_one_strand(const bam1_t *b)
{
    const uint8_t *v = bam_aux_get(b, "MI");
    const char *mi = v && *v == 'Z' ? bam_aux2Z(v) : "";
    const size_t n = strlen(mi);
    return n > 2 && mi[n - 2] == '/' && (mi[n - 1] == 'A' || mi[n - 1] == 'B');
}

static void find_rule(cw_consensus_tags *c, bam1_t *const *read, size_t n, size_t *with, size_t *duplex)
{
    c->found = NULL;
    *with = *duplex = 0;
    for (size_t k = 0; k < c->n_rules && !c->found; k++) {
        size_t has = 0, both = 0;
        for (size_t i = 0; i < n; i++) {
            has += is_consensus(&c->rule[k], read[i]);
            both += duplex_read(&c->rule[k], read[i]);
        }
        if (has * 2 <= n) continue; /* a stray tag of another meaning is no consensus */
        c->found = &c->rule[k];
        *with = has;
        *duplex = both;
    }
}

/* Where they were seen, of n reads that were looked at. */
static const char *on_reads(size_t with, size_t n, char text[64])
{
    if (n == 0) snprintf(text, 64, ", since there is no read");
    else if (n == 1) snprintf(text, 64, " on the first read");
    else if (with == n) snprintf(text, 64, " on the first %zu reads", n);
    else snprintf(text, 64, " on %zu of the first %zu reads", with, n);
    return text;
}

void cw_consensus_look(cw_consensus_tags *c, cw_consensus told, bam1_t *const *read, size_t n, const char *file_name, bool one_of_several)
{
    size_t with = 0, duplex = 0, mi = 0, rx = 0, of_one_strand = 0;
    find_rule(c, read, n, &with, &duplex);
    for (size_t i = 0; i < n; i++) {
        mi += bam_aux_get(read[i], "MI") != NULL;
        rx += bam_aux_get(read[i], "RX") != NULL;
        of_one_strand += is_of_one_strand(read[i]);
    }
    c->grouping = CW_GROUP_NONE;
    c->all_duplex = c->warn = false;
    char found[160], on[64];
    if (c->found) snprintf(found, sizeof found, "%s tags%s, both strands on %zu", c->found->name, on_reads(with, n, on), duplex);
    else if (mi * 2 > n) snprintf(found, sizeof found, "MI%s and no consensus tags", on_reads(mi, n, on));
    else if (rx * 2 > n) snprintf(found, sizeof found, "RX%s and neither MI nor consensus tags", on_reads(rx, n, on));
    else snprintf(found, sizeof found, "no UMI or consensus tags%s", on_reads(n, n, on));

    const char *conclusion = "counted as raw reads";
    c->level = told;
    if (told == CW_CONS_AUTO) {
        c->level = c->found ? (duplex ? CW_CONS_DUPLEX : CW_CONS_SIMPLEX) : mi * 2 > n ? CW_CONS_UMI : CW_CONS_RAW;
        c->warn = c->level == CW_CONS_RAW && rx * 2 > n;
        /* simplex and duplex files of one draw without tags: the name tells */
        if (one_of_several && !c->found && name_holds(file_name, "duplex")) c->level = CW_CONS_DUPLEX;
        else if (one_of_several && !c->found && name_holds(file_name, "simplex")) c->level = CW_CONS_SIMPLEX;
    }
    if (told == CW_CONS_UMI && n && !mi && !rx && !c->found) { /* singletons would pass for families, and be judged by the background of families */
        c->level = CW_CONS_RAW;
        c->warn = true;
        conclusion = "counted as raw reads, there are no UMIs to group by";
    }
    if (c->level == CW_CONS_RAW) c->found = NULL;
    if (c->level == CW_CONS_UMI) {
        const bool grouped = c->found && !mi && !rx; /* before these reads were made */
        c->found = NULL;
        c->grouping = mi * 2 > n || !rx ? CW_GROUP_MI : CW_GROUP_RX;
        conclusion = c->grouping == CW_GROUP_MI ? "families grouped by MI" : "families grouped by RX and fragment ends";
        if (grouped) conclusion = "each consensus read is a family, as told";
    } else if (c->level == CW_CONS_SIMPLEX) {
        conclusion = "simplex consensus";
    } else if (c->level == CW_CONS_DUPLEX) {
        c->all_duplex = !c->found;
        conclusion = c->all_duplex ? (told == CW_CONS_AUTO ? "every molecule taken for duplex, by the file's name" : "every molecule taken for duplex, as told") : "consensus, duplex told apart";
    } else if (c->warn && told == CW_CONS_AUTO) {
        conclusion = "not grouped, counted as raw reads; --consensus umi groups by RX and fragment ends";
    }
    if (c->found && of_one_strand * 2 > n) { /* else the two strands of a molecule would be two molecules */
        c->grouping = CW_GROUP_MI;
        conclusion = "consensus of single strands, joined by MI (/A and /B)";
    }
    const bool own_unused = c->n_own && (!c->found || c->found >= c->rule + c->n_own);
    snprintf(c->text, sizeof c->text, "%s%s: %s", found, own_unused ? ", none of the tag table's" : "", conclusion);
}

static int base_depth(const bam1_t *b, const char *tag, int32_t q)
{
    const uint8_t *v = bam_aux_get(b, tag);
    if (!v || *v != 'B' || q < 0 || (uint32_t)q >= bam_auxB_len(v)) return -1;
    return bam_auxB2i(v, (uint32_t)q) > 0;
}

bool cw_consensus_is_duplex(const cw_consensus_tags *c, const bam1_t *b, int32_t q)
{
    if (c->all_duplex) return true;
    if (!c->found || !duplex_read(c->found, b)) return false;
    for (int i = 0; i < 2; i++)
        if (*c->found->base[i] && base_depth(b, c->found->base[i], q) == 0) return false;
    return true;
}

/* MI "7/A" and "7/B" are the two strands of molecule 7. */
static uint64_t family_of_mi(const char *mi, bool *strand_b)
{
    size_t n = strlen(mi);
    if (n > 2 && mi[n - 2] == '/' && (mi[n - 1] == 'A' || mi[n - 1] == 'B')) {
        *strand_b = mi[n - 1] == 'B';
        n -= 2;
    }
    return n ? cw_hash_bytes(mi, n) : 0;
}

/* Length on the reference and clips, hard ones too, of a CIGAR in words. False: it is none. */
static bool measure_cigar(const char *text, int64_t *length, int64_t *lead, int64_t *trail)
{
    *length = *lead = *trail = 0;
    for (bool aligned = false; *text;) {
        char *op;
        const long n = strtol(text, &op, 10);
        if (op == text || n < 0 || !*op || !strchr("MIDNSHP=X", *op)) return false;
        if (strchr("SH", *op)) *(aligned ? trail : lead) += n;
        else aligned = true;
        if (strchr("MDN=X", *op)) *length += n;
        text = op + 1;
    }
    return *length > 0;
}

/* A place that is the same for all reads of a family although some are clipped: where the read's 5' end would lie if it were aligned whole. */
static int64_t five_prime(bool reverse, int64_t beg, int64_t end, int64_t lead, int64_t trail) { return reverse ? end + trail : beg - lead; }

static int64_t clipped(const bam1_t *b, bool at_end)
{
    const uint32_t *cigar = bam_get_cigar(b);
    const int n = (int)b->core.n_cigar;
    int64_t sum = 0;
    for (int i = 0; i < n; i++) {
        const uint32_t x = cigar[at_end ? n - 1 - i : i];
        if (bam_cigar_op(x) != BAM_CSOFT_CLIP && bam_cigar_op(x) != BAM_CHARD_CLIP) break;
        sum += bam_cigar_oplen(x);
    }
    return sum;
}

/* Both ends of the fragment: by the 5' ends of the read and, with its MC tag, of its mate; without MC by the template length. */
static void fragment_ends(const bam1_t *b, int64_t end, int64_t place[4])
{
    const bam1_core_t *c = &b->core;
    const int64_t own = five_prime(c->flag & BAM_FREVERSE, c->pos, end, clipped(b, false), clipped(b, true));
    const uint8_t *mc = (c->flag & (BAM_FPAIRED | BAM_FMUNMAP)) == BAM_FPAIRED ? bam_aux_get(b, "MC") : NULL;
    int64_t length, lead, trail;
    place[0] = place[2] = c->tid;
    if (mc && *mc == 'Z' && c->mtid >= 0 && measure_cigar(bam_aux2Z(mc), &length, &lead, &trail)) {
        const int64_t mate = five_prime(c->flag & BAM_FMREVERSE, c->mpos, c->mpos + length, lead, trail);
        const bool first = c->tid < c->mtid || (c->tid == c->mtid && own <= mate);
        place[first ? 0 : 2] = c->tid, place[first ? 1 : 3] = own;
        place[first ? 2 : 0] = c->mtid, place[first ? 3 : 1] = mate;
    } else if (c->isize) {
        place[1] = c->isize > 0 ? c->pos : end + c->isize;
        place[3] = c->isize > 0 ? c->pos + c->isize : end;
    } else {
        place[1] = c->pos - clipped(b, false);
        place[3] = end + clipped(b, true);
    }
}

/* A dual UMI a-b reads b-a on the other strand: its halves are put in the order of the forward strand. */
static uint64_t family_of_rx(const char *rx, const bam1_t *b, int64_t end, bool *strand_b)
{
    const bam1_core_t *c = &b->core;
    const bool forward = !(c->flag & BAM_FREVERSE) != !!((c->flag & BAM_FPAIRED) && (c->flag & BAM_FREAD2));
    int64_t place[4];
    size_t n = strlen(rx), half = strcspn(rx, "-+");
    uint64_t h[3];
    if (n == 0) return 0;
    fragment_ends(b, end, place);
    if (half < n) {
        h[0] = cw_hash_bytes(rx, half);
        h[1] = cw_hash_bytes(rx + half + 1, n - half - 1);
        if (!forward) {
            uint64_t swap = h[0];
            h[0] = h[1];
            h[1] = swap;
            *strand_b = true;
        }
    } else {
        h[0] = cw_hash_bytes(rx, n);
        h[1] = forward; /* a single UMI does not pair strands */
    }
    h[2] = cw_hash_bytes(place, sizeof place);
    return cw_hash_bytes(h, sizeof h);
}

uint64_t cw_consensus_family(const cw_consensus_tags *c, const bam1_t *b, int64_t end, bool *strand_b)
{
    *strand_b = false;
    const uint8_t *v = bam_aux_get(b, c->grouping == CW_GROUP_MI ? "MI" : "RX");
    if (!v) return 0;
    if (*v == 'Z') return c->grouping == CW_GROUP_MI ? family_of_mi(bam_aux2Z(v), strand_b) : family_of_rx(bam_aux2Z(v), b, end, strand_b);
    if (c->grouping == CW_GROUP_MI && strchr("cCsSiI", *v)) { /* some tools write MI as a number */
        int64_t id = bam_aux2i(v);
        return cw_hash_bytes(&id, sizeof id);
    }
    return 0;
}

void cw_consensus_release(cw_consensus_tags *c)
{
    if (!c) return;
    cw_table_release(&c->table);
    free(c->rule);
    memset(c, 0, sizeof *c);
}
