process CLONEWATCH_RERUN {
    tag "${meta.id}"
    label 'process_medium'

    input:
    tuple val(meta), path(draws), path(files, stageAs: 'in??/*'), path(reference, stageAs: 'reference/*')
    path events
    val panel

    output:
    tuple val(meta), path("results/*/*"), optional: true, emit: patient
    tuple val(meta), path("results/cohort.tsv"), emit: cohort
    tuple val(meta), path("results/audit.jsonl"), emit: audit
    tuple val("${task.process}"), val('clonewatch'), eval('clonewatch --version-only'), emit: versions_clonewatch

    when:
    task.ext.when == null || task.ext.when

    script:
    def args = task.ext.args ?: ''
    def timeline = events ? "--events ${events}" : ''
    """
    clonewatch run ${args} -@ ${task.cpus} -p ${panel} --draws ${draws} ${timeline} -o results || [ -s results/cohort.tsv ]
    """

    stub:
    """
    mkdir -p results
    touch results/cohort.tsv results/audit.jsonl
    """
}
