# A made-up ESM2 in the layout of Hugging Face, and its answers by a slow plain
# implementation in double precision.

esm2_vocabulary <- c(
  "<cls>", "<pad>", "<eos>", "<unk>",
  strsplit("LAGVSERTIDPKQNFYMHWCXBUZO.-", "")[[1]], "<null_1>", "<mask>"
)

esm2_config <- function(...) {
  config <- list(
    model_type = "esm", hidden_size = 8L, intermediate_size = 12L,
    num_hidden_layers = 2L, num_attention_heads = 2L, vocab_size = 33L,
    max_position_embeddings = 34L, position_embedding_type = "rotary",
    token_dropout = TRUE, emb_layer_norm_before = FALSE,
    layer_norm_eps = 1e-5, hidden_act = "gelu"
  )
  utils::modifyList(config, list(...))
}

# What single precision keeps of a number.
as_single <- function(x) {
  x[] <- readBin(writeBin(as.numeric(x), raw(), size = 4), "numeric", length(x),
    size = 4
  )
  x
}

esm2_weights <- function(config) {
  d <- config$hidden_size
  inner <- config$intermediate_size
  draw <- function(rows, columns = NULL) {
    n <- rows * max(columns, 1)
    x <- as_single(rnorm(n, sd = 1.1 / sqrt(d)))
    if (is.null(columns)) x else matrix(x, rows)
  }
  dense <- function(name, rows, columns) {
    set_names(
      list(draw(rows, columns), draw(rows)), paste0(name, c(".weight", ".bias"))
    )
  }
  norm <- function(name) {
    values <- list(as_single(1 + draw(d)), draw(d))
    set_names(values, paste0(name, c(".weight", ".bias")))
  }
  layer <- function(i) {
    at <- paste0("esm.encoder.layer.", i, ".")
    c(
      norm(paste0(at, "attention.LayerNorm")),
      dense(paste0(at, "attention.self.query"), d, d),
      dense(paste0(at, "attention.self.key"), d, d),
      dense(paste0(at, "attention.self.value"), d, d),
      dense(paste0(at, "attention.output.dense"), d, d),
      norm(paste0(at, "LayerNorm")),
      dense(paste0(at, "intermediate.dense"), inner, d),
      dense(paste0(at, "output.dense"), d, inner)
    )
  }
  c(
    list(esm.embeddings.word_embeddings.weight = draw(config$vocab_size, d)),
    norm("esm.embeddings.layer_norm"),
    do.call(c, lapply(seq_len(config$num_hidden_layers) - 1, layer)),
    norm("esm.encoder.emb_layer_norm_after"),
    list(lm_head.bias = draw(config$vocab_size))
  )
}

# Row-major single precision, tensors one after the other.
write_safetensors <- function(tensors, file) {
  size <- 4 * lengths(tensors)
  end <- cumsum(size)
  entry <- function(tensor, begin, end) {
    list(
      dtype = "F32", shape = as.list(dim(tensor) %||% length(tensor)),
      data_offsets = list(begin, end)
    )
  }
  header <- jsonlite::toJSON(
    Map(entry, tensors, end - size, end),
    auto_unbox = TRUE, digits = NA
  )
  values <- lapply(tensors, function(x) {
    as.numeric(if (is.matrix(x)) t(x) else x)
  })
  write_raw_safetensors(header, writeBin(unlist(values), raw(), size = 4), file)
}

write_raw_safetensors <- function(header, data, file,
                                  length = nchar(header, "bytes")) {
  count <- length %/% 256^(0:7) %% 256
  writeBin(c(as.raw(count), charToRaw(as.character(header)), data), file)
}

write_esm2 <- function(dir, config, weights, shards = FALSE) {
  jsonlite::write_json(
    config, file.path(dir, "config.json"),
    auto_unbox = TRUE, digits = NA
  )
  writeLines(esm2_vocabulary, file.path(dir, "vocab.txt"))
  if (!shards) {
    write_safetensors(weights, file.path(dir, "model.safetensors"))
    return(invisible(dir))
  }
  home <- rep_len(c("a.safetensors", "b.safetensors"), length(weights))
  for (name in unique(home)) {
    write_safetensors(weights[home == name], file.path(dir, name))
  }
  jsonlite::write_json(
    list(weight_map = as.list(set_names(home, names(weights)))),
    file.path(dir, "model.safetensors.index.json"),
    auto_unbox = TRUE
  )
  invisible(dir)
}

# list(dir, config, weights)
tiny_esm2 <- function(..., shards = FALSE, seed = 1,
                      .local_envir = parent.frame()) {
  withr::local_seed(seed)
  config <- esm2_config(...)
  weights <- esm2_weights(config)
  dir <- withr::local_tempdir(.local_envir = .local_envir)
  write_esm2(dir, config, weights, shards)
  list(dir = dir, config = config, weights = weights)
}

embed_tiny <- function(x, model, ..., device = "cpu", threads = 1) {
  skip_without_backend()
  musl_embed_proteins(
    x, model$dir, ...,
    device = device, threads = threads, progress = FALSE
  )
}

# In batches of so many tokens; 0 as the package chooses.
embed_by_core <- function(x, model, batch_tokens = 1L, callback = NULL,
                          threads = 1L, cache = "") {
  skip_without_backend()
  options <- list(
    device = "cpu", precision = "float32", threads = threads,
    batch_tokens = batch_tokens, cache = cache
  )
  with_core(cpp_embed_proteins(model$dir, unname(x), options, callback))
}

slow_norm <- function(x, model, name) {
  weight <- model$weights[[paste0(name, ".weight")]]
  bias <- model$weights[[paste0(name, ".bias")]]
  t(apply(x, 1, function(row) {
    centred <- row - mean(row)
    scale <- sqrt(mean(centred^2) + model$config$layer_norm_eps)
    centred / scale * weight + bias
  }))
}

slow_dense <- function(x, model, name) {
  weight <- model$weights[[paste0(name, ".weight")]]
  bias <- model$weights[[paste0(name, ".bias")]]
  x %*% t(weight) + rep(bias, each = nrow(x))
}

# Turns (x_i, x_(i + n/2)) of row t by the angle t / 10000^(2 i / n).
slow_rotate <- function(x) {
  half <- ncol(x) / 2
  angle <- outer(seq_len(nrow(x)) - 1, 10000^(-(seq_len(half) - 1) / half))
  first <- x[, seq_len(half), drop = FALSE]
  second <- x[, half + seq_len(half), drop = FALSE]
  cbind(
    first * cos(angle) - second * sin(angle),
    second * cos(angle) + first * sin(angle)
  )
}

slow_attention <- function(h, model, at) {
  q <- slow_dense(h, model, paste0(at, "query"))
  k <- slow_dense(h, model, paste0(at, "key"))
  v <- slow_dense(h, model, paste0(at, "value"))
  width <- ncol(q) / model$config$num_attention_heads
  heads <- split(seq_len(ncol(q)), (seq_len(ncol(q)) - 1) %/% width)
  do.call(cbind, lapply(heads, function(columns) {
    query <- slow_rotate(q[, columns, drop = FALSE])
    key <- slow_rotate(k[, columns, drop = FALSE])
    weight <- exp(query %*% t(key) / sqrt(width))
    (weight / rowSums(weight)) %*% v[, columns, drop = FALSE]
  }))
}

# The last layer after its norm, residues x width.
slow_residues <- function(sequence, model) {
  letters <- strsplit(sequence, "")[[1]]
  residue <- match(letters, esm2_vocabulary, nomatch = 4)
  tokens <- c(1, residue, 3)
  x <- model$weights[["esm.embeddings.word_embeddings.weight"]][tokens, ]
  if (model$config$token_dropout) x <- x * (1 - 0.15 * 0.8)
  if (model$config$emb_layer_norm_before) {
    x <- slow_norm(x, model, "esm.embeddings.layer_norm")
  }
  for (i in seq_len(model$config$num_hidden_layers) - 1) {
    at <- paste0("esm.encoder.layer.", i, ".")
    h <- slow_norm(x, model, paste0(at, "attention.LayerNorm"))
    h <- slow_attention(h, model, paste0(at, "attention.self."))
    x <- x + slow_dense(h, model, paste0(at, "attention.output.dense"))
    h <- slow_norm(x, model, paste0(at, "LayerNorm"))
    h <- slow_dense(h, model, paste0(at, "intermediate.dense"))
    h <- h * stats::pnorm(h)
    x <- x + slow_dense(h, model, paste0(at, "output.dense"))
  }
  x <- slow_norm(x, model, "esm.encoder.emb_layer_norm_after")
  x[1 + seq_along(letters), , drop = FALSE]
}

slow_esm2 <- function(sequence, model) colMeans(slow_residues(sequence, model))

# The reference's stored answers: named by MUSL_FIXTURES, or in the directory
# `fixtures` next to that of MUSL_DATA.
esm2_fixture <- function() {
  data <- Sys.getenv("MUSL_DATA")
  home <- Sys.getenv("MUSL_FIXTURES", if (nzchar(data)) {
    file.path(dirname(data), "fixtures")
  } else {
    ""
  })
  dir <- file.path(home, "esm2-tiny")
  testthat::skip_if_not(
    nzchar(home) && dir.exists(dir),
    "the reference's answers are not at hand (MUSL_FIXTURES)"
  )
  dir
}

random_protein <- function(n) {
  letters <- strsplit("ACDEFGHIKLMNPQRSTVWYX", "")[[1]]
  paste(sample(letters, n, replace = TRUE), collapse = "")
}

random_proteins <- function(lengths, seed = 1) {
  withr::local_seed(seed)
  proteins <- vapply(lengths, random_protein, "")
  set_names(proteins, sprintf("P%02d", seq_along(lengths)))
}
