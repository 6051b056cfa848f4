# Losses of patients from tables of mutations, objects of maftools and matrices.

# Squashed names of columns: maftools and TCGA, cBioPortal's files and web API.
mutation_columns <- list(
  gene = c(
    "hugosymbol", "gene", "genesymbol", "symbol", "hugogenesymbol",
    "genehugogenesymbol"
  ),
  sample = c(
    "tumorsamplebarcode", "sampleid", "sample", "samplename", "patientid",
    "patient", "tumorsampleid"
  ),
  class = c(
    "variantclassification", "mutationtype", "variantclass", "class",
    "consequence", "effect", "alteration", "alterationtype", "type"
  )
)

# What a word of a column of classes says; the first that fits counts.
mutation_classes <- c(
  amplification = "^amp|amplif|high.?level.?gain",
  deletion = "homdel|deep.?del|homo.*del|^del$",
  truncating = "nonsense|stop.?gain|frame.?shift|truncat",
  start_lost = "translation.?start|start.?(lost|loss)|initiator",
  splice = "splice.?(site|acceptor|donor)|^splice$",
  missense = "missense|non.?synonymous",
  inframe = "in.?frame|nonstop|stop.?lost",
  other = "silent|synonymous|splice|intron|utr|flank|igr|intergenic|^rna|stream"
)

loss_kinds <- c("truncating", "splice", "start_lost", "deletion")

class_kind <- function(class) {
  each_once(class, function(class) {
    word <- fold_case(trimws(class))
    kind <- rep(NA_character_, length(word))
    for (name in names(mutation_classes)) {
      kind[is.na(kind) & grepl(mutation_classes[[name]], word)] <- name
    }
    kind
  })
}

# list(lost, altered: tibbles gene, patient, each once; patients)
patient_losses <- function(x, loss, columns) {
  if (is.matrix(x)) {
    return(matrix_losses(x))
  }
  patients <- character()
  if (isS4(x)) {
    patients <- maf_patients(x)
    x <- as.data.frame(attr(x, "data"))
  }
  if (!is.data.frame(x)) {
    abort_argument("x", paste(
      "a table of mutations, a MAF object of maftools, a logical matrix of",
      "genes x patients, or the name of a TCGA cohort"
    ), x)
  }
  abort_if(nrow(x) == 0, c(
    "{.arg x} must have mutations.", x = "It has no rows."
  ), argument = "x")
  at <- mutation_places(x, columns)
  table <- tibble(
    gene = trimws(as.character(x[[at[["gene"]]]])),
    patient = patient_ids(x[[at[["sample"]]]]),
    kind = class_kind(as.character(x[[at[["class"]]]]))
  )
  check_kinds(table$kind, x[[at[["class"]]]], names(x)[[at[["class"]]]])
  patients <- unique(c(patients, table$patient))
  table <- table[!is_unnamed(table$gene) & !is_unnamed(table$patient), ]
  once <- function(rows) unique(table[rows, c("gene", "patient")])
  list(
    lost = once(table$kind %in% loss),
    altered = once(table$kind %in% setdiff(names(mutation_classes), "other")),
    patients = patients[!is.na(patients)]
  )
}

matrix_losses <- function(x) {
  named <- !is.null(rownames(x)) && !is.null(colnames(x)) &&
    !anyDuplicated(rownames(x)) && !anyDuplicated(colnames(x))
  abort_if(!is.logical(x) || !named || length(x) == 0, c(
    "{.arg x} must be a logical matrix, genes x patients, with unique names.",
    x = "Found {.cls {typeof(x)}} of {nrow(x)} x {ncol(x)}.",
    i = "Of GISTIC's calls it is {.code x <= -2}."
  ), argument = "x")
  at <- which(x, arr.ind = TRUE)
  lost <- tibble(
    gene = rownames(x)[at[, 1]], patient = colnames(x)[at[, 2]]
  )
  list(lost = lost, altered = lost, patients = colnames(x))
}

# The patients of a maftools MAF, also those without a mutation that counts.
maf_patients <- function(x) {
  abort_if(is.null(attr(x, "data")), c(
    "{.arg x} must be a MAF object of maftools, or a table.",
    x = "Found {.cls {class(x)}}."
  ), argument = "x")
  slots <- c("maf.silent", "variants.per.sample", "clinical.data")
  ids <- lapply(slots, function(slot) {
    as.character(as.list(attr(x, slot))$Tumor_Sample_Barcode)
  })
  unique(patient_ids(unlist(ids)))
}

# Samples of TCGA by patient: TCGA-AA-0001-01A is one of TCGA-AA-0001.
patient_ids <- function(x) {
  each_once(as.character(x), function(x) {
    sub("^(TCGA[-.][^-.]+[-.][^-.]+)[-.].*$", "\\1", trimws(x))
  })
}

mutation_places <- function(x, columns) {
  check_known_classes(x, "x")
  if (!is.null(columns)) {
    roles <- names(mutation_columns)
    if (!is.character(columns) || !setequal(names2(columns), roles)) {
      abort_argument(
        "columns", "names of columns, named gene, sample and class", columns
      )
    }
    check_columns(x, columns, "x")
    return(set_names(match(columns, names(x)), names(columns)))
  }
  at <- vapply(mutation_columns, function(known) {
    find_column(names(x), known)
  }, 1L)
  lacks <- names(at)[is.na(at)]
  abort_if(length(lacks) > 0, c(
    "{.arg x} must have columns of genes, samples and classes of mutations.",
    x = "It lacks {.field {lacks}}; its columns are
         {.field {few(names(x), 12)}}.",
    i = "Name them: {.code columns = c(gene = \"...\", sample = \"...\",
         class = \"...\")}."
  ), argument = "x")
  at
}

check_kinds <- function(kind, class, name) {
  abort_if(all(is.na(kind)), c(
    "{.arg x} must have classes of mutations in its column {.field {name}}.",
    x = "Found {.val {few(unique(as.character(class)))}}.",
    i = "Known are the words of MAF files (Nonsense_Mutation, ...), of VEP
         (stop_gained, ...) and of copy number (HOMDEL, AMP)."
  ), argument = "x")
  odd <- unique(as.character(class)[is.na(kind) & !is_unnamed(class)])
  inform_if(length(odd) > 0, c(
    "{length(odd)} class{?es} of mutations unknown and left out:
     {.val {few(odd)}}."
  ))
}
