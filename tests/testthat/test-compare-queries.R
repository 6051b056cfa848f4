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
  expect_identical(
    genes[genes$anchor == "B", -1], augment(single[[2]])
  )
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
  expect_error(asked(), "share an anchor", class = "musl_error_input")
  # A screen of one query needs no name that the predictions know.
  screen <- screen[screen$query == "X", ]
  predictions <- predictions[predictions$anchor == "A", ]
  expect_identical(unique(asked()$anchor), "A")
  expect_error(
    musl_compare(predictions, screen, columns = c(own, anchor = "nowhere")),
    class = "musl_error_input"
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
  own_screen <- data.frame(
    anchor = screen$query, partner = screen$gene,
    cliffs_delta = -screen$strength, difference = -1,
    fdr = ifelse(screen$hit, 0.01, 0.5)
  )
  again <- musl_compare(
    several_predicted(), own_screen,
    k = 5, bootstrap = 10, seed = 1
  )
  expect_identical(again$anchor, out$anchor)
  expect_identical(unique(again$format), "musl_screen")
})

test_that("queries without hits are told of once and left out of the mean", {
  screen <- several_screened()
  screen$hit[screen$query != "B"] <- FALSE
  expect_warning(
    out <- musl_compare(
      several_predicted(), screen,
      columns = c(own, anchor = "query"), k = 5, bootstrap = 20, seed = 1
    ),
    "2 of 3 queries",
    class = "musl_warning_other"
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

test_that("a short query leaves the others their depths", {
  screen <- several_screened()
  short <- c(which(screen$query != "B"), which(screen$query == "B")[1:8])
  screen <- screen[short, ]
  predictions <- several_predicted()
  out <- musl_compare(
    predictions, screen,
    columns = c(own, anchor = "query"), k = c(5, 20), bootstrap = 20, seed = 1
  )
  deep <- out[out$.metric == "enrichment_20", ]
  expect_identical(deep$anchor, c("A", "C", "all"))
  expect_equal(deep$.estimate[[3]], mean(deep$.estimate[1:2]))
  expect_identical(deep$n_genes[[3]], sum(deep$n_genes[1:2]))
  expect_identical(deep$hits[[3]], sum(deep$hits[1:2]))
  expect_equal(deep$expected[[3]], sum(deep$expected[1:2]))
  expect_identical(out$n_genes[out$.metric == "auroc"][[4]], 88L)
  expect_true(is.na(out$hits[out$anchor == "all"][[1]]))
})

test_that("a partner that was also screened is no query of the predictions", {
  genes <- sprintf("G%02d", 1:20)
  predictions <- data.frame(
    gene_a = "A", gene_b = c("B", genes), .score = 21:1
  )
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
  expect_error(
    musl_compare(predictions, screen, columns = c(own, anchor = "query")),
    "share an anchor", class = "musl_error_input"
  )
})

test_that("a screened partner of several anchors is no query either", {
  genes <- sprintf("G%02d", 1:20)
  grid <- function(anchors, partners) {
    out <- expand.grid(
      gene_b = partners, gene_a = anchors, stringsAsFactors = FALSE
    )
    out[out$gene_a != out$gene_b, c("gene_a", "gene_b")]
  }
  queries <- function(pairs, screened) {
    pairs$.score <- sin(seq_len(nrow(pairs)))
    screen <- grid(screened, unique(c(genes, pairs$gene_a, pairs$gene_b)))
    names(screen) <- c("query", "gene")
    screen$strength <- cos(seq_len(nrow(screen)))
    screen$hit <- screen$strength > 0.5
    out <- suppressWarnings(musl_compare(
      pairs, screen,
      columns = c(own, anchor = "query"), k = 5, bootstrap = 10, seed = 1
    ), classes = "musl_warning_other")
    setdiff(out$anchor, "all")
  }
  two <- grid(c("G01", "X"), genes)
  expect_identical(queries(two, c("G01", "X", "G03", "G04")), c("G01", "X"))
  # Whether or not all anchors were screened, in either column.
  expect_identical(queries(two, c("G03", "X")), "X")
  expect_identical(queries(two[2:1], c("G03", "X")), "X")
  expect_error(
    queries(two, c("Y", "Z")), "predicted\\s+anchors: \"G01\"",
    class = "musl_error_input"
  )
  # Queries may be more than their candidates, some of which were screened.
  many <- grid(genes, c("X", "Y", "Z", "G01", "G02"))
  many <- many[!duplicated(pair_keys(many)), ]
  expect_identical(queries(many, genes), genes)
  # All pairs of some genes.
  square <- many[0, ]
  square[1:6, ] <- t(utils::combn(c("A", "B", "C", "D"), 2))
  expect_identical(queries(square, c("A", "C", "D")), c("A", "C", "D"))
})
