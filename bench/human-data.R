# What the human model learns from: tables of MUSL_DATA whose licences let a
# trained model be handed on, and annotation of the package org.Hs.eg.db. The
# script sources script.R, read-data.R and screens-data.R first.

# File, licence and what it is. Their checksums enter the model's card.
human_sources <- function() {
  table <- utils::read.csv(text = human_source_text, strip.white = TRUE)
  table$md5 <- unname(tools::md5sum(vapply(table$file, data_file, "")))
  table
}

human_source_text <- "
file, licence, what
expression/rnaseqdb.tsv.gz, open access, RNAseqDB: TCGA and GTEx
expression/depmap9.tsv.gz, CC BY 4.0, DepMap: expression of nine lines
dependency/crispr_category_22q1.tsv.gz, CC BY 4.0, DepMap 22Q1: dependencies
ppi/string_v10.tsv.gz, CC BY 4.0, STRING 10
genes/hap1_gene_table.tsv.gz, MIT, HAP1: fitness of single knockouts
genes/coessential_modules.tsv.gz, MIT, co-essential modules of DepMap
genes/coessential_layout.tsv.gz, MIT, co-essential genes in two dimensions
dependency/contexts_26q1.tsv.gz, CC BY 4.0, DepMap 26Q1: effect sizes of alterations
dependency/contexts_26q1_means.tsv.gz, CC BY 4.0, DepMap 26Q1: mean gene effects
dependency/contexts_26q1_about.tsv, CC BY 4.0, DepMap 26Q1: alterations
dependency/contexts_26q1_lines.tsv.gz, CC BY 4.0, DepMap 26Q1: altered lines
dependency/contexts_26q1_models.tsv.gz, CC BY 4.0, DepMap 26Q1: lineages of lines
dependency/contexts_demeter2.tsv.gz, CC BY 4.0, DEMETER2: RNA interference
genes/lof_mutations.tsv.gz, CC BY 4.0, DepMap 26Q1: mutations of lines
genes/lof_models.tsv.gz, CC BY 4.0, DepMap 26Q1: lines with known mutations
expression/samples.tsv.gz, CC BY 4.0, lineages of lines by DepMap's ids
screens/screens.tsv.gz, MIT, Ito; Parrish; CHyMErA as re-scored
screens/hap1_dev.tsv.gz, MIT, HAP1: 111 queries
splits/ylab_sl_folds.tsv.gz, MIT, BioGRID: synthetic lethal pairs
splits/ylab_ng_folds.tsv.gz, MIT, BioGRID: negative genetic interactions
"

# Inputs as those of read_screens(). Thompson's calls follow single genes, and
# other libraries of the same file have no licence.
human_inputs <- function() {
  genes <- coding_genes()
  cohort <- read_matrix("expression", "rnaseqdb.tsv.gz")
  cohort <- cohort[rownames(cohort) %in% genes, ]
  network <- human_network(genes)
  evidence <- human_evidence(genes)
  libraries <- read_library_screens()
  libraries <- libraries[libraries$study %in% c("Ito", "Parrish", "CHyMErA"), ]
  lines <- evidence$lines
  inputs <- list(
    make = function(pairs) {
      quietly(musl_data(list(rnaseqdb = cohort, depmap = lines),
        network = network, pairs = pairs, scale = "log", evidence = evidence
      ))
    },
    measured = rbind(libraries, read_genome_screen()),
    recorded = human_recorded(),
    textbook = do.call(rbind, textbook_pairs),
    genome_scale = "HAP1",
    expressed = rowMeans(lines > 1)
  )
  leave_doubtful_out(inputs)
}

# Numbers of genes and edges are rounded so that half precision holds them,
# which halves their size in the file: by at most half of these steps.
on_grid <- function(x, step) round(x / step) * step
grid_steps <- c(
  hap1_log2tpm = 1 / 64, fitness_rich = 1 / 256, fitness_minimal = 1 / 256,
  depmap_fraction_dependent = 1 / 1024, weight = 1 / 256, position = 1 / 64
)

human_network <- function(genes) {
  edges <- read_table("ppi", "string_v10.tsv.gz")[1:3]
  edges <- edges[edges[[1]] %in% genes & edges[[2]] %in% genes, ]
  edges[[3]] <- on_grid(edges[[3]], grid_steps[["weight"]])
  edges
}

coding_genes <- function() {
  org <- getExportedValue("org.Hs.eg.db", "org.Hs.eg.db")
  types <- suppressMessages(AnnotationDbi::select(
    org, AnnotationDbi::keys(org, "ENTREZID"), c("SYMBOL", "GENETYPE"),
    "ENTREZID"
  ))
  unique(types$SYMBOL[types$GENETYPE == "protein-coding"])
}

human_evidence <- function(genes) {
  modules <- read_table("genes", "coessential_modules.tsv.gz")
  layout <- read_table("genes", "coessential_layout.tsv.gz")
  layout[-1] <- on_grid(layout[-1], grid_steps[["position"]])
  lines <- read_matrix("expression", "depmap9.tsv.gz")
  evidence <- musl_evidence(
    annotations = musl_annotations(
      getExportedValue("org.Hs.eg.db", "org.Hs.eg.db")
    ),
    genes = human_gene_table(genes),
    modules = modules[modules$gene %in% genes, ],
    layout = layout[layout$gene %in% genes, ],
    lines = lines[rownames(lines) %in% genes, ],
    direction = human_direction()
  )
  structure(evidence, bits = 4L)
}

# Shares of lines that need a gene where the HAP1 table has none are those of
# DepMap 22Q1, whose categories begin at the same effect.
human_gene_table <- function(genes) {
  table <- read_table("genes", "hap1_gene_table.tsv.gz")[c(
    "gene", "hap1_log2tpm", "hap1_essential", "fitness_rich",
    "fitness_minimal", "depmap_fraction_dependent", "mitochondrial"
  )]
  table <- table[!duplicated(table$gene), ]
  category <- read_table("dependency", "crispr_category_22q1.tsv.gz")
  category <- category[category[[1]] %in% genes, ]
  needed <- rowMeans(category[-1] >= 1, na.rm = TRUE)
  names(needed) <- category[[1]]
  table <- merge(table, data.frame(gene = genes), all.y = TRUE)
  table <- table[order(table$gene, method = "radix"), ]
  unknown <- is.na(table$depmap_fraction_dependent)
  table$depmap_fraction_dependent[unknown] <- needed[table$gene[unknown]]
  for (column in intersect(names(table), names(grid_steps))) {
    table[[column]] <- on_grid(table[[column]], grid_steps[[column]])
  }
  table[rowSums(!is.na(table[-1])) > 0, ]
}

# Pairs that BioGRID records in the training part of a published fold.
human_recorded <- function() {
  tables <- lapply(c("sl", "ng"), function(kind) {
    x <- read_table("splits", paste0("ylab_", kind, "_folds.tsv.gz"))
    trained <- rowSums(x[c("f0", "f1", "f2")] == "r", na.rm = TRUE) > 0
    x[x$label == 1 & trained & x$gene_a != x$gene_b, c("gene_a", "gene_b")]
  })
  pairs <- do.call(rbind, tables)
  worth(pairs[!duplicated(pairs), ], "BioGRID", "SL", measured = FALSE)
}

# What screens and databases say of the pairs that the human model learned from,
# with the lines of hits of the screens that call them by line.
human_records <- function(fit) {
  libraries <- read_library_screens()
  libraries <- libraries[libraries$study %in% c("Ito", "Parrish", "CHyMErA"), ]
  pairs <- rbind(libraries, read_genome_screen(), human_recorded())
  records <- MuSL:::make_records(pairs, fit@genes, fit@known)
  lines <- read_table("screens", "screens.tsv.gz")
  lines <- lines[
    lines$study %in% c("Parrish", "CHyMErA") & lines$line != "mean" &
      lines$label == 1,
  ]
  names <- c(HELA = "HeLa", PC9 = "PC9", HAP1 = "HAP1", RPE1 = "RPE1")
  of <- tapply(names[lines$line], paste(
    lines$study, match(lines$gene_a, fit@genes), match(lines$gene_b, fit@genes)
  ), paste, collapse = ", ")
  found <- of[paste(
    records$studies[records$study], records$gene_a, records$gene_b
  )]
  records$lines <- ifelse(records$hit == 1, as.character(found), NA)
  records$line_names <- human_line_names()
  records
}

# The names of the lines whose expression the model knows, by their ids.
human_line_names <- function() {
  ids <- colnames(read_matrix("expression", "depmap9.tsv.gz"))
  models <- read_table("dependency", "contexts_26q1_models.tsv.gz")
  name <- models$name[match(ids, models$line)]
  stats::setNames(ifelse(is.na(name), ids, name), ids)
}
