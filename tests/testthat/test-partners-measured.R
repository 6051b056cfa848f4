test_that("partner lists say what the score is made of", {
  d <- measured_data()
  fit <- measured_fit(d)
  anchor <- musl_pairs(d)$gene_a[[1]]
  top <- musl_partners(fit, anchor, n = 10, by = "score")
  expect_identical(top$rank, 1:10)
  expect_false(is.unsorted(-top$.score))
  expect_equal(top$.score, top$relation + top$single_gene,
    tolerance = 1e-12
  )
  asked <- data.frame(gene_a = anchor, gene_b = top$partner)
  expect_identical(top$.score, predict(fit, asked)$.score)
  keys <- pair_keys(musl_pairs(d))
  expect_identical(top$measured, pair_keys(asked) %in% keys)
  expect_named(top, c(
    "anchor", "partner", "order", "rank", "status", ".score", ".pred_SL",
    "relation", "single_gene", "known", "label", "measured", "why"
  ))
})

test_that("lists are ordered by members with weights of their own", {
  d <- measured_data(recorded = TRUE)
  fit <- measured_fit(d)
  anchor <- musl_pairs(d)$gene_a[[1]]
  top <- musl_partners(fit, anchor, n = Inf)
  order_of <- function(a, b) {
    x <- predict(fit, data.frame(gene_a = a, gene_b = b), type = "parts")
    neural <- x[[".scorer_pair_net"]]
    core <- 0.1 * x$.scorer_linear + 0.3 * x$.scorer_boosting
    core <- if (is.null(neural)) core / 0.4 else core + 0.6 * neural
    core + 0.1 * x$.scorer_recorded + 2 * x$.scorer_relation
  }
  expect_false(is.unsorted(-order_of(anchor, top$partner)))
  expect_setequal(top$partner, setdiff(musl_genes(fit), anchor))
  expect_identical(musl_partners(fit, anchor, n = Inf, by = "combined"), top)
  expect_identical(musl_partners(fit, anchor, n = Inf, threads = 2), top)
  expect_output(print(top), "order: 1 = average gene")
  # Single members are ranked by their scores, and so is who asks for it.
  alone <- musl_partners(fit, anchor, n = Inf, scorers = "boosting")
  expect_false(is.unsorted(-alone$.score))
  expect_named(alone, names(top))
  by <- musl_partners(fit, anchor, n = 5, by = "relation")
  expect_false(is.unsorted(-by$relation))
  expect_output(print(alone), "order by score: 1 = average gene")
})

test_that("measured pairs are known, and can be dropped", {
  d <- measured_data()
  fit <- measured_fit(d)
  anchor <- musl_pairs(d)$gene_a[[1]]
  all <- musl_partners(fit, anchor, n = 1000)
  new <- musl_partners(fit, anchor, n = 1000, known = "drop")
  expect_false(any(new$measured))
  expect_identical(nrow(new), sum(!all$known))
  pairs <- musl_pairs(d)
  one <- all[all$measured, ][1, ]
  key <- pair_key(one$anchor, one$partner)
  expect_identical(
    one$label %in% "SL", "SL" %in% pairs$label[pair_keys(pairs) == key]
  )
  expect_false("non_SL" %in% all$label[all$measured])
})

test_that("measured pairs are known also if a network scores", {
  fit <- musl_example_model()
  measured <- model_labels(fit)
  only <- measured[!pair_keys(measured) %in% pair_keys(fit@known), ]
  expect_gt(nrow(only), 10)
  anchor <- names(sort(table(c(only$gene_a, only$gene_b))))[[1]]
  both <- lapply(list(NULL, "musl"), function(scorers) {
    musl_partners(fit, anchor, n = Inf, scorers = scorers)
  })
  of <- function(list, column) {
    list[[column]][match(both[[1]]$partner, list$partner)]
  }
  expect_gt(sum(both[[1]]$measured), 0)
  expect_identical(of(both[[2]], "known"), both[[1]]$known)
  expect_identical(of(both[[2]], "label"), both[[1]]$label)
  expect_identical(attr(both[[2]], "anchors"), attr(both[[1]], "anchors"))
  dropped <- musl_partners(
    fit, anchor, n = Inf, scorers = "musl", known = "drop"
  )
  expect_setequal(dropped$partner, both[[1]]$partner[!both[[1]]$known])
  expect_input_error(
    musl_partners(
      fit, anchor,
      candidates = both[[1]]$partner[both[[1]]$known], known = "drop"
    ), "known = \"mark\""
  )

  pairs <- rbind(
    only[1:5, c("gene_a", "gene_b")],
    data.frame(gene_a = "nobody", gene_b = only$gene_a[[1]])
  )
  status <- suppressWarnings(predict(fit, pairs, scorers = "musl"))$.status
  expect_identical(as.character(status), c(rep("known", 5), "unknown_gene"))
})
