process CLONEWATCH_IMPORT {
    tag "${meta.id}"
    label 'process_single'

    input:
    tuple val(meta), path(vcf, stageAs: 'input/*'), path(tracked, stageAs: 'tracked/*'), path(reference)
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
    """
    clonewatch import ${args} -p ${panel} ${fasta} ${list} -o ${prefix}.calls.vcf.gz ${vcf}
    """

    stub:
    prefix = task.ext.prefix ?: "${meta.id}"
    """
    echo "" | gzip > ${prefix}.calls.vcf.gz
    """
}
