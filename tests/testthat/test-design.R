# What musl_design() chooses, against plain sums of predict() and all subsets.

design_store <- new.env()

design_world <- function() {
  if (is.null(design_store$fit)) {
    design_store$data <- musl_simulate("small", seed = 1, screens = TRUE)
    design_store$genes <- as.list(design_store$data)$truth$screen_genes$gene
    design_store$fit <- suppressMessages(musl_fit(
      design_store$data,
      control = musl_control(seed = 1, threads = 1), scorers = "features",
      progress = FALSE
    ))
  }
  design_store
}

# Matrix of probabilities of new pairs, anchors x library; 0 for others. Or of
# another column of predict().
new_hits <- function(world, anchors, library, prior = 0.0135,
                     column = ".pred_SL", none = 0) {
  rows <- expand.grid(
    gene_a = anchors, gene_b = library, stringsAsFactors = FALSE
  )
  p <- suppressWarnings(predict(world$fit, rows, prior = prior)[[column]])
  key <- function(x) paste(pmin(x[[1]], x[[2]]), pmax(x[[1]], x[[2]]))
  pairs <- musl_pairs(world$data)
  labelled <- pairs[!is.na(pairs$label), c("gene_a", "gene_b")]
  p[key(rows) %in% key(labelled) | rows$gene_a == rows$gene_b] <- none
  matrix(p, length(anchors), dimnames = list(anchors, library))
}

# The ten best partners of each anchor, one column each.
top_ten <- function(world, anchors, library, prior = 0.0135) {
  score <- new_hits(world, anchors, library, prior, ".score", NA)
  apply(score, 1, function(x) names(sort(x, decreasing = TRUE))[1:10])
}

# Shares of best partners that anchors have in common.
shared_partners <- function(tops, library) {
  among <- apply(tops, 2, function(top) library %in% top)
  crossprod(among) / 10
}

# Anchors by turns: each the largest of expected hits over 1 + diversity times
# the likeness to those before it.
by_turns <- function(budget, p, alike, diversity) {
  chosen <- character()
  for (k in seq_len(budget)) {
    left <- setdiff(rownames(p), chosen)
    crowd <- vapply(left, function(a) sum(alike[a, chosen]), 0)
    gain <- rowSums(p[left, ]) / (1 + diversity * crowd)
    chosen <- c(chosen, left[[which.max(gain)]])
  }
  chosen
}

test_that("without diversity the anchors with most expected hits are chosen", {
  world <- design_world()
  anchors <- world$genes[1:8]
  library <- world$genes[21:60]
  design <- musl_design(world$fit, 3, anchors, library = library, diversity = 0)
  hits <- rowSums(new_hits(world, anchors, library))
  subsets <- utils::combn(8, 3)
  value <- apply(subsets, 2, function(i) sum(hits[i]))
  best <- subsets[, which.max(value)]
  expect_setequal(design$anchor, anchors[best])
  expect_equal(design$expected, unname(hits[design$anchor]))
  expect_equal(design$cumulative[[3]], max(value))
  expect_equal(attr(design, "against")$mean, mean(hits))
})

test_that("a pair of two anchors counts once", {
  world <- design_world()
  genes <- world$genes[1:10]
  design <- musl_design(world$fit, 4, genes, library = genes, diversity = 0)
  p <- new_hits(world, genes, genes)
  # Each unordered pair that holds a chosen gene.
  covered <- function(chosen) {
    sum(p[upper.tri(p) & (row(p) %in% chosen | col(p) %in% chosen)])
  }
  chosen <- match(design$anchor, genes)
  expect_equal(sum(design$expected), covered(chosen))
  value <- apply(utils::combn(10, 4), 2, covered)
  expect_gte(sum(design$expected), (1 - exp(-1)) * max(value))
  # So it does for a random choice.
  expect_equal(random_hits(attr(design, "against"), 4), mean(value))
  all <- musl_design(world$fit, 10, genes, library = genes)
  expect_equal(random_hits(attr(all, "against"), 10), sum(all$expected))
  expect_true(all(all$expected >= 0))
  expect_output(
    print(all), paste("random of 10:", format(sum(all$expected), digits = 3))
  )
  same <- musl_design(
    world$fit, 4, factor(genes),
    library = factor(genes), diversity = 0
  )
  expect_identical(same, design)
})

test_that("likeness is shared partners, and diversity takes turns as told", {
  world <- design_world()
  anchors <- world$genes[1:12]
  library <- world$genes[21:80]
  design <- musl_design(
    world$fit, 5, anchors,
    library = library, diversity = 2, prior = 0.1
  )
  p <- new_hits(world, anchors, library, 0.1)
  tops <- top_ten(world, anchors, library, 0.1)
  alike <- shared_partners(tops, library)
  chosen <- by_turns(5, p, alike, diversity = 2)
  expect_identical(design$anchor, chosen)
  expect_equal(design$likeness[[3]], max(alike[chosen[[3]], chosen[1:2]]))
  expect_identical(
    design$partners[[1]], paste(tops[1:3, chosen[[1]]], collapse = ", ")
  )
})

test_that("measured pairs are left out and counted", {
  world <- design_world()
  pairs <- musl_pairs(world$data)
  query <- setdiff(world$genes, pairs$query)[[1]]
  design <- musl_design(world$fit, 1, query)
  measured <- pairs[
    !is.na(pairs$label) & (pairs$gene_a == query | pairs$gene_b == query),
  ]
  n <- nrow(unique(measured[c("gene_a", "gene_b")]))
  expect_equal(design$n_known, n)
  expect_equal(design$n_pairs, length(musl_genes(world$data)) - 1 - n)
  partners <- c(measured$gene_a, measured$gene_b)
  expect_input_error(
    musl_design(world$fit, 1, query, library = setdiff(partners, query))
  )
})

test_that("pairs are chosen by probability and without crowding", {
  world <- design_world()
  ends <- utils::combn(world$genes[1:12], 2)
  pairs <- data.frame(gene_a = ends[2, ], gene_b = ends[1, ])
  design <- musl_design(world$fit, 6, pairs, diversity = 0)
  p <- new_hits(world, world$genes[1:12], world$genes[1:12])
  best <- sort(p[upper.tri(p)], decreasing = TRUE)[1:6]
  expect_equal(design$expected, best)
  expect_equal(design$cumulative, cumsum(best))
  apart <- musl_design(world$fit, 4, pairs, diversity = 1e6)
  expect_false(anyDuplicated(c(apart$gene_a, apart$gene_b)) > 0)
  # A duplicate and a pair turned around ask for nothing new.
  twice <- musl_design(world$fit, 6, rbind(pairs, pairs[2:1]), diversity = 0)
  expect_equal(twice$expected, best)
})

test_that("of many candidates the best on some genes are scored on all", {
  world <- design_world()
  how <- list(budget = 2L, prior = 0.0135)
  expect_message(
    short <- MuSL:::short_list(
      world$fit, world$genes[1:30], world$genes[31:90], how,
      most = 100, least = 1L
    ),
    class = "musl_message_other"
  )
  hits <- rowSums(new_hits(world, world$genes[1:30], world$genes[31:90]))
  expect_length(short$candidates, 3)
  expect_gt(mean(hits[short$candidates]), stats::quantile(hits, .8))
  # Chance is that of all candidates, not of the best.
  expect_equal(short$against$mean, mean(hits[hits > 0]))
  expect_identical(short$against$n, 30L)
  expect_equal(short$against$shared, 0)
})

test_that("a table of genes says which of them tumours lose", {
  world <- design_world()
  genes <- world$genes[1:8]
  table <- data.frame(gene = genes, lost = c(0, .009, .01, .5, NA, 0, 1, .02))
  lost <- genes[c(3, 4, 7, 8)]
  library <- world$genes[21:60]
  by_table <- musl_design(world$fit, 2, table, library = library)
  expect_identical(
    by_table, musl_design(world$fit, 2, lost, library = library)
  )
  flags <- data.frame(gene = genes, lost = genes %in% lost)
  expect_identical(
    musl_design(world$fit, 2, flags, library = library), by_table
  )
  table$lost <- 100 * table$lost
  expect_input_error(musl_design(world$fit, 2, table))
  flags$lost <- FALSE
  expect_input_error(musl_design(world$fit, 2, flags))
})

test_that("without candidates, genes are those that one would knock out", {
  known <- sprintf("G%d", 1:6)
  facts <- list(
    genes = known, dependent = c(0, .6, NA, .1, .2, .95),
    expressed = c(1, 1, 1, NA, .8, 1), judged = rep(TRUE, 6), in_line = FALSE
  )
  # Those that nearly all lines need are left out wherever they come from.
  expect_identical(losable_genes(known, facts), c("G1", "G5", "G6"))
  facts$dependent[] <- NA
  expect_identical(losable_genes(known, facts), setdiff(known, "G4"))
  expect_identical(losable_genes(known, NULL), known)
})

test_that("a network answers, too", {
  skip_without_backend()
  design <- musl_design(tiny_model(), 2, musl_genes(tiny_data())[1:10])
  expect_identical(nrow(design), 2L)
  expect_true(all(is.na(design$relation)))
  expect_true(all(design$expected > 0))
  # The model knows so few genes that all their pairs are the genome's: what is
  # expected of all together is the share of hits, whatever it is.
  genes <- musl_genes(tiny_data())
  pairs <- as.data.frame(t(utils::combn(genes, 2)))
  names(pairs) <- c("gene_a", "gene_b")
  fit <- tiny_model()
  fit@known <- fit@known[0, ]
  for (prior in c(.01, .2)) {
    all <- musl_design(fit, 1, pairs, prior = prior, diversity = 0)
    expect_lt(abs(attr(all, "against")$mean / prior - 1), 0.1)
  }
})

test_that("pairs of the training screens are not new to a network either", {
  skip_without_backend()
  d <- musl_simulate("small", screens = TRUE, seed = 1)
  labelled <- musl_pairs(d)
  measured <- labelled[labelled$measured, c("gene_a", "gene_b")]
  others <- data.frame(gene_a = "SIM001", gene_b = musl_genes(d)[-1])
  key <- function(x) paste(x$gene_a, x$gene_b)
  new <- others[!key(others) %in% key(labelled), ]
  design <- musl_design(
    musl_example_model(), 400, rbind(unique(measured), others),
    scorers = "musl", diversity = 0
  )
  expect_setequal(key(design), key(new))
  anchor <- musl_design(musl_example_model(), 1, "SIM001", scorers = "musl")
  expect_identical(anchor$n_pairs, nrow(new))
  expect_identical(anchor$n_known, 199L - nrow(new))
})

test_that("wrong arguments are refused by name", {
  world <- design_world()
  refused <- function(class, ...) {
    expect_error(
      suppressWarnings(musl_design(world$fit, ...)),
      class = paste0("musl_error_", class)
    )
  }
  refused("input", 0)
  refused("input", 1, diversity = -1)
  refused("input", 1, candidates = 3)
  refused("gene", 1, candidates = "NOGENE")
  refused("gene", 1, library = "NOGENE")
  refused("input", 1, prior = 0)
  refused("input", 1, candidates = data.frame(x = 1))
  pairs <- data.frame(gene_a = world$genes[[1]], gene_b = world$genes[[2]])
  refused("input", 1, candidates = pairs, library = world$genes)
  refused("input", 1, candidates = pairs[0, ])
  expect_warning(
    musl_design(world$fit, 1, candidates = c(world$genes[[1]], "NOGENE")),
    class = "musl_warning_unknown_gene"
  )
})

test_that("a design is printed with what chance expects, and drawn", {
  world <- design_world()
  design <- musl_design(world$fit, 4, world$genes[1:10])
  expect_output(print(design), "4 anchors: .* new hits expected")
  expect_output(print(design), "4 at random of 10")
  expect_output(print(design), "if 1.35 % of all pairs are hits", fixed = TRUE)
  other <- musl_design(world$fit, 4, world$genes[1:10], prior = 0.2)
  expect_output(print(other), "if 20 % of all pairs are hits", fixed = TRUE)
  expect_output(print(musl_design(world$fit, 1, world$genes)), " 1 anchor: ")
  expect_output(print(musl_design(world$fit, 2, world$genes)), " 2 anchors: ")
  # Without the column that the first lines tell of, only the table is printed.
  rest <- utils::capture.output(print(design[c("anchor", "like")]))
  expect_match(rest[[1]], "^# A tibble: 4 x 2|^# A tibble: 4 \u00d7 2")
  shown <- ggplot2::autoplot(design, n = 3)
  expect_silent(ggplot2::ggplot_build(shown))
  expect_equal(shown$data$value[4:6], design$cumulative[1:3])
  expect_equal(shown$data$random[[2]], random_hits(attr(design, "against"), 2))
})

test_that("what only rounding tells apart is a tie, and the first is chosen", {
  alike <- function(i) numeric(3)
  expected <- c(2, 1 / 3, 1 / 3 + 1e-12)
  chosen <- choose_in_turn(
    expected, list(budget = 3, diversity = 1), alike, alike
  )
  expect_identical(chosen$row, 1:3)
})

test_that("facts of anchors are means by probability over new pairs", {
  pairs <- data.frame(
    gene_a = c("A", "A", "A", "B", "C"), gene_b = c("P", "Q", "R", "P", "P"),
    known = c(FALSE, FALSE, TRUE, TRUE, FALSE), p = c(0.1, 0.3, 0.9, 0.5, NA),
    relation = c(1, 2, 9, 9, 9), single_gene = c(4, 0, 9, 9, 9)
  )
  facts <- anchor_facts(pairs, c("A", "B", "C"))
  expect_equal(facts$expected, c(0.4, 0, 0))
  expect_identical(facts$n_pairs, c(2L, 0L, 0L))
  expect_identical(facts$n_known, c(1L, 1L, 0L))
  expect_equal(facts$relation, c(0.7 / 0.4, NA, NA))
  expect_equal(facts$single_gene, c(1, NA, NA))
})
