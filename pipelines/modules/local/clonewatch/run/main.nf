process CLONEWATCH_RUN {
    tag "${meta.id}"
    label 'process_low'

    input:
    tuple val(meta), path(draws), path(calls)
    path events
    val panel

    output:
    tuple val(meta), path("results/*/*"), emit: patient
    tuple val(meta), path("results/cohort.tsv"), emit: cohort
    tuple val(meta), path("results/audit.jsonl"), emit: audit
    tuple val("${task.process}"), val('clonewatch'), eval('clonewatch --version-only'), emit: versions_clonewatch

    when:
    task.ext.when == null || task.ext.when

    script:
    def args = task.ext.args ?: ''
    def timeline = events ? "--events ${events}" : ''
    """
    clonewatch run ${args} -@ ${task.cpus} -p ${panel} --draws ${draws} ${timeline} -o results
    """

    stub:
    """
    mkdir -p results/${meta.id}
    touch results/${meta.id}/patient.json results/cohort.tsv results/audit.jsonl
    """
}
