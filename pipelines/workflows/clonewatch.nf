// Draw sheet -> calls of every draw -> everything of every patient. docs/pipelines.md has the picture.

include { CLONEWATCH_CALL     } from '../modules/local/clonewatch/call/main'
include { CLONEWATCH_CHECK    } from '../modules/local/clonewatch/check/main'
include { CLONEWATCH_IMPORT   } from '../modules/local/clonewatch/import/main'
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

// The sheet of one patient, with calls in place of alignments. rows: [meta, calls file or the tissue list].
def manifestOf(rows) {
    def columns = ['patient', 'sample', 'date', 'type', 'vcf', 'consensus', 'plasma_ml', 'cfdna_ng', 'tumour_type', 'sex', 'exclude']
    def sorted = rows.sort { a, b -> a[0].index <=> b[0].index }
    def lines = sorted.collect { meta, calls -> csvLine(columns.collect { column -> column == 'vcf' ? (calls ? calls.name : '') : meta[column] }) }
    return ([columns.join(',')] + lines).join('\n') + '\n'
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

    // 4. one job per patient; a patient who lacks the calls of a draw has none: it is not reported from the rest
    ch_patients = CLONEWATCH_CALL.out.calls
        .mix(CLONEWATCH_IMPORT.out.calls)
        .mix(ch_rows.tumour.map { meta, _bam, vcf, _bai, _fasta, _list -> [meta, vcf] })
        .map { meta, calls -> [groupKey(meta.patient, meta.of), [meta, calls]] }
        .groupTuple()
        .map { _patient, rows -> [rows[0][0].patient_id, rows] }
    ch_manifests = ch_patients
        .collectFile { id, rows -> ["${id}.draws.csv", manifestOf(rows)] }
        .map { manifest -> [manifest.name - ~/\.draws\.csv$/, manifest] }
    CLONEWATCH_RUN(
        ch_patients
            .join(ch_manifests)
            .map { id, rows, manifest -> [[id: id, index: rows.collect { row -> row[0].index }.min()], manifest, rows.collect { row -> row[1] }.findAll { calls -> calls }] },
        ch_events_of_all,
        params.panel
    )

    // 5. the cohort, in the order of the sheet
    CLONEWATCH_RUN.out.cohort
        .toSortedList { a, b -> a[0].index <=> b[0].index }
        .flatMap { all -> all.collect { _meta, cohort -> cohort } }
        .collectFile(name: 'cohort.tsv', storeDir: params.outdir, keepHeader: true, skip: 1, sort: false)
    CLONEWATCH_RUN.out.audit
        .toSortedList { a, b -> a[0].index <=> b[0].index }
        .flatMap { all -> all.collect { _meta, audit -> audit } }
        .collectFile(name: 'audit.jsonl', storeDir: params.outdir, sort: false)

    emit:
    patients = CLONEWATCH_RUN.out.patient
    versions = CLONEWATCH_CHECK.out.versions_clonewatch
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
