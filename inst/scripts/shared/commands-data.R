# Commands that need no model: screens, graphs, embeddings and files.

run_dependency <- function(options) {
  if (!is.null(options$loss) && !is.null(options$groups)) {
    stop_usage("give --loss or --groups, not both")
  }
  found <- call_with(
    musl_dependency, options,
    anchors = unique(options$anchor),
    x = read_depmap(named_files(options$depmap), options$lines),
    groups = if (!is.null(options$groups)) read_table_file(options$groups)
  )
  if (!is.null(options$plot)) put_plot(ggplot2::autoplot(found), options$plot)
  # As R prints it.
  put_table(found[MuSL:::dependency_order(found), ], options$out)
}

run_compare <- function(options) {
  if (!is.null(options$predictions) && !is.null(options$model)) {
    stop_usage("give --predictions or --model, not both")
  }
  screen <- read_table_file(options$screen)
  predictions <- if (is.null(options$predictions)) {
    rank_all(options, screen)
  } else {
    read_table_file(options$predictions)
  }
  compared <- call_with(
    musl_compare, options,
    predictions = predictions, screen = screen, columns = own_columns(options)
  )
  if (!is.null(options$joint)) {
    put_table(generics::augment(compared), options$joint)
  }
  put_results(compared, options)
}

# All partners of the anchor, which a table of musl dependency names.
rank_all <- function(options, screen) {
  anchor <- options$anchor
  if (is.null(anchor)) anchor <- unique(as.character(screen[["anchor"]]))
  if (length(anchor) != 1L) stop_usage("a model needs --anchor")
  musl_partners(
    asked_model(options), anchor, n = Inf, threads = options$threads
  )
}

own_columns <- function(options) {
  given <- intersect(c("gene", "strength", "hit"), names(options))
  unlist(unclass(options)[given])
}

run_convert <- function(options) {
  is_graphml <- grepl("[.]graphml$", options$out, ignore.case = TRUE)
  if (grepl("[.]graphml[.]gz$", options$out, ignore.case = TRUE)) {
    stop_usage("--out: GraphML is not compressed; end the name in .graphml")
  }
  table <- read_table_file(options$predictions)
  graph <- MuSL:::scored_graph(table, weight = options$weight)
  write_whole(options$out, function(file) {
    igraph::write_graph(graph, file, format = "graphml")
  })
}

# Embed -----------------------------------------------------------------------

run_embed <- function(options) {
  if (is.null(options$model) == is.null(options$kmers)) {
    stop_usage("give either --model or --kmers")
  }
  if (is.null(options$model)) {
    check_unused(options, c("device", "precision", "cache"), "model")
  }
  genes <- if (!is.null(options$genes)) {
    if (isTRUE(options$header)) stop_usage("give --genes or --header, not both")
    read_genes(options$genes)
  } else if (isTRUE(options$header)) {
    "header"
  }
  values <- if (is.null(options$model)) {
    call_with(musl_embed_kmers, options, x = options$fasta, genes = genes)
  } else {
    call_with(
      musl_embed_proteins, options,
      x = options$fasta, model_dir = options$model, genes = genes
    )
  }
  # Nine digits restore single precision.
  table <- data.frame(signif(values, 9L), check.names = FALSE)
  if (is.null(options$kmers)) names(table) <- paste0("d", seq_along(table))
  put_table(cbind(gene = rownames(values), table), options$out)
}

# Genes named by their proteins.
read_genes <- function(file) {
  table <- read_table_file(file)
  if (!all(c("protein", "gene") %in% names(table))) {
    stop("'", file, "' must have the columns protein and gene.", call. = FALSE)
  }
  stats::setNames(as.character(table$gene), table$protein)
}

# Files -----------------------------------------------------------------------

run_download <- function(options) {
  files <- musl_resources()
  if (isTRUE(options$list)) {
    return(put_table(files, "-"))
  }
  if (is.null(options$name)) stop_usage("--name or --list is needed")
  known <- files[files$name == options$name, ]
  if (!all(known$direct)) {
    stop("Choose the file at ", known$address, ".", call. = FALSE)
  }
  address <- if (nrow(known) > 0L) known$address else options$name
  rlang::check_installed("BiocFileCache", "to download files")
  cache <- BiocFileCache::BiocFileCache(ask = FALSE)
  writeLines(unname(BiocFileCache::bfcrpath(cache, address)))
}
