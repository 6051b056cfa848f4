# Commands that need no model: screens, files and this installation.

screen_command <- function() {
  list(
    summary = "test partners of a gene in cell lines that lost it",
    help = "Compares the gene effect in cell lines with loss of an anchor with
      the other lines, from the tables of DepMap.",
    options = function() {
      with_defaults(list(
        depmap = option(
          "named", "tables of DepMap as downloaded: expression, gene effect,
          damaging mutations, copy number; effect=FILE, for example, for one
          with another header", required = TRUE, many = TRUE
        ),
        lines = option("file", "Model.csv of DepMap"),
        anchor = option(
          "text", "the gene that lines lost", required = TRUE, many = TRUE
        ),
        loss = option(
          c("expression", "damaging", "deletion"), "what counts as loss",
          many = TRUE
        ),
        test = option(
          c("auto", "wilcoxon", "van_elteren", "limma"), "the test"
        ),
        alternative = option(c("less", "two_sided"), "of the test"),
        `min-lines` = option("whole", "lines that each group must have"),
        threads = threads_option()$threads,
        plot = plot_option()$plot,
        out = out_option("table of partners")$out
      ), musl_screen)
    },
    run = function(options) {
      found <- call_with(
        musl_screen, options,
        c("loss", "test", "alternative", "min-lines", "threads"),
        unique(options$anchor),
        read_depmap(named_files(options$depmap), options$lines)
      )
      if (!is.null(options$plot)) {
        put_plot(ggplot2::autoplot(found), options$plot)
      }
      # As R prints it: the first rows are the best.
      anchor <- match(found$anchor, unique(found$anchor))
      found <- found[order(anchor, found$p_value, found$difference), ]
      put_table(found, options$out)
    }
  )
}

compare_command <- function() {
  list(
    summary = "set predictions beside a screen of yours",
    help = "Asks whether the partners ranked high are those that a knock-out
      screen found: a table of MAGeCK, DrugZ or BAGEL, or any other by --gene,
      --strength and --hit. Of a table of several queries, by --query or of musl
      screen, each is compared, and all together.",
    options = function() {
      with_defaults(c(
        list(
          screen = option("file", "table of the screen", required = TRUE),
          predictions = option("file", "table of musl partners or predict"),
          model = model_option(required = FALSE),
          anchor = option("text", "the gene that the screened cells lack"),
          query = option(
            "text", "column of the screen that tells that gene row by row; each
            is compared, and all together"
          ),
          fdr = option("number", "false discovery rate of a hit"),
          `bayes-factor` = option("number", "least Bayes factor of a hit"),
          condition = option("text", "condition of a table of MAGeCK MLE"),
          gene = option("text", "column of the genes"),
          strength = option("text", "column of the loss of fitness"),
          hit = option("text", "column of the hits, TRUE or FALSE"),
          seed = option("whole", "seed of the intervals", default = 1)
        ),
        list(
          joint = option(
            "out", "file for the compared genes and their rank by predictions
            and screen together"
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

# All partners of the anchor, or of the screen's queries that the model knows.
rank_queries <- function(options, screen) {
  model <- musl_load(options$model)
  anchors <- options$anchor
  if (is.null(anchors)) {
    column <- options$query
    if (is.null(column)) column <- "anchor"
    anchors <- intersect(as.character(screen[[column]]), musl_genes(model))
  }
  if (length(anchors) == 0L) {
    stop_usage("--anchor is needed with --model, or --query of genes it knows")
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
    summary = "predictions as a graph for Cytoscape or others",
    help = "Turns a table of musl predict, partners or screen into a graph:
      GraphML, or for Cytoscape a table of edges beside one of nodes.",
    options = function() {
      list(
        predictions = option(
          "file", "table of pairs or of partners", required = TRUE
        ),
        to = option(c("graphml", "cytoscape"), "the format", required = TRUE),
        weight = option("text", "column that becomes the weight of edges"),
        out = option(
          "out", "file of the graph, or of the edges; nodes go to a file with
          -nodes in its name", required = TRUE
        )
      )
    },
    run = run_convert
  )
}

run_convert <- function(options) {
  table <- read_table_file(options$predictions)
  if (identical(options$to, "graphml")) {
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
    summary = "protein sequences to embeddings by ESM2",
    help = "Embeds the proteins of a FASTA file by an ESM2 model, or by k-mer
      shares, as --embeddings of the other commands.",
    options = embed_options,
    run = run_embed
  )
}

embed_options <- function() {
  with_defaults(c(
    list(
      fasta = option("file", "protein sequences", required = TRUE),
      model = option(
        "directory", "folder of an ESM2 model as Hugging Face distributes it"
      ),
      kmers = option(
        "whole", "instead of a model: shares of words of N residues, 1 to 3"
      ),
      genes = option(
        "file", "protein, gene: one row a gene; without it one a protein"
      ),
      header = option(
        "flag", "take genes from GN= or gene_symbol: of the names"
      ),
      isoforms = option(
        c("longest", "mean"), "how a gene's row comes from its proteins"
      ),
      device = option("text", "auto, cpu, cuda or cuda:<i>"),
      precision = option(c("float32", "bfloat16"), "of the computation"),
      cache = option("text", "folder that keeps what was computed")
    ),
    threads_option(), out_option("table of embeddings")
  ), musl_embed_proteins)
}

run_embed <- function(options) {
  if (is.null(options$model) == is.null(options$kmers)) {
    stop_usage("either --model or --kmers is needed")
  }
  genes <- if (!is.null(options$genes)) {
    if (isTRUE(options$header)) stop_usage("--genes or --header, not both")
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
    summary = "fetch a public file once, and check it",
    help = "Fetches a file by its name in the list of --list, or by its address,
      and prints where it is.",
    options = function() {
      list(
        list = option("flag", "show what there is, with licences"),
        name = option("text", "a name of the list, or an address"),
        dir = option("text", "folder to keep it in"),
        checksum = option("text", "md5:... or sha256:... to compare with"),
        overwrite = option("flag", "fetch again what is there already")
      )
    },
    run = function(options) {
      if (isTRUE(options$list)) {
        return(put_table(musl_resources(), "-"))
      }
      if (is.null(options$name)) stop_usage("--name or --list is needed")
      writeLines(call_with(
        musl_download, options, c("dir", "checksum", "overwrite"), options$name
      ))
    }
  )
}

sitrep_command <- function() {
  list(
    summary = "what this installation can do",
    help = "Shows versions, devices and threads, for a report of a problem.",
    options = function() list(),
    run = function(options) print(musl_sitrep())
  )
}
