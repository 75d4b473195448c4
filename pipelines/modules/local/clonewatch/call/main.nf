process CLONEWATCH_CALL {
    tag "${meta.id}"
    label 'process_medium'

    input:
    tuple val(meta), path(alignment), path(index), path(tracked, stageAs: 'tracked/*'), path(reference)
    val panel

    output:
    tuple val(meta), path("${prefix}.calls.vcf.gz"), emit: calls
    tuple val("${task.process}"), val('clonewatch'), eval('clonewatch --version-only'), emit: versions_clonewatch

    when:
    task.ext.when == null || task.ext.when

    script:
    def args = task.ext.args ?: ''
    prefix = task.ext.prefix ?: "${meta.id}"
    def list = tracked ? "--tracked ${tracked}" : ''
    def fasta = reference ? "-f ${reference instanceof List ? reference[0] : reference}" : ''
    def bai = index ? "--index ${index}" : ''
    """
    clonewatch call ${args} -@ ${task.cpus} -p ${panel} ${fasta} ${list} ${bai} -o ${prefix}.calls.vcf.gz ${alignment}
    """

    stub:
    prefix = task.ext.prefix ?: "${meta.id}"
    """
    echo "" | gzip > ${prefix}.calls.vcf.gz
    """
}
