process CLONEWATCH_CHECK {
    tag "${meta.id}"
    label 'process_single'

    input:
    tuple val(meta), path(draws)
    path events
    val panel

    output:
    tuple val(meta), path(draws, includeInputs: true), emit: draws
    path events, includeInputs: true, optional: true, emit: events
    tuple val("${task.process}"), val('clonewatch'), eval('clonewatch --version-only'), emit: versions_clonewatch

    when:
    task.ext.when == null || task.ext.when

    script:
    def args = task.ext.args ?: ''
    def timeline = events ? "--events ${events}" : ''
    """
    clonewatch run --check ${args} -p ${panel} --draws ${draws} ${timeline}
    """

    stub:
    """
    true
    """
}
