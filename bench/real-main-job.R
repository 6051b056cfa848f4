# The main job on real sets: three expression sources, STRING, k-mer vectors and
# the project's fixed benchmark splits; fold 1 of the pair and the gene scheme,
# degree-matched and random negatives, trained jointly and by branches.
#
#   MUSL_DATA=/path/to/data Rscript bench/real-main-job.R [--quick]
#
# MUSL_DATA holds the folders expression, ppi, sequence, sl and splits. Prints
# markdown for bench/RESULTS.md.

suppressPackageStartupMessages(library(MuSL))

file <- sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE))
for (part in c("read-data.R", "quality-data.R")) {
  source(file.path(dirname(file), part))
}
quick <- "--quick" %in% commandArgs(TRUE)

inputs <- benchmark_inputs()

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

peak_memory <- function() {
  line <- grep("VmHWM", readLines("/proc/self/status"), value = TRUE)
  round(as.numeric(gsub("[^0-9]", "", line)) / 1024^2, 2)
}

train_one <- function(negatives, scheme, strategy) {
  table <- inputs$table(negatives)
  table <- table[table$scheme == scheme & table$fold == 1L, ]
  data <- benchmark_data(table)
  split <- musl_split(data, table = table, seed = 1)
  started <- proc.time()[["elapsed"]]
  fit <- musl_fit(
    data, split,
    fold = 1L,
    architecture = musl_architecture(bins = 16L),
    control = musl_control(
      strategy = strategy, seed = 1, epochs = if (quick) 2L else 12L,
      patience = 3L
    ),
    progress = FALSE
  )
  seconds <- proc.time()[["elapsed"]] - started
  scores <- as.data.frame(musl_metrics(fit, split, fold = 1L))
  scores$negatives <- negatives
  scores$scheme <- scheme
  scores$strategy <- strategy
  scores$seconds <- round(seconds)
  list(fit = fit, scores = scores)
}

report <- function(scores) {
  wide <- stats::reshape(
    scores[c(
      "negatives", "scheme", "part", "strategy", "scorer", ".metric",
      ".estimate", "n_pairs", "seconds"
    )],
    idvar = c("negatives", "scheme", "part", "strategy", "scorer", "n_pairs", "seconds"),
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
    sprintf("Top 20 partners of %s (n_unseen of the first: %d):", anchor, top$n_unseen[1L]), "",
    "| rank | partner | .score | .pred_SL | n_unseen | known |", "|---|---|---|---|---|---|",
    sprintf(
      "| %d | %s | %.3f | %.3f | %d | %s |", top$rank, top$partner,
      top$.score, top$.pred_SL, top$n_unseen, top$known
    ), ""
  ))
}

# Every gene of the universe against KRAS, by what the gene lacks.
show_coverage <- function(fit) {
  genes <- setdiff(musl_genes(fit), "KRAS")
  scores <- predict(fit, data.frame(gene_a = "KRAS", gene_b = genes))
  in_source <- vapply(
    inputs$expression, function(x) genes %in% rownames(x), logical(length(genes))
  )
  nodes <- c(inputs$network$gene_a, inputs$network$gene_b)
  lacks <- data.frame(
    sequence = !genes %in% rownames(inputs$embeddings),
    "a source" = rowSums(!in_source) > 0, "every source" = rowSums(in_source) == 0,
    network = !genes %in% nodes, check.names = FALSE
  )
  writeLines(c(
    "| KRAS with genes that lack | genes | finite scores |", "|---|---|---|",
    vapply(names(lacks), function(name) {
      sprintf(
        "| %s | %d | %d |", name, sum(lacks[[name]]),
        sum(is.finite(scores$.score[lacks[[name]]]))
      )
    }, character(1)), ""
  ))
}

runs <- expand.grid(
  strategy = c("joint", "branches"), scheme = c("pair", "gene"),
  negatives = c("degree_matched", "random"), stringsAsFactors = FALSE
)
results <- Map(train_one, runs$negatives, runs$scheme, runs$strategy)
writeLines(c(
  sprintf("Run on %s, %s, %d cores, R %s, MuSL %s, LibTorch %s; peak memory %.2f GiB.",
    Sys.Date(), sub(".*: ", "", grep("model name", readLines("/proc/cpuinfo"), value = TRUE)[1L]),
    parallel::detectCores(), getRversion(), utils::packageVersion("MuSL"),
    musl_sitrep()$libtorch, peak_memory()
  ), ""
))
report(do.call(rbind, lapply(results, `[[`, "scores")))

best <- which(
  runs$strategy == "joint" & runs$scheme == "gene" & runs$negatives == "degree_matched"
)
fit <- results[[best]]$fit
seen <- unique(unlist(lapply(c("degree_matched", "random"), function(negatives) {
  table <- inputs$table(negatives)
  c(table$gene_a, table$gene_b)
})))
candidates <- Reduce(intersect, lapply(inputs$expression, rownames))
candidates <- intersect(candidates, inputs$network$gene_a)
unseen <- sort(setdiff(candidates, seen), method = "radix")[1L]
for (anchor in c("ARID1A", "KRAS", unseen)) show_partners(fit, anchor)
show_coverage(fit)
