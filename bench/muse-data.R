# Sets of bench/muse.R: list(pairs, nodes, task), with the split in the pairs.

muse_table <- function(...) {
  root <- Sys.getenv("MUSL_DATA", ".")
  file <- file.path(root, "muse", ...)
  if (!file.exists(file)) {
    stop("Set MUSL_DATA to the folder with the benchmark data.", call. = FALSE)
  }
  x <- utils::read.delim(
    file,
    na.strings = "", check.names = FALSE, quote = "", comment.char = ""
  )
  for (name in intersect(names(x), c("drug", "protein", "from", "to"))) {
    x[[name]] <- as.character(x[[name]])
  }
  x
}

# Triads of classes of amino acids, and single ones.
protein_words <- function(folder) {
  proteins <- muse_table(folder, "proteins.tsv.gz")
  sequences <- stats::setNames(proteins$sequence, proteins$protein)
  cbind(
    musl_embed_kmers(sequences, k = 1),
    musl_embed_kmers(sequences, k = 3, alphabet = "conjoint"),
    log_length = log(nchar(sequences))
  )
}

# Functions, one a split and root, that read and split.
shs27k_sets <- function(splits, roots) {
  grid <- expand.grid(split = splits, root = roots, stringsAsFactors = FALSE)
  sets <- lapply(seq_len(nrow(grid)), function(i) {
    force(i)
    function() shs27k_set(grid$split[[i]], grid$root[[i]])
  })
  stats::setNames(sets, paste0("shs27k-", grid$split, "-", grid$root))
}

shs27k_set <- function(split, root) {
  pairs <- muse_table("shs27k_full", "pairs.tsv.gz")
  names(pairs)[1:2] <- c("from", "to")
  pairs <- musl_split_interactions(pairs, split, seed = root)
  list(
    pairs = pairs, nodes = protein_words("shs27k_full"), task = "multilabel"
  )
}

# The published test part, one of the five published folds as validation part
# and the other four for training. Some names stand for proteins of the same
# sequence (mutants).
affinity_sets <- function(name, folds) {
  sets <- lapply(folds, function(fold) {
    force(fold)
    function() affinity_set(paste0(name, "_dta"), fold)
  })
  stats::setNames(sets, paste0(name, "-", folds))
}

affinity_set <- function(folder, fold) {
  pairs <- muse_table(folder, "pairs.tsv.gz")
  split <- ifelse(pairs$fold == fold, "validation", "train")
  split[pairs$fold == "test"] <- "test"
  drugs <- muse_table(folder, "drugs.tsv.gz")
  proteins <- muse_table(folder, "proteins.tsv.gz")
  list(
    pairs = data.frame(
      from = pairs$drug, to = pairs$protein, label = pairs$y, split = split
    ),
    nodes = list(
      musl_nodes(stats::setNames(drugs$smiles, drugs$drug), "smiles"),
      musl_nodes(
        stats::setNames(proteins$sequence, proteins$protein), "sequence"
      )
    ),
    words = list(
      smiles_words(drugs), protein_words(folder)
    ),
    task = "affinity"
  )
}

# Shares of the letters and pairs of letters of each SMILES.
smiles_words <- function(drugs) {
  words <- lapply(strsplit(drugs$smiles, ""), function(letters) {
    c(letters, paste0(utils::head(letters, -1), letters[-1]))
  })
  all <- unique(unlist(words))
  counts <- t(vapply(words, function(x) {
    tabulate(match(x, all), length(all)) / length(x)
  }, numeric(length(all))))
  rownames(counts) <- drugs$drug
  counts
}

simulated_set <- function(task) {
  types <- if (task == "affinity") 2 else 1
  d <- musl_simulate_interactions(
    n_nodes = 60, n_pairs = 300, task = task, types = types, seed = 1
  )
  list(pairs = d$pairs, nodes = d$nodes, task = task)
}

# c(run, scorer, metrics in the order of the table). Test parts of shs27k are
# drawn anew by every paper.
published_shs27k <- list(
  c("shs27k-random", "PIPR", ".833"),
  c("shs27k-random", "GNN-PPI", ".879"),
  c("shs27k-random", "LDMGNN", ".893"),
  c("shs27k-bfs", "PIPR", ".445"),
  c("shs27k-bfs", "GNN-PPI", ".638"),
  c("shs27k-bfs", "LDMGNN", ".746"),
  c("shs27k-dfs", "PIPR", ".578"),
  c("shs27k-dfs", "GNN-PPI", ".747"),
  c("shs27k-dfs", "LDMGNN", ".782")
)
published_affinity <- list(
  davis = list(
    c("davis", "random forest", ".854", ".359"),
    c("davis", "DeepDTA", ".878", ".261", "", ".630"),
    c("davis", "GraphDTA", ".893", ".229"),
    c("davis", "MSGNN-DTA", ".906", ".195", "", ".719")
  ),
  kiba = list(
    c("kiba", "random forest", ".837", ".245"),
    c("kiba", "DeepDTA", ".863", ".194", "", ".673"),
    c("kiba", "GraphDTA", ".891", ".139"),
    c("kiba", "MSGNN-DTA", ".908", ".117", "", ".818")
  )
)
