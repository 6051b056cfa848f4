# Constructs, lines, power and expected hits of a planned screen.

pairs_of <- function(a, b, p = 0.1) {
  data.frame(gene_a = a, gene_b = b, .pred_SL = p)
}

source_guides <- function() {
  data <- Sys.getenv("MUSL_DATA")
  skip_if(!nzchar(data), "needs MUSL_DATA")
  utils::read.delim(gzfile(file.path(data, "guides", "minlib.tsv.gz")))
}

test_that("guides of random pairs are those of their genes in the source", {
  source <- source_guides()
  genes <- setdiff(unique(source$gene), "CONTROL")
  drawn <- withr::with_seed(1, matrix(sample(genes, 400), 200))
  plan <- musl_experiment(pairs_of(drawn[, 1], drawn[, 2]))
  x <- plan$guides[plan$guides$kind == "pair", ]
  expect_equal(nrow(x), 200 * 4)
  known <- paste(source$gene, source$guide)
  expect_true(all(paste(x$gene_1, x$guide_1) %in% known))
  expect_true(all(paste(x$gene_2, x$guide_2) %in% known))
  expect_true(all(nchar(c(x$guide_1, x$guide_2)) == 20))
  expect_equal(anyDuplicated(plan$guides[c("guide_1", "guide_2")]), 0)
  expect_equal(anyDuplicated(plan$guides$construct), 0)
})

test_that("singles and controls are there, in two layouts", {
  plan <- musl_experiment(pairs_of("STAG2", c("STAG1", "PDS5A", "STAG1")))
  expect_equal(nrow(plan$pairs), 2)
  n <- table(plan$guides$kind)
  # Three genes and four of the positive controls, two guides with two safe.
  expect_equal(n[["pair"]], 8)
  expect_equal(n[["positive_control"]], 8)
  expect_equal(n[["single"]], 7 * 4)
  expect_equal(n[["essential_control"]], 3 * 4)
  expect_gt(n[["safe_control"]], 0)
  expect_equal(n[["nontargeting_control"]], 10)
  gimap <- tidy(plan, "gimap")
  expect_setequal(gimap$target_type, c("gene_gene", "gene_ctrl", "ctrl_ctrl"))
  expect_identical(gimap$gRNA1_seq, plan$guides$guide_1)
  mageck <- tidy(plan, "mageck")
  expect_named(mageck, c("id", "sequence", "gene"))
  expect_identical(mageck$gene[[1]], "STAG2|STAG1")
  expect_equal(anyDuplicated(mageck$sequence), 0)
})

test_that("lines lost the anchor or kept it, in the source", {
  data <- Sys.getenv("MUSL_DATA")
  skip_if(!nzchar(data), "needs MUSL_DATA")
  read <- function(...) utils::read.delim(gzfile(file.path(data, ...)))
  lost <- read("genes", "lof_mutations.tsv.gz")
  looked <- read("genes", "lof_models.tsv.gz")
  models <- read("dependency", "contexts_26q1_models.tsv.gz")
  lines <- musl_experiment(pairs_of("STAG2", "STAG1"))$lines
  has <- lines$line %in% lost$model[lost$gene == "STAG2"]
  expect_identical(lines$state == "lost", has)
  expect_true(all(lines$line %in% looked$model))
  expect_identical(
    lines$lineage, models$lineage[match(lines$line, models$line)]
  )
  expect_true(all(lines$lineage %in% lines$lineage[has]))
  lung <- musl_experiment(pairs_of("STAG2", "STAG1"), lines = "lung")$lines
  expect_setequal(lung$lineage, "Lung")
  bladder <- musl_experiment(pairs_of("RB1", "SKP2"), lines = "bladder")$lines
  expect_setequal(bladder$lineage, "Bladder/Urinary Tract")
  # No line is listed for these: how to make one is said.
  none <- musl_experiment(pairs_of("GAPDHS", "GAPDH"))
  expect_equal(nrow(none$lines), 0)
  expect_output(print(none), "knock it out")
})

test_that("lines that lack most partners are left out", {
  pairs <- pairs_of("STAG2", c("STAG1", "PDS5A"))
  all <- musl_experiment(pairs)$lines
  lost <- all[all$state == "lost", ]
  # The first line expresses one of both, the second none, by id and by name.
  levels <- matrix(
    c(5, 0, 0, 0.5), 2,
    dimnames = list(c("STAG1", "PDS5A"), c(lost$line[[1]], lost$name[[2]]))
  )
  found <- musl_experiment(pairs, expression = levels)$lines
  expect_identical(found$expressed[found$line == lost$line[[1]]], 0.5)
  expect_false(lost$line[[2]] %in% found$line)
  others <- setdiff(found$line, lost$line[[1]])
  expect_true(all(is.na(found$expressed[found$line %in% others])))
  # Nine lines are known without any.
  known <- human_levels()
  expect_identical(dim(known), c(length(musl_human_model()@genes), 9L))
  here <- gene_facts(musl_human_model(), list(context = colnames(known)[[1]]))
  level <- known[!is.nan(known[, 1]), 1]
  expect_equal(
    1 / (1 + exp(-3 * (level - 1))),
    here$expressed[match(names(level), here$genes)],
    tolerance = 1e-6, ignore_attr = TRUE
  )
  colnames(levels) <- c("my line", "another")
  for (bad in list(levels, -levels, "lung")) {
    cnd <- expect_input_error(musl_experiment(pairs, expression = bad))
    expect_identical(cnd$argument, "expression")
  }
})

test_that("expected hits are those of independent pairs", {
  plan <- musl_experiment(pairs_of("STAG2", c("STAG1", "PDS5A", "RAD21"), 0.3))
  expect_equal(plan$expected$expected, 0.9)
  # Binomial quantiles.
  expect_equal(plan$expected$.lower, stats::qbinom(0.025, 3, 0.3))
  expect_equal(plan$expected$.upper, stats::qbinom(0.975, 3, 0.3))
  rescued <- pairs_of("TP53", c("MDM2", "CHEK1"), 0.5)
  rescued$status <- c("rescued", "selective")
  expect_equal(musl_experiment(rescued)$expected$expected, 0.5)
})

# Screens of constructs, tested in R: the share of interactions that are called.
simulated_power <- function(n, share, effect, guides, sd, n_controls, fdr) {
  constructs <- guides^2
  called <- withr::with_seed(1, vapply(seq_len(2000), function(i) {
    hit <- stats::runif(n) < share
    y <- matrix(stats::rnorm(n * constructs, -effect * hit, sd), n)
    controls <- stats::rnorm(n_controls, 0, sd)
    df <- n * (constructs - 1) + n_controls - 1
    within <- sum((y - rowMeans(y))^2) + sum((controls - mean(controls))^2)
    t <- rowMeans(y) / sqrt(within / df / constructs)
    found <- stats::p.adjust(stats::pt(t, df), "BH") <= fdr
    c(sum(found & hit), sum(hit))
  }, c(0, 0)))
  sum(called[1, ]) / sum(called[2, ])
}

test_that("power is that of simulated screens", {
  settings <- list(
    list(n = 5, share = .1, guides = 2, replicates = 3, fdr = .1),
    list(n = 20, share = .3, guides = 2, replicates = 6, fdr = .1),
    list(n = 20, share = .05, guides = 4, replicates = 3, fdr = .1),
    list(n = 60, share = .12, guides = 3, replicates = 4, fdr = .05),
    list(n = 100, share = .5, guides = 2, replicates = 2, fdr = .2)
  )
  for (one in settings) {
    genes <- utils::head(setdiff(MuSL:::package_table("guides")$table$gene, c(
      "CONTROL", "STAG2"
    )), one$n)
    # Own guides, as MinLibCas9 has two.
    table <- MuSL:::power_table(
      rep(one$share, one$n), one$guides, one$replicates, one$fdr, 13
    )
    row <- table[
      table$effect == "typical" & table$replicates == one$replicates,
    ]
    noise <- MuSL:::screen_noise
    expected <- simulated_power(
      one$n, one$share, -row$size, one$guides,
      sqrt(noise$construct^2 + noise$replicate^2 / one$replicates), 13, one$fdr
    )
    expect_lt(abs(row$power - expected), .03)
  }
})

test_that("the noise and the effects are those of the measured screen", {
  data <- Sys.getenv("MUSL_DATA")
  skip_if(!nzchar(data), "needs MUSL_DATA")
  x <- utils::read.delim(gzfile(file.path(data, "screens", "screens.tsv.gz")))
  x <- x[x$study == "Parrish", ]
  of <- function(line) x[x$line == line, ]
  a <- of("HELA")
  b <- of("PC9")
  b <- b[match(paste(a$gene_a, a$gene_b), paste(b$gene_a, b$gene_b)), ]
  hit_a <- a$parrish_gi < -.5 & a$fdr < .1
  hit_b <- b$parrish_gi < -.5 & b$fdr < .1
  none <- !hit_a & !hit_b
  s <- stats::cov(cbind(a$parrish_gi, b$parrish_gi)[none, ])
  noise <- MuSL:::screen_noise
  expect_equal(noise$construct^2, 16 * s[1, 2], tolerance = .02)
  expect_equal(
    noise$replicate^2, 48 * (mean(diag(s)) - s[1, 2]), tolerance = .02
  )
  effect <- c(b$parrish_gi[hit_a], a$parrish_gi[hit_b])
  pairs <- rbind(a[hit_a, ], a[hit_b, ])[c("gene_a", "gene_b")]
  p <- suppressWarnings(predict(musl_human_model(), pairs))$.pred_SL
  cuts <- MuSL:::screen_effects
  by <- split(-effect, findInterval(p, cuts$from))
  for (i in seq_along(by)) {
    found <- stats::quantile(by[[i]], c(.25, .5, .75))
    expect_lt(max(abs(found - unlist(cuts[i, -1]))), .03)
  }
})

test_that("power grows with replicates and is drawn", {
  plan <- musl_experiment(pairs_of("STAG2", "STAG1"), replicates = 7)
  expect_true(7 %in% plan$power$replicates)
  by <- split(plan$power, plan$power$effect)
  for (x in by) expect_false(is.unsorted(x$power[order(x$replicates)]))
  plot <- autoplot(plan)
  expect_s3_class(plot, "ggplot")
  expect_identical(plot$data, plan$power)
  expect_output(print(plan), "Power with 7 replicates")
})

test_that("a list goes to an order sheet in three lines", {
  file <- withr::local_tempfile(fileext = ".csv")
  plan <- musl_partners(musl_human_model(), "STAG2", n = 5) |>
    musl_experiment(lines = "lung", write = file)
  written <- utils::read.csv(file)
  expect_equal(written, as.data.frame(plan$guides))
  expect_error(musl_experiment(pairs_of("STAG2", "STAG1"), write = file),
    class = "musl_error_input"
  )
})

test_that("a user's own guides are taken, wrong ones refused", {
  own <- data.frame(
    Gene = rep(c("STAG2", "STAG1"), each = 3),
    sequence = paste0(strrep("ACGT", 4), c(
      "AAAA", "AAAC", "AAAG", "AAAT", "AACA", "AACC"
    ))
  )
  plan <- musl_experiment(pairs_of("STAG2", "STAG1"), guides = 3, library = own)
  x <- plan$guides[plan$guides$kind == "pair", ]
  expect_equal(nrow(x), 9)
  expect_true(all(c(x$guide_1, x$guide_2) %in% own$sequence))
  refused <- function(library) {
    expect_error(
      musl_experiment(pairs_of("STAG2", "STAG1"), library = library),
      class = "musl_error_input"
    )
  }
  own$sequence[2] <- substr(own$sequence[2], 1, 19)
  refused(own)
  refused(data.frame(a = "STAG2", b = "x"))
  refused("STAG2")
})

test_that("what can't be planned is refused by class", {
  expect_error(musl_experiment(pairs_of("NOGENE", "NONE")),
    class = "musl_error_gene"
  )
  expect_warning(
    plan <- musl_experiment(pairs_of("STAG2", c("STAG1", "NONE"))),
    class = "musl_warning_other"
  )
  expect_equal(nrow(plan$pairs), 1)
  refused <- function(...) {
    expect_error(musl_experiment(...), class = "musl_error_input")
  }
  one <- pairs_of("STAG2", "STAG1")
  refused(one[0, ])
  refused(one[1:2])
  refused(pairs_of("STAG2", "STAG1", 2))
  refused(one, lines = "moon")
  refused(one, replicates = 0)
  refused(one, fdr = 2)
  refused(one, write = 1)
})
