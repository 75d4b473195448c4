/* SPDX-License-Identifier: MIT */
/* patient_page.c - the report of one patient: the order of its sections. */
#include "report/report.h"

#include "report/page.h"
#include "report/view.h"

int cw_report_html(const json_t *patient, const char *path, cw_err *err)
{
    cw_view view = {0};
    cw_text title = {0};
    cw_page page = {0};
    int status = cw_view_open(&view, patient, err);
    if (status < 0) goto done;
    const char *id = cw_json_get_string(view.patient, "id");
    cw_text_put(&title, *id ? id : "Patient");
    cw_text_put(&title, " - plasma draws");
    page.title = cw_text_string(&title);
    cw_page_open(&page, page.title, cw_json_get_string(view.patient, "tumour_type"));
    status = cw_text_failed(&title, err);
    if (status == 0) status = cw_page_write(&page, path, err);
done:
    cw_page_release(&page);
    cw_text_release(&title);
    cw_view_close(&view);
    return status;
}
