// Draw sheet -> calls of every draw -> everything of every patient. docs/pipelines.md has the picture.

include { CLONEWATCH_CALL     } from '../modules/local/clonewatch/call/main'
include { CLONEWATCH_CHECK    } from '../modules/local/clonewatch/check/main'
include { CLONEWATCH_IMPORT   } from '../modules/local/clonewatch/import/main'
include { CLONEWATCH_RERUN    } from '../modules/local/clonewatch/rerun/main'
include { CLONEWATCH_RUN      } from '../modules/local/clonewatch/run/main'
include { CLONEWATCH_SIMULATE } from '../modules/local/clonewatch/simulate/main'

// The file name that clonewatch makes of an id: what is not a letter, a digit, '.', '_' or '-' becomes '_', byte by byte.
def safeName(id) {
    return new String(id.getBytes('UTF-8'), 'ISO-8859-1').replaceAll('[^A-Za-z0-9._-]', '_')
}

def delimiterOf(sheet) {
    def header = sheet.withReader('UTF-8') { reader -> reader.readLine() ?: '' }
    return header.contains('\t') ? '\t' : header.contains(';') ? ';' : ','
}

// A path of the sheet: absolute, an address, or relative to the folder that the sheet's paths start from.
def fileOf(base, cell) {
    return cell ? (cell.startsWith('/') || cell.contains('://') ? file(cell) : file(base.resolve(cell))) : []
}

// One row of the sheet with the keys that the jobs need.
def metaOf(row, index) {
    return row + [id: safeName(row.sample), patient_id: safeName(row.patient), index: index]
}

def csvLine(cells) {
    return cells.collect { cell -> '"' + (cell ?: '').replace('"', '""') + '"' }.join(',')
}

// The sheet of one patient. rows: [meta, calls, bam, bai, vcf, fasta] of each draw; cellsOf(row): the cells that name files.
def manifestOf(rows, cellsOf) {
    def columns = ['patient', 'sample', 'date', 'type', 'bam', 'bai', 'fasta', 'vcf', 'caller', 'consensus', 'plasma_ml', 'cfdna_ng', 'tumour_type', 'sex', 'exclude']
    def lines = rows.sort { a, b -> a.meta.index <=> b.meta.index }.collect { row ->
        def cells = row.meta + cellsOf(row)
        csvLine(columns.collect { column -> cells[column] })
    }
    return ([columns.join(',')] + lines).join('\n') + '\n'
}

// Calls in place of alignments.
def callsCells(row) {
    return [bam: '', bai: '', fasta: '', caller: '', vcf: row.calls ? row.calls.name : '']
}

// The files of a patient without calls of every draw, in the order in which RERUN stages them: in01/, in02/ ...
def filesOf(rows) {
    return rows.sort { a, b -> a.meta.index <=> b.meta.index }.collectMany { row -> (row.calls ? [row.calls] : [row.bam, row.bai, row.vcf]).findAll { path -> path } }
}

def stagedCells(row, files, references) {
    def staged = { path -> path ? String.format('in%02d/%s', files.indexOf(path) + 1, path.name) : '' }
    def reference = row.fasta && !row.calls ? row.fasta[0] : null
    return [
        bam: row.calls ? '' : staged(row.bam),
        bai: row.calls ? '' : staged(row.bai),
        vcf: staged(row.calls ?: row.vcf),
        caller: row.calls ? '' : row.meta.caller,
        fasta: reference && references.contains(reference) ? "reference/${reference.name}" : '',
    ]
}

// One line per patient of the sheet, in its order. told: [index, patient, cohort file or null]; null: not even the reason is known.
def cohortOf(told) {
    def lines = told.sort { a, b -> a[0] <=> b[0] }.collect { _index, patient, cohort -> [patient, cohort ? cohort.readLines('UTF-8') : []] }
    def known = lines.find { _patient, text -> text.size() > 0 }
    def header = known ? known[1][0] : 'patient\tstate\treason'
    def failed = { patient ->
        def cells = [patient: patient ==~ /(?s)[=+\-@].*/ ? "'" + patient : patient, state: 'failed', reason: "the patient's job was ended from outside: Nextflow's log says how"]
        header.tokenize('\t').collect { column -> cells[column] ?: 'NA' }.join('\t')
    }
    return ([header] + lines.collect { patient, text -> text.size() > 1 ? text[1] : failed(patient) }).join('\n') + '\n'
}

workflow CLONEWATCH {

    main:
    // 1. the sheet, looked at by clonewatch itself: messages name row and column
    if (params.scenario) {
        CLONEWATCH_SIMULATE(channel.value([[id: 'simulated'], file(params.scenario, checkIfExists: true).parent, file(params.scenario).name]), params.panel)
        ch_sheet = CLONEWATCH_SIMULATE.out.draws
        ch_events = CLONEWATCH_SIMULATE.out.events
        ch_base = CLONEWATCH_SIMULATE.out.folder
    }
    else {
        def sheet = file(params.input ?: 'no draw sheet: use --input draws.csv', checkIfExists: true)
        ch_sheet = channel.value([[id: 'sheet'], sheet])
        ch_events = channel.value(params.events ? file(params.events, checkIfExists: true) : [])
        ch_base = channel.value(sheet.parent)
    }
    CLONEWATCH_CHECK(ch_sheet, ch_events, params.panel)
    ch_events_of_all = CLONEWATCH_CHECK.out.events.ifEmpty([])

    // 2. rows
    ch_rows = CLONEWATCH_CHECK.out.draws
        .combine(ch_base)
        .flatMap { _meta, sheet, base ->
            def rows = sheet.splitCsv(header: true, sep: delimiterOf(sheet), quote: '"', strip: true)
            def metas = rows.withIndex().collect { row, index -> metaOf(row, index) }
            def draws = metas.countBy { meta -> meta.patient }
            def tissue = metas.findAll { meta -> meta.type == 'tumour' && meta.vcf }.groupBy { meta -> meta.patient }
            return metas.collect { meta ->
                def list = tissue[meta.patient] ? fileOf(base, tissue[meta.patient][0].vcf) : []
                [meta + [of: draws[meta.patient]], fileOf(base, meta.bam), fileOf(base, meta.vcf), fileOf(base, meta.bai), fileOf(base, meta.fasta ?: params.fasta), list]
            }
        }
        .branch { meta, bam, vcf, _bai, _fasta, _list ->
            tumour: meta.type == 'tumour'
            bam: bam
            vcf: vcf
        }

    // 3. one job per draw
    CLONEWATCH_CALL(
        ch_rows.bam.map { meta, bam, _vcf, bai, fasta, list -> [meta, bam, indexOf(bam, bai), list, withIndex(fasta)] },
        params.panel
    )
    CLONEWATCH_IMPORT(
        ch_rows.vcf.map { meta, _bam, vcf, _bai, fasta, list -> [meta, vcf, list, withIndex(fasta)] },
        params.panel
    )

    // 4. the draws of each patient; calls: null where the job failed
    ch_calls = CLONEWATCH_CALL.out.calls.mix(CLONEWATCH_IMPORT.out.calls).map { meta, calls -> [meta.index, calls] }
    ch_patients = ch_rows.bam
        .mix(ch_rows.vcf)
        .map { meta, bam, vcf, bai, fasta, _list -> [meta.index, [meta: meta, bam: bam, vcf: vcf, bai: bam ? indexOf(bam, bai) : [], fasta: withIndex(fasta)]] }
        .join(ch_calls, remainder: true)
        .map { _index, row, calls -> row + [calls: calls] }
        .mix(ch_rows.tumour.map { meta, _bam, vcf, _bai, _fasta, _list -> [meta: meta, calls: vcf] })
        .map { row -> [groupKey(row.meta.patient, row.meta.of), row] }
        .groupTuple()
        .map { _patient, rows -> [[id: rows[0].meta.patient_id, patient: rows[0].meta.patient, index: rows.collect { row -> row.meta.index }.min()], rows] }
        .branch { _meta, rows ->
            complete: rows.every { row -> row.calls }
            partial: true
        }

    // 5. one job per patient; a patient who lacks the calls of a draw has none: it is not reported from the rest
    ch_complete = ch_patients.complete
        .map { meta, rows -> [meta.id, meta, rows] }
        .join(ch_patients.complete
            .collectFile { meta, rows -> ["${meta.id}.draws.csv", manifestOf(rows, { row -> callsCells(row) })] }
            .map { manifest -> [manifest.name - ~/\.draws\.csv$/, manifest] })
    CLONEWATCH_RUN(
        ch_complete.map { _id, meta, rows, manifest -> [meta.subMap('id', 'index'), manifest, rows.collect { row -> row.calls }.findAll { calls -> calls }] },
        ch_events_of_all,
        params.panel
    )

    // 6. a patient whose job, or a draw's job, failed: clonewatch run says what is the matter, from the files of the sheet where calls are missing
    ch_failed = ch_patients.complete
        .map { meta, rows -> [meta.id, meta, rows] }
        .join(CLONEWATCH_RUN.out.cohort.map { meta, cohort -> [meta.id, cohort] }, remainder: true)
        .filter { _id, _meta, _rows, cohort -> cohort == null }
        .map { _id, meta, rows, _cohort -> [meta, rows] }
        .mix(ch_patients.partial)
        .map { meta, rows ->
            def files = filesOf(rows)
            def references = rows.findAll { row -> row.fasta && !row.calls }.collectMany { row -> row.fasta }.unique()
            [meta, files, references, manifestOf(rows, { row -> stagedCells(row, files, references) })]
        }
    CLONEWATCH_RERUN(
        ch_failed
            .map { meta, files, references, _manifest -> [meta.id, meta, files, references] }
            .join(ch_failed
                .collectFile { meta, _files, _references, manifest -> ["${meta.id}.draws.csv", manifest] }
                .map { manifest -> [manifest.name - ~/\.draws\.csv$/, manifest] })
            .map { _id, meta, files, references, manifest -> [meta.subMap('id', 'index'), manifest, files, references] },
        ch_events_of_all,
        params.panel
    )

    // 7. the cohort: every patient, in the order of the sheet
    ch_patients.complete
        .mix(ch_patients.partial)
        .map { meta, _rows -> [meta.id, meta] }
        .join(CLONEWATCH_RUN.out.cohort.mix(CLONEWATCH_RERUN.out.cohort).map { meta, cohort -> [meta.id, cohort] }, remainder: true)
        .map { _id, meta, cohort -> [meta.index, meta.patient, cohort] }
        .toList()
        .map { told -> ['cohort.tsv', cohortOf(told)] }
        .collectFile(storeDir: params.outdir)
    CLONEWATCH_RUN.out.audit
        .mix(CLONEWATCH_RERUN.out.audit)
        .toSortedList { a, b -> a[0].index <=> b[0].index }
        .flatMap { all -> all.collect { _meta, audit -> audit } }
        .collectFile(name: 'audit.jsonl', storeDir: params.outdir, sort: false)

    // 8. what made it
    ch_versions = CLONEWATCH_CHECK.out.versions_clonewatch
        .mix(CLONEWATCH_CALL.out.versions_clonewatch, CLONEWATCH_IMPORT.out.versions_clonewatch, CLONEWATCH_RUN.out.versions_clonewatch, CLONEWATCH_RERUN.out.versions_clonewatch)
        .unique()
    ch_versions
        .map { process, tool, version -> "${process.tokenize(':').last()}:\n    ${tool}: ${version}\n".toString() }
        .mix(channel.of("Workflow:\n    ${workflow.manifest.name}: ${workflow.manifest.version}\n    Nextflow: ${workflow.nextflow.version}\n".toString()))
        .collectFile(name: 'clonewatch_software_versions.yml', storeDir: "${params.outdir}/pipeline_info", sort: true)

    emit:
    patients = CLONEWATCH_RUN.out.patient.mix(CLONEWATCH_RERUN.out.patient)
    versions = ch_versions
}

// The index that the sheet names, else the one beside the alignment, if there is one.
def indexOf(bam, bai) {
    if (bai) {
        return bai
    }
    def beside = ["${bam}.bai", "${bam}.csi", "${bam}.crai"].collect { name -> file(name) }.findAll { path -> path.exists() }
    return beside ? beside[0] : []
}

// A reference travels with its index files and its sequence dictionary.
def withIndex(fasta) {
    if (!fasta) {
        return []
    }
    def plain = fasta.toString().replaceFirst(/\.gz$/, '')
    def stem = plain.replaceFirst(/\.(fa|fasta|fna)$/, '')
    return [fasta] + ["${fasta}.fai", "${fasta}.gzi", "${stem}.dict", "${fasta}.dict", "${plain}.dict"].unique().collect { name -> file(name) }.findAll { path -> path.exists() }
}
