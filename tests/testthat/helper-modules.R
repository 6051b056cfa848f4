# 90 genes in modules of six: edges within, SL pairs within and recorded non-SL
# pairs across, or the reverse.
module_data <- function(sl_within = TRUE) {
  genes <- sprintf("G%02d", 1:90)
  ends <- utils::combn(90, 2)
  within <- (ends[1, ] - 1) %/% 6 == (ends[2, ] - 1) %/% 6
  across <- withr::with_seed(2, sample(which(!within), sum(within)))
  is_sl <- rep(c(sl_within, !sl_within), each = sum(within))
  rows <- c(which(within), across)
  x <- withr::with_seed(1, matrix(stats::rnorm(90 * 30, 5), 90))
  dimnames(x) <- list(genes, sprintf("s%02d", 1:30))
  musl_data(x,
    network = data.frame(
      from = genes[ends[1, within]], to = genes[ends[2, within]]
    ),
    pairs = data.frame(
      gene_a = genes[ends[1, rows]], gene_b = genes[ends[2, rows]],
      label = as.integer(is_sl)
    ),
    scale = "log"
  )
}

module_fit <- function(..., data = module_data(...), scorers = NULL) {
  once(list("module", data, scorers), suppressMessages(suppressWarnings(
    musl_fit(data,
      scorers = scorers,
      architecture = tiny_architecture(encoders = c("descriptors", "graph")),
      control = musl_control(
        epochs = 1, ensemble = 1, seed = 1, threads = 1, batch_size = 64
      ),
      progress = FALSE
    )
  )))
}

# The same, each two neighbours of a module in a family of their own.
annotated_modules <- function() {
  d <- module_data()
  genes <- musl_genes(d)
  d@evidence <- musl_evidence(
    annotations = musl_annotations(
      data.frame(gene = genes, term = paste0("t", 0:89 %% 2), evidence = "IDA"),
      families = data.frame(gene = genes, family = paste0("f", (0:89) %/% 2))
    )
  )
  d
}
