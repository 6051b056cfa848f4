# What each point of the preset "paper" adds: the preset, each point toggled by
# itself to what the default has, and the default, on the same folds.
#
#   Rscript bench/paper.R [--smoke] [--data simulated,real] [--samples 1000]
#     [--seeds 1] [--epochs 30] [--rows 1,2] [--runs DIRECTORY]
#
# "simulated" is musl_simulate() with so many samples, "real" the recorded SL
# pairs of MUSL_DATA with its largest cohort. Folds hold genes out; the table
# has AUROC and AUPRC of test pairs with one (C2) and two (C3) unseen genes.
# With --runs, finished rows are kept and a second call goes on. Fewer --epochs
# train all rows by the default's schedule and that many; --rows takes some.
suppressMessages(library(MuSL))
file <- sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE))
for (part in c(
  "script", "read-data", "bench-scores", "quality-data", "demo-files"
)) {
  source(file.path(dirname(file), paste0(part, ".R")))
}
if (is_smoke()) use_demo_files()
which_data <- option("data", if (is_smoke()) "simulated" else c(
  "simulated", "real"
))
samples <- as.integer(option("samples", if (is_smoke()) "60" else "1000"))
seeds <- as.integer(option("seeds", "1"))
settings <- list(directory = option("runs", NULL))

# What differs from the preset "paper", by the name of the row.
architectures <- list(
  paper = list(),
  `three histograms -> one` = list(transforms = "none"),
  `their statistics -> ours` = list(descriptors = "default"),
  `GraphSAGE -> graph convolutions` = list(graph_net = "gcn"),
  `GraphSAGE -> features propagated` = list(
    graph_net = "sign", graph_layers = 1L
  ),
  `supervised contrast -> InfoNCE` = list(alignment_kind = "info_nce"),
  `contrast -> none` = list(alignment = 0),
  `attention -> gate alone` = list(fusion = "gate"),
  `no losses of branches -> some` = list(auxiliary = 0.5, branch_weight = 1),
  `no genes' branch, no partners -> both` = list(encoders = c(
    "histogram", "descriptors", "genes", "graph", "partners"
  ))
)
epochs <- option("epochs", if (is_smoke()) "1" else NULL)
tiny <- if (is_smoke()) {
  list(width = 8L, bins = 8L, fusion_width = 8L, graph_hidden = 8L)
} else {
  list()
}
default_how <- function(seed) {
  do.call(musl_control, c(
    list(seed = seed, members = 1L, threads = 1L),
    if (!is.null(epochs)) list(epochs = as.integer(epochs))
  ))
}
paper_how <- function(seed) {
  if (!is.null(epochs)) {
    return(default_how(seed))
  }
  musl_control(preset = "paper", seed = seed, threads = 1L)
}
rows <- c(
  lapply(architectures, function(fields) {
    list(
      do.call(musl_architecture, c(
        "paper", utils::modifyList(tiny, fields)
      )), paper_how
    )
  }),
  list(
    `paper, trained as the default` = list(
      do.call(musl_architecture, c("paper", tiny)), default_how
    ),
    default = list(do.call(musl_architecture, tiny), default_how)
  )
)
if (!is.null(epochs)) rows[["paper, trained as the default"]] <- NULL
if (is_smoke()) rows <- rows[c(1, 4, length(rows))]
rows <- rows[as.integer(option("rows", seq_along(rows)))]

simulated <- function(n) {
  quietly(musl_simulate(
    if (is_smoke()) "small" else "default", n_samples = n, seed = 1
  ))
}

# A third of the recorded pairs, so that a row takes minutes.
real <- function(n) {
  recorded <- read_table("sl", "sl_pairs.tsv.gz")
  recorded <- recorded[recorded$label %in% c(1, "SL"), c("gene_a", "gene_b")]
  set.seed(1)
  recorded <- recorded[sample(nrow(recorded), 12000L), ]
  quietly(musl_data(
    list(rnaseqdb = read_matrix("expression", "rnaseqdb.tsv.gz")),
    network = read_table("ppi", "string_v10.tsv.gz")[1:3],
    embeddings = read_matrix("sequence", "kmer_svd64.tsv.gz"),
    pairs = cbind(recorded, label = 1), scale = "log"
  ))
}

row_of <- function(name, data, split, seed) {
  how <- rows[[name]]
  seconds <- cpu_seconds(fit <- quietly(musl_fit(
    data, split, fold = 1, architecture = how[[1]], control = how[[2]](seed),
    keep = "none", progress = FALSE
  )))
  metrics <- quietly(musl_metrics(
    fit, split, fold = 1, data = data, metrics = c("auroc", "auprc")
  ))
  list(metrics = metrics, seconds = seconds)
}

value_of <- function(metrics, part, metric) {
  at <- metrics$part == part & metrics$.metric == metric &
    metrics$scorer %in% c("full", "MuSL")
  if (any(at)) metrics$.estimate[at][[1]] else NA_real_
}

cat(machine_line(), "\n")
for (set in which_data) {
  for (n in if (set == "real") 989L else samples) {
    data <- if (set == "real") real(n) else simulated(n)
    split <- quietly(musl_split(
      data, "inductive",
      folds = if (is_smoke()) 3L else 5L, negatives = "degree_matched",
      seed = 7
    ))
    cat("\n", set, ", ", n, " samples\n\n", sep = "")
    cat("| | seed | C2 | C3 | CPU s |\n|---|---|---|---|---|\n")
    for (name in names(rows)) {
      for (seed in seeds) {
        found <- kept(
          settings, paste(set, n, gsub("[^A-Za-z]+", "-", name), seed),
          row_of(name, data, split, seed)
        )
        figure <- function(part) {
          paste(sprintf("%.3f", c(
            value_of(found$metrics, part, "auroc"),
            value_of(found$metrics, part, "auprc")
          )), collapse = " / ")
        }
        cat("|", name, "|", seed, "|", figure("C2"), "|", figure("C3"), "|",
          sprintf("%.0f", found$seconds), "|\n"
        )
      }
    }
  }
}
