# Other explanations of a difference between the groups.

# From here on a difference of copy number is called medium: Romano et al.
# (2006), after Cohen's d of 0.5.
medium_delta <- 0.33

# A gene is common essential from this share of dependent lines on.
essential_share <- 0.9
dependent_probability <- 0.5
dependent_effect <- -0.5

add_flags <- function(rows, x, assays, lost, common_essential, arm, settings,
                      call = caller_env()) {
  n_anchors <- ncol(lost)
  share <- dependent_share(x, assays)
  rows$share_dependent <- rep(share, n_anchors)
  essential <- essential_genes(common_essential, rownames(x), share, call)
  rows$common_essential <- rep(essential, n_anchors)
  rows$copy_number_delta <- copy_number_deltas(x, assays, lost, settings)
  rows$copy_number_flag <- abs(rows$copy_number_delta) >= medium_delta
  rows$same_arm <- on_same_arm(x, colnames(lost), arm, call)
  rows
}

# Share of the lines that depend on each gene.
dependent_share <- function(x, assays) {
  share <- if (is.null(assays$dependency)) {
    with_core(cpp_shares_beyond(
      screen_assay(x, assays$effect), dependent_effect, FALSE
    ))
  } else {
    with_core(cpp_shares_beyond(
      screen_assay(x, assays$dependency), dependent_probability, TRUE
    ))
  }
  nan_to_na(share)
}

essential_genes <- function(common_essential, genes, share, call) {
  if (is.null(common_essential)) {
    return(share >= essential_share)
  }
  common_essential <- factor_names(common_essential, call = call)
  if (!is.character(common_essential)) {
    abort_argument("common_essential", "gene names or NULL", common_essential,
      call
    )
  }
  if (length(common_essential) > 0 && !any(common_essential %in% genes)) {
    abort_musl(c(
      "{.arg common_essential} must hold genes of {.arg x}.",
      x = "None of {length(common_essential)} is there, such as
           {.val {utils::head(common_essential, 3)}}.",
      i = "Its row names look like {.val {utils::head(genes, 3)}}."
    ), "gene", argument = "common_essential", call = call)
  }
  genes %in% common_essential
}

# Cliff's delta of each partner's own copy number, NA without the assay.
copy_number_deltas <- function(x, assays, lost, settings) {
  if (is.null(assays$copy_number)) {
    return(rep(NA_real_, nrow(x) * ncol(lost)))
  }
  out <- with_core(cpp_screen(
    screen_assay(x, assays$copy_number), lost, integer(), settings$correct,
    settings$min_lines, settings$threads
  ))
  nan_to_na(out$cliffs_delta)
}

on_same_arm <- function(x, anchors, arm, call) {
  check_string(arm, arg = "arm", call = call, allow_null = TRUE)
  unknown <- rep(NA, nrow(x) * length(anchors))
  if (is.null(arm)) {
    return(unknown)
  }
  column <- SummarizedExperiment::rowData(x)[[arm]]
  if (is.null(column)) {
    return(unknown)
  }
  arms <- chromosome_arm(column)
  of_anchor <- arms[match(anchors, rownames(x))]
  rep(arms, length(anchors)) == rep(of_anchor, each = nrow(x))
}

# "chr17q21.31", "17q" -> "17q"; NA if there is no arm.
chromosome_arm <- function(band) {
  pattern <- "^(chr)?([0-9]{1,2}|X|Y)([pq]).*$"
  band <- as.character(band)
  ifelse(grepl(pattern, band), sub(pattern, "\\2\\3", band), NA_character_)
}
