# Print, summary and tidy methods of splits.

# The repeat that each fold belongs to.
repeat_of <- function(split) {
  rep(
    seq_len(split$repeats),
    each = split$folds / split$repeats
  )
}

#' @method summary musl_split
#' @export
summary.musl_split <- function(object, ...) {
  repeat_id <- repeat_of(object)
  rows <- lapply(seq_len(object$folds), function(fold) {
    part <- object$assignment[[fold]]
    there <- split_parts[split_parts %in% part]
    members <- split(seq_along(part), factor(part, there))
    tibble(
      repeat_id = repeat_id[[fold]],
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
  table <- do.call(rbind, rows)
  if (!is.null(object$held)) table$study <- object$held[table$fold]
  table
}

count_members <- function(members, count) {
  vapply(members, function(rows) as.integer(count(rows)), 1L, USE.NAMES = FALSE)
}

#' @export
tidy.musl_split <- function(x, ...) {
  repeat_id <- repeat_of(x)
  rows <- lapply(seq_len(x$folds), function(fold) {
    out <- tibble(
      repeat_id = rep(repeat_id[[fold]], nrow(x$pairs)),
      fold = rep(fold, nrow(x$pairs))
    )
    out[names(x$pairs)] <- x$pairs
    out$part <- x$assignment[[fold]]
    out
  })
  do.call(rbind, rows)
}

#' @export
print.musl_split <- function(x, ...) {
  what <- paste(describe_folds(x), collapse = ", ")
  cat("<musl_split> ", what, "\n", sep = "")
  cat(nrow(x$pairs), " pairs of ", length(split_genes(x)), " genes\n", sep = "")
  counts <- summary(x)
  # Pairs of other folds only are not shown.
  if (x$source == "table" || !is.null(x$negatives)) {
    counts <- counts[counts$part != "unused", ]
  }
  there <- split_parts[split_parts %in% counts$part]
  table <- stats::xtabs(n_pairs ~ fold + factor(part, there), data = counts)
  cat(utils::capture.output(print(as_counts(table, x))), sep = "\n")
  invisible(x)
}

describe_folds <- function(split) {
  n <- split$folds / split$repeats
  folds <- if (n == 1) "1 fold" else paste(n, "folds")
  if (split$repeats > 1) {
    folds <- paste0(split$repeats, " x ", folds)
  }
  drawn <- split$negatives
  c(
    split$setting, folds,
    if (split$source == "table") "from a table" else paste("seed", split$seed),
    if (!is.null(drawn) && is.null(split$ratio)) {
      paste(drawn, "validation negatives")
    } else if (!is.null(drawn)) {
      paste0(drawn, " negatives ", format(split$ratio), ":1")
    }
  )
}

as_counts <- function(table, split) {
  names <- paste("fold", rownames(table))
  if (!is.null(split$held)) {
    names <- paste0(names, " (", split$held, ")")
  }
  if (split$repeats > 1) {
    names <- paste0("repeat ", repeat_of(split), ", ", names)
  }
  matrix(
    as.integer(table), nrow(table),
    dimnames = list(names, colnames(table))
  )
}

split_genes <- function(split) {
  unique(c(split$pairs$gene_a, split$pairs$gene_b))
}
