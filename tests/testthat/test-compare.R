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

test_that("the order of rows of either table does not matter", {
  predictions <- predicted()
  screen <- screen_table()
  turned <- compared(predictions[40:1, ], screen[c(7:40, 1:6), ])
  expect_identical(compared(predictions, screen), turned)
})

test_that("intervals hold the estimate and come again with the seed", {
  out <- compared(bootstrap = 200)
  expect_true(all(out$.lower <= out$.estimate & out$.estimate <= out$.upper))
  expect_identical(out, compared(bootstrap = 200, threads = 3))
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
  expect_identical(compared(k = c(5, 2^31 - 1)), compared(k = 5))
  cnd <- expect_input_error(compared(k = c(5, 1e10)))
  expect_identical(cnd$argument, "k")
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
  expect_input_error(compared(further))
  for (anchor in list(c("A", "B"), data.frame(gene = "A"), tiny_data())) {
    cnd <- expect_input_error(compared(further, anchor = anchor))
    expect_identical(cnd$argument, "anchor")
  }
})

test_that("without hits what needs them is NA", {
  screen <- screen_table()
  screen$hit <- FALSE
  expect_musl_warning(out <- compared(screen = screen), "0 of 40")
  needing <- out$.metric != "spearman"
  expect_identical(is.na(out$.estimate), needing)
  expect_identical(is.na(out$.lower), needing)
})

test_that("tables that cannot be compared are refused", {
  predictions <- predicted()
  screen <- screen_table()
  other <- screen
  other$gene <- paste0("ENSG", 1:40)
  expect_gene_error(compared(predictions, other), "ENSG1")
  twice <- rbind(screen, screen[3, ])
  expect_gene_error(compared(predictions, twice), "G03")
  doubled <- rbind(predictions, predictions[4, ])
  expect_gene_error(compared(doubled), "G04")
  two <- predictions
  two$anchor[1] <- "B"
  expect_input_error(compared(two), "anchor")
  expect_gene_error(compared(anchor = "Z"), "Z")
  expect_input_error(compared(predictions[-3]), ".score")
  expect_input_error(compared(predictions[-1]), "gene_a")
  expect_input_error(compared(1))
  expect_input_error(compared(screen = 1))
  for (k in list(0, c(1, Inf), c(1, NA), c(1, 2.5), "1", integer())) {
    expect_input_error(compared(k = k))
  }
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
  utils::write.csv(list, path, row.names = FALSE)
  out <- compared(utils::read.csv(path))
  expect_identical(augment(out)$gene, rev(list$partner))
  hit <- screen_table()$hit
  better <- outer(list$rank[hit], list$rank[!hit], "<")
  expect_equal(estimate_of(out, "auroc"), mean(better))
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
  expect_musl_warning(
    compared(left[seq_len(nrow(left) / 2), ], screen),
    paste(nrow(left) %/% 2, "of", nrow(left))
  )
})
