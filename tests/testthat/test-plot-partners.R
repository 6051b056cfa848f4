# Pictures of partner lists, also of rows that users filtered or sorted.

# Twelve partners of each of two anchors, as a network lists them.
drawn_lists <- function(by = "combined") {
  new_musl_partners(
    tibble::tibble(
      anchor = rep(c("A", "B"), each = 12),
      partner = rep(sprintf("P%02d", 1:12), 2), rank = rep(1:12, 2),
      .score = rep(12:1, 2) / 4, .pred_SL = 0.1, n_unseen = 0L,
      known = rep(rep(c(TRUE, FALSE), c(6, 6)), 2),
      label = factor(rep(rep(c("SL", NA), c(6, 6)), 2), pair_labels),
      relation = rep(12:1, 2) / 8
    ),
    by = by
  )
}

test_that("the first partners that a filter leaves are drawn", {
  new <- drawn_lists()
  new <- new[!new$known, ]
  shown <- ggplot2::autoplot(new, n = 4)$data
  expect_identical(levels(shown$anchor), c("A", "B"))
  expect_identical(
    as.character(shown$row[shown$anchor == "B" & shown$part == "Relation"]),
    sprintf("B\tP%02d", 7:10)
  )
})

test_that("the best partner is on top, whatever the order of the rows", {
  best <- paste0("B\tP", c("03", "02", "01"))
  shuffled <- drawn_lists()[c(24:13, 1:12), ]
  rows <- levels(ggplot2::autoplot(shuffled, n = 3)$data$row)
  expect_identical(utils::tail(rows, 3), best)
  parts <- musl_partners(musl_example_model(), "SIM001", n = 4)
  expect_identical(
    levels(ggplot2::autoplot(parts[4:1, ])$data$row),
    levels(ggplot2::autoplot(parts)$data$row)
  )
})

test_that("a list has one panel for each anchor and part of the score", {
  panels <- function(plot) ggplot2::ggplot_build(plot)$layout$layout
  both <- ggplot2::autoplot(drawn_lists(), n = 3)
  anchors <- rep(c("A", "B"), each = 2)
  expect_identical(as.character(panels(both)$anchor), anchors)
  expect_identical(
    as.character(panels(both)$part), rep(c("Score", "Relation"), 2)
  )
  score <- both$data$part == "Score"
  expect_identical(both$data$value[score], rep(12:10, 2) / 4)
  expect_identical(both$data$value[!score], rep(12:10, 2) / 8)
})

test_that("the caption tells the share that probabilities are for", {
  fit <- musl_example_model()
  caption <- function(...) {
    list <- musl_partners(fit, "SIM001", n = 2, ...)
    ggplot2::autoplot(list)$labels$caption
  }
  expect_match(caption(), "if 1.35 % of all pairs are SL", fixed = TRUE)
  expect_match(caption(prior = 0.2), "if 20 % of all pairs", fixed = TRUE)
})

test_that("tables without what a picture shows are refused", {
  lists <- drawn_lists()
  refused <- function(object) {
    expect_input_error(ggplot2::autoplot(object), "must have")
  }
  refused(lists[0, ])
  refused(lists[c("anchor", "partner", "rank")])
  fit <- musl_example_model()
  pairs <- data.frame(gene_a = "SIM001", gene_b = c("SIM002", "SIM003"))
  scored <- predict(fit, pairs)
  refused(scored[c("gene_a", "gene_b", ".score")])
  refused(scored[0, ])
  design <- musl_design(fit, 1, pairs)
  refused(design[0, ])
  refused(design[c("gene_a", "gene_b", "expected")])
  screen <- tibble::new_tibble(
    list(anchor = "A", partner = "B", p_value = 0.1),
    nrow = 1, class = "musl_dependency"
  )
  refused(screen)
  why <- musl_explain(fit, "SIM001", "SIM169")
  refused(why[c("component", "term", "contribution")])
  pairs$label <- 1:0
  scored <- predict(fit, pairs)
  refused(musl_metrics(scored, "auroc")[0, ])
  refused(musl_calibration(scored)["bins"])
})

test_that("a share near 1 is not drawn as certain, nor a small one as 1e-04", {
  expect_identical(
    percent_text(c(0.994, 0.9951, 0.99999, 1, 1e-6, 0.5)),
    c("99.4 %", "99.51 %", "99.99 %", "100 %", "<0.01 %", "50 %")
  )
  expect_identical(
    percent_text(c(1e-4, 9.9e-5, 0.99, 0.9901, NaN)),
    c("0.01 %", "<0.01 %", "99 %", "99.01 %", NA)
  )
})

test_that("lists of many anchors have fewer rows each, unless asked for more", {
  fit <- musl_example_model()
  drawn <- function(k, ...) {
    lists <- musl_partners(fit, musl_genes(fit)[seq_len(k)], n = 20)
    shown <- autoplot(lists, ...)$data
    unique(as.vector(table(unique(shown[c("anchor", "row")])$anchor)))
  }
  expect_identical(drawn(1), 20L)
  expect_identical(drawn(2), 20L)
  expect_identical(drawn(5), 8L)
  expect_identical(drawn(10), 5L)
  expect_identical(drawn(5, n = 12), 12L)
})

test_that("pairs with a recorded label alone are told from new ones", {
  fit <- musl_example_model()
  list <- musl_partners(fit, "SIM001", n = Inf)
  bars <- part_bars(list, nrow(list))
  bars <- bars[bars$part == "Order", ]
  status <- as.character(bars$status)[match(log10(list$order), bars$value)]
  expect_identical(grepl("a screen$", status), list$measured)
  recorded <- list$label[!list$measured]
  expect_gt(sum(recorded %in% "SL"), 0)
  expect_identical(
    status[!list$measured],
    ifelse(
      is.na(recorded), "new",
      ifelse(recorded == "SL", "recorded as SL", "recorded as not SL")
    )
  )
})

test_that("what ranks the list falls with the rank, and is titled", {
  list <- musl_partners(musl_human_model(), "KRAS", n = 20)
  drawn <- ggplot2::autoplot(list, n = 10)
  bars <- drawn$data[drawn$data$part == "Order", ]
  expect_false(is.unsorted(-bars$value))
  expect_equal(10^bars$value, list$order[1:10])
  expect_identical(drawn$labels$title, "10 of 20 partners of lost KRAS")
})
