# The main job on real sets: three expression sources, STRING, k-mer vectors and
# the project's fixed benchmark splits; fold 1 of the pair and the gene scheme,
# degree-matched and random negatives, trained jointly and by branches.
#
#   MUSL_DATA=/path/to/data Rscript bench/real-main-job.R [--quick]
#   Rscript bench/real-main-job.R --smoke
#
# MUSL_DATA holds the folders expression, ppi, sequence, sl and splits; a smoke
# run makes files like them and holds its figures to plain R. Prints markdown
# for bench/RESULTS.md.

suppressPackageStartupMessages(library(MuSL))

file <- sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE))
for (part in c(
  "script", "read-data", "bench-scores", "quality-data", "demo-files"
)) {
  source(file.path(dirname(file), paste0(part, ".R")))
}
quick <- "--quick" %in% commandArgs(TRUE)
smoke <- is_smoke()
if (smoke) use_demo_files()
inputs <- benchmark_inputs()
inputs$expression <- inputs$expression[bulk_cohorts]

benchmark_data <- function(table) {
  musl_data(
    inputs$expression,
    network = inputs$network, embeddings = inputs$embeddings,
    pairs = unique(table[c("gene_a", "gene_b", "label")]), scale = "log"
  )
}

# AUROC / AUPRC of all boosting features but SL degree, fold means of the data
# set's own README: the figures to stand beside ours.
readme <- data.frame(
  negatives = rep(c("random", "degree_matched"), each = 3L),
  part = rep(c("C1", "C2", "C3"), 2L),
  reference = c(
    "0.8865 / 0.8980", "0.8133 / 0.8308", "0.7280 / 0.7306",
    "0.6658 / 0.6627", "0.6438 / 0.6524", "0.5957 / 0.6114"
  )
)

architecture <- function() {
  all <- c("histogram", "descriptors", "genes", "graph", "partners")
  if (!smoke) {
    return(musl_architecture(encoders = all, bins = 16L))
  }
  musl_architecture(
    encoders = all, width = 16L, bins = 8L, graph_hidden = 16L, smooth = 1
  )
}

# list(fit, test: the pairs judged, scores: musl_metrics() and what it cost)
train_one <- function(negatives, scheme, strategy) {
  table <- inputs$table(negatives)
  table <- table[table$scheme == scheme & table$fold == 1L, ]
  data <- benchmark_data(table)
  split <- musl_split(data, table = table, seed = 1)
  started <- proc.time()[["elapsed"]]
  fit <- musl_fit(
    data, split,
    fold = 1L,
    architecture = architecture(),
    control = musl_control(
      strategy = strategy, members = 1L, seed = 1, patience = 3L,
      epochs = if (quick || smoke) 2L else 12L
    ),
    progress = FALSE
  )
  seconds <- proc.time()[["elapsed"]] - started
  scores <- as.data.frame(musl_metrics(fit, split, fold = 1L))
  scores$negatives <- negatives
  scores$scheme <- scheme
  scores$strategy <- strategy
  scores$seconds <- round(seconds)
  list(fit = fit, test = table[table$part != "train", ], scores = scores)
}

report <- function(scores) {
  wide <- stats::reshape(
    scores[c(
      "negatives", "scheme", "part", "strategy", "scorer", ".metric",
      ".estimate", "n_pairs", "seconds"
    )],
    idvar = c(
      "negatives", "scheme", "part", "strategy", "scorer", "n_pairs", "seconds"
    ),
    timevar = ".metric", direction = "wide"
  )
  wide <- merge(wide, readme, by = c("negatives", "part"))
  wide <- wide[order(wide$negatives, wide$part, wide$scorer, wide$strategy), ]
  lines <- sprintf(
    "| %s | %s | %s | %s | %.4f / %.4f | %s | %d | %d |",
    wide$negatives, wide$part, wide$scorer, wide$strategy,
    wide$.estimate.auroc, wide$.estimate.auprc, wide$reference,
    wide$n_pairs, wide$seconds
  )
  writeLines(c(
    paste(
      "| negatives | part | scorer | strategy | AUROC / AUPRC |",
      "boosting, README, 5 folds | pairs | training s |"
    ),
    "|---|---|---|---|---|---|---|---|", lines, ""
  ))
}

show_partners <- function(fit, anchor) {
  top <- musl_partners(fit, anchor, n = 20L)
  writeLines(c(
    sprintf(
      "Top 20 partners of %s (n_unseen of the first: %d):", anchor,
      top$n_unseen[1L]
    ), "",
    "| rank | partner | .score | .pred_SL | n_unseen | known |",
    "|---|---|---|---|---|---|",
    sprintf(
      "| %d | %s | %.3f | %.3f | %d | %s |", top$rank, top$partner,
      top$.score, top$.pred_SL, top$n_unseen, top$known
    ), ""
  ))
}

# Every gene of the universe against the anchor, by what the gene lacks.
show_coverage <- function(fit, anchor) {
  genes <- setdiff(musl_genes(fit), anchor)
  scores <- predict(fit, data.frame(gene_a = anchor, gene_b = genes))
  in_source <- vapply(inputs$expression, function(x) {
    genes %in% rownames(x)
  }, logical(length(genes)))
  nodes <- c(inputs$network$gene_a, inputs$network$gene_b)
  lacks <- data.frame(
    sequence = !genes %in% rownames(inputs$embeddings),
    "a source" = rowSums(!in_source) > 0,
    "every source" = rowSums(in_source) == 0,
    network = !genes %in% nodes, check.names = FALSE
  )
  writeLines(c(
    sprintf("| %s with genes that lack | genes | finite scores |", anchor),
    "|---|---|---|",
    vapply(names(lacks), function(name) {
      sprintf(
        "| %s | %d | %d |", name, sum(lacks[[name]]),
        sum(is.finite(scores$.score[lacks[[name]]]))
      )
    }, character(1)), ""
  ))
}

# The figures of the first run beside plain R: AUROC by ranks, the best partners
# by sorting.
check_figures <- function(result, anchor) {
  fit <- result$fit
  test <- result$test
  test$.score <- predict(fit, test[c("gene_a", "gene_b")])$.score
  ours <- result$scores[result$scores$scorer == "MuSL" &
    result$scores$.metric == "auroc", ]
  plain <- vapply(ours$part, function(part) {
    of <- test[test$part == part, ]
    auroc(of$.score, of$label)
  }, 1)
  others <- setdiff(musl_genes(fit), anchor)
  scores <- predict(fit, data.frame(gene_a = anchor, gene_b = others))$.score
  top <- musl_partners(fit, anchor, n = 20L)
  stopifnot(
    "a gene has no score" = all(is.finite(scores)),
    "AUROC is not that of ranks" = all(abs(ours$.estimate - plain) < 1e-12),
    "partners are not the best" = identical(
      top$.score, sort(scores, decreasing = TRUE)[seq_along(top$.score)]
    )
  )
}

runs <- expand.grid(
  strategy = c("joint", "branches"), scheme = c("pair", "gene"),
  negatives = c("degree_matched", "random"), stringsAsFactors = FALSE
)
results <- Map(train_one, runs$negatives, runs$scheme, runs$strategy)
writeLines(c(
  sprintf(
    "%s; %s, MuSL %s, LibTorch %s; peak memory %.2f GiB.", machine_line(),
    Sys.Date(), utils::packageVersion("MuSL"), musl_sitrep()$libtorch,
    peak_memory()
  ), ""
))
report(do.call(rbind, lapply(results, `[[`, "scores")))

best <- which(
  runs$strategy == "joint" & runs$scheme == "gene" &
    runs$negatives == "degree_matched"
)
fit <- results[[best]]$fit
tables <- lapply(c("degree_matched", "random"), inputs$table)
seen <- unique(unlist(lapply(tables, `[`, c("gene_a", "gene_b"))))
candidates <- Reduce(intersect, lapply(inputs$expression, rownames))
candidates <- intersect(candidates, inputs$network$gene_a)
unseen <- sort(setdiff(candidates, seen), method = "radix")[1L]
anchors <- if (smoke) seen[[1L]] else c("ARID1A", "KRAS", unseen)
for (anchor in anchors) show_partners(fit, anchor)
show_coverage(fit, if (smoke) seen[[1L]] else "KRAS")
if (smoke) check_figures(results[[best]], seen[[1L]])
