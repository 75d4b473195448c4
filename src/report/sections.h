/* SPDX-License-Identifier: MIT */
/* sections.h - the parts of a patient's report, each from the view alone. A section that has nothing to say says so, where its silence could be
 * misread, and is left out otherwise. */
#ifndef CW_REPORT_SECTIONS_H
#define CW_REPORT_SECTIONS_H

#include "report/page.h"
#include "report/view.h"

void cw_section_summary(cw_page *page, const cw_view *view);      /* who, what is new, alarms, notices */
CW_MUST_CHECK int cw_section_timeline(cw_page *page, const cw_view *view, cw_err *err);
void cw_section_alterations(cw_page *page, const cw_view *view);  /* verdicts, counts per draw, the rest of the panel */
void cw_section_draws(cw_page *page, const cw_view *view);        /* quality per draw, treatment and imaging in words */
void cw_section_response(cw_page *page, const cw_view *view);
void cw_section_clones(cw_page *page, const cw_view *view);       /* clones, nodes, phase */
void cw_section_agents(cw_page *page, const cw_view *view);       /* advice by verdict, coverage, findings */
void cw_section_limits(cw_page *page, const cw_view *view);       /* what plasma cannot show */
void cw_section_methods(cw_page *page, const cw_view *view);
void cw_section_provenance(cw_page *page, const cw_view *view);

/* Building blocks. */
void cw_draw_tables(cw_text *t, const cw_view *view);                         /* of section_alterations: alterations x draws */
/* Calls f (NULL: nothing) on the alterations that matter, most urgent first; returns how many. */
typedef void cw_put_alteration(cw_text *t, const cw_view *view, const json_t *alteration);
size_t cw_each_that_matters(cw_text *t, const cw_view *view, cw_put_alteration *f);
void cw_names_of(cw_text *t, const cw_view *view, const json_t *ids);         /* alterations by id, as names; HTML */
void cw_words_of(cw_text *t, const json_t *list, const char *joint);          /* strings of a list; HTML */
void cw_level_of(cw_text *t, const json_t *object);                          /* scheme and value, and the review state; HTML */
void cw_sentence(cw_text *t, const char *words);                              /* capital letter and full stop; HTML */
void cw_plain(cw_text *t, const char *word);                                 /* "on_target_second_site" -> with blanks; HTML */
void cw_table_open(cw_text *t, const char *class_name, const char *caption, const char *const *heading); /* headings end with NULL */
void cw_table_close(cw_text *t);
#endif
