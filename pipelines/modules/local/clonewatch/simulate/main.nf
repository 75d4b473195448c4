process CLONEWATCH_SIMULATE {
    tag "${meta.id}"
    label 'process_low'

    input:
    tuple val(meta), path(folder, stageAs: 'scenario'), val(scenario)
    val panel

    output:
    tuple val(meta), path("simulated/draws.csv"), emit: draws
    path "simulated/events.csv", emit: events
    path "simulated", emit: folder
    tuple val("${task.process}"), val('clonewatch'), eval('clonewatch --version-only'), emit: versions_clonewatch

    when:
    task.ext.when == null || task.ext.when

    script:
    def args = task.ext.args ?: ''
    """
    clonewatch simulate ${args} -@ ${task.cpus} -p ${panel} -o simulated scenario/${scenario}
    """

    stub:
    """
    mkdir simulated
    cp scenario/draws.csv scenario/events.csv simulated/
    """
}
