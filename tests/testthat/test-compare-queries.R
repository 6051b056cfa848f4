several_predicted <- function() {
  parts <- lapply(1:3, function(i) {
    out <- predicted(score = with_seed_kept(i, stats::rnorm(40)))
    out$anchor <- LETTERS[[i]]
    out
  })
  do.call(rbind, parts)
}

several_screened <- function() {
  parts <- lapply(1:3, function(i) {
    cbind(query = LETTERS[[i]], screen_table(seed = 10 + i))
  })
  do.call(rbind, parts)
}

test_that("a screen of several queries is compared query by query", {
  predictions <- several_predicted()
  screen <- several_screened()
  out <- musl_compare(
    predictions, screen,
    columns = c(own, anchor = "query"), k = c(5, 10), bootstrap = 50, seed = 1
  )
  expect_identical(unique(out$anchor), c("A", "B", "C", "all"))
  single <- lapply(c("A", "B", "C"), function(anchor) {
    compared(predictions, screen[screen$query == anchor, ], anchor = anchor)
  })
  for (one in single) {
    found <- out[out$anchor == one$anchor[[1]], ]
    expect_identical(lapply(found, identity), lapply(one, identity))
  }
  whole <- out[out$anchor == "all", ]
  expect_identical(whole$.metric, single[[1]]$.metric)
  column <- function(name) vapply(single, `[[`, numeric(5), name)
  expect_equal(whole$.estimate, rowMeans(column(".estimate")))
  expect_identical(whole$n_genes, rep(120L, 5))
  expect_identical(whole$n_hits, rep(sum(screen$hit), 5))
  expect_equal(whole$hits, rowSums(column("hits")))
  expect_equal(whole$expected, rowSums(column("expected")))
  expect_true(all(is.na(whole$p_value)))
  expect_true(all(
    whole$.lower <= whole$.estimate & whole$.estimate <= whole$.upper
  ))
  # A mean of three varies less than they do.
  width <- column(".upper") - column(".lower")
  expect_true(all((whole$.upper - whole$.lower)[1:3] < rowMeans(width)[1:3]))
  genes <- augment(out)
  expect_identical(genes[genes$anchor == "B", -1], augment(single[[2]]))
  one <- musl_compare(
    predictions, screen,
    anchor = "C", columns = c(own, anchor = "query"), k = c(5, 10),
    bootstrap = 50, seed = 1
  )
  expect_identical(one, single[[3]])
})

test_that("the queries compared are those that both tables have", {
  predictions <- several_predicted()
  screen <- several_screened()
  screen$query[screen$query == "C"] <- "Z"
  asked <- function(...) {
    musl_compare(
      predictions, screen,
      columns = c(own, anchor = "query"), k = 5, bootstrap = 10, seed = 1, ...
    )
  }
  expect_identical(unique(asked()$anchor), c("A", "B", "all"))
  expect_error(asked(anchor = "C"), "must hold the anchor")
  screen$query[screen$query == "B"] <- "Y"
  expect_identical(unique(asked()$anchor), "A")
  screen$query[screen$query == "A"] <- "X"
  expect_input_error(asked(), "share an anchor")
  # A screen of one query needs no name that the predictions know.
  screen <- screen[screen$query == "X", ]
  predictions <- predictions[predictions$anchor == "A", ]
  expect_identical(unique(asked()$anchor), "A")
  expect_input_error(
    musl_compare(predictions, screen, columns = c(own, anchor = "nowhere"))
  )
})

test_that("recognised tables of several queries are read, too", {
  screen <- several_screened()
  bagel <- data.frame(
    query = screen$query, GENE = screen$gene, BF = 10 * screen$strength
  )
  out <- musl_compare(
    several_predicted(), bagel,
    columns = c(anchor = "query"), k = 5, bootstrap = 10, seed = 1
  )
  expect_identical(unique(out$anchor), c("A", "B", "C", "all"))
  expect_identical(unique(out$format), "bagel")
})

test_that("queries without hits are told of once and left out of the mean", {
  screen <- several_screened()
  screen$hit[screen$query != "B"] <- FALSE
  expect_musl_warning(
    out <- musl_compare(
      several_predicted(), screen,
      columns = c(own, anchor = "query"), k = 5, bootstrap = 20, seed = 1
    ), "2 of 3 queries"
  )
  auroc <- out[out$.metric == "auroc", ]
  expect_identical(is.na(auroc$.estimate), c(TRUE, FALSE, TRUE, FALSE))
  expect_identical(auroc$.estimate[[4]], auroc$.estimate[[2]])
  expect_equal(auroc$.lower[[4]], auroc$.lower[[2]])
  spearman <- out[out$.metric == "spearman", ]
  expect_equal(spearman$.estimate[[4]], mean(spearman$.estimate[1:3]))
  # Means are drawn; rankings have a panel a query.
  expect_s3_class(ggplot2::autoplot(out), "ggplot")
  expect_s3_class(ggplot2::autoplot(out, "ranking")$facet, "FacetWrap")
})

test_that("a partner that was also screened is no query of the predictions", {
  genes <- sprintf("G%02d", 1:20)
  predictions <- data.frame(gene_a = "A", gene_b = c("B", genes), .score = 21:1)
  screen <- data.frame(
    query = rep(c("A", "B"), each = 20), gene = rep(genes, 2),
    strength = c(20:1, 1:20), hit = rep(1:20 <= 5, 2)
  )
  out <- musl_compare(
    predictions, screen,
    columns = c(own, anchor = "query"), k = 5, bootstrap = 10, seed = 1
  )
  expect_identical(unique(out$anchor), "A")
  expect_identical(out$.estimate[out$.metric == "enrichment_5"], 4)
  screen$query[screen$query == "A"] <- "Z"
  expect_input_error(
    musl_compare(predictions, screen, columns = c(own, anchor = "query")),
    "share an anchor"
  )
})
