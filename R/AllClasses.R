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
#' @slot genes Character, the gene universe, ascending in byte order
#'   (`sort(method = "radix")`), no duplicates.
#' @slot cohorts Named list, one element per cohort; see
#'   [tidy()][MuslData-methods].
#' @slot network `NULL` or a list of `from`, `to` (1-based indices into `genes`)
#'   and `weight`, one entry per undirected edge, `from < to`.
#' @slot embeddings `NULL` or a numeric matrix, genes (a subset of the universe)
#'   x dimensions, with row names.
#' @slot evidence `NULL` or the result of [musl_evidence()].
#' @slot pairs Tibble `gene_a`, `gene_b`, `label` and the user's other columns,
#'   one row per unordered pair (for measured pairs, per pair, study, line
#'   and query), `gene_a < gene_b` in byte order.
#' @slot id_type One of "symbol", "entrez", "ensembl", "uniprot", "other".
#' @slot report Named list of tibbles: what was dropped, merged or repaired.
#' @slot truth `NULL`, or, for simulated data, their truth; see
#'   [musl_simulate()].
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
    genes = "character",
    cohorts = "list",
    network = "MuslListOrNULL",
    embeddings = "MuslMatrixOrNULL",
    evidence = "ANY",
    pairs = "data.frame",
    id_type = "character",
    report = "list",
    truth = "MuslListOrNULL"
  )
)

#' @slot archives Named list of safetensors archives as raw vectors: `musl`, the
#'   network and its per-gene inputs; `features`, the scorers that read features
#'   of pairs and the gene data they keep; `annotation`, the terms, families,
#'   modules and paralogs that partner lists of the network read. A model has
#'   the first or the second.
#' @slot architecture,control,history,calibration,split,versions,inputs
#'   Arguments and records of [musl_fit()].
#' @slot n_seen Integer, one per gene: number of training pairs by which the
#'   gene counts as seen.
#' @slot known Tibble `gene_a`, `gene_b`, `label` of the pairs whose label was
#'   known when the model was fitted.
#' @slot prior Share of SL among the network's training pairs; without the
#'   network the one that probabilities assume.
#' @slot cache Environment with the external pointer, rebuilt on demand.
#' @rdname MuSL-classes
#' @exportClass MuslModel
setClass(
  "MuslModel",
  representation(
    archives = "list",
    architecture = "musl_architecture",
    control = "musl_control",
    genes = "character",
    id_type = "character",
    cohorts = "list",
    n_seen = "integer",
    known = "data.frame",
    prior = "numeric",
    split = "list",
    history = "data.frame",
    calibration = "list",
    seed = "numeric",
    device = "character",
    versions = "list",
    inputs = "list",
    cache = "environment"
  )
)

#' @slot path Path of the HDF5 file.
#' @slot kind "all" or "anchors".
#' @slot rows,cols Integer, indices into `genes` of the rows and columns.
#' @slot counts Numbers `n_pairs`, `n_scored`, `keep_top`.
#' @slot codes List of how scores are stored: `type`, `offset`, `step`, `error`.
#' @slot order `NULL` if scores order lists of partners, else how what orders
#'   them is stored, as `codes`.
#' @slot facts `NULL`, or a list of what evidence tells of each gene: `genes`,
#'   `dependent` and `expressed` (shares of cell lines), `judged`.
#' @slot hits `NULL`, or of scorers that read features a list: `codes` of the
#'   log-odds that probabilities come from, and `unexplained`, the weight of the
#'   prior in a probability.
#' @slot seen Character, the genes seen in training.
#' @slot shortlist `NULL` or a list; see [summary()][MuslAtlas-methods].
#' @slot provenance List of the model's fingerprint, encoders, versions and
#'   date.
#' @slot opened List of size, time and a fingerprint of the file when it was
#'   opened.
#' @rdname MuSL-classes
#' @aliases MuslAtlas-class
#' @exportClass MuslAtlas
setClass(
  "MuslAtlas",
  representation(
    path = "character",
    kind = "character",
    genes = "character",
    rows = "integer",
    cols = "integer",
    counts = "numeric",
    codes = "list",
    order = "MuslListOrNULL",
    hits = "MuslListOrNULL",
    seen = "character",
    known = "data.frame",
    calibration = "list",
    facts = "MuslListOrNULL",
    id_type = "character",
    shortlist = "MuslListOrNULL",
    provenance = "list",
    opened = "list"
  )
)
