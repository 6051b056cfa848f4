# Judges musl_interactions() on the data of MUSE's and other papers, published
# figures beside reproduced ones, and prints markdown for bench/RESULTS.md.
#
#   MUSL_DATA=/path Rscript bench/muse.R [OPTION]...
#
#   --smoke           simulated interactions in place of MUSL_DATA
#   --sets a,b        some of shs27k, davis, kiba, deepddi, interface; speed:
#                     molecules and residue graphs a second on one core beside
#                     LibTorch's functions for the same layers (needs CMake)
#   --splits a,b      published (of davis, kiba and deepddi: the default) or any
#                     of musl_split(); of shs27k random, bfs, dfs
#   --roots 1,2,3     seeds of splits other than the published ones: no single
#                     lucky root
#   --folds 1,2       published validation folds of davis and kiba; their test
#                     part is one
#   --strategies a,b  some of branches (the default), em, joint; none: simple
#                     rivals alone
#   --edges a,b       of shs27k, what the network knows of the pairs asked for:
#                     strict (nothing, the default), known (that they are
#                     edges), published (known, called from the threshold that
#                     is best on the test pairs, on which papers choose theirs:
#                     for comparison only; it takes no other fit than known)
#   --rivals a,b      some of boosting, words (boosting that reads no labels of
#                     other pairs), profile (of binary sets); none
#   --epochs N        at most, a phase; of interface 8
#   --ensemble N      networks of interface
#   --threads N       0 (the default) for all
#   --csv FILE        takes the rows of shs27k, deepddi, davis and kiba too
#   --directory DIR   keeps finished scores: a killed run goes on there
#
# MUSL_DATA holds the folder muse. Every model has a validation part, drawn or
# walked to as the test part was, and sees no label of the test part.
suppressPackageStartupMessages(library(MuSL))
file <- sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE))
parts <- c(
  "script", "bench-scores", "muse-program", "muse-data", "muse-simple",
  "muse-sites"
)
for (part in parts) source(file.path(dirname(file), paste0(part, ".R")))

settings <- list(
  directory = option("directory", NULL),
  strategies = option("strategies", "branches"),
  edges = option("edges", "strict"),
  rivals = option("rivals", c("boosting", "profile")),
  epochs = as.integer(option("epochs", if (is_smoke()) "2" else "60")),
  site_epochs = as.integer(option("epochs", if (is_smoke()) "2" else "8")),
  ensemble = as.integer(option("ensemble", "4")),
  threads = as.integer(option("threads", if (is_smoke()) "1" else "0"))
)

# Rows of a fit's scorers; for comparison only also those of its score, called
# from the threshold that is best on the test pairs.
judge_fit <- function(fit, test, way, edges) {
  found <- quietly(musl_metrics(fit, test))
  own <- found$scorer != "node mean" | edges != "strict"
  found$scorer[own] <- paste0(found$scorer[own], ", ", way)
  if (edges != "known") {
    return(found)
  }
  labels <- setdiff(names(test), c("from", "to", "split"))
  score <- predict(fit, test)[paste0(".pred_", labels)]
  best <- best_threshold(unlist(score), unlist(test[labels]))
  chosen <- quietly(musl_metrics(fit, test, threshold = best))
  chosen <- chosen[chosen$scorer == "MuSL", ]
  chosen$scorer <- sub("known$", "published", paste0("MuSL, ", way))
  rbind(found, chosen)
}

# One row a scorer and metric of the test part.
judge <- function(set, name, settings) {
  test <- set$pairs[set$pairs$split == "test", ]
  fitted_edges <- unique(sub("published", "known", settings$edges))
  runs <- expand.grid(
    strategy = setdiff(settings$strategies, "none"),
    edges = if (set$task == "multilabel") fitted_edges else "strict",
    stringsAsFactors = FALSE
  )
  blocks <- Map(runs$strategy, runs$edges, f = function(strategy, edges) {
    way <- toString(c(strategy, setdiff(edges, "strict")))
    kept(settings, gsub(", ", "-", paste(name, way, sep = "-")), {
      started <- proc.time()
      fit <- quietly(musl_interactions(
        set$pairs, set$nodes,
        task = set$task, strategy = strategy, progress = FALSE,
        known_edges = edges != "strict",
        control = musl_control(
          ensemble = 1, epochs = settings$epochs, patience = 10, seed = 1,
          batch_size = if (is.null(set$batch)) 256 else set$batch,
          threads = settings$threads
        )
      ))
      spent <- (proc.time() - started)[["elapsed"]]
      found <- judge_fit(fit, test, way, edges)
      found$seconds <- ifelse(found$scorer == "node mean", 0, spent)
      found
    })
  })
  rivals <- list(
    boosting = judge_boosting,
    words = function(set) judge_boosting(set, reads_means = FALSE)
  )
  if (set$task == "binary") rivals$profile <- judge_profile
  simple <- lapply(intersect(settings$rivals, names(rivals)), function(rival) {
    kept(settings, paste(name, rival, sep = "-"), {
      started <- proc.time()
      found <- rivals[[rival]](set)
      found$seconds <- (proc.time() - started)[["elapsed"]]
      found
    })
  })
  found <- unique(do.call(rbind, c(blocks, simple)))
  cbind(run = name, found)
}

# A row a scorer and part, a column a metric.
print_run <- function(found, metrics) {
  for (part in unique(found$part)) {
    own <- found[found$part == part, ]
    for (scorer in unique(own$scorer)) {
      one <- own[own$scorer == scorer, ]
      cells <- sprintf("%.4f", one$.estimate[match(metrics, one$.metric)])
      cat(
        "|", paste(c(
          one$run[[1]], part, scorer, cells, one$n_pairs[[1]],
          sprintf("%.0f", one$seconds[[1]])
        ), collapse = " | "), "|\n"
      )
    }
  }
}

report <- function(sets, metrics, published) {
  heads <- c("run", "part", "scorer", metrics, "pairs", "seconds")
  cat("|", paste(heads, collapse = " | "), "|\n")
  cat("|", strrep("---|", length(heads)), "\n", sep = "")
  for (row in published) {
    cells <- c(row[-(1:2)], rep("", length(metrics) + 2 - length(row)))
    cat(
      "|", paste(c(
        row[[1]], "all", paste(row[[2]], "(published)"), cells, "", ""
      ), collapse = " | "), "|\n"
    )
  }
  for (name in names(sets)) {
    found <- judge(sets[[name]](), name, settings)
    stopifnot("a metric is missing" = all(metrics %in% found$.metric))
    print_run(found, metrics)
    file <- option("csv", NULL)
    if (!is.null(file)) {
      data.table::fwrite(found, file, append = file.exists(file))
    }
  }
  cat("\n")
}

# The processor's seconds of one thread each, so that other work counts little.
report_speed <- function(smiles) {
  programs <- programs_with(file.path(dirname(file), ".."), "nodes")
  molecules <- tempfile()
  writeLines(unique(smiles), molecules)
  writeLines(run(file.path(programs, "nodes"), molecules))
}

cat(
  machine_line(), "; ", format(Sys.Date()), "; MuSL ",
  format(utils::packageVersion("MuSL")), "\n\n",
  sep = ""
)
label_metrics <- c("micro_f1", "macro_auprc", "macro_auroc")
affinity_metrics <- c("concordance", "mse", "pearson", "rm2")
if (is_smoke()) {
  report(list(
    labels = function() simulated_set("multilabel")
  ), label_metrics, list())
  report(list(drugs = simulated_drugs), label_metrics, list())
  report(list(
    affinity = function() simulated_set("affinity")
  ), affinity_metrics, list())
  report_sites(simulated_sites(), settings)
  # To build the program would take minutes.
  if (nzchar(Sys.getenv("MUSL_BENCH_PROGRAMS"))) {
    report_speed(simulated_drugs()$nodes$text)
  }
} else {
  known <- c("shs27k", "davis", "kiba", "deepddi", "interface", "speed")
  sets <- option("sets", setdiff(known, c("deepddi", "speed")))
  stopifnot(sets %in% known)
  roots <- as.integer(option("roots", c("1", "2", "3")))
  if ("shs27k" %in% sets) {
    report(split_sets(
      "shs27k", option("splits", c("random", "bfs", "dfs")), roots, shs27k_set
    ), label_metrics, published_shs27k)
  }
  folds <- as.integer(option("folds", "1"))
  splits <- option("splits", "published")
  for (name in intersect(c("davis", "kiba"), sets)) {
    report(
      affinity_sets(name, splits, folds, roots), affinity_metrics,
      if ("published" %in% splits) published_affinity[[name]]
    )
  }
  if ("deepddi" %in% sets) {
    report(deepddi_sets(splits, roots), label_metrics, list())
  }
  if ("interface" %in% sets) {
    report_sites(interface_set(), settings)
  }
  if ("speed" %in% sets) report_speed(muse_table("deepddi", "drugs.tsv")$smiles)
}
