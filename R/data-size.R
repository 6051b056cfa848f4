# What SummarizedExperiment's users ask of a MuslData first.

#' @rdname MuslData-methods
#' @exportMethod dim
setMethod("dim", "MuslData", function(x) {
  c(length(x@genes), sum(count_samples(x)))
})

#' @rdname MuslData-methods
#' @exportMethod dimnames
setMethod("dimnames", "MuslData", function(x) {
  samples <- lapply(unname(x@cohorts), function(cohort) {
    colnames(cohort$assays[[1]])
  })
  # A sample may be in several cohorts.
  if (length(samples) > 1) {
    samples <- Map(paste, names(x@cohorts), samples, sep = ":")
  }
  list(x@genes, as.character(unlist(samples)))
})

# SummarizedExperiment takes seconds to load, so its generic gets this method
# when it is loaded.
assay_of_cohort <- function(x, i, withDimnames = TRUE, ...) {
  abort_if(length(x@cohorts) == 0, "{.arg x} must have a cohort of expression.")
  if (missing(i)) i <- 1L
  known <- names(x@cohorts)
  ok <- is_string(i) && i %in% known ||
    is_one_number(i) && i %in% seq_along(known)
  abort_if(!ok, c(
    "{.arg i} must be the name or number of a cohort.",
    x = "The cohorts are {.val {known}}."
  ), argument = "i")
  values <- x@cohorts[[i]]$assays[[1]]
  if (withDimnames) values else unname(values)
}

offer_assay <- function() {
  where <- new.env(parent = topenv())
  assign(".packageName", "MuSL", where)
  setMethod(
    getExportedValue("SummarizedExperiment", "assay"),
    c(x = "MuslData", i = "ANY"), assay_of_cohort,
    where = where
  )
}
