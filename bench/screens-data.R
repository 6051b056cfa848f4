# What bench/screens.R learns from and is judged on: list(make, measured,
# recorded, textbook, genome_scale), `make` giving a MuslData of pairs without
# the groups of inputs that --without names.

# Cohorts whose columns the benchmark of recorded pairs has too, and the two
# larger ones.
screen_cohorts <- c(
  "tcga_crc", "gse33072", "sdy420", "rnaseqdb", "tcga_rare6"
)

# Never part of training where they are ranked.
textbook_pairs <- strsplit(c(
  "ARID1A-ARID1B", "SMARCA4-SMARCA2", "BRCA1-PARP1", "BRCA2-PARP1",
  "BRCA1-POLQ", "MTAP-PRMT5", "MTAP-MAT2A", "STAG2-STAG1", "CREBBP-EP300",
  "VPS4A-VPS4B", "ENO1-ENO2", "RPL22-RPL22L1", "MAGOH-MAGOHB", "ME2-ME3",
  "FAM50A-FAM50B", "WRN-MLH1", "ATM-ATR", "CDK4-CDK6", "ASF1A-ASF1B",
  "DDX3X-DDX3Y", "UBB-UBC", "CHMP4A-CHMP4B", "SLC25A28-SLC25A37",
  "PAPSS1-PAPSS2"
), "-")

read_screens <- function() {
  cohorts <- lapply(set_names(screen_cohorts), function(name) {
    read_matrix("expression", paste0(name, ".tsv.gz"))
  })
  network <- read_table("ppi", "string_v10.tsv.gz")[1:3]
  evidence <- read_evidence()
  recorded <- read_table("sl", "sl_pairs.tsv.gz")
  recorded <- recorded[recorded$label == 1, c("gene_a", "gene_b")]
  without <- option("without", character())
  stopifnot(without %in% input_groups)
  lines <- evidence$lines
  inputs <- list(
    make = function(pairs) {
      keep <- function(group, x) if (!group %in% without) x
      quietly(musl_data(keep("expression", cohorts),
        network = keep("network", network), pairs = pairs, scale = "log",
        evidence = without_parts(evidence, without)
      ))
    },
    measured = rbind(read_library_screens(), read_genome_screen()),
    recorded = worth(recorded, "recorded", "SL", measured = FALSE),
    textbook = do.call(rbind, textbook_pairs),
    genome_scale = "HAP1",
    expressed = rowMeans(lines > 1)
  )
  leave_doubtful_out(inputs)
}

# Pairs whose labels say little are not judged, as musl_fit() does not learn
# from them.
leave_doubtful_out <- function(inputs) {
  data <- inputs$make(inputs$measured)
  pairs <- inputs$measured
  known <- which(pairs$gene_a %in% data@genes & pairs$gene_b %in% data@genes)
  doubts <- MuSL:::label_doubts(
    MuSL:::evidence_store(data), pairs[known, ], data@genes
  )
  out <- known[doubts != ""]
  cat("Left out for their labels:\n")
  print(table(pairs$study[out], pairs$label[out]))
  if (length(out) > 0) inputs$measured <- pairs[-out, ]
  inputs
}

# Hits, but for those of a gene that hardly any line expresses, which are false.
true_hits <- function(inputs, rows) {
  hit <- rows$label == "SL"
  if (is.null(inputs$expressed)) {
    return(hit)
  }
  share <- pmin(inputs$expressed[rows$gene_a], inputs$expressed[rows$gene_b])
  hit & (is.na(share) | share >= .1)
}

input_groups <- c(
  "network", "annotation", "families", "sequence", "modules", "fitness",
  "expression"
)

set_names <- function(x, names = x) stats::setNames(x, names)

# Parts of the evidence by the group of inputs they belong to. Levels of a table
# of genes are expression, the rest of it tells of fitness.
without_parts <- function(evidence, without) {
  for (group in without) {
    evidence <- switch(group,
      annotation = without_tables(evidence, c("terms", "wide", "pathways")),
      families = without_tables(evidence, "families"),
      sequence = without_fields(evidence, c("proteins", "paralogs")),
      modules = without_fields(evidence, c("modules", "layout")),
      fitness = without_roles(evidence, c(
        "dependent", "essential", "fitness", "gene"
      )),
      expression = without_fields(
        without_roles(evidence, "expression"), "lines"
      ),
      evidence
    )
  }
  evidence
}

without_tables <- function(evidence, tables) {
  for (table in intersect(tables, names(evidence$annotations))) {
    evidence$annotations[[table]] <- evidence$annotations[[table]][0, ]
  }
  evidence
}

without_fields <- function(evidence, fields) {
  evidence[intersect(fields, names(evidence))] <- list(NULL)
  evidence
}

without_roles <- function(evidence, out) {
  roles <- attr(evidence$genes, "roles")
  kept <- names(roles)[!roles %in% out]
  if (length(kept) == 0) {
    return(without_fields(evidence, "genes"))
  }
  table <- evidence$genes[c("gene", kept)]
  attr(table, "roles") <- roles[kept]
  evidence$genes <- table
  evidence
}

read_evidence <- function() {
  proteins <- read_table("sequence", "protein_sequences.tsv.gz")
  genes <- read_table("genes", "hap1_gene_table.tsv.gz")
  genes <- genes[c(
    "gene", "hap1_log2tpm", "hap1_essential", "fitness_rich",
    "fitness_minimal", "depmap_fraction_dependent", "mitochondrial"
  )]
  sequences <- set_names(proteins$sequence, proteins$gene)
  aligned <- "--align" %in% commandArgs(TRUE)
  musl_evidence(
    annotations = musl_annotations(
      getExportedValue("org.Hs.eg.db", "org.Hs.eg.db")
    ),
    genes = genes,
    modules = read_table("genes", "coessential_modules.tsv.gz"),
    layout = read_table("genes", "coessential_layout.tsv.gz"),
    proteins = sequences,
    paralogs = if (aligned) musl_paralogs(sequences),
    lines = read_matrix("expression", "hpa_lines.tsv.gz")
  )
}

# Pairs with what their labels are worth.
worth <- function(pairs, study, label, query = NA, effect = NA,
                  measured = TRUE) {
  data.frame(
    gene_a = pairs[[1]], gene_b = pairs[[2]],
    label = label, study = study, line = NA_character_,
    query = as.character(query), measured = measured, weight = 1,
    effect = as.numeric(effect)
  )
}

# One averaged score a pair; Thompson's calls follow single genes.
read_library_screens <- function() {
  x <- read_table("screens", "screens.tsv.gz")
  x <- x[x$line == "mean" & x$study != "Thompson", ]
  worth(x[c("gene_a", "gene_b")], x$study, ifelse(x$label == 1, "SL", "non_SL"),
    effect = x$score
  )
}

read_genome_screen <- function() {
  x <- read_table("screens", "hap1_dev.tsv.gz")
  x <- x[x$query != x$gene, ]
  worth(x[c("query", "gene")], "HAP1", ifelse(x$label == 1, "SL", "non_SL"),
    query = x$query, effect = x$score
  )
}

# function(pairs): a simulated set with these pairs in place of its own.
maker_of <- function(data) {
  function(pairs) {
    data@pairs <- quietly(musl_pairs(musl_data(
      network = as.list(data)$network, expression = simulated_values(data),
      scale = "log", pairs = pairs
    )))
    data
  }
}

# Three simulated studies, one of them by query, and recorded pairs.
simulated_screens <- function() {
  data <- musl_simulate("small", seed = 1)
  truth <- as.list(data)$truth$pairs
  is_sl <- truth$sl
  study <- rep_len(c("one", "two", "HAP1", "db"), length(is_sl))
  pairs <- worth(
    truth[c("gene_a", "gene_b")], study, ifelse(is_sl, "SL", "non_SL"),
    query = ifelse(study == "HAP1", truth$gene_a, NA), effect = 1 - 3 * is_sl,
    measured = study != "db"
  )
  # Measured twice.
  again <- utils::head(pairs[pairs$study == "one", ], 60)
  again$study <- "two"
  pairs <- rbind(pairs, again)
  is_sl <- c(is_sl, again$label == "SL")
  list(
    make = maker_of(data),
    measured = pairs[pairs$measured, ],
    recorded = pairs[!pairs$measured & is_sl, ],
    textbook = as.matrix(utils::head(truth[truth$sl, c("gene_a", "gene_b")], 4)),
    genome_scale = "HAP1"
  )
}

simulated_values <- function(data) {
  lapply(data@cohorts, function(cohort) cohort$assays[[1]])
}
