# The commands: what each is for, its options, and what it does with them.

input_options <- function() {
  list(
    pairs = option(
      "file", "gene_a, gene_b [, label: SL/non_SL or 1/0]; without label all
      are SL, and as many random pairs stand for non-SL pairs",
      required = TRUE
    ),
    expression = option(
      "file", "genes x samples, gene names in the first column",
      many = TRUE
    ),
    network = option("file", "gene_a, gene_b [, weight or score]"),
    embeddings = option("file", "gene, then one column a dimension"),
    scale = option(
      c("log", "linear"), "of the expression values",
      default = "log"
    )
  )
}

training_options <- function() {
  list(
    preset = option(c("default", "paper"), "the network", default = "default"),
    epochs = option("whole", "most passes over the pairs", default = 10),
    members = option("whole", "networks in the ensemble", default = 1),
    device = option("text", "auto, cpu, cuda or cuda:<i>", default = "auto"),
    threads = option("whole", "threads; 0 for all", default = 0),
    seed = option("whole", "seed of all that is random", default = 1)
  )
}

out_option <- function(help) {
  list(out = option(
    "text", paste0(help, "; .csv or tab separated, .gz packs; - for the screen"),
    default = "-"
  ))
}

model_option <- function(required = TRUE) {
  option("file", "a model of musl train", required = required)
}

available_commands <- function() {
  commands <- list(
    train = list(
      summary = "learn from labelled pairs, save a model",
      help = "Trains on the pairs, a validation part held back, and saves the
        model with all it needs to score pairs of the genes in the inputs.",
      options = c(
        input_options(), training_options(),
        list(
          keep = option(
            c("codes", "none"), "codes: the model holds binned expression and
            needs no data to predict; none: it holds none",
            default = "codes"
          ),
          out = option("text", "file of the model", required = TRUE)
        )
      ),
      run = run_train
    ),
    predict = list(
      summary = "score pairs of genes",
      help = "Scores pairs of genes with a model.",
      options = c(
        list(
          model = model_option(),
          pairs = option(
            "file", "gene_a, gene_b; other columns are carried along",
            required = TRUE
          ),
          type = option(
            c("prob", "class", "set", "interval", "parts"),
            "further columns: the class, the conformal set, the interval of the
            probability, what each encoder contributed",
            default = "prob"
          ),
          prior = option("number", "share of SL among pairs such as these")
        ),
        out_option("table of scores")
      ),
      run = run_predict
    ),
    partners = list(
      summary = "rank the partners of a gene",
      help = "Ranks the genes of a model as partners of one gene or several.",
      options = c(
        list(
          model = model_option(),
          anchor = option(
            "text", "the gene whose partners are ranked",
            required = TRUE, many = TRUE
          ),
          n = option("whole", "partners of each", default = 20),
          known = option(
            c("mark", "drop"), "pairs with a label in training",
            default = "mark"
          ),
          prior = option("number", "share of SL among pairs such as these"),
          plot = option("text", "file of a plot, .png, .pdf or .svg")
        ),
        out_option("table of partners")
      ),
      run = run_partners
    ),
    evaluate = list(
      summary = "measure how well pairs are told apart",
      help = "With --model measures the model on labelled pairs, which it must
        not have learned from. Without, trains and tests in folds that hold out
        pairs or genes, beside the baselines.",
      options = evaluate_options(),
      run = run_evaluate
    ),
    embed = list(
      summary = "protein sequences to embeddings by ESM2",
      help = "Embeds the proteins of a FASTA file by an ESM2 model, or by k-mer
        shares, as --embeddings of the other commands.",
      options = embed_options(),
      run = run_embed
    )
  )
  c(commands, atlas_command())
}

run_train <- function(options) {
  data <- with_negatives(read_inputs(options), options$seed)
  fit <- musl_fit(
    data,
    architecture = musl_architecture(options$preset),
    control = control_of(options), keep = options$keep
  )
  musl_save(fit, options$out, keep = options$keep, overwrite = TRUE)
}

control_of <- function(options) {
  musl_control(
    device = options$device, threads = options$threads, seed = options$seed,
    epochs = options$epochs, members = options$members
  )
}

run_predict <- function(options) {
  scores <- predict(
    musl_load(options$model), read_columns(options$pairs, n_text = Inf),
    type = options$type, prior = options$prior
  )
  put_table(scores, options$out)
}

run_partners <- function(options) {
  top <- musl_partners(
    musl_load(options$model), unique(options$anchor),
    n = options$n, known = options$known, prior = options$prior
  )
  if (!is.null(options$plot)) {
    write_whole(options$plot, function(file) {
      ggplot2::ggsave(
        file, ggplot2::autoplot(top),
        width = 7, height = 5, dpi = 150
      )
    })
  }
  put_table(top, options$out)
}

# Evaluate --------------------------------------------------------------------

evaluate_options <- function() {
  options <- c(
    list(model = model_option(required = FALSE)),
    input_options(), training_options(),
    list(
      setting = option(
        c("inductive", "transductive", "random"),
        "what the folds hold out: both genes, one gene, pairs",
        default = "inductive"
      ),
      folds = option("whole", "folds", default = 5),
      scores = option("text", "file for the scores of every test pair")
    ),
    out_option("table of metrics")
  )
  options
}

run_evaluate <- function(options) {
  scored <- if (is.null(options$model)) {
    cross_validate(options)
  } else {
    score_labelled(options)
  }
  metrics <- musl_metrics(scored, metrics = c("auroc", "auprc", "brier", "ece"))
  if (!is.null(options$scores)) {
    write_table(scored, options$scores)
  }
  put_table(metrics, options$out)
}

cross_validate <- function(options) {
  data <- with_negatives(read_inputs(options), options$seed)
  split <- musl_split(
    data,
    setting = options$setting, folds = options$folds, seed = options$seed
  )
  resampled <- musl_resample(
    data, split,
    architecture = musl_architecture(options$preset),
    control = control_of(options), learned = FALSE
  )
  resampled$scores
}

score_labelled <- function(options) {
  pairs <- read_columns(options$pairs, n_text = Inf)
  if (!"label" %in% names(pairs)) {
    stop("'", options$pairs, "' must have a column label.", call. = FALSE)
  }
  scores <- predict(musl_load(options$model), pairs)
  scores$scorer <- "MuSL"
  scores
}

# Embed -----------------------------------------------------------------------

embed_options <- function() {
  c(
    list(
      fasta = option("file", "protein sequences", required = TRUE),
      model = option(
        "directory", "folder of an ESM2 model as Hugging Face distributes it"
      ),
      kmers = option("whole", "instead of a model: shares of words of N, 1 to 3"),
      genes = option(
        "file", "protein, gene: one row a gene; without it one a protein"
      ),
      header = option("flag", "take genes from GN= or gene_symbol: of the names"),
      isoforms = option(
        c("longest", "mean"), "how a gene's row comes from its proteins",
        default = "longest"
      ),
      device = option("text", "auto, cpu, cuda or cuda:<i>", default = "auto"),
      threads = option("whole", "threads; 0 for all", default = 0),
      precision = option(
        c("float32", "bfloat16"), "of the computation",
        default = "float32"
      ),
      cache = option("text", "folder that keeps what was computed")
    ),
    out_option("table of embeddings")
  )
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
    musl_embed_kmers(
      options$fasta,
      k = options$kmers, genes = genes, isoforms = options$isoforms,
      threads = options$threads
    )
  } else {
    musl_embed_proteins(
      options$fasta, options$model,
      genes = genes, isoforms = options$isoforms, device = options$device,
      threads = options$threads, precision = options$precision,
      cache = options$cache
    )
  }
  # Nine digits restore single precision.
  table <- data.frame(signif(values, 9L), check.names = FALSE)
  if (is.null(options$kmers)) names(table) <- paste0("d", seq_along(table))
  put_table(cbind(gene = rownames(values), table), options$out)
}

# Genes named by their proteins.
read_genes <- function(file) {
  table <- read_columns(file, n_text = Inf)
  if (!all(c("protein", "gene") %in% names(table))) {
    stop("'", file, "' must have the columns protein and gene.", call. = FALSE)
  }
  stats::setNames(table$gene, table$protein)
}

# Atlas -----------------------------------------------------------------------

atlas_command <- function() {
  list(atlas = list(
    summary = "score every pair of genes, resumable",
    help = "Scores all pairs of a model's genes, or those of some anchors, into
      a folder of checked tiles; the same command goes on where it was stopped.",
    options = list(
      model = model_option(),
      anchor = option("text", "only pairs of this gene", many = TRUE),
      out = option("text", "folder of the atlas", required = TRUE)
    ),
    run = function(options) {
      musl_atlas(
        musl_load(options$model), options$out,
        anchors = unique(options$anchor)
      )
    }
  ))
}
