# The two groups of lines of each anchor: a logical matrix of lines x anchors,
# TRUE for loss, FALSE for the rest, NA for lines left out.

# The definitions of loss and their limits.
default_limits <- c(
  expression = 0.1, damaging = 1, deletion = 0.3, hotspot = 1, amplification = 2
)

# The assay that each definition of loss reads.
loss_assays <- c(
  expression = "expression", damaging = "damaging", deletion = "copy_number",
  hotspot = "hotspot", amplification = "copy_number"
)

# How lines with a gain of the anchor read, before its name; others lost it.
gain_words <- c(
  hotspot = "with a hotspot mutation of", amplification = "with amplified"
)

event_words <- function(kinds) {
  if (all(kinds %in% names(gain_words))) {
    if (length(kinds) == 1) gain_words[[kinds]] else "with a gain of"
  }
}

# Suggests the definitions of loss for which `x` has an assay.
abort_no_loss <- function(name, assays, x) {
  other <- names(loss_assays)[loss_assays %in% assays]
  hint <- if (length(other) > 0) {
    paste0("{.code loss = \"", other[[1]], "\"} uses another assay.")
  } else {
    "{.arg groups} says directly which lines lost the anchor."
  }
  abort_no_assay(name, SummarizedExperiment::assayNames(x), hint)
}

# The limits of the definitions that `loss` names, by their names.
loss_limits <- function(loss) {
  kinds <- names(default_limits)
  if (!is_plain_number(loss) || length(loss) == 0) {
    return(default_limits[check_some(loss, kinds)])
  }
  limits <- fill_numbers(loss, default_limits)
  check_share(limits[["expression"]], arg = "loss")
  limits[names(loss)]
}

anchor_losses <- function(anchors, x, limits, assays) {
  anchors <- unique(
    named_as(check_dependency_anchors(anchors), rownames(x), "anchors")
  )
  unknown <- setdiff(anchors, rownames(x))
  abort_if(length(unknown) > 0, c(
    "{.arg anchors} must be genes of {.arg x}.",
    x = "{length(unknown)} unknown: {.val {utils::head(unknown, 3)}}.",
    i = "Its row names look like {.val {utils::head(rownames(x), 3)}}."
  ), "gene", genes = unknown)
  calls <- lapply(names(limits), function(kind) {
    name <- loss_assays[[kind]]
    limit <- limits[[kind]]
    if (!name %in% assays) abort_no_loss(name, assays, x)
    values <- dependency_assay(x, name, match(anchors, rownames(x)))
    is_lost <- switch(kind,
      expression = {
        cut <- apply(
          values, 1, stats::quantile,
          probs = limit, na.rm = TRUE, names = FALSE
        )
        values <= cut
      },
      damaging = ,
      hotspot = ,
      amplification = values >= limit,
      deletion = values <= limit
    )
    if (kind == "deletion") warn_common_deletion(is_lost, anchors, limit)
    t(is_lost)
  })
  # TRUE | NA is TRUE and FALSE | NA is NA, as the definitions need.
  lost <- Reduce(`|`, calls)
  dimnames(lost) <- list(colnames(x), anchors)
  lost
}

# Log ratios are 0 for a diploid gene, which no deletion is.
warn_common_deletion <- function(is_lost, anchors, limit) {
  share <- rowMeans(is_lost, na.rm = TRUE)
  common <- which(share > 0.5)
  shown <- utils::head(common, 3)
  shown <- paste0(anchors[shown], " (", round(100 * share[shown]), " %)")
  warn_if(length(common) > 0, c(
    "Copy number must be 1 for a diploid gene.",
    x = "Lines at most {limit} count as deleted, over half of
         them: {shown}.",
    i = "On another scale, such as log ratios, pass a limit:
         {.code loss = c(deletion = -1)}."
  ), genes = anchors[common])
}

check_dependency_anchors <- function(anchors) {
  anchors <- factor_names(anchors)
  given <- is.character(anchors) && length(anchors) > 0 && !anyNA(anchors)
  if (!given || !all(nzchar(anchors))) {
    abort_argument("anchors", "one or more gene names", anchors)
  }
  unique(anchors)
}

user_groups <- function(anchors, groups, x) {
  anchors <- unique(
    named_as(check_dependency_anchors(anchors), rownames(x), "anchors")
  )
  lines <- colnames(x)
  table <- group_lines(groups, lines)
  absent <- setdiff(lines, table$line)
  abort_if(length(absent) == length(lines), c(
    "No line of {.arg groups} is a cell line of {.arg x}.",
    x = "The table has {.val {few(table$line)}}, {.arg x} has
         {.val {few(lines)}}."
  ), argument = "groups")
  inform_if(
    length(absent) > 0,
    "{length(absent)} cell line{?s} {?is/are} left out: not in {.arg groups}."
  )
  missing <- setdiff(anchors, table[["anchor"]] %||% anchors)
  abort_if(length(missing) > 0, c(
    "{.arg groups} must have lines for each anchor.",
    x = "None for {.val {utils::head(missing, 3)}}.",
    i = "Its anchors are {.val {few(unique(table$anchor))}}."
  ), argument = "groups")
  lost <- vapply(anchors, function(anchor) {
    own <- table[(table[["anchor"]] %||% anchor) == anchor, ]
    own$lost[match(lines, own$line)]
  }, logical(length(lines)))
  matrix(lost, length(lines), dimnames = list(lines, anchors))
}

# A table of line, lost and, for groups of each anchor, anchor.
group_lines <- function(groups, lines) {
  if (!is.data.frame(groups)) {
    if (!is.logical(groups)) {
      abort_argument(
        "groups", "TRUE (lost), FALSE (rest) or NA for each cell line, or a
         data frame", groups
      )
    }
    abort_if(is.null(names(groups)) && length(groups) != length(lines), c(
      "{.arg groups} must have one value per cell line.",
      x = "{length(groups)} value{?s} for {length(lines)} lines."
    ), "shape", argument = "groups")
    groups <- tibble(line = names(groups) %||% lines, lost = unname(groups))
  }
  check_columns(groups, c("line", "lost"), "groups")
  keys <- intersect(c("line", "anchor"), names(groups))
  found <- lapply(as.list(groups)[keys], as.character)
  twice <- found$line[duplicated(as.data.frame(found))]
  abort_if(length(twice) > 0, c(
    "{.arg groups} must have one row per line and anchor.",
    x = "{length(twice)} row{?s} more, such as {.val {few(unique(twice))}}."
  ), argument = "groups")
  as_tibble(c(found, list(lost = flag_column(groups, "lost", "groups"))))
}

# A column of TRUE and FALSE, or 1 and 0.
flag_column <- function(x, column, arg) {
  value <- x[[column]]
  if (is_plain_number(value) && all(value %in% c(0, 1, NA))) value <- value == 1
  abort_if(!is.logical(value), c(
    "Column {.field {column}} of {.arg {arg}} must be TRUE or FALSE, or 1 and
     0.",
    x = "Its first values are {.val {few(value)}}."
  ), argument = arg)
  value
}

# Drops anchors with too few lines in a group.
drop_small_groups <- function(lost, min_lines) {
  n_loss <- colSums(lost, na.rm = TRUE)
  n_rest <- colSums(!lost, na.rm = TRUE)
  small <- n_loss < min_lines | n_rest < min_lines
  if (!any(small)) {
    return(lost)
  }
  at <- utils::head(which(small), 3)
  shown <- paste0(
    colnames(lost)[at], " (", n_loss[at], " with loss, ", n_rest[at], " others)"
  )
  abort_if(all(small), c(
    "Both groups of an anchor must have at least {min_lines} cell lines.",
    x = "Found {shown}.",
    i = if (all(n_loss[at] == 0)) {
      "No line has lost {cli::qty(length(at))}{?it/them}: choose another
       {.arg loss}, or give {.arg groups}."
    } else {
      "Widen the definition of loss, or lower {.arg min_lines}."
    }
  ), n_loss = n_loss, n_rest = n_rest)
  warn_musl(c(
    "{sum(small)} anchor{?s} with fewer than {min_lines} lines in a group
     {cli::qty(sum(small))}{?is/are} left out.",
    x = "{shown}."
  ), "dropped_genes", genes = colnames(lost)[small])
  lost[, !small, drop = FALSE]
}
