/* SPDX-License-Identifier: MIT */
/* knowledge_io.c - panels/knowledge into memory. Each table is declared once (columns and where they go); reading, missing
 * columns and duplicate ids are handled for all of them in one place. What the words mean is checked by advise/. */
#include "io/knowledge_io.h"

#include <stddef.h>
#include <string.h>
#include "base/json.h"
#include "base/parse.h"
#include "io/knowledge_rows.h"

/* Cells go as text to `offset` unless they are one of the worded or numbered ones. */
typedef enum cell_kind { TEXT, KEY, REVIEW, RULE_EFFECT, CROSS_EFFECT, LINE_EFFECT, YES_NO, DAYS } cell_kind;
typedef struct cell { const char *column; size_t offset; cell_kind kind; } cell;
typedef struct table_def {
    const char *file;
    size_t size, line_offset;
    const cell *cells;
    size_t rows_offset, count_offset; /* in cw_knowledge */
} table_def;

#define AT(type, field) offsetof(type, field)
#define SUPPORT(type) \
    {"level", AT(type, support.level), TEXT}, {"scheme", AT(type, support.scheme), TEXT}, {"citation", AT(type, support.citation), TEXT}, \
    {"review", AT(type, support.review), REVIEW}

static const cell agent_cells[] = {{"agent", AT(cw_agent, agent), KEY}, {"kind", AT(cw_agent, kind), TEXT}, {"drug_class", AT(cw_agent, drug_class), TEXT},
    {"targets", AT(cw_agent, targets), TEXT}, {"synonyms", AT(cw_agent, synonyms), TEXT}, {"members", AT(cw_agent, members), TEXT},
    {"status", AT(cw_agent, status), TEXT}, {"named_in_seed", AT(cw_agent, named_in_seed), TEXT}, {NULL, 0, TEXT}};
static const cell rule_cells[] = {{"id", AT(cw_rule, id), KEY}, {"alteration", AT(cw_rule, alteration), TEXT}, {"agent", AT(cw_rule, agent), TEXT},
    {"effect", AT(cw_rule, effect), RULE_EFFECT}, {"if", AT(cw_rule, iff), TEXT}, {"unless", AT(cw_rule, unless), TEXT},
    {"activity", AT(cw_rule, activity), TEXT}, {"assay", AT(cw_rule, assay), TEXT}, {"dose", AT(cw_rule, dose), TEXT}, SUPPORT(cw_rule),
    {"open_question", AT(cw_rule, support.open_question), TEXT}, {"note", AT(cw_rule, support.note), TEXT}, {NULL, 0, TEXT}};
static const cell cross_cells[] = {{"id", AT(cw_cross, id), KEY}, {"prior", AT(cw_cross, prior), TEXT}, {"next", AT(cw_cross, next), TEXT},
    {"effect", AT(cw_cross, effect), CROSS_EFFECT}, {"both", AT(cw_cross, both), YES_NO}, {"marker", AT(cw_cross, marker), TEXT},
    {"if", AT(cw_cross, iff), TEXT}, {"mechanism", AT(cw_cross, mechanism), TEXT}, {"assessable", AT(cw_cross, assessable), TEXT},
    {"assay", AT(cw_cross, assay), TEXT}, {"direction", AT(cw_cross, direction), TEXT}, {"place", AT(cw_cross, place), TEXT}, SUPPORT(cw_cross),
    {"note", AT(cw_cross, support.note), TEXT}, {NULL, 0, TEXT}};
static const cell line_cells[] = {{"id", AT(cw_line_rule, id), KEY}, {"effect", AT(cw_line_rule, effect), LINE_EFFECT}, {"agent", AT(cw_line_rule, agent), TEXT},
    {"prior", AT(cw_line_rule, prior), TEXT}, {"setting", AT(cw_line_rule, setting), TEXT}, {"interval_min_days", AT(cw_line_rule, interval_min), DAYS},
    {"interval_max_days", AT(cw_line_rule, interval_max), DAYS}, {"rising", AT(cw_line_rule, rising), TEXT},
    {"not_rising", AT(cw_line_rule, not_rising), TEXT}, {"fallen", AT(cw_line_rule, fallen), TEXT}, {"if", AT(cw_line_rule, iff), TEXT},
    {"mechanism", AT(cw_line_rule, mechanism), TEXT}, {"statement", AT(cw_line_rule, statement), TEXT}, {"assay", AT(cw_line_rule, assay), TEXT},
    SUPPORT(cw_line_rule), {"note", AT(cw_line_rule, support.note), TEXT}, {NULL, 0, TEXT}};
static const cell node_agent_cells[] = {{"id", AT(cw_node_agent, id), KEY}, {"node", AT(cw_node_agent, node), TEXT}, {"agent", AT(cw_node_agent, agent), TEXT},
    {"if", AT(cw_node_agent, iff), TEXT}, SUPPORT(cw_node_agent), {"note", AT(cw_node_agent, support.note), TEXT}, {NULL, 0, TEXT}};
static const cell node_cells[] = {{"node", AT(cw_node, node), KEY}, {"description", AT(cw_node, description), TEXT}, {NULL, 0, TEXT}};
static const cell mechanism_cells[] = {{"mechanism", AT(cw_mechanism, mechanism), KEY}, {"class", AT(cw_mechanism, klass), TEXT},
    {"description", AT(cw_mechanism, description), TEXT}, {NULL, 0, TEXT}};
static const cell tumour_cells[] = {{"tumour", AT(cw_tumour, tumour), KEY}, {"parent", AT(cw_tumour, parent), TEXT},
    {"synonyms", AT(cw_tumour, synonyms), TEXT}, {NULL, 0, TEXT}};
static const cell status_cells[] = {{"word", AT(cw_status_rule, word), TEXT}, {"fact", AT(cw_status_rule, fact), TEXT}, {"value", AT(cw_status_rule, value), TEXT}, {NULL, 0, TEXT}};
static const cell fact_cells[] = {{"test", AT(cw_fact_word, test), TEXT}, {"results", AT(cw_fact_word, results), TEXT}, {"fact", AT(cw_fact_word, fact), TEXT},
    {"value", AT(cw_fact_word, value), TEXT}, {NULL, 0, TEXT}};
static const cell class_cells[] = {{"class", AT(cw_allele_class, klass), KEY}, {"types", AT(cw_allele_class, types), TEXT}, {"roles", AT(cw_allele_class, roles), TEXT},
    {"mechanisms", AT(cw_allele_class, mechanisms), TEXT}, {"changes", AT(cw_allele_class, changes), TEXT},
    {"complete", AT(cw_allele_class, complete), YES_NO},
    {"description", AT(cw_allele_class, description), TEXT}, {NULL, 0, TEXT}};
static const cell group_cells[] = {{"group", AT(cw_gene_group, group), KEY}, {"genes", AT(cw_gene_group, genes), TEXT}, {NULL, 0, TEXT}};
static const cell gap_cells[] = {{"id", AT(cw_gap, id), KEY}, {"what", AT(cw_gap, what), TEXT}, {"why", AT(cw_gap, why), TEXT}, {"assay", AT(cw_gap, assay), TEXT},
    {"if", AT(cw_gap, iff), TEXT}, {"citation", AT(cw_gap, support.citation), TEXT}, {"review", AT(cw_gap, support.review), REVIEW}, {NULL, 0, TEXT}};
static const cell required_cells[] = {{"alteration", AT(cw_required, alteration), TEXT}, {"agent", AT(cw_required, agent), TEXT},
    {"effect", AT(cw_required, effect), RULE_EFFECT}, {"any_of", AT(cw_required, any_of), TEXT}, {"why", AT(cw_required, why), TEXT}, {NULL, 0, TEXT}};
static const cell conflict_cells[] = {{"id", AT(cw_conflict, id), KEY}, {"gene", AT(cw_conflict, gene), TEXT}, {"allele", AT(cw_conflict, allele), TEXT},
    {"agent", AT(cw_conflict, agent), TEXT}, {"our_side", AT(cw_conflict, our_side), TEXT}, {"source_says", AT(cw_conflict, source_says), TEXT},
    {"level", AT(cw_conflict, level), TEXT}, {"scheme", AT(cw_conflict, scheme), TEXT}, {"evidence", AT(cw_conflict, evidence), TEXT},
    {"disease", AT(cw_conflict, disease), TEXT}, {"citation", AT(cw_conflict, citation), TEXT}, {"state", AT(cw_conflict, state), TEXT},
    {"how", AT(cw_conflict, how), TEXT}, {NULL, 0, TEXT}};
static const cell question_cells[] = {{"id", AT(cw_question, id), KEY}, {"kind", AT(cw_question, kind), TEXT}, {"question", AT(cw_question, question), TEXT}, {NULL, 0, TEXT}};
static const cell source_cells[] = {{"id", AT(cw_source, id), KEY}, {"kind", AT(cw_source, kind), TEXT}, {"title", AT(cw_source, title), TEXT},
    {"checked", AT(cw_source, checked), TEXT}, {NULL, 0, TEXT}};

#define TABLE(file, type, cells, field) {file, sizeof(type), AT(type, line), cells, AT(cw_knowledge, field), AT(cw_knowledge, n_##field)}
static const table_def tables[] = {
    TABLE("sources.tsv", cw_source, source_cells, sources), TABLE("mechanisms.tsv", cw_mechanism, mechanism_cells, mechanisms),
    TABLE("nodes.tsv", cw_node, node_cells, nodes), TABLE("tumours.tsv", cw_tumour, tumour_cells, tumours),
    TABLE("status_words.tsv", cw_status_rule, status_cells, statuses), TABLE("fact_words.tsv", cw_fact_word, fact_cells, fact_words),
    TABLE("allele_classes.tsv", cw_allele_class, class_cells, classes), TABLE("gene_groups.tsv", cw_gene_group, group_cells, groups),
    TABLE("agents.tsv", cw_agent, agent_cells, agents), TABLE("rules.tsv", cw_rule, rule_cells, rules),
    TABLE("cross_resistance.tsv", cw_cross, cross_cells, crosses), TABLE("line_rules.tsv", cw_line_rule, line_cells, line_rules),
    TABLE("node_agents.tsv", cw_node_agent, node_agent_cells, node_agents), TABLE("not_assessable.tsv", cw_gap, gap_cells, gaps),
    TABLE("conflicts.tsv", cw_conflict, conflict_cells, conflicts), TABLE("open_questions.tsv", cw_question, question_cells, questions),
    TABLE("required_conditions.tsv", cw_required, required_cells, required)};

static bool find_word(const char *const *words, const char *s, int *index)
{
    for (int i = 0; words[i]; i++)
        if (!strcmp(words[i], s)) {
            *index = i;
            return true;
        }
    return false;
}

static int worded_cell(const cw_table *t, size_t row, const cell *c, void *to, cw_err *err)
{
    static const char *const rule_words[] = {"resists", "sensitises", NULL}, *const yes_no[] = {"no", "yes", NULL};
    static const char *const cross_words[] = {"reduced", "retained", "overcomes", "favours", "collateral", "re_sensitises", "re_challenge", "unresolved", NULL};
    static const char *const line_words[] = {"points_to", "reduced", "needs_assay", "re_challenge", "escape", NULL};
    const char *word = cw_table_cell(t, row, cw_table_column(t, c->column));
    int i = 0;
    bool fine = true;
    switch (c->kind) {
    case REVIEW: fine = cw_review_parse(word, (cw_review *)to); break;
    case RULE_EFFECT: if ((fine = find_word(rule_words, word, &i))) *(cw_rule_effect *)to = (cw_rule_effect)i; break;
    case CROSS_EFFECT: if ((fine = find_word(cross_words, word, &i))) *(cw_cross_effect *)to = (cw_cross_effect)i; break;
    case LINE_EFFECT: if ((fine = find_word(line_words, word, &i))) *(cw_line_effect *)to = (cw_line_effect)i; break;
    case YES_NO: if ((fine = find_word(yes_no, word, &i))) *(bool *)to = i == 1; break;
    case DAYS:
        *(int64_t *)to = -1;
        fine = !*word || (cw_parse_i64(word, (int64_t *)to) && *(int64_t *)to >= 0);
        break;
    case TEXT:
    case KEY: break;
    }
    if (fine) return 0;
    return cw_err_set(err, CW_EFORMAT, "%s:%zu: '%s' is not a word of column '%s'; see docs/knowledge.md", t->path, t->line[row], word, c->column);
}

static int read_row(cw_arena *arena, const cw_table *t, size_t row, const table_def *d, char *to, cw_err *err)
{
    bool failed = false;
    memcpy(to + d->line_offset, &t->line[row], sizeof(size_t));
    for (const cell *c = d->cells; c->column; c++) {
        if (c->kind == TEXT || c->kind == KEY) {
            const char *text = cw_row_text(arena, t, row, c->column, &failed);
            memcpy(to + c->offset, &text, sizeof text);
            if (c->kind == KEY && !*text) return cw_err_set(err, CW_EFORMAT, "%s:%zu: column '%s' must not be empty", t->path, t->line[row], c->column);
        } else if (worded_cell(t, row, c, to + c->offset, err) < 0) {
            return CW_EFORMAT;
        }
    }
    return failed ? cw_err_nomem(err) : 0;
}

typedef struct keyed { const char *key; size_t line; } keyed;

static int by_key(const void *a, const void *b)
{
    const keyed *x = a, *y = b;
    int c = strcmp(x->key, y->key);
    return c ? c : (x->line > y->line) - (x->line < y->line);
}

static int refuse_duplicates(const cw_table *t, const table_def *d, const char *rows, cw_err *err)
{
    if (d->cells[0].kind != KEY) return 0;
    keyed *keys = malloc((t->n_rows ? t->n_rows : 1) * sizeof *keys);
    if (!keys) return cw_err_nomem(err);
    for (size_t i = 0; i < t->n_rows; i++) {
        memcpy(&keys[i].key, rows + i * d->size + d->cells[0].offset, sizeof keys[i].key);
        keys[i].line = t->line[i];
    }
    qsort(keys, t->n_rows, sizeof *keys, by_key);
    int status = 0;
    for (size_t i = 1; i < t->n_rows && status == 0; i++)
        if (!strcmp(keys[i].key, keys[i - 1].key))
            status = cw_err_set(err, CW_EFORMAT, "%s:%zu: %s '%s' stands already in line %zu", t->path, keys[i].line, d->cells[0].column, keys[i].key, keys[i - 1].line);
    free(keys);
    return status;
}

static int read_table(cw_knowledge *k, const table_def *d, cw_err *err)
{
    cw_table t = {0};
    const char *path = cw_join_path(k->arena, k->dir, d->file);
    int status = path ? cw_table_read(&t, path, err) : cw_err_nomem(err);
    for (const cell *c = d->cells; status >= 0 && c->column; c++) status = cw_table_require(&t, c->column, err);
    char *rows = status >= 0 ? cw_arena_alloc(k->arena, t.n_rows, d->size) : NULL;
    if (status >= 0 && !rows) status = cw_err_nomem(err);
    for (size_t r = 0; status >= 0 && r < t.n_rows; r++) status = read_row(k->arena, &t, r, d, rows + r * d->size, err);
    if (status >= 0) status = refuse_duplicates(&t, d, rows, err);
    if (status >= 0) {
        memcpy((char *)k + d->rows_offset, &rows, sizeof rows);
        memcpy((char *)k + d->count_offset, &t.n_rows, sizeof t.n_rows);
    }
    cw_table_release(&t);
    return status < 0 ? status : 0;
}

/* Columns that only some tables have read as "" elsewhere, so that nothing downstream meets a null pointer. */
static void fill_gaps(cw_knowledge *k)
{
    for (size_t i = 0; i < k->n_gaps; i++) k->gaps[i].support.level = k->gaps[i].support.scheme = k->gaps[i].support.note = k->gaps[i].support.open_question = "";
    for (size_t i = 0; i < k->n_crosses; i++) k->crosses[i].support.open_question = "";
    for (size_t i = 0; i < k->n_line_rules; i++) k->line_rules[i].support.open_question = "";
    for (size_t i = 0; i < k->n_node_agents; i++) k->node_agents[i].support.open_question = "";
}

/* Where panel.json says that the knowledge lies. */
static int knowledge_folder(cw_knowledge *k, const char *panel_dir, cw_err *err)
{
    json_t *doc = NULL;
    const char *path = cw_join_path(k->arena, panel_dir, "panel.json");
    int status = path ? cw_json_read(path, &doc, err) : cw_err_nomem(err);
    const char *name = status == 0 ? cw_json_get_string(doc, "knowledge") : "";
    if (status == 0 && *name && !(k->dir = cw_join_path(k->arena, panel_dir, name))) status = cw_err_nomem(err);
    json_decref(doc);
    return status;
}

int cw_knowledge_load(cw_knowledge *k, const char *panel_dir, cw_err *err)
{
    *k = (cw_knowledge){.version = "", .dir = ""};
    if (!(k->arena = cw_arena_new())) return cw_err_nomem(err);
    int status = knowledge_folder(k, panel_dir, err);
    if (status == 0 && !*k->dir) return 0; /* a panel of one's own without knowledge: nothing is matched */
    if (status == 0) status = cw_read_knowledge_version(k->arena, k->dir, &k->version, err);
    const char *alterations = status == 0 ? cw_join_path(k->arena, k->dir, "alterations.tsv") : NULL, *genes = status == 0 ? cw_join_path(k->arena, k->dir, "genes.tsv") : NULL;
    if (status == 0 && (!alterations || !genes)) status = cw_err_nomem(err);
    if (status == 0) status = cw_read_alterations(k->arena, alterations, false, &k->alterations, &k->n_alterations, err);
    if (status == 0) status = cw_read_genes(k->arena, genes, &k->genes, &k->n_genes, err);
    for (size_t i = 0; status == 0 && i < sizeof tables / sizeof *tables; i++) status = read_table(k, &tables[i], err);
    if (status < 0) cw_knowledge_release(k);
    else fill_gaps(k);
    return status;
}
