# Commands that need no model: screens, files and this installation.

screen_command <- function() {
  list(
    summary = "test partners of a gene in cell lines that lost it",
    help = "Compares gene effects between the cell lines that lost an anchor and
      the other lines, from the tables of DepMap.",
    options = function() {
      with_defaults(list(
        depmap = option(
          "named", "DepMap tables as downloaded: expression, gene effect,
          damaging mutations, copy number; write effect=FILE, for example, if
          the header is not recognised", required = TRUE, many = TRUE
        ),
        lines = option("file", "DepMap's Model.csv"),
        anchor = option(
          "text", "gene lost in some lines", required = TRUE, many = TRUE
        ),
        loss = option(
          c("expression", "damaging", "deletion"), "what counts as loss",
          many = TRUE
        ),
        groups = option(
          "file", "table: line and lost (TRUE or FALSE), optionally anchor;
          instead of --loss"
        ),
        test = option(
          c("auto", "wilcoxon", "van_elteren", "limma"), "statistical test"
        ),
        alternative = option(
          c("less", "two_sided"), "alternative hypothesis of the test"
        ),
        `min-lines` = option("whole", "minimum number of lines per group"),
        threads = threads_option()$threads,
        plot = plot_option()$plot,
        out = out_option("table of partners")$out
      ), musl_screen)
    },
    run = function(options) {
      if (!is.null(options$loss) && !is.null(options$groups)) {
        stop_usage("give --loss or --groups, not both")
      }
      found <- call_with(
        musl_screen, options,
        c("loss", "test", "alternative", "min-lines", "threads"),
        unique(options$anchor),
        read_depmap(named_files(options$depmap), options$lines),
        groups = if (!is.null(options$groups)) read_table_file(options$groups)
      )
      if (!is.null(options$plot)) {
        put_plot(ggplot2::autoplot(found), options$plot)
      }
      # As R prints it.
      put_table(found[MuSL:::screen_order(found), ], options$out)
    }
  )
}

compare_command <- function() {
  list(
    summary = "compare predictions with your own screen",
    help = "Measures whether the top-ranked partners are hits of a knock-out
      screen: a table from MAGeCK, DrugZ or BAGEL, or any other with --gene,
      --strength and --hit. In a table with several queries (--query, or from
      musl screen) each is compared, and all together.",
    options = function() {
      with_defaults(c(
        list(
          screen = option("file", "table of the screen", required = TRUE),
          predictions = option("file", "table from musl partners or predict"),
          model = model_option(required = FALSE),
          anchor = option("text", "gene that the screened cells lack"),
          query = option(
            "text", "column of the screen with the lost gene of each row; each
            gene is compared, and all together"
          ),
          fdr = option("number", "maximum false discovery rate of a hit"),
          `bayes-factor` = option("number", "minimum Bayes factor of a hit"),
          condition = option("text", "condition in a MAGeCK MLE table"),
          gene = option("text", "column of genes"),
          strength = option("text", "column of fitness loss"),
          hit = option("text", "column of hits, TRUE or FALSE, or 1 and 0"),
          seed = option("whole", "random seed of the intervals", default = 1)
        ),
        list(
          joint = option(
            "out", "file for the compared genes and their joint rank by
            predictions and screen"
          )
        ),
        threads_option(), plot_option(), out_option("table of measures")
      ), musl_compare)
    },
    run = run_compare
  )
}

run_compare <- function(options) {
  if (is.null(options$predictions) == is.null(options$model)) {
    stop_usage("either --predictions or --model and --anchor are needed")
  }
  screen <- read_table_file(options$screen)
  predictions <- if (is.null(options$model)) {
    read_table_file(options$predictions)
  } else {
    rank_queries(options, screen)
  }
  compared <- call_with(
    musl_compare, options,
    c("anchor", "fdr", "bayes-factor", "condition", "seed", "threads"),
    predictions, screen,
    columns = own_columns(options)
  )
  if (!is.null(options$plot)) {
    put_plot(ggplot2::autoplot(compared), options$plot)
  }
  if (!is.null(options$joint)) {
    put_table(generics::augment(compared), options$joint)
  }
  put_table(compared, options$out)
}

# All partners of the anchor, or of the screen's queries that are in the model.
rank_queries <- function(options, screen) {
  model <- musl_load(options$model)
  anchors <- options$anchor
  if (is.null(anchors)) {
    column <- options$query
    if (is.null(column)) column <- "anchor"
    if (!is.null(options$query) && is.null(screen[[column]])) {
      stop("'", options$screen, "' has no column '", column, "'.",
        call. = FALSE
      )
    }
    anchors <- intersect(as.character(screen[[column]]), musl_genes(model))
  }
  if (length(anchors) == 0L) {
    stop_usage("--model needs --anchor, or --query with genes in the model")
  }
  options$n <- Inf
  call_with(musl_partners, options, c("n", "threads"), model, anchors)
}

own_columns <- function(options) {
  given <- intersect(c("gene", "strength", "hit"), names(options))
  columns <- unlist(options[given])
  if (is.null(options$query)) columns else c(columns, anchor = options$query)
}

convert_command <- function() {
  list(
    summary = "convert predictions to a graph, e.g. for Cytoscape",
    help = "Converts a table from musl predict, partners or screen to a graph:
      GraphML, or tables of edges and nodes for Cytoscape.",
    options = function() {
      list(
        predictions = option(
          "file", "table of pairs or of partners", required = TRUE
        ),
        to = option(
          c("graphml", "cytoscape"), "output format; default graphml if the name
          of the file ends so, otherwise cytoscape"
        ),
        weight = option("text", "column to use as edge weight"),
        out = option(
          "saved", "file for the graph or the edges; nodes go to a file with
          -nodes in its name", required = TRUE
        )
      )
    },
    run = run_convert
  )
}

run_convert <- function(options) {
  is_graphml <- grepl("[.]graphml$", options$out, ignore.case = TRUE)
  if (grepl("[.]graphml[.]gz$", options$out, ignore.case = TRUE)) {
    stop_usage("--out: GraphML is not compressed; end the name in .graphml")
  }
  table <- read_table_file(options$predictions)
  by_name <- if (is_graphml) "graphml" else "cytoscape"
  to <- if (is.null(options$to)) by_name else options$to
  if (to == "graphml") {
    graph <- as_igraph(table, weight = options$weight)
    write_whole(options$out, function(file) {
      igraph::write_graph(graph, file, format = "graphml")
    })
    return(invisible())
  }
  parts <- as_cytoscape(table)
  put_table(parts$edges, options$out)
  put_table(parts$nodes, sub("([.][^/]*)?$", "-nodes\\1", options$out))
}

# Embed -----------------------------------------------------------------------

embed_command <- function() {
  list(
    summary = "compute embeddings of protein sequences with ESM2",
    help = "Embeds the proteins of a FASTA file with an ESM2 model or as k-mer
      shares. Other commands read the table as --embeddings.",
    options = embed_options,
    run = run_embed
  )
}

embed_options <- function() {
  with_defaults(c(
    list(
      fasta = option("file", "protein sequences", required = TRUE),
      model = option(
        "directory", "folder of an ESM2 model from Hugging Face"
      ),
      kmers = option(
        "whole", "instead of a model: shares of k-mers of N residues, 1 to 3"
      ),
      genes = option(
        "file", "table with columns protein and gene, for one row per gene;
        default one row per protein"
      ),
      header = option(
        "flag", "read genes from GN= or gene_symbol: in the FASTA headers"
      ),
      isoforms = option(
        c("longest", "mean"), "how to combine the proteins of a gene"
      ),
      device = option("text", "auto, cpu, cuda or cuda:<i>"),
      precision = option(c("float32", "bfloat16"), "numeric precision"),
      cache = option("text", "folder to cache results in")
    ),
    threads_option(), out_option("table of embeddings")
  ), musl_embed_proteins)
}

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
    call_with(
      musl_embed_kmers, options, c("isoforms", "threads"),
      options$fasta,
      k = options$kmers, genes = genes
    )
  } else {
    call_with(
      musl_embed_proteins, options,
      c("isoforms", "device", "threads", "precision", "cache"),
      options$fasta, options$model, genes = genes
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

# Files and installation ------------------------------------------------------

download_command <- function() {
  list(
    summary = "download a public file once",
    help = "Downloads a file of --list to the cache of BiocFileCache, if it is
      not there, and prints its path.",
    options = function() {
      list(
        list = option("flag", "list the known files and their licences"),
        name = option("text", "name in the list, or address")
      )
    },
    run = run_download
  )
}

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

backend_command <- function() {
  list(
    summary = "show what this installation supports",
    help = "Shows versions, devices and threads, for problem reports.",
    options = function() list(),
    run = function(options) print(musl_backend())
  )
}
