# Variants of the default model, judged inside the training parts: genes (or
# pairs) are held out of a fold's training part as the benchmark holds them out
# of all, so that what is chosen here has seen no test part.

inner_share <- 0.2

# One fold of a cell without its test pairs: those held out are its test pairs.
inner_cell <- function(inputs, negatives, scheme, fold,
                       sources = names(inputs$expression)) {
  table <- inputs$table(negatives)
  table <- table[table$scheme == scheme & table$fold == fold, ]
  data <- aligned_data(inputs, table[table$part == "train", ], sources)
  sets <- MuSL:::hold_out(
    MuSL:::labelled_pairs(musl_pairs(data)),
    c(pair = "pairs", gene = "genes")[[scheme]], inner_share, negatives,
    seed = fold, genes = musl_genes(data)
  )
  # By the genes that training lacks; held-out pairs are C1 whatever they lack.
  part <- c(pair = "C1", gene = "test")[[scheme]]
  table <- rbind(
    cbind(sets$training, part = "train"), cbind(sets$validation, part = part)
  )
  split <- musl_split(data, table = table, negatives = negatives, seed = 1)
  list(negatives = negatives, scheme = scheme, data = data, split = split)
}

# A list with one list(group, level, architecture, control, sources) a variant;
# those that the default model equals are found on disk.
ablation_variants <- function(inputs) {
  variant <- function(group, level, ..., control = list(), sources = NULL) {
    list(
      group = group, level = level, architecture = list(...),
      control = control, sources = sources
    )
  }
  of_sources <- lapply(names(inputs$expression), function(name) {
    variant("sources", paste("only", name), sources = name)
  })
  grid <- expand.grid(smooth = c(0, 1), bins = c(8L, 16L, 32L))
  histograms <- lapply(seq_len(nrow(grid)), function(i) {
    variant(
      "histogram",
      sprintf("K = %d, smoothing %g", grid$bins[[i]], grid$smooth[[i]]),
      bins = grid$bins[[i]], smooth = grid$smooth[[i]]
    )
  })
  c(
    list(
      variant("alignment", "none", alignment = 0),
      variant("alignment", "weight .1", alignment = 0.1),
      variant("fusion", "gate", fusion = "gate"),
      variant("fusion", "attention and gate", fusion = "attention")
    ),
    of_sources, histograms,
    list(
      variant("strategy", "joint", control = list(strategy = "joint")),
      variant("strategy", "branches", control = list(strategy = "branches")),
      variant("unseen", "masked", unseen_genes = "masked"),
      variant("unseen", "shown", unseen_genes = "shown"),
      variant("coexpression", "0 columns", coexpression = 0L),
      variant("coexpression", "24 columns", coexpression = 24L),
      variant("members", "1", control = list(members = 1L)),
      variant("members", "3", control = list(members = 3L))
    )
  )
}

report_ablation <- function(inputs, options) {
  variants <- Filter(
    function(v) v$group %in% options$ablation, ablation_variants(inputs)
  )
  default <- list(group = "default", level = "")
  if ("encoders" %in% options$ablation) {
    default$controls <- c("only", "without")
  }
  grid <- expand.grid(
    scheme = options$schemes, negatives = options$negatives,
    stringsAsFactors = FALSE
  )
  folds <- intersect(options$folds, 1:2)
  tables <- lapply(seq_len(nrow(grid)), function(i) {
    rows <- lapply(c(list(default), variants), function(variant) {
      message(variant$group, ": ", variant$level)
      do.call(rbind, lapply(folds, function(fold) {
        judge_variant(
          variant, inputs, grid$negatives[[i]], grid$scheme[[i]], fold, options
        )
      }))
    })
    say_ablation(do.call(rbind, rows), grid[i, ], folds)
  })
  # The means of the main table go first.
  if (!is.null(options$csv) && !options$main) {
    options$folds <- folds
    write_csv(
      bind_parts(tables), options,
      "pairs and genes held out of the training parts"
    )
  }
}

# Tables of different parts in one, with the columns of all.
bind_parts <- function(tables) {
  columns <- unique(unlist(lapply(tables, names)))
  columns <- c(
    setdiff(columns, c("C1", "C2", "C3")),
    intersect(c("C1", "C2", "C3"), columns)
  )
  do.call(rbind, lapply(tables, function(table) {
    table[setdiff(columns, names(table))] <- ""
    table[columns]
  }))
}

# One row a part and scorer (full, biology, or a control) of one inner fold and
# seed: group, level, fold, seed, part, scorer, auroc.
judge_variant <- function(variant, inputs, negatives, scheme, fold, options) {
  cell <- inner_cell(
    inputs, negatives, scheme, fold,
    variant$sources %or% names(inputs$expression)
  )
  architecture <- do.call(
    quality_architecture, c(list(options), variant$architecture)
  )
  control <- do.call(quality_control, c(list(options), variant$control))
  run <- resample(
    cell, options, architecture, control,
    seeds = options$seeds, baselines = FALSE,
    controls = variant$controls %or% FALSE
  )
  values <- generics::tidy(run)
  values <- values[values$.metric == "auroc", ]
  is_control <- startsWith(values$scorer, "control: ")
  data.frame(
    group = ifelse(is_control, "encoders", variant$group),
    level = ifelse(
      is_control, sub("control: ", "", values$scorer), variant$level
    ),
    fold = fold, seed = values$seed, part = values$part,
    scorer = ifelse(is_control, "alone", values$scorer),
    auroc = values$.estimate
  )
}

# Each variant beside the default model: mean over folds and seeds, and the mean
# paired difference. Returns the table that it shows, with the cell's columns.
say_ablation <- function(rows, cell, folds) {
  base <- rows[rows$group == "default", ]
  base_scorer <- ifelse(rows$scorer == "alone", base$scorer[[1]], rows$scorer)
  run <- function(x, scorer) paste(x$fold, x$seed, x$part, scorer)
  at <- match(run(rows, base_scorer), run(base, base$scorer))
  rows$less <- rows$auroc - base$auroc[at]
  keys <- do.call(paste, c(rows[c("group", "level", "scorer")], sep = "\r"))
  groups <- split(rows, factor(keys, unique(keys)))
  parts <- intersect(c("C1", "C2", "C3"), rows$part)
  table <- do.call(rbind, lapply(groups, function(x) {
    cells <- vapply(parts, function(part) {
      y <- x[x$part == part, ]
      if (anyNA(y$auroc)) return("")
      sprintf("%.4f (%+.4f)", mean(y$auroc), mean(y$less))
    }, "")
    data.frame(
      group = x$group[[1]], level = x$level[[1]],
      scorer = sub("alone", "", x$scorer[[1]]), t(cells)
    )
  }))
  say_table(
    paste0(
      "Ablation, ", cell$negatives, " negatives, scheme ", cell$scheme,
      ", held out of the training parts of folds ",
      paste(folds, collapse = ", "), ": AUROC (less the default's)"
    ),
    table
  )
  cbind(negatives = cell$negatives, scheme = cell$scheme, table)
}
