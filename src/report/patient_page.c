/* SPDX-License-Identifier: MIT */
/* patient_page.c - the report of one patient: the order of its sections. */
#include "report/report.h"

#include "report/sections.h"
#include "report/text.h"

int cw_report_html(const json_t *patient, const char *path, cw_err *err)
{
    cw_view view = {0};
    cw_text title = {0};
    cw_page page = {0};
    cw_text_watch(); /* many small texts: one question at the end for all of them */
    int status = cw_view_open(&view, patient, err);
    if (status < 0) goto done;
    cw_text_put_tame(&title, cw_json_get_string(view.patient, "id"), 80);
    cw_text_put(&title, title.n ? " \xe2\x80\x93 plasma draws" : "Plasma draws");
    page.title = cw_text_string(&title);
    cw_page_open(&page, "Serial plasma draws: resistant clones", "");
    cw_section_summary(&page, &view);
    status = cw_section_timeline(&page, &view, err);
    if (status < 0) goto done;
    cw_section_alterations(&page, &view);
    cw_section_response(&page, &view);
    cw_section_clones(&page, &view);
    cw_section_agents(&page, &view);
    cw_section_limits(&page, &view);
    cw_section_draws(&page, &view);
    cw_section_methods(&page, &view);
    cw_section_provenance(&page, &view);
    status = cw_text_lost() ? cw_err_nomem(err) : cw_text_failed(&title, err);
    if (status == 0) status = cw_page_write(&page, path, err);
done:
    cw_page_release(&page);
    cw_text_release(&title);
    cw_view_close(&view);
    return status;
}
