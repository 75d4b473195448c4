/* Draw sheets and events as they come out of spreadsheets: read right, or refused by row and column. */
#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "io/draw_io.h"

static char folder[64], path[128];

static void make(void)
{
    strcpy(folder, "/tmp/cw-draw-XXXXXX");
    cr_assert_not_null(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/s.csv", folder);
}

static void drop(void)
{
    unlink(path);
    rmdir(folder);
}

TestSuite(draw_io, .init = make, .fini = drop);

static void write_file(const char *text)
{
    FILE *f = fopen(path, "wb");
    cr_assert_not_null(f);
    cr_assert_eq(fwrite(text, 1, strlen(text), f), strlen(text));
    fclose(f);
}

Test(draw_io, a_sheet_with_everything)
{
    write_file("\xef\xbb\xbfpatient,sample,date,type,bam,vcf,plasma_ml,cfdna_ng,consensus,my own,exclude\r\n"
               "P1,P1-a,2024-02-29,plasma,a.bam,,4.5,31,umi,kept,\r\n"
               "P1,P1-w,,normal,/abs/w.bam,,,,,,\r\n"
               "P2,P2-a,-14,,,x/y.vcf.gz,NA,.,,,\"haemolysed, by eye\"\r\n");
    cw_draw_sheet s = {0};
    cw_err err = {0};
    cr_assert_eq(cw_draw_sheet_read(&s, path, &err), 0, "%s", err.text);
    cr_assert_eq(s.n, 3);
    char expected[160];
    snprintf(expected, sizeof expected, "%s/a.bam", folder);
    cr_assert_str_eq(s.row[0].bam, expected);
    cr_assert_str_eq(s.row[0].vcf, "");
    cr_assert(s.row[0].date.is_date == true);
    cr_assert_eq(s.row[0].date.day, 19782);
    cr_assert_float_eq(s.row[0].plasma_ml, 4.5, 0);
    cr_assert_eq(s.row[0].consensus, CW_CONS_UMI);
    cr_assert_eq(s.row[1].type, CW_DRAW_NORMAL);
    cr_assert_str_eq(s.row[1].bam, "/abs/w.bam");
    cr_assert(s.row[1].date.known == false);
    cr_assert_eq(s.row[2].type, CW_DRAW_PLASMA);
    cr_assert(s.row[2].date.is_date == false);
    cr_assert_eq(s.row[2].date.day, -14);
    cr_assert(isnan(s.row[2].plasma_ml));
    cr_assert_str_eq(s.row[2].exclude, "haemolysed, by eye");
    cw_draw_sheet_release(&s);
}

static void refused(const char *text, const char *message, bool events)
{
    cw_draw_sheet s = {0};
    cw_event_sheet e = {0};
    cw_err err = {0};
    write_file(text);
    int status = events ? cw_event_sheet_read(&e, path, &err) : cw_draw_sheet_read(&s, path, &err);
    cr_assert_lt(status, 0, "accepted: %s", text);
    const char *colon = strstr(err.text, "s.csv");
    cr_assert_not_null(colon, "%s", err.text);
    cr_assert_str_eq(colon, message);
    cr_assert(s.arena == NULL && e.arena == NULL);
}

#define HEAD "patient,sample,date,type,bam,vcf,plasma_ml,consensus\n"
#define DATE " is not a date; use YYYY-MM-DD or a day number"

Test(draw_io, sheets_are_refused_by_row_and_column)
{
    static const char *const bad[][2] = {
        {HEAD "P,a,31/02/2026,plasma,a.bam\n", "s.csv:2: date '31/02/2026'" DATE},
        {HEAD "P,a,2026-02-31,plasma,a.bam\n", "s.csv:2: date '2026-02-31'" DATE},
        {HEAD "P,a,2023-02-29,plasma,a.bam\n", "s.csv:2: date '2023-02-29'" DATE},
        {HEAD "P,a,03/04/2024,plasma,a.bam\n", "s.csv:2: date '03/04/2024'" DATE},
        {HEAD "P,a,24-01-05,plasma,a.bam\n", "s.csv:2: date '24-01-05'" DATE},
        {HEAD "P,a,2-Mar,plasma,a.bam\n", "s.csv:2: date '2-Mar'" DATE},
        {HEAD "P,a,2024-01-05T08:00Z,plasma,a.bam\n", "s.csv:2: date '2024-01-05T08:00Z'" DATE},
        {HEAD "P,a,1E+05,plasma,a.bam\n", "s.csv:2: date '1E+05'" DATE},
        {HEAD "P,a,#N/A,plasma,a.bam\n", "s.csv:2: date '#N/A' is a spreadsheet's error, not a value; correct the cell"},
        {HEAD "P,a,45123,plasma,a.bam\n", "s.csv:2: date '45123' is more than a century of days, perhaps a spreadsheet's serial date; use YYYY-MM-DD"},
        {HEAD "P,a,,plasma,a.bam\n", "s.csv:2: date is empty; use YYYY-MM-DD or a day number"},
        {HEAD "P,a,1,urine,a.bam\n", "s.csv:2: type 'urine' is not known; use plasma, normal or tumour"},
        {HEAD "P,a,1,plasma,,\n", "s.csv:2: sample 'a' has neither bam nor vcf; fill in one of the two columns"},
        {HEAD "P,a,1,tumour,a.bam,\n", "s.csv:2: vcf is empty in the tumour row 'a'; name the patient's list of variants (VCF, or TSV chrom pos ref alt)"},
        {HEAD "P,a,1,plasma,a.bam\nP,b,2,plasma,b.bam\nP,c,3,plasma,a.bam\n", "s.csv:4: 'a.bam' is the file of line 2 already; every draw has a file of its own"},
        {HEAD "P,a,1,plasma,a.bam\nP,b,2,plasma,b.bam\n\nQ,a,3,plasma,c.bam\n", "s.csv:5: sample 'a' stands already in line 2; every draw needs its own name"},
        {HEAD "P,a,1,plasma,a.bam\nP,b,2024-01-01,plasma,b.bam\n", "s.csv:3: date of patient 'P' is a calendar date, but line 2 has a day number; use one kind per patient"},
        {HEAD "P,1.2E+11,1,plasma,a.bam\n", "s.csv:2: sample '1.2E+11' is a number in a spreadsheet's short form; write the id as text"},
        {HEAD ",a,1,plasma,a.bam\n", "s.csv:2: patient is empty; give every row a patient"},
        {HEAD "\"P\nQ\",a,1,plasma,a.bam\n", "s.csv:2: patient 'P?Q' holds a control character or a line break"},
        {HEAD "P,a,1,plasma,a.bam,,\"4,5\"\n", "s.csv:2: plasma_ml '4,5' is not a number; use a decimal point and no unit"},
        {HEAD "P,a,1,plasma,a.bam,,0\n", "s.csv:2: plasma_ml '0' is not an amount above 0; leave the cell empty when it is unknown"},
        {HEAD "P,a,1,plasma,a.bam,,,triplex\n", "s.csv:2: consensus 'triplex' is not known; use auto, raw, umi, simplex or duplex"},
        {"patient,sample,Date,bam\nP,a,1,a.bam\n", "s.csv': column 'Date' must be written 'date'"},
        {"patient,date,bam\nP,1,a.bam\n", "s.csv' has no column 'sample'; its header names patient, date, bam"},
        {"patient,sample,date,bam,tumour_type,sex\nP,a,1,a.bam,NSCLC,\nQ,b,1,b.bam,CRC,\nP,c,2,c.bam,,\nP,d,3,d.bam,CRC,\n",
         "s.csv:5: tumour_type of patient 'P' is 'CRC', but line 2 has 'NSCLC'; give a patient one tumour type"},
        {"patient,sample,date,bam,tumour_type,sex\nP,a,1,a.bam,,female\nP,b,2,b.bam,,male\n", "s.csv:3: sex of patient 'P' is 'male', but line 2 has 'female'; give a patient one sex"},
        {"patient,sample,date\nP,a,1\n", "s.csv' has neither a column 'bam' nor a column 'vcf'"},
        {HEAD, "s.csv' has a header line but no row"},
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) refused(bad[i][0], bad[i][1], false);
}

Test(draw_io, one_kind_of_date_per_patient_not_per_sheet)
{
    write_file("patient\tsample\tdate\tbam\nP\ta\t1\ta.bam\nQ\tb\t2024-01-01\tb.bam\n");
    cw_draw_sheet s = {0};
    cw_err err = {0};
    cr_assert_eq(cw_draw_sheet_read(&s, path, &err), 0, "%s", err.text);
    cr_assert_eq(s.n, 2);
    cw_draw_sheet_release(&s);
}

Test(draw_io, events_in_the_columns_of_cbioportal)
{
    write_file("PATIENT_ID\tSTART_DATE\tSTOP_DATE\tEVENT_TYPE\tTREATMENT_TYPE\tAGENT\tTEST\tRESULT\n"
               "P\t0\t\tTREATMENT\tMedical\tagent one\t\t\n"
               "P\t84\t\tIMAGING\t\t\t\tPD\n"
               "P\t90\tNA\tLAB_TEST\t\t\tFISH\t8.5\n");
    cw_event_sheet e = {0};
    cw_err err = {0};
    cr_assert_eq(cw_event_sheet_read(&e, path, &err), 0, "%s", err.text);
    cr_assert_eq(e.n, 3);
    cr_assert_str_eq(e.event[0].agent, "agent one");
    cr_assert(e.event[0].stop.known == false);
    cr_assert_eq(e.event[1].type, CW_EVENT_IMAGING);
    cr_assert_eq(e.event[1].start.day, 84);
    cr_assert_str_eq(e.event[2].test, "FISH");
    cr_assert(e.event[2].stop.known == false);
    cw_event_sheet_release(&e);
}

#define EHEAD "PATIENT_ID,START_DATE,STOP_DATE,EVENT_TYPE,AGENT,TEST\n"
Test(draw_io, events_are_refused_by_row_and_column)
{
    static const char *const bad[][2] = {
        {EHEAD "P,x,,IMAGING\n", "s.csv:2: START_DATE 'x'" DATE},
        {EHEAD "P,10,9,TREATMENT,a\n", "s.csv:2: STOP_DATE '9' is before START_DATE '10'"},
        {EHEAD "P,10,2024-01-01,TREATMENT,a\n", "s.csv:2: START_DATE and STOP_DATE are of two kinds; use calendar dates or day numbers for both"},
        {EHEAD "P,10,,TREATMENT,\n", "s.csv:2: AGENT is empty in a TREATMENT row; name the agent"},
        {"PATIENT_ID,START_DATE,EVENT_TYPE,DRUG\nP,10,TREATMENT,a\n", "s.csv:2: a TREATMENT row needs a column 'AGENT', which the header does not name"},
        {"PATIENT_ID,START_DATE,EVENT_TYPE,RESULT\nP,10,LAB_TEST,x\n", "s.csv:2: a LAB_TEST row needs a column 'TEST', which the header does not name"},
        {EHEAD "P,10,,LAB_TEST,,\n", "s.csv:2: TEST is empty in a LAB_TEST row; name the test"},
        {EHEAD "P,10,,Imaging,,\n", "s.csv:2: EVENT_TYPE 'Imaging' is not known; use TREATMENT, IMAGING, SURGERY, STATUS, LAB_TEST or SPECIMEN"},
        {EHEAD "P,10,,IMAGING\nP,2024-01-01,,IMAGING\n", "s.csv:3: START_DATE of patient 'P' is a calendar date, but line 2 has a day number; use one kind per patient"},
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) refused(bad[i][0], bad[i][1], true);
}
