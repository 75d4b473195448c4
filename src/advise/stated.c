/* SPDX-License-Identifier: MIT */
/* stated.c - a case as people type it: tumour, lines of therapy, alterations by gene and name, facts of other assays. */
#include "advise/advise.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include "advise/names.h"
#include "base/mem.h"
#include "base/parse.h"

enum { MAX_ITEMS = 200, MAX_TEXT = 400 };

static size_t count_parts(const char *text, char separator)
{
    size_t n = text && *text ? 1 : 0;
    for (const char *s = text ? text : ""; *s; s++) n += *s == separator;
    return n;
}

static char *copy(cw_arena *arena, cw_part p, cw_err *err)
{
    char *s = cw_arena_strndup(arena, p.s, p.n);
    if (!s) (void)cw_err_nomem(err);
    return s;
}

/* ---- lines ---- */

static int parse_line(const cw_knowledge *k, cw_arena *arena, cw_part text, size_t number, cw_line *line, cw_err *err)
{
    *line = (cw_line){.setting = ""};
    const char *open = memchr(text.s, '(', text.n);
    if (open && text.s[text.n - 1] == ')') { /* "agent (adjuvant)" */
        cw_part setting = {open + 1, text.n - (size_t)(open - text.s) - 2};
        if (!(line->setting = copy(arena, setting, err))) return CW_ENOMEM;
        text.n = (size_t)(open - text.s);
        while (text.n && text.s[text.n - 1] == ' ') text.n--;
    }
    char *all = copy(arena, text, err);
    if (!all || !(line->id = cw_arena_printf(arena, "L%zu", number))) return cw_err_nomem(err);
    bool whole = cw_agent_find(k, all, text.n) >= 0;
    line->agents.v = cw_arena_alloc(arena, count_parts(all, '+'), sizeof *line->agents.v);
    if (!line->agents.v) return cw_err_nomem(err);
    if (whole) {
        line->agents.v[line->agents.n++] = all;
        return 0;
    }
    const char *rest = all;
    for (cw_part p; cw_part_next(&rest, '+', &p);) {
        if (!p.n) return cw_err_set(err, CW_EUSAGE, "line '%.80s' holds an empty agent; write lines as \"a;b + c\"", all);
        if (!(line->agents.v[line->agents.n++] = copy(arena, p, err))) return CW_ENOMEM;
    }
    return 0;
}

static int parse_lines(const cw_knowledge *k, const char *text, cw_patient *p, cw_err *err)
{
    size_t n = count_parts(text, ';');
    if (n > MAX_ITEMS) return cw_err_set(err, CW_EUSAGE, "more than %d lines of therapy", MAX_ITEMS);
    if (!(p->lines = cw_arena_alloc(p->arena, n, sizeof *p->lines))) return cw_err_nomem(err);
    for (cw_part part; n && cw_part_next(&text, ';', &part);) {
        if (!part.n) continue;
        int status = parse_line(k, p->arena, part, p->n_lines + 1, &p->lines[p->n_lines], err);
        if (status < 0) return status;
        p->n_lines++;
    }
    return 0;
}

/* ---- alterations ---- */

static const cw_known_gene *gene_find(const cw_knowledge *k, const char *s, size_t n)
{
    for (size_t i = 0; i < k->n_genes; i++)
        if (cw_same_name(k->genes[i].gene, strlen(k->genes[i].gene), s, n)) return &k->genes[i];
    for (size_t i = 0; i < k->n_genes; i++) {
        const char *rest = k->genes[i].aliases;
        for (cw_part p; cw_part_next(&rest, ';', &p);)
            if (cw_same_name(p.s, p.n, s, n)) return &k->genes[i];
    }
    return NULL;
}

static bool named(const cw_known_alteration *x, const char *change, size_t n)
{
    const char *id = strrchr(x->id, ':');
    if (cw_same_change(x->hgvs_p, strlen(x->hgvs_p), change, n) || cw_same_change(x->hgvs_c, strlen(x->hgvs_c), change, n)) return true;
    if (id && cw_same_change(id + 1, strlen(id + 1), change, n)) return true;
    const char *rest = x->aliases;
    for (cw_part p; cw_part_next(&rest, ';', &p);)
        if (cw_same_change(p.s, p.n, change, n)) return true;
    return false;
}

/* Row with this name: the one change of a single base, where there is one such; else the first, and *several when another change of bases has the same
 * name. gene NULL: the name alone ("AR-V7"). */
static const cw_known_alteration *row_find(const cw_knowledge *k, const cw_known_gene *gene, const char *change, size_t n, bool *several)
{
    const cw_known_alteration *first = NULL, *single = NULL;
    size_t singles = 0;
    *several = false;
    for (size_t i = 0; i < k->n_alterations; i++) {
        const cw_known_alteration *x = &k->alterations[i];
        if ((gene && strcmp(x->gene, gene->gene)) || !named(x, change, n)) continue;
        if (first) *several = true;
        else first = x;
        if (x->type == CW_TYPE_SNV && !singles++) single = x;
    }
    if (singles == 1) *several = false;
    return singles == 1 ? single : first;
}

/* "A-B fusion", "A::B": the partner that the knowledge holds as a fusion. */
static const cw_known_alteration *fusion_find(const cw_knowledge *k, cw_part text)
{
    for (const char *s = text.s, *end = text.s + text.n; s < end;) {
        size_t n = strcspn(s, "-:/ ");
        if (s + n > end) n = (size_t)(end - s);
        const cw_known_gene *gene = n ? gene_find(k, s, n) : NULL;
        for (size_t i = 0; gene && i < k->n_alterations; i++)
            if (k->alterations[i].type == CW_TYPE_FUSION && !strcmp(k->alterations[i].gene, gene->gene)) return &k->alterations[i];
        s += n + 1;
    }
    return NULL;
}

static bool says_fusion(cw_part text)
{
    static const char *const words[] = {"fusion", "rearrange", "translocation", "::"};
    for (size_t w = 0; w < sizeof words / sizeof *words; w++)
        for (size_t i = 0, m = strlen(words[w]); i + m <= text.n; i++)
            if (!strncmp(text.s + i, words[w], m)) return true;
    return false;
}

static int state_of(cw_part *text, cw_alteration *a, cw_err *err)
{
    static const struct { const char *word; cw_status_word status; } states[] = {
        {"rising", CW_STATUS_EXPANDING}, {"expanding", CW_STATUS_EXPANDING}, {"emerging", CW_STATUS_EMERGING}, {"stable", CW_STATUS_STABLE},
        {"falling", CW_STATUS_FALLING}, {"cleared", CW_STATUS_CLEARED}, {"absent", CW_STATUS_NOT_DETECTED}, {"not detected", CW_STATUS_NOT_DETECTED}};
    const char *equal = NULL;
    for (size_t i = 0; i < text->n; i++)
        if (text->s[i] == '=') equal = text->s + i;
    if (!equal) return 0;
    size_t n = text->n - (size_t)(equal + 1 - text->s);
    for (size_t i = 0; i < sizeof states / sizeof *states; i++)
        if (cw_same_name(states[i].word, strlen(states[i].word), equal + 1, n)) {
            a->status = states[i].status;
            text->n = (size_t)(equal - text->s);
            while (text->n && text->s[text->n - 1] == ' ') text->n--;
            return 0;
        }
    if (cw_same_name("germline", 8, equal + 1, n) || cw_same_name("chip", 4, equal + 1, n)) {
        a->origin = cw_same_name("chip", 4, equal + 1, n) ? CW_ORIGIN_CHIP : CW_ORIGIN_GERMLINE;
        text->n = (size_t)(equal - text->s);
        return 0;
    }
    return cw_err_set(err, CW_EUSAGE, "'%.*s' is not a state; use rising, stable, falling, cleared, absent, germline or chip", (int)(n > 60 ? 60 : n), equal + 1);
}

static int name_it(cw_arena *arena, cw_part text, const cw_known_gene *gene, cw_part change, const cw_known_alteration *x, bool several, cw_alteration *a, cw_err *err)
{
    if (x) {
        const char *slash = strrchr(x->id, ':');
        a->gene = x->gene;
        a->name = *x->hgvs_p ? x->hgvs_p : slash ? slash + 1 : x->id;
        a->type = x->type;
        a->role = x->role;
        a->mechanism = x->mechanism;
        a->node = x->node;
        a->id = several && *x->hgvs_p ? cw_arena_printf(arena, "%s:%s:%s", x->gene, x->transcript, x->hgvs_p) : x->id;
        return a->id ? 0 : cw_err_nomem(err);
    }
    char *id = copy(arena, text, err), *name = copy(arena, change, err);
    if (!id || !name) return CW_ENOMEM;
    for (char *s = id; *s; s++)
        if (strchr(" \t;,=%", *s)) *s = ':';
    a->id = id;
    a->gene = gene ? gene->gene : "";
    a->name = name;
    a->type = CW_TYPE_OTHER;
    return 0;
}

static int parse_alteration(const cw_knowledge *k, cw_arena *arena, cw_part text, cw_alteration *a, cw_err *err)
{
    const cw_interval none = {NAN, NAN, NAN};
    *a = (cw_alteration){.mechanism = "", .node = "", .contig = "", .ref = "", .alt = "", .beg = -1, .origin_terms = "", .statement = "", .first_alarm = -1,
                         .doubling_days = none, .forecast = {NAN, {NAN, NAN, NAN}, NAN, "no draws"}, .lead_days = NAN, .lead_lo = NAN, .lead_hi = NAN,
                         .evidence = {NAN, NAN, NAN, NAN, NAN, 0}, .stated_by = "as stated"};
    if (text.n > MAX_TEXT) return cw_err_set(err, CW_EUSAGE, "alteration '%.60s...' is too long", text.s);
    int status = state_of(&text, a, err);
    if (status < 0) return status;
    size_t g = 0;
    while (g < text.n && text.s[g] != ' ' && text.s[g] != ':') g++;
    cw_part change = {text.s + g, text.n - g};
    while (change.n && (*change.s == ' ' || *change.s == ':')) change.s++, change.n--;
    char short_name[MAX_TEXT + 1];
    change.n = cw_one_letter(change.s, change.n, short_name);
    change.s = short_name;
    const cw_known_gene *gene = gene_find(k, text.s, g);
    bool several = false;
    const cw_known_alteration *x = NULL;
    for (size_t i = 0; i < k->n_alterations && !x; i++)
        if (cw_part_is(text, k->alterations[i].id)) x = &k->alterations[i];
    if (!x && gene && change.n) x = row_find(k, gene, change.s, change.n, &several);
    if (!x && (says_fusion(text) || (!gene && memchr(text.s, '-', g)) || (gene && !change.n))) x = fusion_find(k, text); /* "A-B" alone is a fusion too */
    if (!x && !gene) x = row_find(k, NULL, text.s, text.n, &several);
    if (!gene && !x) change = text;
    return name_it(arena, text, gene, change, x, several, a, err);
}

static int add_clone(cw_patient *p, const cw_alteration *a, cw_err *err)
{
    cw_clone *c = &p->clones[p->n_clones];
    *c = (cw_clone){.id = cw_arena_printf(p->arena, "C%zu", p->n_clones + 1), .doubling_days = {NAN, NAN, NAN}, .status = a->status, .co_membership = NAN,
                    .order = "not resolvable"};
    c->alterations = (cw_strings){.v = cw_arena_alloc(p->arena, 1, sizeof *c->alterations.v), .n = 1};
    if (!c->id || !c->alterations.v) return cw_err_nomem(err);
    c->alterations.v[0] = a->id;
    p->n_clones++;
    return 0;
}

static int parse_alterations(const cw_knowledge *k, const char *text, cw_patient *p, cw_err *err)
{
    size_t n = count_parts(text, ',');
    if (n > MAX_ITEMS) return cw_err_set(err, CW_EUSAGE, "more than %d alterations", MAX_ITEMS);
    p->alterations = cw_arena_alloc(p->arena, n, sizeof *p->alterations);
    p->clones = cw_arena_alloc(p->arena, n, sizeof *p->clones);
    if (!p->alterations || !p->clones) return cw_err_nomem(err);
    for (cw_part part; n && cw_part_next(&text, ',', &part);) {
        cw_alteration a;
        bool twice = false;
        if (!part.n) continue;
        int status = parse_alteration(k, p->arena, part, &a, err);
        if (status < 0) return status;
        for (size_t i = 0; i < p->n_alterations; i++) twice |= !strcmp(p->alterations[i].id, a.id);
        if (twice) return cw_err_set(err, CW_EUSAGE, "alteration '%.*s' is stated twice", (int)part.n, part.s);
        p->alterations[p->n_alterations++] = a;
        if (a.status != CW_STATUS_NOT_DETECTED && a.status != CW_STATUS_CLEARED && (status = add_clone(p, &a, err)) < 0) return status;
    }
    return 0;
}

/* ---- facts ---- */

static int parse_facts(const char *text, cw_patient *p, cw_err *err)
{
    size_t n = count_parts(text, ';');
    if (n > MAX_ITEMS) return cw_err_set(err, CW_EUSAGE, "more than %d facts", MAX_ITEMS);
    if (!(p->facts = cw_arena_alloc(p->arena, n, sizeof *p->facts))) return cw_err_nomem(err);
    for (cw_part part; n && cw_part_next(&text, ';', &part);) {
        if (!part.n) continue;
        const char *equal = memchr(part.s, '=', part.n);
        if (!equal || equal == part.s) return cw_err_set(err, CW_EUSAGE, "fact '%.*s' must be NAME=VALUE", (int)(part.n > 80 ? 80 : part.n), part.s);
        cw_part test = {part.s, (size_t)(equal - part.s)}, result = {equal + 1, part.n - (size_t)(equal + 1 - part.s)};
        cw_fact *f = &p->facts[p->n_facts];
        if (!(f->test = copy(p->arena, test, err)) || !(f->result = copy(p->arena, result, err))) return CW_ENOMEM;
        p->n_facts++;
    }
    return 0;
}

int cw_advise_stated(const cw_knowledge *k, const char *tumour, const char *lines, const char *alterations, const char *facts, cw_patient *p, cw_err *err)
{
    *p = (cw_patient){.id = "stated", .sex = "", .command = "", .panel = "", .panel_version = "", .knowledge_version = k->version, .background_model = "",
                      .weights_basis = "", .alpha = NAN, .alpha_confirmed = NAN, .zero_day = NAN, .patient_ln_e = NAN};
    if (!(p->arena = cw_arena_new())) return cw_err_nomem(err);
    if (!(p->tumour_type = cw_arena_strdup(p->arena, tumour ? tumour : ""))) return cw_err_nomem(err);
    p->response = (cw_response){.molecular = "", .preset = "", .mixed = -1, .driver_resistance_ratio = NAN, .ratio_lo = NAN, .ratio_hi = NAN, .wildtype_escape = -1,
                                .tumour_fraction = NAN, .tumour_fraction_lo = NAN, .tumour_fraction_hi = NAN, .mrd_ln_e = NAN};
    int status = parse_lines(k, lines, p, err);
    if (status == 0) status = parse_alterations(k, alterations, p, err);
    if (status == 0) status = parse_facts(facts, p, err);
    return status;
}

/* ---- alterations that another assay reports ---- */

static bool next_word(const char **rest, cw_part *word)
{
    static const char gaps[] = " \t,;:()[]/-|=";
    const char *s = *rest + strspn(*rest, gaps);
    *word = (cw_part){s, strcspn(s, gaps)};
    *rest = s + word->n;
    return word->n > 0;
}

static bool has_word(const char *text, const char *const *words, size_t n)
{
    for (cw_part p; next_word(&text, &p);)
        for (size_t i = 0; i < n; i++)
            if (cw_same_name(p.s, p.n, words[i], strlen(words[i]))) return true;
    return false;
}

static const cw_known_alteration *row_in(const cw_knowledge *k, const cw_known_gene *gene, const char *text)
{
    bool several;
    const cw_known_alteration *x = NULL;
    for (cw_part p; !x && next_word(&text, &p);) x = row_find(k, gene, p.s, p.n, &several);
    return x;
}

/* The row that "GENE METHOD: RESULT" states as present. A result that denies, or that only a reader can judge (a number), states nothing. */
static const cw_known_alteration *stated_row(const cw_knowledge *k, const cw_fact *f)
{
    static const char *const deny[] = {"not", "no", "non", "negative", "neg", "normal", "absent", "none", "wild", "wildtype", "wt", "unamplified", "undetected"};
    static const char *const affirm[] = {"positive", "pos", "detected", "present", "yes", "mutated"};
    const cw_known_gene *gene = NULL;
    const char *rest = f->test;
    for (cw_part p; !gene && next_word(&rest, &p);) gene = gene_find(k, p.s, p.n);
    if (!gene || has_word(f->result, deny, sizeof deny / sizeof *deny)) return NULL;
    const cw_known_alteration *x = row_in(k, gene, f->result);
    if (!x && says_fusion((cw_part){f->result, strlen(f->result)})) x = fusion_find(k, (cw_part){gene->gene, strlen(gene->gene)});
    if (!x && has_word(f->result, affirm, sizeof affirm / sizeof *affirm)) x = row_in(k, gene, rest);
    return x;
}

static int state_one(const cw_known_alteration *x, const cw_fact *f, cw_patient *p, cw_err *err)
{
    char day[32];
    cw_alteration a;
    const cw_interval none = {NAN, NAN, NAN};
    size_t i = 0;
    while (i < p->n_alterations && strcmp(p->alterations[i].id, x->id)) i++;
    if (i < p->n_alterations) return 0; /* counted in plasma, or stated already */
    a = (cw_alteration){.contig = "", .ref = "", .alt = "", .beg = -1, .origin = CW_ORIGIN_UNKNOWN, .origin_terms = "", .first_alarm = -1,
                        .status = CW_STATUS_NOT_ASSESSABLE, .baseline = CW_BASE_NOT_ASSESSABLE, .doubling_days = none,
                        .forecast = {NAN, {NAN, NAN, NAN}, NAN, "not counted in plasma"}, .lead_days = NAN, .lead_lo = NAN, .lead_hi = NAN,
                        .evidence = {NAN, NAN, NAN, NAN, NAN, 0}, .stated_by = f->test};
    int status = name_it(p->arena, (cw_part){"", 0}, NULL, (cw_part){"", 0}, x, false, &a, err);
    if (!f->date.known) snprintf(day, sizeof day, "an unknown day");
    else if (f->date.is_date) cw_format_date(f->date.day, day);
    else snprintf(day, sizeof day, "day %lld", (long long)f->date.day);
    a.statement = cw_arena_printf(p->arena, "stated by another assay, not counted in plasma: %s on %s: %s", f->test, day, f->result);
    cw_alteration *all = cw_arena_alloc(p->arena, p->n_alterations + 1, sizeof *all);
    cw_clone *clones = cw_arena_alloc(p->arena, p->n_clones + 1, sizeof *clones);
    const char **member = cw_arena_alloc(p->arena, 1, sizeof *member);
    char *id = cw_arena_printf(p->arena, "C%zu", p->n_clones + 1);
    if (status < 0 || !a.statement || !all || !clones || !member || !id) return status < 0 ? status : cw_err_nomem(err);
    if (p->n_alterations) memcpy(all, p->alterations, p->n_alterations * sizeof *all);
    if (p->n_clones) memcpy(clones, p->clones, p->n_clones * sizeof *clones);
    all[p->n_alterations++] = a;
    *member = a.id;
    clones[p->n_clones++] = (cw_clone){.id = id, .alterations = {member, 1}, .doubling_days = none, .status = CW_STATUS_NOT_ASSESSABLE,
                                       .co_membership = NAN, .order = "not resolvable"};
    p->alterations = all;
    p->clones = clones;
    return 0;
}

int cw_advise_reported(const cw_knowledge *k, cw_patient *p, cw_err *err)
{
    int status = 0;
    for (size_t i = 0; status == 0 && i < p->n_facts; i++) {
        const cw_known_alteration *x = stated_row(k, &p->facts[i]);
        if (x) status = state_one(x, &p->facts[i], p, err);
    }
    return status;
}
