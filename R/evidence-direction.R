# Whether cell lines that lost a gene need others more or less: the part
# `direction` of musl_evidence().

direction_columns <- list(
  alterations = c("alteration", "gene", "state", "event", "n_lines"),
  differences = c(
    "alteration", "partner", "z", "effect_size", "mean_altered", "mean_other"
  )
)

# list(alterations, differences), checked, or NULL.
direction_tables <- function(direction) {
  if (is.null(direction)) {
    return(NULL)
  }
  parts <- names(direction_columns)
  ok <- is.list(direction) && all(parts %in% names(direction)) &&
    all(vapply(direction[parts], is.data.frame, NA))
  if (!ok) {
    abort_argument(
      "direction", "a list of the data frames `alterations` and `differences`",
      direction
    )
  }
  for (part in parts) {
    check_columns(
      direction[[part]], direction_columns[[part]], paste0("direction$", part)
    )
  }
  alterations <- alteration_table(direction$alterations)
  list(
    alterations = alterations,
    differences = difference_table(direction$differences, alterations)
  )
}

alteration_table <- function(x) {
  x <- as_tibble(x)
  bad <- setdiff(x$state, c("lost", "activated"))
  abort_if(length(bad) > 0, c(
    "{.field state} of {.arg direction} must be \"lost\" or \"activated\".",
    x = "Found {.val {few(bad)}}."
  ), argument = "direction")
  facts <- unique(x[c("alteration", "event", "n_lines")])
  twice <- unique(facts$alteration[duplicated(facts$alteration)])
  abort_if(length(twice) > 0, c(
    "An alteration of {.arg direction} must have one event and number of
     lines.",
    x = "Found several of {.val {few(twice)}}."
  ), argument = "direction")
  check_positive_counts(x$n_lines)
  tibble(
    alteration = as.character(x$alteration), gene = id_text(x$gene),
    state = as.character(x$state), event = as.character(x$event),
    n_lines = as.integer(x$n_lines),
    together = missing_to_blank(x[["together"]] %||% rep(NA, nrow(x)))
  )
}

missing_to_blank <- function(x) ifelse(is.na(x), "", as.character(x))

check_positive_counts <- function(n) {
  ok <- is.numeric(n) && all(is.finite(n)) && all(n > 0) && all(n %% 1 == 0)
  if (!ok) abort_argument("direction$alterations$n_lines", "counts of lines", n)
}

difference_table <- function(x, alterations) {
  other <- setdiff(x$alteration, alterations$alteration)
  abort_if(length(other) > 0, c(
    "Differences of {.arg direction} must be of its alterations.",
    x = "{.val {few(other)}} {?is/are} none of them."
  ), argument = "direction")
  shares <- c("share_altered", "share_other")
  numbers <- c(setdiff(direction_columns$differences, c(
    "alteration", "partner"
  )), intersect(shares, names(x)))
  check_finite_columns(x, numbers, "direction$differences")
  keys <- paste(x$alteration, x$partner, sep = "\r")
  twice <- unique(x$partner[duplicated(keys)])
  abort_if(length(twice) > 0, c(
    "An alteration of {.arg direction} must have one row per partner.",
    x = "Found several of {.val {few(twice)}}."
  ), argument = "direction")
  abort_if(anyNA(x$z), c(
    "Differences of {.arg direction} must have {.field z}.",
    x = "{sum(is.na(x$z))} value{?s} {?is/are} missing."
  ), argument = "direction")
  for (column in shares) x[[column]] <- x[[column]] %||% rep(NA_real_, nrow(x))
  out <- tibble(
    alteration = as.character(x$alteration), partner = id_text(x$partner)
  )
  numbers <- union(numbers, shares)
  out[numbers] <- lapply(as.list(x)[numbers], as.double)
  out
}

# As the core reads it: one list an alteration, genes from 0.
direction_input <- function(direction, genes) {
  if (is.null(direction)) {
    return(list())
  }
  of <- direction$alterations
  rows <- split(direction$differences, direction$differences$alteration)
  lapply(unique(of$alteration), function(name) {
    one <- of[of$alteration == name, ]
    x <- rows[[name]]
    x <- x[x$partner %in% genes, ]
    in_state <- function(state) {
      sort(gene_index(intersect(one$gene[one$state == state], genes), genes))
    }
    list(
      name = name, event = one$event[[1]], n_lines = one$n_lines[[1]],
      lost = in_state("lost"), activated = in_state("activated"),
      together = unique(unlist(strsplit(one$together, ";"))) %||% character(),
      gene = gene_index(x$partner, genes), z = x$z, effect_size = x$effect_size,
      altered = x$mean_altered, other = x$mean_other,
      share_altered = x$share_altered, share_other = x$share_other
    )
  })
}
