# The parts of bench/screens.R on published folds.

# Pairs are recorded ones: musl_fit(scorers = "features") learns them by `recorded`
# and `terms`.
report_ylab <- function(inputs, settings) {
  out <- lapply(c(SL = "sl", NG = "ng"), function(kind) {
    table <- read_table("splits", paste0("ylab_", kind, "_folds.tsv.gz"))
    table <- table[table$gene_a != table$gene_b, ]
    pairs <- worth(
      table[c("gene_a", "gene_b")], "ylab",
      ifelse(table$label == 1, "SL", "non_SL"),
      measured = FALSE
    )
    common <- has_all_inputs(inputs, pairs)
    each <- lapply(c("f0", "f1", "f2"), function(fold) {
      training <- table[[fold]] %in% "r"
      test <- table[[fold]] %in% "t"
      name <- paste("recorded", kind, fold, settings$seeds[[1]], sep = "-")
      scores <- kept(settings, name, member_scores(
        fit_pairs(inputs, pairs[training, ], settings$seeds[[1]], settings),
        pairs[test, ]
      ))
      figures_of_fold(
        scorers(scores), pairs$label[test] == "SL", common[test]
      )
    })
    Reduce(`+`, each) / length(each)
  })
  out <- do.call(cbind, out)
  colnames(out) <- paste(rep(c("SL", "NG"), each = 4), colnames(out))
  print_table(out, "Published gene-disjoint folds, trained on them alone")
}

figures_of_fold <- function(scores, hit, common) {
  scores <- apply(scores, 2, low)
  one <- function(at) {
    figures_by_group(scores[at, ], hit[at], rep(1, sum(at)))[, c("AUROC", "AP")]
  }
  out <- cbind(one(rep(TRUE, length(hit))), one(common))
  colnames(out) <- c("all AUROC", "all AP", "common AUROC", "common AP")
  out
}

# Whether both genes have expression in every cohort and a place in the network.
has_all_inputs <- function(inputs, pairs) {
  data <- inputs$make(inputs$measured[1:2, ])
  genes <- musl_genes(data)
  there <- vapply(data@cohorts, function(cohort) {
    genes %in% rownames(cohort$assays[[1]])
  }, logical(length(genes)))
  degree <- igraph::degree(as.list(data)$network)
  in_network <- genes %in% names(degree)[degree > 0]
  full <- genes[rowSums(there) == ncol(there) & in_network]
  pairs$gene_a %in% full & pairs$gene_b %in% full
}

check_smoke <- function(inputs, settings) {
  rows <- library_rows(inputs)
  found <- by_study(study_runs(inputs, settings), rows, rows$label == "SL")
  stopifnot(found["score", "mean AUROC"] > 0.55)
  cat("\nSmoke run passed.\n")
}
