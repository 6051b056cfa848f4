# Types of slots; tables are data frames, see new_object().
methods::setOldClass("musl_architecture")
methods::setOldClass("musl_control")
setClassUnion("MuslListOrNULL", c("list", "NULL"))
setClassUnion("MuslMatrixOrNULL", c("matrix", "NULL"))

#' Container classes of MuSL
#'
#' `MuslData` holds the inputs, aligned over one gene universe; `MuslModel`
#' holds a trained model. Create them with [musl_data()] and [musl_fit()]; read
#' them with [musl_genes()], [musl_pairs()], `as.list()` and `tidy()`, not with
#' `@`.
#'
#' @returns The class generators are internal; objects come from the
#'   constructors.
#' @examples
#' d <- musl_simulate("small", seed = 1)
#' methods::is(d, "MuslData")
#' @name MuSL-classes
#' @aliases MuslData-class MuslModel-class
#' @exportClass MuslData
setClass(
  "MuslData",
  representation(
    genes = "character", # the universe, ascending in byte order
    cohorts = "list",
    network = "MuslListOrNULL", # from < to, indices into genes; weight
    embeddings = "MuslMatrixOrNULL", # genes x dimensions
    evidence = "ANY",
    pairs = "data.frame", # gene_a < gene_b in byte order
    id_type = "character",
    report = "list",
    truth = "MuslListOrNULL"
  )
)

#' @rdname MuSL-classes
#' @exportClass MuslModel
setClass(
  "MuslModel",
  representation(
    archives = "list", # bytes of the core: musl, features, annotation
    architecture = "musl_architecture",
    control = "musl_control",
    genes = "character",
    id_type = "character",
    cohorts = "list",
    n_seen = "integer", # of each gene, training pairs that make it seen
    known = "data.frame", # pairs whose label the fit knew
    prior = "numeric",
    split = "list",
    history = "data.frame",
    calibration = "list",
    seed = "numeric",
    device = "character",
    versions = "list",
    inputs = "list",
    cache = "environment" # empty: see session_store()
  )
)

#' @rdname MuSL-classes
#' @aliases MuslAtlas-class
#' @exportClass MuslAtlas
setClass(
  "MuslAtlas",
  representation(
    path = "character",
    kind = "character",
    genes = "character",
    rows = "integer", # indices into genes
    cols = "integer",
    counts = "numeric",
    codes = "list", # how scores are stored: type, offset, step, error
    order = "MuslListOrNULL", # the same of what orders lists beside scores
    hits = "MuslListOrNULL", # of scorers of features: unexplained, rates
    seen = "character",
    known = "data.frame",
    calibration = "list",
    facts = "MuslListOrNULL", # of each gene: dependent, expressed, judged
    id_type = "character",
    provenance = "list",
    opened = "character" # fingerprint of the record when opened
  )
)

# Validity of the container classes. Each validity function returns one sentence
# per fault; a slot of the wrong type is also a fault.

has_names <- function(x, needed) all(needed %in% names(x))

# The sentences, given as names, of the conditions that hold.
faults_of <- function(...) {
  found <- c(...)
  names(found)[found]
}

common_faults <- function(object) {
  faults_of(
    "genes must not be empty, and each must occur once" =
      length(object@genes) == 0 || anyNA(object@genes) ||
        anyDuplicated(object@genes) > 0,
    "id_type must be a kind of identifier" =
      !identical(object@id_type %in% id_types, TRUE),
    "known must have the columns gene_a, gene_b and label" =
      !has_names(object@known, c("gene_a", "gene_b", "label"))
  )
}

is_calibration <- function(x) {
  lines <- x[c("slope", "intercept")]
  all(vapply(lines, function(line) is.numeric(line) && length(line) == 3, TRUE))
}

is_cohort <- function(x) {
  is.list(x) && is.list(x[["assays"]]) && length(x[["assays"]]) > 0
}

# What the other checks assume.
data_parts_faults <- function(object) {
  network <- object@network
  embeddings <- object@embeddings
  faults_of(
    "cohorts must be lists with assays" =
      !all(vapply(object@cohorts, is_cohort, NA)),
    "network must have from, to and weight" =
      !is.null(network) && !has_names(network, c("from", "to", "weight")),
    "embeddings must be numbers with the genes as row names" =
      !is.null(embeddings) &&
        (!is.numeric(embeddings) || is.null(rownames(embeddings))),
    "pairs must have the columns gene_a and gene_b" =
      !has_names(object@pairs, c("gene_a", "gene_b")),
    "id_type must be a kind of identifier" =
      !all(object@id_type %in% id_types) || length(object@id_type) > 1
  )
}

setValidity("MuslData", function(object) {
  faults <- data_parts_faults(object)
  if (length(faults) > 0) {
    return(faults)
  }
  genes <- object@genes
  known <- c(
    rownames(object@embeddings), object@pairs$gene_a, object@pairs$gene_b,
    unlist(lapply(object@cohorts, function(s) rownames(s$assays[[1]])))
  )
  ends <- c(object@network$from, object@network$to)
  faults_of(
    "genes must be unique and in byte order" =
      !identical(genes, unique_bytes(genes)),
    "inputs must only hold genes of the universe" = !all(known %in% genes),
    "network must index genes" = !all(ends %in% seq_along(genes)),
    "network must have from < to" =
      any(object@network$from >= object@network$to)
  )
})

setValidity("MuslModel", function(object) {
  c(common_faults(object), faults_of(
    "archives must hold scorers" =
      !any(lengths(object@archives[c("musl", "features")]) > 0),
    "n_seen must be a count of each gene" =
      length(object@n_seen) != length(object@genes) ||
        anyNA(object@n_seen) || any(object@n_seen < 0),
    "architecture must name encoders" =
      !is.character(object@architecture$encoders),
    "prior must be a share" =
      !is_one_number(object@prior) || object@prior < 0 || object@prior > 1,
    "seed must be a number" = !is_one_number(object@seed),
    "history must have the columns phase, epoch and loss" =
      !has_names(object@history, c("phase", "epoch", "loss")),
    "calibration must have three slopes and intercepts" =
      !is_calibration(object@calibration)
  ))
})

setValidity("MuslAtlas", function(object) {
  index <- c(object@rows, object@cols)
  c(common_faults(object), faults_of(
    "path must be a path" = !is_string(object@path),
    "kind must be all, anchors or pairs" =
      !identical(object@kind %in% c("all", "anchors", "pairs"), TRUE),
    "rows and cols must index genes" =
      !all(index %in% seq_along(object@genes)),
    "counts must have n_pairs, n_scored and keep_top" =
      !has_names(object@counts, c("n_pairs", "n_scored", "keep_top")),
    "codes must be of type float or uint16" =
      !identical(object@codes$type %in% c("float", "uint16"), TRUE),
    "calibration must have three slopes and intercepts" =
      !is_calibration(object@calibration)
  ))
})

# Creates an object whose slots hold tibbles, which S4 accepts as data frames
# only once tibble is loaded.
new_object <- function(class, ...) {
  loadNamespace("tibble")
  new(class, ...)
}

# Of this object alone: session_store() keeps pointers to the core by it.
new_musl_model <- function(...) {
  new_object("MuslModel", ..., cache = new.env(parent = emptyenv()))
}
