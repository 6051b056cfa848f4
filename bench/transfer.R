# From bulk to single cells: a model trained on bulk tumours predicts in the
# cells of each of five lung cancer lines (CEL-seq2), on pairs held out from
# training (fold 1 of the gene scheme, degree-matched negatives).
#
#   MUSL_DATA=/path/to/data Rscript bench/transfer.R [epochs]
#   Rscript bench/transfer.R --smoke
#
# MUSL_DATA holds the folders expression, singlecell and splits; a smoke run
# makes files like them and holds each line's scores to those of the line alone.
# Prints markdown for bench/RESULTS.md.
suppressPackageStartupMessages(library(MuSL))
invisible(loadNamespace("Matrix"))
file <- sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE))
for (part in c(
  "script", "read-data", "bench-scores", "quality-data", "demo-files"
)) {
  source(file.path(dirname(file), paste0(part, ".R")))
}
epochs <- number_given(1L, 4L, 1L)
if (is_smoke()) use_demo_files()

splits <- read_folds("degree_matched")
splits <- splits[splits$scheme == "gene" & splits$fold == 1, ]
cells <- read_lung_cells()
splits <- splits[splits$gene_a %in% rownames(cells) &
  splits$gene_b %in% rownames(cells), ]
train <- splits[splits$part == "train", c("gene_a", "gene_b", "label")]
genes <- unique(c(splits$gene_a, splits$gene_b))
cells <- cells[intersect(rownames(cells), genes), ]

# The single cells stand in for the source that the model was trained on.
data_of <- function(values, pairs) {
  quietly(musl_data(list(cohort = values), pairs = pairs, scale = "log"))
}

study <- function(cohort, binning, encoders) {
  bulk <- read_matrix("expression", paste0(cohort, ".tsv.gz"))
  bulk <- bulk[intersect(rownames(bulk), genes), ]
  both <- splits$gene_a %in% rownames(bulk) & splits$gene_b %in% rownames(bulk)
  test <- splits[splits$part != "train" & both, ]
  spent <- cpu_seconds(fit <- quietly(musl_fit(
    data_of(bulk, train),
    architecture = musl_architecture(
      encoders = encoders, binning = binning, bins = 8L, smooth = 1
    ),
    control = musl_control(
      members = 1, epochs = epochs, seed = 1, threads = 1
    ),
    progress = FALSE
  )))
  pairs <- test[c("gene_a", "gene_b")]
  scores <- quietly(
    musl_contexts(fit, pairs, data_of(cells, NULL), "cell_line")
  )
  agreement <- summary(scores, top = min(100, nrow(pairs)))
  if (is_smoke()) check_contexts(fit, scores, agreement)
  read <- paste(encoders, collapse = " + ")
  list(
    table = rbind(
      score_row(cohort, binning, read, "bulk, held out", ncol(bulk),
        quietly(predict(fit, pairs))$.score, test
      ),
      do.call(rbind, lapply(levels(scores$context), function(name) {
        one <- scores[scores$context == name, ]
        score_row(cohort, binning, read, paste("single cells,", name),
          one$n_samples[[1]], one$.score, test
        )
      }))
    ),
    agreement = cbind(
      cohort = cohort, binning = binning, read = read, agreement
    ),
    seconds = spent
  )
}

score_row <- function(cohort, binning, read, where, n_samples, score, test) {
  by_part <- vapply(c("C2", "C3"), function(part) {
    auroc(score[test$part == part], test$label[test$part == part])
  }, 1)
  data.frame(
    cohort = cohort, binning = binning, read = read, where = where,
    n_samples = n_samples, n_pairs = sum(!is.na(score)), c2 = by_part[["C2"]],
    c3 = by_part[["C3"]]
  )
}

# Scores of a line and its agreement with others, beside data of that line alone
# and plain R.
check_contexts <- function(fit, scores, agreement) {
  lines <- split(scores, scores$context)
  alone <- lapply(names(lines)[-1], function(name) {
    one <- data_of(cells[, cells$cell_line == name], NULL)
    quietly(predict(fit, lines[[name]][c("gene_a", "gene_b")], one))$.score
  })
  given <- lapply(lines[-1], `[[`, ".score")
  rho <- stats::cor(given[[1]], given[[2]], method = "spearman")
  told <- agreement$spearman[agreement$context_a == names(given)[[1]] &
    agreement$context_b == names(given)[[2]]]
  stopifnot(
    "a line's scores are not its own" =
      max(abs(unlist(alone) - unlist(given))) < 1e-6,
    "agreement is not that of ranks" = abs(told - rho) < 1e-12
  )
}

both <- c("histogram", "descriptors")
results <- list(
  study("tcga_crc", "rank", both), study("tcga_crc", "value", both),
  study("tcga_crc", "rank", "histogram"), study("gse33072", "rank", both)
)
cat(
  machine_line(), "; ", epochs, " epochs, one member, 8 bins, smooth 1; ",
  "training took ",
  paste(sprintf("%.0f", vapply(results, `[[`, 1, "seconds")), collapse = ", "),
  " processor s; ", format(results[[1]]$table$n_pairs[[1]], big.mark = ","),
  " pairs judged\n\n",
  "| trained on | bins by | read | scored in | samples | C2 | C3 |\n",
  "|---|---|---|---|---|---|---|\n",
  sep = ""
)
for (result in results) {
  x <- result$table
  cat(sprintf(
    "| %s | %s | %s | %s | %d | %.4f | %.4f |\n", x$cohort, x$binning, x$read,
    x$where, x$n_samples, x$c2, x$c3
  ), sep = "")
}
cat(
  "\nAgreement between lines (means over the ten pairs of lines):\n\n",
  "| trained on | bins by | read | Spearman | range | top 100 | by chance |\n",
  "|---|---|---|---|---|---|---|\n",
  sep = ""
)
for (result in results) {
  x <- result$agreement
  x <- x[x$context_a != "all", ]
  cat(sprintf(
    "| %s | %s | %s | %.3f | %.3f to %.3f | %.2f | %.3f |\n", x$cohort[[1]],
    x$binning[[1]], x$read[[1]], mean(x$spearman), min(x$spearman),
    max(x$spearman), mean(x$overlap), mean(x$chance)
  ))
}
