#' Split labelled pairs into training, validation and test parts
#'
#' Makes the folds on which a model is trained and judged, and checks that none
#' of them leaks.
#'
#' The parts are named by what a test pair shares with training: both genes
#' (`C1`), one gene (`C2`), none (`C3`).
#'
#' * `"random"`: the pairs are dealt into `folds`, each label evenly; a fold's
#'   pairs are its test part C1.
#'   The validation part is a share of the remaining pairs.
#' * `"inductive"` and `"transductive"`: the genes of the pairs are dealt into
#'   `folds`.
#'   A fold's genes are its test genes; a share `validation` of the others are
#'   its validation genes.
#'   Training pairs have neither.
#'   C3 pairs have two test genes; C2 pairs have one, and a training gene;
#'   validation pairs have one or two validation genes and no test gene.
#'   Pairs of a test gene and a validation gene are `unused`.
#'   So one training serves C2 and C3.
#'   The setting says which of them must hold both labels: `"inductive"` both,
#'   `"transductive"` C2 alone.
#'
#' Pairs without a label take no part.
#' Negatives are used as they are given; see [musl_negatives()] to draw some.
#'
#' @param data A [MuslData][musl_data()] with labelled pairs.
#' @param setting "inductive", "transductive" or "random".
#' @param folds Whole number from 2 to 100.
#' @param validation Share of the genes (of the pairs, if `setting` is "random")
#'   outside the test part that make the validation part, from 0.01 to 0.5.
#' @param ... Must be empty.
#' @param table `NULL`, or a data frame with splits of your own, which replace
#'   the pairs of `data`: columns `gene_a`, `gene_b`, `label`, `part` and, with
#'   several folds, `fold`.
#'   `part` is one of `train`, `validation` (or `dev`), `C1`, `C2`, `C3` and
#'   `test`; pairs in `test` are sorted into C1, C2 and C3 by the number of
#'   their genes that the fold's training pairs lack.
#'   Folds are numbered 1, 2, ... in ascending order of `fold`.
#'   A fold without a validation part gets one out of its training part, by
#'   `validation`: pairs where all test pairs are C1, else genes.
#'   `setting` and `folds` follow from the table.
#' @param seed Whole number from 0 to 2^31 - 1; `NULL` draws one.
#' @returns A `musl_split`: list of
#'   `pairs` (tibble `gene_a`, `gene_b`, `label`, one row a pair),
#'   `assignment` (one factor a fold, as long as `pairs`, with the levels
#'   `train`, `validation`, `C1`, `C2`, `C3`, `unused`),
#'   `gene_fold` (named integer, the fold that tests each gene, or `NULL`),
#'   `setting`, `folds`, `seed`, and `source` ("drawn" or "table").
#'   [musl_parts()] takes a fold's parts out; `summary()` counts them;
#'   `tidy()` gives one row for each pair and fold.
#' @section Errors:
#'   `musl_error_input` if a part would be empty or of one label, or the table
#'   lacks a column or has an unknown part; `musl_error_leakage` if the table
#'   has a pair in two parts of a fold, or a test gene in training.
#'   `musl_warning_dropped_genes` if the table has genes that `data` lacks.
#' @section Source:
#'   The three settings are CV1, CV2 and CV3 of Feng et al. (2024), Nat Commun
#'   15:9058.
#'   We take the validation part from the training part, and never choose
#'   anything on the test part.
#' @seealso [musl_negatives()], [musl_metrics()]
#' @examples
#' d <- musl_simulate("small", seed = 1)
#' split <- musl_split(d, "transductive", folds = 3, seed = 1)
#' split
#' vapply(musl_parts(split, fold = 1), nrow, 1L)
#' @export
musl_split <- function(data, setting = c("inductive", "transductive", "random"),
                       folds = 5L, validation = 0.1, ..., table = NULL,
                       seed = NULL) {
  check_dots_empty()
  check_split_data(data)
  check_number(validation, 0.01, 0.5)
  seed <- draw_seed(seed)
  if (!is.null(table)) {
    return(split_from_table(table, data, validation, seed))
  }
  setting <- check_choice(setting, c("inductive", "transductive", "random"))
  check_whole(folds, 2, 100)

  pairs <- splittable_pairs(data@pairs)
  check_both_labels(pairs)
  drawn <- with_seed_kept(seed, if (setting == "random") {
    random_folds(pairs$label, folds, validation)
  } else {
    gene_folds(pairs, folds, validation)
  })
  split <- new_musl_split(
    pairs, drawn$assignment, drawn$gene_fold, setting, seed, "drawn"
  )
  check_parts(split)
  check_leakage(split)
  split
}

split_parts <- c("train", "validation", "C1", "C2", "C3", "unused")
test_parts <- c("C1", "C2", "C3")

new_musl_split <- function(pairs, assignment, gene_fold, setting, seed,
                           source) {
  structure(
    list(
      pairs = pairs,
      assignment = assignment,
      gene_fold = gene_fold,
      setting = setting,
      folds = length(assignment),
      seed = seed,
      source = source
    ),
    class = "musl_split"
  )
}

check_split_data <- function(data, call = caller_env()) {
  if (!methods::is(data, "MuslData")) {
    abort_musl(c(
      "{.arg data} must be a {.cls MuslData}.",
      x = "Found {.cls {class(data)}}.",
      i = "Make one with {.fn musl_data}."
    ), call = call)
  }
}

# `sampled` stays: it tells drawn negatives from the user's.
splittable_pairs <- function(pairs) {
  columns <- intersect(c("gene_a", "gene_b", "label", "sampled"), names(pairs))
  pairs[!is.na(pairs$label), columns]
}

# Each label is dealt apart, so that no fold lacks one by chance.
deal <- function(n, folds) {
  rep_len(seq_len(folds), n)[sample.int(n)]
}

deal_by_label <- function(label, folds) {
  fold <- integer(length(label))
  for (rows in split(seq_along(label), label)) {
    fold[rows] <- deal(length(rows), folds)
  }
  fold
}

random_folds <- function(label, folds, validation) {
  fold <- deal_by_label(label, folds)
  assignment <- lapply(seq_len(folds), function(f) {
    part <- ifelse(fold == f, "C1", "train")
    part[held_pairs(label, which(part == "train"), validation)] <- "validation"
    factor(part, split_parts)
  })
  list(assignment = assignment, gene_fold = NULL)
}

# A share of `rows`, of each label alike.
held_pairs <- function(label, rows, share) {
  unlist(lapply(split(rows, label[rows]), sample_share, share))
}

gene_folds <- function(pairs, folds, validation) {
  genes <- unique_bytes(c(pairs$gene_a, pairs$gene_b))
  gene_fold <- set_names(deal(length(genes), folds), genes)
  assignment <- lapply(seq_len(folds), function(f) {
    test <- genes[gene_fold == f]
    held <- sample_share(setdiff(genes, test), validation)
    gene_parts(pairs, test, held)
  })
  list(assignment = assignment, gene_fold = gene_fold)
}

sample_share <- function(x, share) {
  x[sample.int(length(x), round(share * length(x)))]
}

# The part of each pair, by how many of its genes are test and validation genes.
gene_parts <- function(pairs, test, held) {
  n_test <- (pairs$gene_a %in% test) + (pairs$gene_b %in% test)
  n_held <- (pairs$gene_a %in% held) + (pairs$gene_b %in% held)
  part <- rep("train", nrow(pairs))
  part[n_held > 0] <- "validation"
  part[n_test == 1] <- "C2"
  part[n_test == 1 & n_held == 1] <- "unused"
  part[n_test == 2] <- "C3"
  factor(part, split_parts)
}

#' Parts of a split
#'
#' Takes the pairs of each part of one fold out of a split.
#'
#' @param split A [musl_split()].
#' @param fold Whole number from 1 to the number of folds.
#' @returns Named list of tibbles with the columns of `split$pairs`, in their
#'   order: `train`, `validation` and those of `C1`, `C2` and `C3` that hold
#'   pairs.
#' @section Errors:
#'   `musl_error_input` if `split` is no split or `fold` is none of its folds.
#' @examples
#' d <- musl_simulate("small", seed = 1)
#' parts <- musl_parts(musl_split(d, folds = 3, seed = 1), fold = 2)
#' parts$C3
#' @export
musl_parts <- function(split, fold = 1L) {
  check_fold(split, fold)
  part <- split$assignment[[fold]]
  there <- test_parts[test_parts %in% part]
  lapply(
    set_names(c("train", "validation", there)),
    function(name) split$pairs[which(part == name), ]
  )
}

check_fold <- function(split, fold, call = caller_env()) {
  if (!inherits(split, "musl_split")) {
    abort_musl(c(
      "{.arg split} must be a {.cls musl_split}.",
      x = "Found {.cls {class(split)}}.",
      i = "Make one with {.fn musl_split}."
    ), call = call)
  }
  check_whole(fold, 1, split$folds, arg = "fold", call = call)
}

#' @method summary musl_split
#' @export
summary.musl_split <- function(object, ...) {
  rows <- lapply(seq_len(object$folds), function(fold) {
    part <- object$assignment[[fold]]
    there <- split_parts[split_parts %in% part]
    members <- split(seq_along(part), factor(part, there))
    tibble(
      fold = fold,
      part = there,
      n_pairs = lengths(members, use.names = FALSE),
      n_positive = count_members(members, function(rows) {
        sum(object$pairs$label[rows] == "SL")
      }),
      n_genes = count_members(members, function(rows) {
        length(unique(unlist(object$pairs[rows, c("gene_a", "gene_b")])))
      })
    )
  })
  do.call(rbind, rows)
}

count_members <- function(members, count) {
  vapply(members, function(rows) as.integer(count(rows)), 1L, USE.NAMES = FALSE)
}

#' @export
tidy.musl_split <- function(x, ...) {
  rows <- lapply(seq_len(x$folds), function(fold) {
    out <- tibble(fold = rep(fold, nrow(x$pairs)))
    out[names(x$pairs)] <- x$pairs
    out$part <- x$assignment[[fold]]
    out
  })
  do.call(rbind, rows)
}

#' @export
print.musl_split <- function(x, ...) {
  counts <- summary(x)
  # In a table's fold the unused pairs are those of other folds: no news.
  if (x$source == "table") {
    counts <- counts[counts$part != "unused", ]
  }
  n_folds <- if (x$folds == 1) "1 fold" else paste(x$folds, "folds")
  origin <- if (x$source == "table") "from a table" else paste("seed", x$seed)
  cat("<musl_split> ", x$setting, ", ", n_folds, ", ", origin, "\n", sep = "")
  there <- split_parts[split_parts %in% counts$part]
  table <- stats::xtabs(
    n_pairs ~ fold + factor(part, there),
    data = counts
  )
  lines <- utils::capture.output(print(unclass_table(table)))
  cat(nrow(x$pairs), " pairs of ", length(split_genes(x)), " genes\n", sep = "")
  cat(lines, sep = "\n")
  invisible(x)
}

unclass_table <- function(table) {
  matrix(
    as.integer(table), nrow(table),
    dimnames = list(paste("fold", rownames(table)), colnames(table))
  )
}

split_genes <- function(split) {
  unique(c(split$pairs$gene_a, split$pairs$gene_b))
}
