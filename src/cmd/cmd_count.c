/* SPDX-License-Identifier: MIT */
/* cmd_count.c - clonewatch count. */
#include "cmd.h"

#include <stdlib.h>
#include "flow/count_flow.h"

int cmd_count(int argc, char **argv)
{
    cw_common common = CW_COMMON_DEFAULT;
    cw_count_flow_conf conf;
    cw_count_flow_conf_default(&conf);
    int64_t min_mapq = conf.count.min_mapq, min_baseq = conf.count.min_baseq;
    int mates = 0, consensus = 0;
    const cw_opt table[] = {
        CW_GROUP("Input"),
        CW_STRING(0, "sites", &conf.sites_path, "VCF", "VCF or BCF of the alleles to count (or give a panel with -p)"),
        CW_OPT_PANEL(&common),
        CW_OPT_REFERENCE(&common),
        CW_OPT_REFERENCE_MD5(&common),
        CW_STRING(0, "contig-map", &conf.count.contig_map, "TSV", "contig names: columns panel, alignment (default: 7 and chr7 are the same)"),
        CW_FLAG(0, "merge", &conf.merge, "all alignments belong to one draw (simplex and duplex BAM): one column"),
        CW_STRING(0, "sample", &conf.count.sample, "NAME", "sample name instead of @RG SM (one column only)"),
        CW_STRING(0, "index", &conf.count.index, "FILE", "index of the alignment (default: beside it; used when it saves reading)"),
        CW_FLAG(0, "no-index", &conf.count.no_index, "read whole files although an index is there"),
        CW_FLAG(0, "allow-stale-index", &conf.count.allow_stale_index, "accept an index older than its file"),
        CW_FLAG(0, "allow-remote", &common.allow_remote, "let paths be addresses (http, s3 ...)"),
        CW_FLAG(0, "strict", &conf.count.strict, "a locus on a contig that the alignment does not have is an error"),
        CW_OPT_THREADS(&common),
        CW_GROUP("Counting rules"),
        CW_CHOICE(0, "mates", &mates, "strict|gbcms", "mates that disagree: strict makes the molecule discordant (default); gbcms lets the base win that is "
                  "better by more than 10 quality units"),
        CW_CHOICE(0, "consensus", &consensus, "auto|raw|umi|simplex|duplex", "what a read is: raw; one of a UMI family, grouped by MI or else RX (umi); a consensus read (simplex, duplex: tags of fgbio, DRAGEN, gencore, Connor). "
                  "auto looks at the tags and says what it found (default)"),
        CW_STRING(0, "tag-table", &conf.count.tag_table, "TSV", "further consensus tags: columns name, consensus, duplex, base"),
        CW_INT(0, "min-mapq", &min_mapq, 0, 255, "least mapping quality (MAPQ) of a read (default 20)"),
        CW_INT(0, "min-baseq", &min_baseq, 0, 93, "least base quality (BQ) of a base that votes (default 20)"),
        CW_FLAG(0, "keep-duplicates", &conf.count.keep_duplicates, "count reads marked as duplicates"),
        CW_FLAG(0, "keep-secondary", &conf.count.keep_secondary, "count secondary alignments"),
        CW_FLAG(0, "keep-supplementary", &conf.count.keep_supplementary, "count supplementary alignments (of the same molecule: still once)"),
        CW_FLAG(0, "keep-qc-fail", &conf.count.keep_qc_fail, "count reads that failed quality control"),
        CW_FLAG(0, "keep-adapter", &conf.count.keep_adapter, "do not cut bases that lie past the mate's 5' end"),
        CW_FLAG(0, "keep-no-quality", &conf.count.keep_no_quality, "count reads without base qualities; every base passes"),
        CW_GROUP("Output"),
        CW_OPT_OUTPUT(&common, "counts (default: standard output)"),
        CW_OPT_VCF_OUTPUT(&common),
        CW_STRING(0, "molecules", &conf.count.molecules_path, "TSV", "which molecule said what at which locus (one column only)"),
        CW_FLAG(0, "checksum", &conf.count.checksum, "SHA-256 of the alignments into the header (reads each file once more)"),
        CW_OPT_COMMON(&common),
        {0}};
    const cw_usage usage = {
        "count", "clonewatch count (--sites VCF | -p PANEL) [-f ref.fa] [-o out.vcf.gz] in.bam [in2.bam ...]",
        "Counts the molecules that carry each listed allele in BAM, CRAM or SAM files sorted by coordinate ('-': standard input), one VCF column "
        "per file. Overlapping mates of a pair are one molecule, and so are UMI families. Each molecule that covers a locus falls into exactly one class: reference, one of the "
        "alternate alleles, other, low quality, uninformative (it does not span what it must to decide: a read that ends in a repeat is not "
        "reference), or discordant. SNV, MNV, insertion, deletion and delins up to 300 bp are counted wherever the aligner placed them, "
        "soft-clipped carriers too. There is no depth cap and no downsampling. The rules stand in docs/counting-rules.md.",
        "  clonewatch count --sites hotspots.vcf -f hg38.fa -o p1.counts.vcf.gz p1.bam\n"
        "  samtools view -u p1.cram | clonewatch count --sites hotspots.vcf -Ov -\n"};
    int first, status = cw_options_parse(&usage, table, argc, argv, &first);
    if (status >= 0) return status;
    if (first >= argc) return cw_usage_error("count", "no alignment file given");
    if ((status = cw_check_files("count", common.output, argc - first, argv + first)) >= 0) return status;
    if (!conf.sites_path == !common.panel) return cw_usage_error("count", "give either --sites VCF or --panel DIR");
    if (conf.count.sample && argc - first > 1 && !conf.merge) return cw_usage_error("count", "--sample names one column; with several files give --merge too");
    if (conf.count.index && argc - first > 1) return cw_usage_error("count", "--index belongs to one file; with several files let each index stand beside its file");
    if (conf.count.molecules_path && argc - first > 1 && !conf.merge) return cw_usage_error("count", "--molecules writes one column; with several files give --merge too");
    cw_err err = {0};
    cw_terminal terminal = {0};
    char *panel = NULL, *line = NULL;
    conf.count.min_mapq = (int)min_mapq;
    conf.count.min_baseq = (int)min_baseq;
    conf.count.mates = (cw_mates)mates;
    conf.count.consensus = (cw_consensus)consensus;
    conf.count.threads = (int)common.threads;
    conf.count.reference = common.reference;
    conf.count.reference_md5 = (cw_reference_md5_rule)common.reference_md5;
    conf.count.allow_remote = common.allow_remote;
    conf.build = (cw_build)common.build;
    conf.vcf.write_index = common.write_index;
    conf.output = common.output;
    if (common.panel && cw_find_panel(common.panel, &panel, &err) < 0) return cw_report_error("count", err.code, &err);
    conf.panel_dir = panel;
    if (!common.no_version) conf.vcf.command_line = line = cw_command_line(argc, argv);
    const cw_log *log = cw_terminal_log(&terminal, &common, "count");
    status = cw_output_type(&common, log, &conf.vcf.type, &err);
    if (status == 0) status = cw_flow_count((const char *const *)argv + first, (size_t)(argc - first), &conf, log, &err);
    cw_terminal_end(&terminal);
    free(panel);
    free(line);
    return cw_report_error("count", status, &err);
}
