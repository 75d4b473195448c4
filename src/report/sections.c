/* SPDX-License-Identifier: MIT */
/* sections.c - building blocks of the sections. */
#include "report/sections.h"

#include <string.h>
#include "report/words.h"

/* A name such as "p.T790M" or "mTOR" at the start keeps its letter. */
void cw_sentence(cw_text *t, const char *words)
{
    size_t n = strlen(words);
    bool lower = words[0] >= 'a' && words[0] <= 'z' && ((words[1] >= 'a' && words[1] <= 'z') || words[1] == ' ');
    char first[2] = {lower ? (char)(words[0] - 'a' + 'A') : words[0], '\0'};
    if (!n) return;
    if (lower) cw_html(t, "%s%.600s", first, words + 1);
    else cw_html(t, "%.600s", words);
    if (!strchr(".!?", words[n - 1])) cw_text_put(t, ".");
}

void cw_plain(cw_text *t, const char *word)
{
    char plain[200];
    size_t n = 0;
    for (; word[n] && n + 1 < sizeof plain; n++) plain[n] = word[n] == '_' ? ' ' : word[n];
    plain[n] = '\0';
    cw_html(t, "%s", plain);
}

void cw_names_of(cw_text *t, const cw_view *view, const json_t *ids)
{
    size_t i;
    json_t *id;
    json_array_foreach((json_t *)ids, i, id) {
        char name[400];
        const char *text = json_is_string(id) ? json_string_value(id) : "";
        ptrdiff_t at = cw_view_find(view, "alteration", text);
        cw_html(t, "%s<span class=\"name\">%.80s</span>", i ? ", " : "", at < 0 ? text : cw_view_name(json_array_get(view->alterations, (size_t)at), name, sizeof name));
    }
}

void cw_words_of(cw_text *t, const json_t *list, const char *joint)
{
    size_t i;
    json_t *word;
    json_array_foreach((json_t *)list, i, word) cw_html(t, "%s%.400s", i ? joint : "", json_is_string(word) ? json_string_value(word) : "");
}

void cw_level_of(cw_text *t, const json_t *object)
{
    const json_t *level = json_object_get(object, "level");
    const char *review = cw_json_get_string(object, "review");
    if (*cw_json_get_string(level, "value")) cw_html(t, "%.60s: %.60s", cw_json_get_string(level, "scheme"), cw_json_get_string(level, "value"));
    else cw_text_put(t, "no level stated");
    if (*review) cw_html(t, "<br><span class=\"review %s\">%.40s</span>", strcmp(review, "reviewed") ? "open" : "done", review);
}

void cw_table_open(cw_text *t, const char *class_name, const char *caption, const char *const *heading)
{
    cw_html(t, "<div class=\"scroll\"><table class=\"%s\">\n<caption>%s</caption>\n<thead><tr>", class_name, caption);
    for (; *heading; heading++) cw_html(t, "<th scope=\"col\">%s</th>", *heading);
    cw_text_put(t, "</tr></thead>\n<tbody>\n");
}

void cw_table_close(cw_text *t) { cw_text_put(t, "</tbody></table></div>\n"); }

size_t cw_each_that_matters(cw_text *t, const cw_view *view, cw_put_alteration *f)
{
    size_t i, n = 0;
    json_t *alteration;
    for (int rank = 0; rank < 20; rank++)
        json_array_foreach((json_t *)view->alterations, i, alteration)
            if (cw_view_rank(alteration) == rank && cw_view_matters(alteration)) {
                if (f) f(t, view, alteration);
                n++;
            }
    return n;
}
