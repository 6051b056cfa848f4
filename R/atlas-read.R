#' Open an atlas and look into it
#'
#' Opens an atlas of [musl_atlas()], without the model and without loading the
#' scores. Methods describe it and give its scores.
#'
#' @param directory Path of a finished atlas.
#' @param x,object A `MuslAtlas`.
#' @param ... Must be empty.
#' @returns A `MuslAtlas`: [musl_partners()] gives the best partners of a gene,
#'   [musl_top_pairs()] the best pairs.
#'
#'   `as.list()` returns a list with one element, `scores`, the logits of all
#'   pairs. For an atlas of all pairs, a symmetric `DelayedMatrix`, genes x
#'   genes; for anchors, a `DelayedMatrix`, anchors x genes, with genes that are
#'   both first, otherwise in byte order. Both have names, and `NaN` for a gene
#'   with itself and for pairs without a modality.
#'
#'   `summary()` returns a list of class `musl_atlas_summary`, which `show()`
#'   prints: `kind` ("all" or "anchors"), `id_type`, `n_rows`, `n_cols`,
#'   `n_pairs`, `n_scored` (pairs with a score), `storage` ("float" or
#'   "uint16"), `error` (largest error of a stored score, besides single
#'   precision), `path`, `bytes` (of the file; `NA` if it was removed or moved),
#'   `by` ("score" or "combined") and `provenance` (fingerprint of the model,
#'   encoders, versions, date).
#' @section Errors:
#'   `musl_error_input` if there is no finished atlas or a package is missing;
#'   `musl_error_format` if the file is damaged or from a newer version, and if
#'   it was removed, moved or replaced since it was opened.
#' @inherit musl_atlas examples
#' @seealso [musl_atlas()]
#' @order 1
#' @export
read_atlas <- function(directory) {
  check_string(directory)
  check_atlas_packages()
  path <- file.path(path.expand(directory), atlas_file)
  abort_if(!file.exists(path), c(
    "{.arg directory} must hold a finished atlas.",
    x = "There is no {.file {path}}.",
    i = "Call {.fn musl_atlas} to make or finish one."
  ), argument = "directory")
  path <- normalizePath(path)
  text <- record_text(path)
  record <- read_record(path, text)
  as_recorded <- c(
    "kind", "genes", "rows", "cols", "codes", "order", "hits", "seen",
    "calibration", "facts", "id_type", "provenance"
  )
  do.call(new_object, c(
    "MuslAtlas",
    lapply(stats::setNames(nm = as_recorded), function(x) record[[x]]),
    path = path,
    counts = list(unlist(record[c("n_pairs", "n_scored", "keep_top")])),
    known = list(with_measured(record$known, record$measured, record$genes)),
    opened = record_print(text)
  ))
}

#' @rdname read_atlas
#' @method as.list MuslAtlas
#' @export
as.list.MuslAtlas <- function(x, ...) {
  check_dots_empty()
  check_is(x, "MuslAtlas")
  check_atlas_packages()
  check_same_file(x)
  list(scores = stored_scores(x))
}

stored_scores <- function(atlas) {
  scores <- HDF5Array::HDF5Array(atlas@path, "score")
  codes <- atlas@codes
  if (codes$type == "uint16") {
    # 0 / 0 for the code of a missing score.
    scores <- (scores * codes$step) / (scores != 0L) + codes$offset
  }
  dimnames(scores) <- list(atlas@genes[atlas@rows], atlas@genes[atlas@cols])
  scores
}

decode_scores <- function(values, codes) {
  values <- as.vector(values)
  if (codes$type == "float") {
    return(nan_to_na(values))
  }
  values[values == 0] <- NA
  codes$offset + values * codes$step
}

# The part of musl_partners() that reads an atlas.
atlas_partners <- function(atlas, anchor, n, candidates, known, exclude, prior,
                           by, placing) {
  check_atlas_packages()
  check_same_file(atlas)
  by <- atlas_order(by, atlas)
  anchor <- check_atlas_anchors(anchor, atlas)
  candidates <- candidate_genes(candidates, exclude, atlas@genes)
  rows <- lapply(stats::setNames(nm = anchor), function(gene) {
    one <- partner_scores(atlas, gene)
    one[!is.na(one$.score), ]
  })
  parts <- lapply(anchor, function(gene) {
    one <- rows[[gene]]
    one <- one[one$gene_b %in% candidates, ]
    if (known == "drop") {
      one <- one[!one$gene_b %in% known_partners(atlas@known, gene), ]
    }
    one$.order <- if (by == "score") one$.score else list_order(atlas, one)
    one
  })
  pairs <- do.call(rbind, parts)
  check_left(pairs, anchor, known, which = "scored")
  facts <- with_source(atlas@facts)
  warn_anchor_status(anchor, facts)
  differences <- list_differences(pairs, facts, placing)
  placed <- place_candidates(
    pairs, pairs$.order, by, facts, differences, placing
  )
  described <- function(pairs) {
    pairs <- score_columns(atlas, pairs, prior %||% screen_prior)
    if (is_network_atlas(atlas)) {
      pairs$.pred_SL <- list_probabilities(
        atlas@calibration, pairs, reference_rows(atlas, rows), prior
      )
    } else {
      pairs$n_unseen <- NULL
    }
    list <- as_partner_rows(pairs)
    list$why <- reasons_of(NULL, list, facts, said_of(placed, pairs))
    list
  }
  list <- described(first_ranked(placed, n))
  scored <- atlas@genes[sort(unique(c(atlas@rows, atlas@cols)))]
  new_musl_partners(
    list,
    pack_genes(intersect(candidates, scored)),
    anchor_records(anchor, atlas@known),
    if (!anyNA(list$.pred_SL)) prior %||% screen_prior, by,
    if (known == "drop") dropped_partners(atlas, anchor, candidates),
    placed$about, described(first_essential(placed, n))
  )
}

# The known pairs of the anchors, gene_a the anchor.
dropped_partners <- function(atlas, anchor, candidates) {
  partners <- lapply(anchor, known_partners, known = atlas@known)
  pairs <- tibble(
    gene_a = rep(anchor, lengths(partners)), gene_b = unlist(partners)
  )
  pairs[pairs$gene_b %in% candidates, ]
}

# What orders lists: "score" or "combined", if the atlas has that.
atlas_order <- function(by, atlas) {
  by <- check_choice(by, partner_orders)
  known <- c("score", if (!is.null(atlas@order)) "combined")
  if (by == "auto") {
    return(known[[length(known)]])
  }
  abort_if(!by %in% known, c(
    "{.arg by} must be {.or {.val {known}}} for this atlas.",
    x = "Found {.val {by}}.",
    i = "Pass the model in place of the atlas."
  ), argument = "by")
  by
}

# What orders a list: as stored, its shortlist by what scores have above the
# means of genes.
list_order <- function(atlas, list) {
  means <- as.vector(rhdf5::h5read(atlas@path, "mean_score"))
  with_core(cpp_take_off_means(
    list$.order, means[match(list$gene_b, atlas@genes)]
  ))
}

# The scores of each anchor that stand for the genome: with the genes of
# musl_partners() of a model, or all if the atlas has few of them.
reference_rows <- function(atlas, rows) {
  partners <- atlas@genes[atlas@cols]
  reference <- intersect(
    reference_genes(atlas@genes, atlas@seen, reference_list), partners
  )
  if (length(reference) < min(100, length(partners))) reference <- partners
  chosen <- lapply(names(rows), function(gene) {
    one <- rows[[gene]]
    score <- one$.score[match(reference, one$gene_b)]
    tibble(
      gene_a = gene, gene_b = reference, .score = score
    )[reference != gene & !is.na(score), ]
  })
  out <- do.call(rbind, chosen)
  out$n_unseen <- count_outside(out, atlas@seen)
  out
}

is_network_atlas <- function(atlas) is.null(atlas@hits)

check_atlas_anchors <- function(anchor, atlas) {
  known <- atlas@genes[sort(unique(atlas@rows))]
  if (is.character(anchor)) anchor <- named_as(anchor, atlas@genes, "anchor")
  others <- setdiff(intersect(anchor, atlas@genes), known)
  # The genes of the model, more than those that the atlas has pairs of.
  listed <- others %in% atlas@genes[unique(atlas@cols)]
  abort_if(length(others) > 0, c(
    "{.arg anchor} must hold anchors of the atlas.",
    x = if (any(listed)) {
      "{sum(listed)} {?is/are} only among the partners:
       {.val {utils::head(others[listed], 3)}}."
    },
    x = if (!all(listed)) {
      "{sum(!listed)} {?is/are} in the model and not in the atlas:
       {.val {utils::head(others[!listed], 3)}}."
    },
    i = "The atlas has the partners of {length(known)} gene{?s}; pass the
         model in its place, or make an atlas of more genes or
         {.arg anchors}."
  ), "gene", genes = others, argument = "anchor")
  check_anchors(anchor, known, of = "the atlas")
}

# gene_a (the gene), gene_b, .score and, if the atlas has it, .order; gene_b
# ascends.
partner_scores <- function(atlas, gene) {
  row <- match(match(gene, atlas@genes), atlas@rows)
  ranked <- order(atlas@cols)
  read <- function(name, codes) {
    values <- rhdf5::h5read(atlas@path, name, index = list(row, NULL))
    decode_scores(values, codes)[ranked]
  }
  tibble(
    gene_a = rep(gene, length(ranked)),
    gene_b = atlas@genes[atlas@cols[ranked]],
    .score = read("score", atlas@codes),
    .order = if (!is.null(atlas@order)) read("order", atlas@order)
  )
}

known_partners <- function(known, gene) {
  c(known$gene_b[known$gene_a == gene], known$gene_a[known$gene_b == gene])
}

# Columns that predict() and musl_partners() return besides the score.
score_columns <- function(atlas, pairs, prior) {
  pairs <- mark_known(pairs, atlas@known)
  pairs$n_unseen <- count_outside(pairs, atlas@seen)
  if (is_network_atlas(atlas)) {
    pairs$.pred_SL <- calibrate_scores(
      atlas@calibration, pairs$.score, pairs$n_unseen, prior
    )
    return(pairs)
  }
  # Probabilities have no part of what studies add to scores.
  hits <- atlas@hits
  rates <- hits$rates %||% rep(0, length(atlas@genes))
  of <- function(genes) rates[match(genes, atlas@genes)]
  pairs$.pred_SL <- with_core(cpp_hit_probabilities(
    pairs$.score - of(pairs$gene_a) - of(pairs$gene_b),
    prior %||% screen_prior, hits$unexplained
  ))
  pairs
}

#' Best pairs of an atlas
#'
#' Returns the pairs with the highest scores; pairs with a gene that cells
#' cannot lose come after all others.
#'
#' @param atlas A [MuslAtlas][musl_atlas()].
#' @param n Whole number from 1 to 100,000, maximum number of pairs.
#' @param known "mark" marks pairs whose label was known when the model was
#'   fitted; "drop" leaves them out.
#' @param prior Share of SL that the probabilities refer to, or `NULL`; see
#'   [predict()][predict.MuslModel].
#' @returns A tibble of class `musl_top_pairs`, by `status` as in
#'   [musl_partners()], then by descending `.score` (ties by name): `gene_a`,
#'   `gene_b`, `rank` (1 is best), `status` (of the two genes' the one listed
#'   later), `.score` (logit), `.pred_SL`, `n_unseen`, and `known`, `label` and
#'   `measured` as in [musl_partners()].
#' @section Errors:
#'   `musl_error_input` if an argument is out of range; `musl_error_format` if
#'   the file of the atlas was removed, moved or replaced since it was opened.
#' @inherit musl_atlas examples
#' @seealso [musl_partners()] for the partners of a gene.
#' @export
musl_top_pairs <- function(atlas, n = 100L, known = c("mark", "drop"),
                           prior = NULL) {
  check_is(atlas, "MuslAtlas")
  check_whole(n, 1, atlas_top)
  known <- check_choice(known, c("mark", "drop"))
  check_share(prior, allow_null = TRUE)
  check_atlas_packages()
  check_same_file(atlas)
  best <- rhdf5::h5read(atlas@path, "top")
  pairs <- tibble(
    gene_a = atlas@genes[as.vector(best$a)],
    gene_b = atlas@genes[as.vector(best$b)],
    .score = as.vector(best$score)
  )
  pairs <- score_columns(atlas, pairs, prior)
  if (known == "drop") {
    pairs <- pairs[!pairs$known, ]
  }
  pairs <- utils::head(pairs, n)
  pairs$rank <- seq_len(nrow(pairs))
  pairs$status <- status_of_pair(pairs, atlas@facts)
  tibble::new_tibble(pairs[c(
    "gene_a", "gene_b", "rank", "status", ".score", ".pred_SL", "n_unseen",
    "known", "label", "measured"
  )], class = "musl_top_pairs")
}
