# What a model knows of genes and pairs beside its scorers: annotation, shares
# of cell lines, pairs that were measured.

# The annotation that lists of the network read, as the bytes of an archive, or
# NULL; scorers of features keep it among theirs.
kept_annotation <- function(object) {
  if (has_archive(object, "features")) {
    with_core(cpp_annotation_pack(NULL, live_features(object)))
  } else {
    object@archives$annotation
  }
}

# The core's annotation of the model's genes, NULL without any.
live_annotation <- function(object) {
  if (has_archive(object, "features") || has_archive(object, "annotation")) {
    live_pointer(object, "annotation", function() {
      load_annotation(list(
        bytes = kept_annotation(object), gene_of = integer()
      ))
    })
  }
}

# The same over `genes`, of new data that have annotation before the model's;
# NULL if neither has any.
annotation_store <- function(object, genes, data, threads) {
  if (!has_list_annotation(data) && identical(genes, object@genes)) {
    return(live_annotation(object))
  }
  load_annotation(packed_annotation(object, genes, data, threads))
}

# list(bytes, gene_of), which workers can read, or NULL.
packed_annotation <- function(object, genes, data, threads) {
  if (has_list_annotation(data)) {
    store <- evidence_store(data, genes = genes, threads = threads)
    return(list(
      bytes = with_core(cpp_annotation_pack(store, NULL)), gene_of = integer()
    ))
  }
  bytes <- kept_annotation(object)
  if (!is.null(bytes)) {
    list(bytes = bytes, gene_of = gene_index(genes, object@genes))
  }
}

load_annotation <- function(packed) {
  if (!is.null(packed)) {
    with_core(cpp_annotation_load(packed$bytes, packed$gene_of))
  }
}

# Whether data have what partner lists of a network read beside the network.
has_list_annotation <- function(data) {
  parts <- if (!is.null(data)) data@evidence
  read <- c("annotations", "modules", "paralogs", "genes", "lines", "direction")
  !all(vapply(parts[read], is.null, NA))
}

# list(genes, dependent, expressed, judged, sampled, few_lines, places: of
# cpp_gene_facts(), in_line: does `expressed` tell of one line?, source, with
# `alterations`): what evidence tells of each gene; NULL without evidence.
# `bound` is that of bound_scorers(), if it is there already; with `pairs` of
# anchors (gene_a) and candidates also `differences` and `twins` of
# cpp_gene_facts().
gene_facts <- function(object, how = list(), bound = NULL, pairs = NULL) {
  source <- facts_source(object, how, bound)
  if (is.null(source)) {
    return(NULL)
  }
  found <- with_core(cpp_gene_facts(
    source$store, source$model, source$line,
    if (!is.null(pairs)) pair_input(pairs[pair_ends_of], source$genes)
  ))
  found$dependent <- nan_to_na(found$dependent)
  found$expressed <- nan_to_na(found$expressed)
  found$sampled <- nan_to_na(found$sampled)
  source$alterations <- found$alterations
  found$alterations <- NULL
  c(
    list(genes = source$genes), found,
    list(in_line = source$line >= 0, source = source)
  )
}

# What holds the evidence on genes: list(store, model: of the core, one of them
# NULL; genes, line: number of a cell line), or NULL.
facts_source <- function(object, how = list(), bound = NULL) {
  if (has_archive(object, "features")) {
    if (!isTRUE(bound$asked$lines)) {
      how[c("scorers", "encoders")] <- NULL
      bound <- bound_scorers(object, how, drift = FALSE)
    }
    return(list(
      store = bound$store, model = live_features(object), genes = bound$genes,
      line = bound$line
    ))
  }
  genes <- scored_genes(object, how$data)
  store <- annotation_store(object, genes, how$data, object@control$threads)
  if (!is.null(store)) {
    list(store = store, model = NULL, genes = genes, line = -1L)
  }
}

# The genes that a model or `data` has inputs for.
scored_genes <- function(object, data) {
  unique_bytes(c(object@genes, if (!is.null(data)) data@genes))
}

# ---- The pairs that screens measured ----

# The measured pairs among these genes, as indices into `genes`.
measured_record <- function(object, genes = object@genes) {
  if (!has_archive(object, "features")) {
    return(list(a = integer(), b = integer(), hit = logical()))
  }
  pairs <- with_core(cpp_measured_pairs(live_features(object)))
  place <- match(object@genes, genes)
  a <- place[pairs$gene_a + 1L]
  b <- place[pairs$gene_b + 1L]
  kept <- !is.na(a) & !is.na(b)
  list(a = a[kept], b = b[kept], hit = pairs$hit[kept] == 1)
}

# Of each pair NA, or whether a screen of the training pairs found a hit.
found_in_screens <- function(object, pairs) {
  genes <- object@genes
  measured <- kept_in_session(object, "measured")
  if (is.null(measured)) {
    known <- measured_record(object)
    measured <- list(
      number = pair_numbers(known$a, known$b, genes), hit = known$hit
    )
    keep_in_session(object, "measured", measured)
  }
  asked <- pair_numbers(
    match(pairs$gene_a, genes), match(pairs$gene_b, genes), genes
  )
  # Few are asked of many.
  rows <- which(measured$number %in% asked)
  measured$hit[rows][match(asked, measured$number[rows])]
}

# One number per pair of indices into genes, in either order; NA for other
# genes. Keys of all pairs of a genome-scale screen would take seconds.
pair_numbers <- function(a, b, genes) {
  as.double(pmin(a, b)) * length(genes) + pmax(a, b)
}

# The pairs whose recorded or measured label the model knows, with `measured`.
# They are many: a session keeps them with the model, files do not.
model_labels <- function(object) {
  labels <- kept_in_session(object, "labels")
  if (is.null(labels)) {
    labels <- with_measured(object@known, measured_record(object), object@genes)
    keep_in_session(object, "labels", labels)
  }
  labels
}

# The model's SL pairs of these genes, as the core reads them.
known_sl <- function(object, genes) {
  pairs <- object@known[object@known$label %in% "SL", c("gene_a", "gene_b")]
  pair_input(pairs[pairs$gene_a %in% genes & pairs$gene_b %in% genes, ], genes)
}

# Known labels with those of measured pairs: what screens found takes
# precedence, as in musl_partners().
with_measured <- function(known, measured, genes) {
  known <- as_tibble(as.list(known)[c("gene_a", "gene_b", "label")])
  again <- pair_numbers(
    match(known$gene_a, genes), match(known$gene_b, genes), genes
  ) %in% pair_numbers(measured$a, measured$b, genes)
  known$measured <- logical(nrow(known))
  labels <- factor(c("non_SL", "SL"), levels(known$label))
  rbind(known[!again, ], tibble(
    gene_a = genes[measured$a], gene_b = genes[measured$b],
    label = labels[1L + measured$hit], measured = rep(TRUE, length(measured$a))
  ))
}

# How many of these pairs each gene is in.
count_ends <- function(pairs, rows, genes) {
  ends <- c(pairs$gene_a[rows], pairs$gene_b[rows])
  tabulate(match(ends, genes), length(genes))
}
