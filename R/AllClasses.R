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
    cache = "environment" # pointers to the core, rebuilt on demand
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
    shortlist = "MuslListOrNULL",
    provenance = "list",
    opened = "list" # size, time and fingerprint of the file when opened
  )
)
