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

# Functions, one a split and root, that read a set and split it.
split_sets <- function(name, splits, roots, read) {
  grid <- expand.grid(split = splits, root = roots, stringsAsFactors = FALSE)
  sets <- lapply(seq_len(nrow(grid)), function(i) {
    force(i)
    function() split_set(read(), grid$split[[i]], grid$root[[i]])
  })
  stats::setNames(sets, sprintf("%s-%s-%d", name, grid$split, grid$root))
}

# With both nodes new, a fifth of the nodes of each type are in the test part
# and .15 in the validation part: .42 of the pairs are left to train.
split_set <- function(set, split, root) {
  shares <- if (split == "new_both") {
    c(0.2, 0.15)^2 / sum(c(0.2, 0.15, 0.65)^2)
  } else {
    c(0.2, 0.1)
  }
  set$pairs <- quietly(musl_split(
    set$pairs, split,
    test = shares[[1]], validation = shares[[2]], seed = root
  ))
  set
}

shs27k_set <- function() {
  pairs <- muse_table("shs27k_full", "pairs.tsv.gz")
  names(pairs)[1:2] <- c("from", "to")
  list(
    pairs = pairs, nodes = protein_words("shs27k_full"), task = "multilabel"
  )
}

# The published test part, one of the five published folds as validation part
# and the other four for training; or pairs split anew.
affinity_sets <- function(name, splits, folds, roots) {
  published <- lapply(folds, function(fold) {
    force(fold)
    function() published_fold(affinity_set(name), fold)
  })
  names(published) <- paste0(name, "-", folds)
  c(
    if ("published" %in% splits) published,
    split_sets(name, setdiff(splits, "published"), roots, function() {
      affinity_set(name)
    })
  )
}

published_fold <- function(set, fold) {
  split <- ifelse(set$pairs$fold == fold, "validation", "train")
  split[set$pairs$fold == "test"] <- "test"
  set$pairs$split <- split
  set
}

# Some names stand for proteins of the same sequence (mutants).
affinity_set <- function(name) {
  folder <- paste0(name, "_dta")
  pairs <- muse_table(folder, "pairs.tsv.gz")
  drugs <- muse_table(folder, "drugs.tsv.gz")
  proteins <- muse_table(folder, "proteins.tsv.gz")
  list(
    pairs = data.frame(
      from = pairs$drug, to = pairs$protein, label = pairs$y, fold = pairs$fold
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
    task = "affinity", batch = 512
  )
}

# The parts that MUSE ships, or pairs split anew.
deepddi_sets <- function(splits, roots) {
  c(
    if ("published" %in% splits) list("deepddi-published" = deepddi_set),
    split_sets("deepddi", setdiff(splits, "published"), roots, deepddi_set)
  )
}

# Each unordered pair once; those that are in several parts, or have both
# labels, in none.
deepddi_set <- function() {
  pairs <- muse_table("deepddi", "pairs.tsv.gz")
  names(pairs)[1:2] <- c("from", "to")
  pairs$split[pairs$split == "valid"] <- "validation"
  key <- paste(pmin(pairs$from, pairs$to), pmax(pairs$from, pairs$to))
  told <- unique(data.frame(key, split = pairs$split, label = pairs$label))
  vague <- told$key[duplicated(told$key)]
  keep <- !duplicated(key) & !key %in% vague & pairs$from != pairs$to
  drugs <- muse_table("deepddi", "drugs.tsv")
  list(
    pairs = pairs[keep, ],
    nodes = musl_nodes(stats::setNames(drugs$smiles, drugs$drug), "smiles"),
    words = smiles_words(drugs), task = "binary", batch = 4096
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
  d <- musl_simulate("interactions",
    n_nodes = 60, n_pairs = 300, task = task, types = types, seed = 1
  )
  list(pairs = d$pairs, nodes = d$nodes, task = task)
}

# Molecules whose sizes tell whether they interact.
simulated_drugs <- function() {
  size <- 1:40
  names <- paste0("drug", size)
  drugs <- data.frame(drug = names, smiles = paste0(strrep("C", size), "O"))
  at <- utils::combn(40, 2)
  pairs <- data.frame(
    from = names[at[1, ]], to = names[at[2, ]],
    label = as.integer(size[at[1, ]] + size[at[2, ]] > 40)
  )
  split_set(list(
    pairs = pairs,
    nodes = musl_nodes(stats::setNames(drugs$smiles, drugs$drug), "smiles"),
    words = smiles_words(drugs), task = "binary"
  ), "new_either", 1)
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
