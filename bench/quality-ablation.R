# Variants of the default model, judged inside the training parts: genes (or
# pairs) are held out of a fold's training part as the benchmark holds them out
# of all, so that what is chosen here has seen no test part.

inner_share <- 0.2

# One fold of a cell without its test pairs: those held out are its test pairs.
inner_cell <- function(inputs, negatives, scheme, fold) {
  table <- inputs$table(negatives)
  table <- table[table$scheme == scheme & table$fold == fold, ]
  data <- aligned_data(inputs, table[table$part == "train", ])
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
  list(
    negatives = negatives, scheme = scheme, data = data, split = split,
    table = table
  )
}

# The same pairs with some of the sources, as far as their genes are known.
with_sources <- function(cell, inputs, sources) {
  cell$data <- aligned_data(inputs, cell$table, sources)
  cell$split <- suppressWarnings(musl_split(
    cell$data,
    table = cell$table, negatives = cell$negatives, seed = 1
  ))
  cell
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
      bins = grid$bins[[i]], smooth = grid$smooth[[i]],
      encoders = c("histogram", judged_encoders)
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
      variant("strategy", "em", control = list(strategy = "em")),
      variant("stacking", "drawn to the fused logit", branch_weight = 0),
      variant("stacking", "drawn to fused and branches", branch_weight = 1),
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
  grid <- expand.grid(
    scheme = options$schemes, negatives = options$negatives,
    stringsAsFactors = FALSE
  )
  options$folds <- intersect(options$folds, 1:2)
  tables <- lapply(seq_len(nrow(grid)), function(i) {
    cells <- lapply(options$folds, function(fold) {
      inner_cell(inputs, grid$negatives[[i]], grid$scheme[[i]], fold)
    })
    rows <- ablation_rows(cells, variants, inputs, options)
    say_ablation(rows, grid[i, ], options)
  })
  # The means of the main table go first.
  if (!is.null(options$csv) && !options$main) {
    write_csv(
      bind_parts(tables), options,
      "pairs and genes held out of the training parts"
    )
  }
}

# One row a variant, scorer and part.
ablation_rows <- function(cells, variants, inputs, options) {
  default <- list(group = "default", level = "")
  if ("encoders" %in% options$ablation) {
    default$controls <- c("only", "without")
  }
  judged <- judge_variant(default, cells, inputs, options)
  is_control <- startsWith(judged$scorer, "control: ")
  base <- judged[!is_control, ]
  rows <- lapply(variants, function(variant) {
    message(variant$group, ": ", variant$level)
    compare_variant(
      judge_variant(variant, cells, inputs, options), base, variant
    )
  })
  controls <- judged[is_control, ]
  alone <- lapply(unique(controls$scorer), function(name) {
    variant <- list(group = "encoders", level = sub("control: ", "", name))
    scores <- controls[controls$scorer == name, ]
    scores$scorer <- rep(base$scorer[[1]], nrow(scores))
    compare_variant(scores, base, variant)
  })
  first <- compare_variant(base, base, default)
  do.call(rbind, c(list(first), alone, rows))
}

# Scores of all folds and seeds.
judge_variant <- function(variant, cells, inputs, options) {
  architecture <- do.call(
    quality_architecture, c(list(options), variant$architecture)
  )
  control <- do.call(quality_control, c(list(options), variant$control))
  do.call(rbind, Map(function(cell, fold) {
    if (!is.null(variant$sources)) {
      cell <- with_sources(cell, inputs, variant$sources)
    }
    scores <- resample(
      cell, options, architecture, control,
      seeds = options$seeds, baselines = FALSE,
      controls = variant$controls %or% FALSE
    )$scores
    scores$fold <- rep(fold, nrow(scores))
    scores
  }, cells, options$folds))
}

# AUROC of each scorer and of the default model's, on the pairs that both score.
compare_variant <- function(scores, base, variant) {
  rows <- lapply(unique(scores$scorer), function(name) {
    mine <- scores[scores$scorer == name, ]
    other <- base[base$scorer == name, ]
    mine$scorer <- rep("variant", nrow(mine))
    other$scorer <- rep("default", nrow(other))
    values <- suppressWarnings(musl_metrics(rbind(mine, other), "auroc"))
    ours <- values[values$scorer == "variant", ]
    data.frame(
      group = variant$group, level = variant$level, scorer = name,
      part = ours$part, auroc = ours$.estimate,
      less = ours$.estimate - values$.estimate[values$scorer == "default"]
    )
  })
  do.call(rbind, rows)
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

# Returns the table that it shows, with the cell's columns.
say_ablation <- function(rows, cell, options) {
  keys <- do.call(paste, c(rows[c("group", "level", "scorer")], sep = "\r"))
  groups <- split(rows, factor(keys, unique(keys)))
  parts <- intersect(c("C1", "C2", "C3"), rows$part)
  table <- do.call(rbind, lapply(groups, function(x) {
    x <- x[match(parts, x$part), ]
    text <- sprintf("%.4f (%+.4f)", x$auroc, x$less)
    text[is.na(x$auroc)] <- ""
    data.frame(
      group = x$group[[1]], level = x$level[[1]], scorer = x$scorer[[1]],
      t(stats::setNames(text, parts))
    )
  }))
  say_table(
    paste0(
      "Ablation, ", cell$negatives, " negatives, scheme ", cell$scheme,
      ", held out of the training parts of folds ",
      paste(options$folds, collapse = ", "), ": AUROC (less the default's)"
    ),
    table
  )
  cbind(negatives = cell$negatives, scheme = cell$scheme, table)
}
