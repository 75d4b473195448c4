#!/usr/bin/env nextflow
// clonewatch on a cluster: one job per draw, one per patient. All logic is in the program; this only hands files around.

include { CLONEWATCH } from './workflows/clonewatch'

workflow {
    CLONEWATCH()
}
