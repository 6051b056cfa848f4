# The lines that a user writes, from the files as they are downloaded to ranked
# partners with evidence.

world <- depmap_world()
esm2 <- tiny_esm2()
at <- function(name) in_world(world, name)

se <- suppressMessages(read_depmap(
  c(
    expression = at("OmicsExpressionTPMLogp1HumanProteinCodingGenes.csv"),
    effect = at("CRISPRGeneEffect.csv")
  ),
  model = at("Model.csv")
))
ppi <- read_network(
  at("9606.protein.links.v12.0.txt.gz"),
  info = at("9606.protein.aliases.v12.0.txt.gz"), min_score = 0.7
)
esm <- embed_tiny(at("UP000005640_9606.fasta"), esm2, genes = "header")
sl <- read_pairs(at("Human_SL.csv"), "synlethdb")
d <- musl_data(se, network = ppi, embeddings = esm, pairs = sl)
cv <- musl_split(d, setting = "inductive", folds = 5, seed = 1)
fit <- tiny_fit(d, keep_genes = "ARID1A")

test_that("all files speak of the same genes, under the same names", {
  expect_setequal(rownames(se), world$genes)
  expect_setequal(igraph::V(ppi)$name, world$genes)
  expect_setequal(rownames(esm), world$genes)
  expect_setequal(c(sl$gene_a, sl$gene_b), world$genes)
  expect_setequal(musl_genes(d), world$genes)
  expect_identical(
    SummarizedExperiment::rowData(se)[world$genes, "entrez"], world$entrez
  )
})

test_that("values arrive at their gene and line, labels at their pair", {
  expect_equal(
    SummarizedExperiment::assay(se, "expression"), t(world$expression)
  )
  expect_equal(SummarizedExperiment::assay(se, "effect"), t(world$effect))
  expect_identical(
    SummarizedExperiment::colData(se)$lineage[1:2],
    c("Lung", "Ovary/Fallopian Tube")
  )
  expect_identical(igraph::ecount(ppi), 60)
  written <- world$pairs[world$is_sl, ]
  written <- paste(
    pmin(world$genes[written$a], world$genes[written$b]),
    pmax(world$genes[written$a], world$genes[written$b])
  )
  kept <- musl_pairs(d)
  expect_setequal(
    paste(pmin(kept$gene_a, kept$gene_b), pmax(kept$gene_a, kept$gene_b)),
    written
  )
  expect_identical(sum(kept$label == "SL"), sum(world$is_sl))
})

test_that("info in place of aliases gives the same network", {
  other <- read_network(
    at("9606.protein.links.v12.0.txt.gz"),
    info = at("9606.protein.info.v12.0.txt.gz"), min_score = 0.7
  )
  edges <- function(graph) {
    ends <- igraph::as_edgelist(graph)
    paste(pmin(ends[, 1], ends[, 2]), pmax(ends[, 1], ends[, 2]))
  }
  following <- c(world$genes[-1], world$genes[[1]])
  ring <- paste(pmin(world$genes, following), pmax(world$genes, following))
  expect_setequal(edges(other), ring)
  expect_setequal(edges(ppi), ring)
})

test_that("resampling judges unseen genes beside the degree baseline", {
  skip_without_backend()
  res <- suppressWarnings(
    musl_resample(
      d, cv, tiny_architecture(), tiny_control(),
      folds = 1:2, baselines = "simple", progress = FALSE
    ),
    classes = "musl_warning_not_converged"
  )
  metrics <- musl_metrics(res, c("auroc", "auprc"))
  expect_true(all(c("C2", "C3") %in% metrics$part))
  expect_true("SL degree" %in% metrics$scorer)
  expect_true(all(c("part", ".metric", ".estimator", ".estimate") %in%
    names(metrics)))
  expect_true(all(metrics$.estimate >= 0 & metrics$.estimate <= 1))
})

test_that("single pairs are scored in the order given", {
  asked <- data.frame(gene_a = "ARID1A", gene_b = c("ARID1B", "PARP1"))
  scored <- predict(fit, asked)
  expect_identical(scored$gene_b, asked$gene_b)
  expect_true(all(c(".score", ".pred_SL", "n_unseen") %in% names(scored)))
  expect_true(all(is.finite(scored$.score)))
  turned <- predict(fit, data.frame(gene_a = asked$gene_b, gene_b = "ARID1A"))
  expect_identical(turned$.score, scored$.score)
})

test_that("partners are ranked, marked where known, and drawn", {
  top <- musl_partners(fit, "ARID1A", n = 20)
  expect_identical(
    names(top),
    c(
      "anchor", "partner", "order", "rank", "status", ".score", ".pred_SL",
      "n_unseen", "known", "label", "measured", "why"
    )
  )
  expect_identical(top$rank, 1:20)
  expect_false(is.unsorted(-top$.score))
  expect_true(all(top$partner %in% setdiff(world$genes, "ARID1A")))
  scored <- predict(fit, data.frame(gene_a = "ARID1A", gene_b = top$partner))
  # A score is good to 1e-6, whatever it is.
  expect_lt(max(abs(top$.score - scored$.score)), 2e-6)
  all_partners <- musl_partners(fit, "ARID1A", n = 100)
  expect_identical(nrow(all_partners), 59L)
  expect_true(all_partners$known[all_partners$partner == "ARID1B"])
  expect_s3_class(ggplot2::autoplot(top), "ggplot")
})

test_that("the screen's evidence is joined, and its origin told", {
  screen <- musl_dependency("ARID1A", se, loss = c(expression = 0.2))
  expect_identical(screen$partner[[which.min(screen$p_value)]], "ARID1B")
  expect_identical(unique(screen$n_loss), 10L)
  top <- musl_partners(fit, "ARID1A", n = 59)
  joined <- augment(top, screen, labels = musl_pairs(d))
  expect_identical(joined$partner, top$partner)
  from <- screen[match(top$partner, screen$partner), ]
  expect_identical(joined$dependency_fdr, from$fdr)
  expect_identical(joined$dependency_difference, from$difference)
  # Its label is from a CRISPR screen; pairs without a label owe it nothing.
  expect_false(joined$independent[joined$partner == "ARID1B"])
  expect_true(all(joined$independent[!joined$known]))
  path <- withr::local_tempfile(fileext = ".csv")
  utils::write.csv(joined, path, row.names = FALSE)
  written <- utils::read.csv(path, check.names = FALSE)
  expect_identical(names(written), names(joined))
  expect_identical(written$partner, joined$partner)
  expect_equal(written$.score, joined$.score)
})

test_that("a screen of one's own is compared with the partners", {
  top <- musl_partners(fit, "ARID1A", n = 59)
  # A screen whose order is that of the predictions: it can't be met better.
  mageck <- data.frame(
    id = top$partner, `neg|score` = top$rank / 100,
    `neg|fdr` = ifelse(top$rank <= 10, .01, .9), check.names = FALSE
  )
  compared <- musl_compare(top, mageck, k = 10, bootstrap = 50, seed = 1)
  value <- stats::setNames(compared$.estimate, compared$.metric)
  expect_identical(unique(compared$format), "mageck_rra")
  expect_equal(value[["auroc"]], 1)
  expect_equal(value[["spearman"]], 1)
  expect_equal(value[["enrichment_10"]], 59 / 10)
})

test_that("partners become graphs with the same genes", {
  top <- musl_partners(fit, c("ARID1A", "PARP1"), n = 5)
  graph <- igraph::as.igraph(top, weight = ".pred_SL")
  expect_identical(igraph::ecount(graph), 10)
  expect_setequal(igraph::V(graph)$name, c(top$anchor, top$partner))
})

test_that("the atlas on disk holds what predict() says", {
  skip_without_hdf5()
  genes <- sort(world$genes[1:15])
  directory <- file.path(withr::local_tempdir(), "atlas")
  musl_atlas(fit, directory, genes = genes, tile = 4L, progress = FALSE)
  atlas <- read_atlas(directory)
  scores <- score_matrix(atlas)[genes, genes]
  expect_equal(
    scores, predicted_matrix(fit, genes),
    tolerance = score_tolerance
  )
  expect_identical(
    musl_partners(atlas, "ARID1A", n = 5)$partner,
    musl_partners(fit, "ARID1A", n = 5, candidates = genes)$partner
  )
})
