predicted <- function(n = 40, score = rev(seq_len(n))) {
  tibble::tibble(
    anchor = "A", partner = sprintf("G%02d", seq_len(n)), .score = score
  )
}

# A table of hits and strengths by name.
screen_table <- function(n = 40, seed = 2) {
  with_seed_kept(seed, {
    strength <- round(rev(seq_len(n)) / 10 + stats::rnorm(n), 1)
  })
  data.frame(
    gene = sprintf("G%02d", seq_len(n)), strength = strength,
    hit = strength > 3
  )
}

own <- c(gene = "gene", strength = "strength", hit = "hit")

compared <- function(predictions = predicted(), screen = screen_table(), ...,
                     k = c(5, 10), bootstrap = 50, seed = 1) {
  musl_compare(
    predictions, screen,
    columns = own, k = k, bootstrap = bootstrap, seed = seed, ...
  )
}

estimate_of <- function(out, metric) {
  out$.estimate[out$.metric == metric]
}

test_that("measures are those of plain R", {
  predictions <- predicted()
  screen <- screen_table()
  out <- compared(predictions, screen)
  n_hits <- sum(screen$hit)
  expect_identical(unique(out$n_genes), 40L)
  expect_identical(unique(out$n_hits), n_hits)
  rank <- rank(predictions$.score)
  auroc <- (sum(rank[screen$hit]) - n_hits * (n_hits + 1) / 2) /
    (n_hits * (40 - n_hits))
  expect_equal(estimate_of(out, "auroc"), auroc)
  expect_equal(
    estimate_of(out, "spearman"),
    stats::cor(predictions$.score, screen$strength, method = "spearman")
  )
  at <- out[out$.metric == "enrichment_10", ]
  hits <- sum(screen$hit[1:10])
  expect_identical(at$hits, as.double(hits))
  expect_equal(at$expected, 10 * n_hits / 40)
  expect_equal(at$.estimate, hits / at$expected)
  expect_equal(at$p_value, stats::phyper(
    hits - 1, n_hits, 40 - n_hits, 10,
    lower.tail = FALSE
  ))
  limits <- stats::qhyper(c(0.025, 0.975), n_hits, 40 - n_hits, 10)
  expect_equal(at$chance_lower, limits[[1]] / at$expected)
  expect_equal(at$chance_upper, limits[[2]] / at$expected)
  genes <- augment(out)
  expect_identical(genes$gene, predictions$partner)
  expect_identical(genes$hit, screen$hit)
})

test_that("a joint rank is that of both normal scores", {
  screen <- screen_table()
  screen$strength[c(3, 8, 9)] <- 2
  score <- replace(rev(seq_len(40)), 4:6, 36)
  genes <- augment(compared(predicted(score = score), screen))
  normal <- function(x) stats::qnorm((rank(x) - 0.5) / length(x))
  expect_equal(
    genes$joint, (normal(genes$.score) + normal(genes$strength)) / sqrt(2),
    tolerance = 1e-8
  )
  expect_identical(genes$joint_rank, rank(-genes$joint, ties.method = "first"))
  # Neither scale matters.
  other <- screen
  other$strength <- exp(other$strength)
  again <- augment(compared(predicted(score = score / 100), other))
  expect_equal(again$joint, genes$joint)
})

test_that("AUPRC is the mean precision at hits where scores are distinct", {
  screen <- screen_table()
  precision <- cumsum(screen$hit) / seq_along(screen$hit)
  expect_equal(
    estimate_of(compared(screen = screen), "auprc"),
    mean(precision[screen$hit])
  )
})

test_that("the order of rows of either table does not matter", {
  predictions <- predicted()
  screen <- screen_table()
  turned <- compared(predictions[40:1, ], screen[c(7:40, 1:6), ])
  expect_identical(compared(predictions, screen), turned)
})

test_that("intervals hold the estimate and come again with the seed", {
  out <- compared(interval = 0.9, bootstrap = 200)
  expect_true(all(out$.lower <= out$.estimate & out$.estimate <= out$.upper))
  expect_identical(out, compared(interval = 0.9, bootstrap = 200, threads = 3))
  narrow <- compared(interval = 0.5, bootstrap = 200)
  expect_true(all(narrow$.upper - narrow$.lower <= out$.upper - out$.lower))
})

test_that("a perfect ranking reaches all there is to reach", {
  screen <- screen_table()
  predictions <- predicted(score = screen$strength)
  out <- compared(predictions, screen, k = c(1, 5, 50))
  expect_equal(estimate_of(out, "auroc"), 1)
  expect_equal(estimate_of(out, "auprc"), 1)
  expect_equal(estimate_of(out, "spearman"), 1)
  expect_equal(estimate_of(out, "enrichment_5"), 40 / sum(screen$hit))
  # A depth beyond the genes is left out.
  expect_false("enrichment_50" %in% out$.metric)
})

test_that("hits among ties are their mean over orders", {
  screen <- screen_table()
  out <- compared(predicted(score = rep(1, 40)), screen)
  at <- out[out$.metric == "enrichment_10", ]
  expect_equal(at$hits, 10 * mean(screen$hit))
  expect_equal(estimate_of(out, "auroc"), 0.5)
  expect_true(is.na(estimate_of(out, "spearman")))
})

test_that("pairs of an anchor may have it at either end", {
  predictions <- predicted()
  pairs <- tibble::tibble(
    gene_a = ifelse(1:40 %% 2 == 0, "A", predictions$partner),
    gene_b = ifelse(1:40 %% 2 == 0, predictions$partner, "A"),
    .score = predictions$.score
  )
  expect_identical(compared(pairs), compared(predictions))
  further <- rbind(pairs, data.frame(gene_a = "B", gene_b = "C", .score = 1))
  expect_identical(compared(further, anchor = "A"), compared(predictions))
  expect_error(compared(further), class = "musl_error_input")
})

test_that("without hits what needs them is NA", {
  screen <- screen_table()
  screen$hit <- FALSE
  expect_warning(out <- compared(screen = screen), "0 of 40",
    class = "musl_warning_other"
  )
  needing <- out$.metric != "spearman"
  expect_identical(is.na(out$.estimate), needing)
  expect_identical(is.na(out$.lower), needing)
})

test_that("tables that cannot be compared are refused", {
  predictions <- predicted()
  screen <- screen_table()
  other <- screen
  other$gene <- paste0("ENSG", 1:40)
  expect_error(compared(predictions, other), "ENSG1", class = "musl_error_gene")
  twice <- rbind(screen, screen[3, ])
  expect_error(compared(predictions, twice), "G03", class = "musl_error_gene")
  doubled <- rbind(predictions, predictions[4, ])
  expect_error(compared(doubled), "G04", class = "musl_error_gene")
  two <- predictions
  two$anchor[1] <- "B"
  expect_error(compared(two), "anchor", class = "musl_error_input")
  expect_error(compared(anchor = "Z"), "Z", class = "musl_error_gene")
  expect_error(compared(predictions[-3]), ".score", class = "musl_error_input")
  expect_error(compared(predictions[-1]), "gene_a", class = "musl_error_input")
  expect_error(compared(1), class = "musl_error_input")
  expect_error(compared(screen = 1), class = "musl_error_input")
  for (k in list(0, c(1, Inf), c(1, NA), c(1, 2.5), "1", integer())) {
    expect_error(compared(k = k), class = "musl_error_input")
  }
  expect_error(compared(interval = 1), class = "musl_error_input")
})

test_that("rows without a value are left out with a message", {
  screen <- screen_table()
  screen$strength[2] <- NA
  expect_message(out <- compared(screen = screen), "G02")
  expect_identical(unique(out$n_genes), 39L)
  predictions <- predicted()
  predictions$.score[1:3] <- NA
  expect_identical(unique(compared(predictions)$n_genes), 37L)
})

test_that("a list read from a file keeps its order", {
  # In the order of `rank`, which is not that of the score.
  list <- predicted(score = rep(c(2, 1, 3, 0), 10))
  list$rank <- rev(seq_len(40))
  path <- withr::local_tempfile(fileext = ".csv")
  musl_write_csv(list, path)
  out <- compared(utils::read.csv(path))
  expect_identical(augment(out)$gene, rev(list$partner))
  hit <- screen_table()$hit
  better <- outer(list$rank[hit], list$rank[!hit], "<")
  expect_equal(estimate_of(out, "auroc"), mean(better))
  expect_equal(
    compared(new_musl_partners(list))$.estimate, out$.estimate
  )
  # A column that is no rank of a list changes nothing.
  list$rank[3] <- NA
  expect_identical(augment(compared(list))$.score, sort(list$.score, TRUE))
})

test_that("partners that the user left out as known are not missed", {
  fit <- explored_fit()
  known <- fit@known[fit@known$label == "SL", ]
  anchor <- names(which.max(table(c(known$gene_a, known$gene_b))))
  listed <- function(...) musl_partners(fit, anchor, n = Inf, ...)
  all <- listed()
  screen <- data.frame(
    gene = all$partner, strength = seq_len(nrow(all)),
    hit = seq_len(nrow(all)) %% 3 == 0
  )
  left <- listed(known = "drop")
  expect_identical(left$partner, all$partner[!all$known])
  expect_lt(nrow(left), compared_share * nrow(all))
  expect_warning(out <- compared(left, screen), NA)
  expect_identical(out$n_genes[[1]], nrow(left))
  expect_warning(
    compared(left[seq_len(nrow(left) / 2), ], screen),
    paste(nrow(left) %/% 2, "of", nrow(left)),
    class = "musl_warning_other"
  )
})

test_that("the plots show enrichment with chance, and the ranking", {
  out <- compared()
  plot <- ggplot2::autoplot(out)
  expect_identical(plot$data$k, c(5L, 10L))
  expect_silent(ggplot2::ggplot_build(plot))
  ranking <- ggplot2::autoplot(out, "ranking")
  expect_setequal(ranking$data$gene, predicted()$partner)
  expect_silent(ggplot2::ggplot_build(ranking))
  none <- compared(k = 99)
  expect_error(ggplot2::autoplot(none), class = "musl_error_input")
})

test_that("a list cut short is warned of with both numbers", {
  expect_warning(
    out <- compared(predicted()[1:20, ]), "20 of 40",
    class = "musl_warning_other"
  )
  expect_identical(unique(out$n_genes), 20L)
  expect_warning(compared(predicted()[1:36, ]), NA)
})

# Predictions of three anchors, and their screens as one table.
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

test_that("pairs without the anchor are not those of its list", {
  pairs <- data.frame(
    gene_a = c("A", "B", "C"), gene_b = c("B", "C", "A"), .score = 3:1
  )
  list <- anchored_pairs(pairs, "A", NULL)
  expect_identical(list$partner, c("B", "C"))
  expect_identical(list$.score, c(3L, 1L))
})
