# What a model knows of lines with altered genes, as tables and as the core
# reads it.

# The alterations that a `source` of facts_source() knows, as lists of
# cpp_alterations().
known_alterations <- function(source, whole = FALSE) {
  if (is.null(source)) {
    return(list())
  }
  with_core(cpp_alterations(source$store, source$model, whole))
}

# The same of facts, as the core gave them with these, or gives them now.
alterations_of <- function(facts) {
  facts$source$alterations %||% known_alterations(facts$source)
}

# A model of features with these differences in the place of its own.
with_direction <- function(object, direction) {
  input <- direction_input(direction_tables(direction), object@genes)
  object@archives$features <- with_core(
    cpp_features_with_parts(live_features(object), list(direction = input))
  )
  object@cache <- new.env(parent = emptyenv())
  object
}

#' Differences in dependency that a model knows
#'
#' For some genes, often lost or activated in tumours, models such as
#' [musl_human_model()] know how much more or less the cell lines with that
#' alteration need other genes than the rest do.
#'
#' @param object A [MuslModel][musl_fit()].
#' @param anchor Character, genes to look for as what lines lost, or `NULL` for
#'   all.
#' @param state "lost" or "activated": what happened to the anchor.
#' @returns A tibble, one row per anchor and partner with |z| >= 3, or 2 where
#'   lines need the partner, by `anchor` and `z`: `anchor`, `partner`,
#'   `alteration` (name of the group of lines), `n_lines` (with the alteration),
#'   `z` (standard score, adjusted for lineage, mutation burden, microsatellite
#'   instability and drivers; below 0 if altered lines need the partner more),
#'   `effect_size` (Hedges g, not adjusted), `mean_altered` and `mean_other`
#'   (gene effect; -1 is that of a common essential gene), `difference` (of
#'   these means), `share_altered` and `share_other` (lines that need the
#'   partner, 0 to 1; `NA` if unknown). No rows for an anchor of which the model
#'   knows no lines.
#' @section Errors:
#'   `musl_error_gene` if an anchor is unknown.
#' @section Source:
#'   DepMap Public 26Q1 and 22Q1 (CRISPR), DEMETER2 (RNA interference).
#' @seealso [musl_partners()], [musl_dependency()] for tables of your own.
#' @examples
#' musl_direction(musl_human_model(), "MTAP")
#' @export
musl_direction <- function(object, anchor = NULL,
                           state = c("lost", "activated")) {
  check_is(object, "MuslModel")
  state <- check_choice(state, c("lost", "activated"))
  if (!is.null(anchor)) anchor <- check_anchors(anchor, object@genes)
  known <- known_direction(facts_source(object))
  of <- known$alterations[known$alterations$state == state, ]
  if (!is.null(anchor)) of <- of[of$gene %in% anchor, ]
  rows <- split(seq_len(nrow(known$differences)), known$differences$alteration)
  rows <- rows[of$alteration]
  x <- known$differences[unlist(rows, use.names = FALSE), ]
  n <- lengths(rows)
  out <- tibble(
    anchor = rep(of$gene, n), partner = x$partner, alteration = x$alteration,
    n_lines = rep(of$n_lines, n), z = x$z, effect_size = x$effect_size,
    mean_altered = x$mean_altered, mean_other = x$mean_other,
    difference = x$mean_altered - x$mean_other,
    share_altered = x$share_altered, share_other = x$share_other
  )
  out[order(match(out$anchor, anchor %||% unique_bytes(out$anchor)), out$z), ]
}

# The tables of musl_evidence(direction = ) that a source of facts_source()
# knows.
known_direction <- function(source) {
  genes <- source$genes
  all <- known_alterations(source, whole = TRUE)
  of_genes <- lapply(all, function(one) {
    gene <- c(one$lost, one$activated)
    n <- length(gene)
    tibble(
      alteration = rep(one$name, n), gene = genes[gene],
      state = rep(c("lost", "activated"), lengths(one[c("lost", "activated")])),
      event = rep(one$event, n), n_lines = rep(one$n_lines, n),
      together = rep(paste(one$together, collapse = ";"), n)
    )
  })
  of_partners <- lapply(all, function(one) {
    tibble(
      alteration = rep(one$name, length(one$gene)), partner = genes[one$gene],
      z = one$z, effect_size = nan_to_na(one$effect_size),
      mean_altered = nan_to_na(one$altered), mean_other = nan_to_na(one$other),
      share_altered = nan_to_na(one$share_altered),
      share_other = nan_to_na(one$share_other)
    )
  })
  list(
    alterations = do.call(rbind, c(list(no_direction$alterations), of_genes)),
    differences = do.call(rbind, c(list(no_direction$differences), of_partners))
  )
}

no_direction <- list(
  alterations = tibble(
    alteration = character(), gene = character(), state = character(),
    event = character(), n_lines = integer(), together = character()
  ),
  differences = tibble(
    alteration = character(), partner = character(), z = double(),
    effect_size = double(), mean_altered = double(), mean_other = double(),
    share_altered = double(), share_other = double()
  )
)

# A source as that of facts_source(), of such tables alone.
direction_source <- function(direction, genes) {
  input <- direction_input(direction, genes)
  list(
    store = with_core(
      cpp_parts_store(list(direction = input), length(genes))
    ), model = NULL,
    genes = genes, line = -1L
  )
}
