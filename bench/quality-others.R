# Other data: PiLSL's published splits, and simulated pairs of which it is known
# why they are SL; and what the smoke run must show.

# AUROC that the data sets' README gives, means over five folds.
pilsl_reference <- list(
  "SL degree" = c(C1 = .927, C2 = .691, C3 = .500),
  "boosting" = c(C1 = .848, C2 = .768, C3 = .703)
)

pilsl_inputs <- function(inputs, options) {
  if (options$smoke) {
    return(demo_pilsl(inputs$table("random")))
  }
  read_table("splits", "pilsl_splits.tsv.gz")
}

# The demo's folds in PiLSL's layout: a column a scheme and fold.
demo_pilsl <- function(table) {
  pairs <- unique(table[c("gene_a", "gene_b", "label")])
  key <- paste(pairs$gene_a, pairs$gene_b)
  for (scheme in c("C1", "C2", "C3")) {
    of <- table$scheme == if (scheme == "C1") "pair" else "gene"
    for (fold in seq_len(demo_folds)) {
      entry <- rep("", nrow(pairs))
      for (part in c("train", scheme)) {
        rows <- table[of & table$fold == fold & table$part == part, ]
        here <- match(paste(rows$gene_a, rows$gene_b), key)
        entry[here] <- if (part == "train") "r" else "t"
      }
      pairs[[paste0(scheme, "_", fold)]] <- entry
    }
  }
  pairs
}

# Their test pairs stand in the part they are published under; a fold that is
# not clean is taken as it is.
report_pilsl <- function(inputs, options) {
  wide <- pilsl_inputs(inputs, options)
  rows <- lapply(c("C1", "C2", "C3"), function(scheme) {
    table <- musl_fold_table(wide, scheme)
    data <- aligned_data(inputs, table)
    split <- suppressWarnings(
      musl_split(data, table = table, leakage = "report", seed = 1)
    )
    cell <- list(data = data, split = split)
    run <- suppressWarnings(train(
      cell, "default", options,
      baselines = options$baselines
    ))
    values <- suppressWarnings(musl_metrics(run$scores, shown_metrics[1:2]))
    values[values$part == scheme, ]
  })
  say_pilsl(do.call(rbind, rows))
}

say_pilsl <- function(values) {
  auroc <- values[values$.metric == "auroc", ]
  auprc <- values[values$.metric == "auprc", ]
  reference <- vapply(seq_len(nrow(auroc)), function(i) {
    known <- pilsl_reference[[auroc$scorer[[i]]]]
    if (is.null(known)) NA_real_ else known[[auroc$part[[i]]]]
  }, 1)
  say_table("PiLSL's published splits: mean +- sd over folds and seeds", list(
    part = auroc$part, scorer = auroc$scorer,
    AUROC = with_sd(auroc$.estimate, auroc$sd),
    AUPRC = with_sd(auprc$.estimate, auprc$sd),
    "AUROC, README" = decimal(reference, 3),
    runs = auroc$n, "pairs a fold" = round(auroc$n_pairs)
  ))
}

# Who finds which mechanism: pairs of two unseen genes, by the mechanism that
# made the SL ones, beside the truth against the labels that one can see.
report_simulated <- function(options) {
  sizes <- if (options$smoke) {
    list(n_genes = 300, n_samples = 60, n_pairs = 1500)
  } else {
    list(n_samples = 1000, n_pairs = 10000)
  }
  data <- do.call(musl_simulate, c(sizes, seed = 11))
  cell <- list(
    data = data,
    split = musl_split(data, "inductive", folds = demo_folds, seed = 1)
  )
  architecture <- function(preset) {
    if (options$smoke) {
      return(quality_architecture(options, preset))
    }
    # Its mechanisms have one that histograms alone can find.
    encoders <- if (preset == "default") c("histogram", judged_encoders)
    do.call(musl_architecture, c(
      list(preset = preset, bins = 32L),
      if (!is.null(encoders)) list(encoders = encoders)
    ))
  }
  run <- function(preset, ...) {
    resample(
      cell, options, architecture(preset), quality_control(options),
      folds = 1L, seeds = options$seeds[[1]], ...
    )$scores
  }
  scores <- run(
    "default",
    baselines = options$baselines, controls = c("only", "without")
  )
  paper <- run("paper", baselines = FALSE)
  paper$scorer <- rep("paper", nrow(paper))
  say_mechanisms(rbind(scores, paper), musl_truth(data)$pairs)
}

say_mechanisms <- function(scores, truth) {
  key <- function(x) {
    paste(pmin(x$gene_a, x$gene_b), pmax(x$gene_a, x$gene_b))
  }
  oracle <- scores[scores$scorer == scores$scorer[[1]], ]
  oracle$scorer <- "the truth itself"
  oracle$.score <- as.numeric(truth$sl[match(key(oracle), key(truth))])
  both <- rbind(oracle, scores)
  both <- both[c("part", "gene_a", "gene_b", "label", "scorer", ".score")]
  block <- truth$block[match(key(both), key(truth))]
  both$part <- paste(both$part, block)
  values <- measure_apart(both)
  unseen <- values[startsWith(values$part, "C3 "), ]
  blocks <- sub("C3 ", "", unique(unseen$part))
  scorers <- unique(unseen$scorer)
  cells <- vapply(blocks, function(block) {
    here <- unseen[unseen$part == paste("C3", block), ]
    decimal(here$.estimate[match(scorers, here$scorer)], 3)
  }, scorers)
  say_table(
    "Simulated data, pairs of two unseen genes (C3): AUROC by mechanism",
    data.frame(scorer = sub("control: ", "", scorers), cells)
  )
}

# The smoke run's figures mean nothing, but all of them must be there.
check_smoke <- function(judged, options) {
  for (cell in judged) {
    means <- cell_means(cell)
    asked <- c(
      "full", "biology", if ("paper" %in% options$presets) "paper",
      if (options$baselines) c("SL degree", "boosting")
    )
    parts <- if (cell$scheme == "pair") "C1" else c("C2", "C3")
    there <- paste(means$part, means$scorer)[is.finite(means$auroc)]
    wanted <- as.vector(outer(parts, asked, paste))
    stopifnot(
      "a scorer has no AUROC" = all(wanted %in% there),
      "there is no permuted control" =
        "control: labels permuted" %in% cell$runs$default$scores$scorer
    )
  }
  say("All of it works.")
}
