# Predictions of models of sites.

#' Predict sites of proteins
#'
#' Scores every residue of proteins by a model of `musl_interactions(task =
#' "site")`.
#'
#' @param object A model of [musl_interactions()] with `task = "site"`.
#' @param nodes Proteins, those of the fit or others: an `AAStringSet` or
#'   [musl_nodes()], with coordinates and the same columns (by name or, without
#'   names, by position) if the model was fitted with them.
#' @inheritParams predict.musl_interactions
#' @returns A tibble, one row per residue, proteins in the order of `nodes`:
#'   `protein`, `residue` (position in the sequence, from 1), `amino_acid` (its
#'   letter), `.pred` (0 to 1, the probability of a site) and `known` (`TRUE`
#'   for proteins of the training or validation part).
#' @section Errors:
#'   `musl_error_input` for nodes of another kind or other columns.
#' @examplesIf musl_backend()$available
#' d <- musl_simulate("sites", n_proteins = 12, seed = 1)
#' fit <- musl_interactions(
#'   d$sites, d$nodes,
#'   task = "site",
#'   control = musl_control(ensemble = 1, epochs = 3, seed = 1, threads = 1),
#'   progress = FALSE
#' )
#' predict(fit, d$nodes)
#' musl_metrics(fit, d$nodes, d$sites[d$sites$split == "test", ])
#' @export
predict.musl_sites <- function(object, nodes, threads = NULL,
                               progress = FALSE, ...) {
  check_dots_empty()
  check_flag(progress)
  block <- site_nodes(nodes, "nodes")
  scores <- score_sites(object, block, threads, progress)
  length <- nchar(block$text)
  out <- tibble(
    protein = rep(names(block$text), length),
    residue = sequence(unname(length)),
    amino_acid = unlist(strsplit(unname(block$text), "")),
    .pred = unlist(scores$score)
  )
  out$known <- out$protein %in% learned_proteins(object)
  out
}

learned_proteins <- function(object) {
  object$pairs$protein[object$pairs$split != "test"]
}

# The columns of the residues in the order of the fit, if both have names.
site_columns <- function(object, block) {
  wanted <- object$columns
  found <- column_names(block$columns)
  if (length(wanted) == 0 || length(found) == 0) {
    return(block)
  }
  unknown <- setdiff(found, wanted)
  missing <- setdiff(wanted, found)
  abort_if(length(c(unknown, missing)) > 0, c(
    "{.arg nodes} must have the columns of the fit.",
    x = if (length(missing) > 0) "It lacks {.field {few(missing)}}.",
    x = if (length(unknown) > 0) "The fit had no {.field {few(unknown)}}.",
    i = "The fit's columns are {.field {wanted}}, in any order."
  ), argument = "nodes", columns = c(missing, unknown))
  block$columns <- lapply(block$columns, function(x) x[, wanted, drop = FALSE])
  block
}

score_sites <- function(object, block, threads, progress) {
  nodes <- core_nodes(site_columns(object, block))
  core_scores(object, nodes, threads, progress, cpp_sites_score)
}

#' @rdname musl_metrics
#' @param nodes,sites For a model of sites: proteins as for
#'   [predict()][predict.musl_sites], and a data frame with `protein`, `residue`
#'   and `label`; residues without a row do not count.
#' @section Models of sites:
#'   For [musl_interactions()] with `task = "site"` the result is a tibble with
#'   `scorer` ("MuSL", and "amino acid": the share of sites among the training
#'   residues of the same amino acid), `.metric` (`auroc`, `auprc`, which is
#'   average precision, both over all residues together; `auroc_protein` and
#'   `auprc_protein`, means over the proteins that have both classes),
#'   `.estimate`, `n_residues` and `n_positive`.
#' @order 6
#' @export
musl_metrics.musl_sites <- function(object, nodes, sites, threads = NULL, ...) {
  check_dots_empty()
  block <- site_nodes(nodes, "nodes")
  if (is.data.frame(sites)) {
    sites$label <- labels_by_name(sites[["label"]], object, "sites")
  }
  label <- site_labels(site_table(sites, block, "sites"), block)
  scores <- score_sites(object, block, threads, FALSE)
  scorers <- c(MuSL = "score", "amino acid" = "residue_mean")
  truth <- unlist(label, use.names = FALSE)
  abort_if(all(is.na(truth)), c(
    "{.arg sites} must hold labels.", x = "There are none."
  ), argument = "sites")
  judged <- names(label)[!vapply(label, function(x) all(is.na(x)), NA)]
  n_learned <- sum(judged %in% learned_proteins(object))
  warn_learned(n_learned, length(judged), "protein", "sites")
  bind_each(names(scorers), function(scorer) {
    measured <- with_core(cpp_site_metrics(
      scores[[scorers[[scorer]]]], unname(label)
    ))
    tibble(
      scorer = scorer, .metric = names(measured),
      .estimate = nan_to_na(unname(measured)),
      n_residues = sum(!is.na(truth)),
      n_positive = sum(truth == 1, na.rm = TRUE)
    )
  })
}
