# Two installed versions of MuSL on the same pairs and genes, held out of the
# training parts of the fixed benchmark's folds; no test part is read. Prints
# markdown for bench/RESULTS.md.
#
#   MUSL_DATA=/path Rscript bench/quality-builds.R OLD_LIBRARY NEW_LIBRARY \
#     [OPTION]...
#   Rscript bench/quality-builds.R --smoke
#
#   --folds 1,2,3,4   --schemes gene,pair   --seeds 1,2,3,4,5,6,7,8
#   --directory DIR   keeps finished fits: a killed run goes on there
#
# Both versions train one network of the same encoders on the same parts of the
# same three cohorts, each on one thread, side by side. Axes of co-expression
# depend on the last bits of a cohort and, in early versions, on the order of its
# samples: each seed draws both anew. The MuSL that this script finds holds out
# the pairs; a smoke run compares it with itself.

suppressPackageStartupMessages(library(MuSL))
file <- sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE))
for (part in c(
  "script", "read-data", "bench-scores", "quality-options", "quality-data",
  "quality-ablation"
)) {
  source(file.path(dirname(file), paste0(part, ".R")))
}

libraries <- libraries_given()
folds <- as.integer(option("folds", if (is_smoke()) 1 else 1:4))
seeds <- as.integer(option("seeds", if (is_smoke()) 1:2 else 1:8))
schemes <- option("schemes", if (is_smoke()) "gene" else c("gene", "pair"))
directory <- option("directory", tempfile("builds-"))
dir.create(directory, showWarnings = FALSE, recursive = TRUE)

# What a version needs for one fold, as a file: inputs and a table of parts.
cell_file <- function(inputs, scheme, fold) {
  cell <- inner_cell(inputs, "degree_matched", scheme, fold)
  table <- as.data.frame(generics::tidy(cell$split))
  table <- table[table$part != "unused", ]
  table$part <- as.character(table$part)
  columns <- c("fold", "part", "gene_a", "gene_b", "label")
  path <- file.path(directory, sprintf("cell-%s-%d.rds", scheme, fold))
  saveRDS(list(
    expression = inputs$expression, network = inputs$network,
    embeddings = inputs$embeddings, pairs = musl_pairs(cell$data),
    table = table[columns], encoders = judged_encoders
  ), path, compress = FALSE)
  path
}

# One process of a version and a fold: a line for each seed and part.
work <- c(
  "words <- commandArgs(trailingOnly = TRUE)",
  "suppressPackageStartupMessages(library(MuSL))",
  "for (part in c('script.R', 'bench-scores.R')) {",
  "  source(file.path(words[[1]], part))",
  "}",
  "cell <- readRDS(words[[2]])",
  "pairs <- as.data.frame(cell$pairs)",
  "pairs <- pairs[intersect(",
  "  c('gene_a', 'gene_b', 'label', 'evidence'), names(pairs)",
  ")]",
  "shape <- musl_architecture(encoders = cell$encoders)",
  "trained_on <- cell$table$part %in% c('train', 'validation')",
  "asked <- cell$table[!trained_on, ]",
  "for (seed in as.integer(words[-(1:3)])) {",
  "  set.seed(seed)",
  "  drawn <- lapply(cell$expression, function(x) {",
  "    x[, sample(ncol(x))] * (1 + runif(length(x), -1e-9, 1e-9))",
  "  })",
  "  data <- quietly(musl_data(drawn,",
  "    network = cell$network, embeddings = cell$embeddings, pairs = pairs,",
  "    scale = 'log'",
  "  ))",
  "  split <- quietly(musl_split(data,",
  "    table = cell$table, negatives = 'degree_matched', seed = 1",
  "  ))",
  "  how <- musl_control(members = 1L, threads = 1L, device = 'cpu', seed = seed)",
  "  spent <- system.time(fit <- quietly(musl_fit(data, split,",
  "    architecture = shape, control = how, progress = FALSE",
  "  )))",
  "  scored <- predict(fit, asked[c('gene_a', 'gene_b')])",
  "  by <- split.data.frame(",
  "    data.frame(s = scored$.score, l = asked$label), asked$part",
  "  )",
  "  kept(list(directory = dirname(words[[3]])), paste0(",
  "    basename(words[[3]]), '-', seed",
  "  ), data.frame(",
  "    seed = seed, part = names(by), pairs = vapply(by, nrow, 1L),",
  "    auroc = vapply(by, function(x) auroc(x$s, x$l), 0),",
  "    seconds = sum(spent[c('user.self', 'sys.self')]), row.names = NULL",
  "  ))",
  "}"
)

# Trains both versions on one fold; gives one row a version, seed and part.
judge_fold <- function(inputs, scheme, fold) {
  message(scheme, ", fold ", fold, ", ", format(Sys.time(), "%H:%M"))
  stem <- file.path(
    directory, sprintf("%s-%s-%d", names(libraries), scheme, fold)
  )
  result <- function(stem) sprintf("%s-%d.rds", stem, seeds)
  open <- lapply(stem, function(stem) seeds[!file.exists(result(stem))])
  if (length(unlist(open)) > 0) {
    cell <- cell_file(inputs, scheme, fold)
    parallel::mcmapply(function(library, stem, open) {
      if (length(open) == 0) return(NULL)
      run_lines(work, c(library, .libPaths()),
        arguments = c(dirname(file), cell, stem, open),
        env = c("OPENBLAS_NUM_THREADS=1", "OMP_NUM_THREADS=1")
      )
    }, libraries, stem, open, mc.cores = 2)
    unlink(cell)
  }
  do.call(rbind, Map(function(version, stem) {
    found <- do.call(rbind, lapply(result(stem), readRDS))
    cbind(version = version, scheme = scheme, fold = fold, found)
  }, names(libraries), stem))
}

inputs <- if (is_smoke()) demo_inputs() else benchmark_inputs()
if (!is_smoke()) inputs$expression <- inputs$expression[bulk_cohorts]
judged <- do.call(rbind, lapply(schemes, function(scheme) {
  do.call(rbind, lapply(folds, function(fold) judge_fold(inputs, scheme, fold)))
}))
both <- merge(
  judged[judged$version == "old", ], judged[judged$version == "new", ],
  by = c("scheme", "fold", "seed", "part", "pairs"), suffixes = c("_old", "_new")
)
stopifnot(
  "a version scored other pairs" = nrow(both) * 2 == nrow(judged),
  "no AUROC" = all(is.finite(both$auroc_old), is.finite(both$auroc_new))
)

cat(machine_line(), "; ", format(Sys.Date()), "; ",
  "folds ", toString(folds), "; seeds ", toString(seeds), "\n\n",
  sep = ""
)
cat("| part | fits a version | AUROC, old | new | difference | its s.e. |\n")
cat("|---|---|---|---|---|---|\n")
for (rows in split(both, paste0(both$scheme, both$part))) {
  change <- rows$auroc_new - rows$auroc_old
  cat(sprintf(
    "| %s | %d | %.4f | %.4f | %+.4f | %.4f |\n",
    rows$part[[1]], nrow(rows), mean(rows$auroc_old), mean(rows$auroc_new),
    mean(change), stats::sd(change) / sqrt(nrow(rows))
  ))
}
cat(sprintf(
  "\nProcessor s a fit: %.1f and %.1f.\n",
  mean(both$seconds_old), mean(both$seconds_new)
))
