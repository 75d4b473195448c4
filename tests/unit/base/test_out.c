#include <criterion/criterion.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/digest.h"
#include "base/out.h"

static char folder[64];
static void enter(void)
{
    strcpy(folder, "/tmp/cw-out-XXXXXX");
    cr_assert(mkdtemp(folder) != NULL);
    cr_assert_eq(chdir(folder), 0);
}
static void leave(void)
{
    cr_assert_eq(chdir("/"), 0);
    char command[100];
    snprintf(command, sizeof command, "rm -rf %s", folder);
    cr_assert_eq(system(command), 0);
}

TestSuite(out, .init = enter, .fini = leave);

static size_t files_here(void)
{
    FILE *p = popen("ls -A | wc -l", "r");
    unsigned long n = 99;
    cr_assert_eq(fscanf(p, "%lu", &n), 1);
    pclose(p);
    return n;
}

Test(out, the_final_name_exists_only_after_commit)
{
    cw_err err = {0};
    cw_out o;
    cr_assert_eq(cw_out_open(&o, "x.tsv", &err), 0);
    fputs("one\n", o.file);
    cr_assert_neq(access("x.tsv", F_OK), 0);
    cr_assert_eq(cw_out_commit(&o, &err), 0);
    cr_assert_eq(access("x.tsv", F_OK), 0);
    cr_assert_eq(files_here(), 1);
}

Test(out, abort_leaves_the_old_file)
{
    cw_err err = {0};
    cw_out o;
    cr_assert_eq(cw_out_write("x", "old", 3, &err), 0);
    cr_assert_eq(cw_out_open(&o, "x", &err), 0);
    fputs("new", o.file);
    cw_out_abort(&o);
    char *text;
    size_t n;
    cr_assert_eq(cw_read_file("x", 100, &text, &n, NULL, &err), 0);
    cr_assert_str_eq(text, "old");
    cr_assert_eq(files_here(), 1);
    free(text);
}

Test(out, a_full_disk_is_an_error_and_leaves_nothing)
{
    cw_err err = {0};
    cw_out o;
    cr_assert_eq(cw_out_open(&o, "x", &err), 0);
    cr_assert(freopen("/dev/full", "w", o.file) != NULL);
    for (int i = 0; i < 10000; i++) fputs("bytes that do not fit\n", o.file);
    cr_assert_eq(cw_out_commit(&o, &err), CW_EIO);
    cr_assert(strstr(err.text, "cannot write 'x'") != NULL, "%s", err.text);
    cr_assert_eq(files_here(), 0);
}

Test(out, a_link_stays_and_its_target_is_replaced)
{
    struct stat st;
    cw_err err = {0};
    char *text;
    size_t n;
    cr_assert_eq(mkdir("there", 0700), 0);
    cr_assert_eq(cw_out_write("there/file", "old", 3, &err), 0);
    cr_assert_eq(symlink("there/file", "link"), 0);
    cr_assert_eq(cw_out_write("link", "new", 3, &err), 0, "%s", err.text);
    cr_assert_eq(lstat("link", &st), 0);
    cr_assert(S_ISLNK(st.st_mode));
    cr_assert_eq(cw_read_file("there/file", 100, &text, &n, NULL, &err), 0, "%s", err.text);
    cr_assert_str_eq(text, "new");
    free(text);
}

Test(out, temporaries_are_removed_on_a_signal)
{
    cw_err err = {0};
    cw_out a, b;
    cr_assert_eq(cw_out_open(&a, "a.vcf.gz", &err), 0);
    cr_assert_eq(cw_out_temporary(&b, "b.vcf.gz", &err), 0);
    cr_assert(strlen(b.temporary) > 7 && strcmp(b.temporary + strlen(b.temporary) - 7, ".vcf.gz") == 0, "%s", b.temporary);
    FILE *f = fopen(b.temporary, "w");
    fclose(f);
    cr_assert_eq(files_here(), 2);
    cw_out_remove_temporaries();
    cr_assert_eq(files_here(), 0);
    cw_out_abort(&a);
    cw_out_abort(&b);
}

Test(out, hostile_names_are_refused_or_tamed)
{
    char name[256];
    const char *bad[] = {"", ".", "..", "../x", "a/b", "a\\b", "-rf", ".hidden", "CON", "nul"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        cw_err err = {0};
        cr_assert_eq(cw_safe_name(bad[i], name, sizeof name, &err), CW_EREFUSED, "'%s'", bad[i]);
    }
    cw_err err = {0};
    cr_assert_eq(cw_safe_name("P 1;<x>\n\xc3\xa9", name, sizeof name, &err), 0);
    cr_assert_str_eq(name, "P_1__x____");
}

Test(out, sha256_and_gzip)
{
    cw_err err = {0};
    char hex[65], *text;
    size_t n;
    cr_assert_eq(cw_out_write("abc", "abc", 3, &err), 0);
    cr_assert_eq(cw_sha256_file("abc", hex, &err), 0);
    cr_assert_str_eq(hex, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"); /* FIPS 180-2, appendix B.1 */
    cr_assert_eq(system("head -c 100000 /dev/zero | tr '\\0' x | gzip > z.gz && head -c 90 z.gz > cut.gz"), 0);
    cr_assert_eq(cw_read_file("z.gz", 1 << 20, &text, &n, NULL, &err), 0);
    cr_assert_eq(n, 100000);
    free(text);
    cr_assert_eq(cw_read_file("z.gz", 70000, &text, &n, NULL, &err), CW_EFORMAT);
    cw_err_clear(&err);
    cr_assert_lt(cw_read_file("cut.gz", 1 << 20, &text, &n, NULL, &err), 0);
    cw_err_clear(&err);
    cr_assert_lt(cw_read_file(".", 1 << 20, &text, &n, NULL, &err), 0);
}

/* `-o /dev/null` as root once put a file in the place of the device. A FIFO stands for it here. */
Test(out, what_is_no_file_is_written_into_and_stays)
{
    cw_err err = {0};
    cw_out o;
    struct stat st;
    char got[8] = "";
    cr_assert_eq(mkfifo("pipe", 0600), 0);
    int reader = open("pipe", O_RDONLY | O_NONBLOCK);
    cr_assert_geq(reader, 0);
    cr_assert_eq(cw_out_write("pipe", "whole", 5, &err), 0, "%s", err.text);
    cr_expect_eq(read(reader, got, sizeof got), 5);
    cr_expect_str_eq(got, "whole");
    cr_assert_eq(cw_out_open(&o, "pipe", &err), 0);
    cw_out_abort(&o);
    cr_assert_eq(cw_out_temporary(&o, "pipe", &err), 0); /* for writers that open by name */
    cr_expect_str_eq(o.temporary, "pipe");
    cr_assert_eq(cw_out_commit(&o, &err), 0);
    cr_assert(stat("pipe", &st) == 0 && S_ISFIFO(st.st_mode));
    cr_expect_eq(files_here(), 1);
    close(reader);
}
