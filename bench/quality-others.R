# PiLSL's published splits, and what the smoke run must show.

# AUROC that the data sets' README gives, means over five folds.
pilsl_reference <- list(
  "SL degree" = c(C1 = .927, C2 = .691, C3 = .500),
  "boosting" = c(C1 = .848, C2 = .768, C3 = .703)
)

# The pairs of a scheme, one row a fold that uses them.
pilsl_table <- function(scheme, inputs, options) {
  if (options$smoke) {
    table <- inputs$table("random")
    of <- table$scheme == if (scheme == "C1") "pair" else "gene"
    return(table[of & table$part %in% c("train", scheme), ])
  }
  wide <- read_table("splits", "pilsl_splits.tsv.gz")
  part <- c(r = "train", d = "validation", t = scheme)
  columns <- grep(paste0("^", scheme, "_"), names(wide), value = TRUE)
  rows <- lapply(columns, function(column) {
    used <- wide[[column]] %in% names(part)
    data.frame(
      wide[used, c("gene_a", "gene_b", "label")],
      part = unname(part[wide[[column]][used]]),
      fold = as.integer(sub(".*_", "", column))
    )
  })
  do.call(rbind, rows)
}

# Their test pairs stand in the part they are published under; a fold that is
# not clean is taken as it is.
report_pilsl <- function(inputs, options) {
  rows <- lapply(c("C1", "C2", "C3"), function(scheme) {
    table <- pilsl_table(scheme, inputs, options)
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

# The smoke run's figures mean nothing, but all of them must be there.
check_smoke <- function(judged, options) {
  for (cell in judged) {
    means <- cell_means(cell)
    asked <- c(
      "full", "biology", if ("paper" %in% options$presets) "paper",
      if (options$baselines == "all") c("SL degree", "boosting")
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
