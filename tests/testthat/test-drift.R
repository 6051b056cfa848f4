# Profiles of genes that share a factor, with the level and spread of each gene
# drawn once for all cohorts.
cohort <- function(n_samples, seed, n_genes = 300) {
  genes <- sprintf("G%03d", seq_len(n_genes))
  nature <- withr::with_seed(99, list(
    level = rnorm(n_genes, 6, 2), spread = runif(n_genes, 0.4, 1.5),
    loading = runif(n_genes)
  ))
  withr::with_seed(seed, {
    common <- rnorm(n_samples)
    noise <- matrix(rnorm(n_genes * n_samples), n_genes)
    x <- nature$level + nature$spread * (outer(nature$loading, common) + noise)
    dimnames(x) <- list(genes, paste0("s", seq_len(n_samples)))
    x
  })
}

described <- function(x, scale = "log") {
  cohort <- tiny_cohort("bulk", x)
  cohort$scale <- scale
  describe_cohort(cohort)
}

moved <- function(known, x, scale = "log") {
  cohort <- tiny_cohort("bulk", x)
  cohort$scale <- scale
  compare_cohort(known, cohort)
}

flagged <- function(...) {
  rows <- moved(...)
  rows$statistic[rows$flag %in% TRUE]
}

test_that("another cohort of the same kind is not flagged", {
  known <- described(cohort(100, 1))
  for (seed in 2:6) {
    rows <- moved(known, cohort(80, seed))
    expect_identical(rows$flag, c(FALSE, FALSE, FALSE, FALSE, NA))
    expect_identical(rows$cohort, rep("bulk", 5))
  }
  same <- moved(known, cohort(100, 1))
  expect_identical(same$shift, c(0, 0, 0, 0, NA))
  expect_identical(same$model[1:3], same$data[1:3])
})

test_that("statistics are medians over the genes of plain formulas", {
  x <- cohort(40, 1)
  rows <- moved(described(cohort(100, 2)), x)
  expect_identical(
    rows$statistic, c("mean", "sd", "correlation", "location", "n_samples")
  )
  spread <- apply(x, 1, function(values) sqrt(mean((values - mean(values))^2)))
  chosen <- x[, floor(0:31 * 40 / 32) + 1]
  between <- cor(t(chosen))
  expect_equal(rows$data[1:3], c(
    median(rowMeans(x)), median(spread), median((rowSums(between) - 1) / 299)
  ), tolerance = 1e-3)
  expect_identical(rows$model[[5]], 100)
  expect_identical(rows$data[[5]], 40)
})

test_that("shifted, stretched and decorrelated expression is flagged", {
  known <- described(cohort(100, 1))
  new <- cohort(100, 2)
  expect_setequal(flagged(known, new + 2), c("mean", "location"))
  expect_identical(flagged(known, new + 1), "location")
  centre <- rowMeans(new)
  expect_identical(flagged(known, centre + 2 * (new - centre)), "sd")
  apart <- t(apply(new, 1, function(x) withr::with_seed(1, sample(x))))
  for (i in seq_len(nrow(new))) {
    apart[i, ] <- withr::with_seed(i, sample(new[i, ]))
  }
  expect_identical(flagged(known, apart), "correlation")
  # Linear values are logged to another base than the model's were.
  expect_true("mean" %in% flagged(known, 2^new, "linear"))
})

test_that("a panel of genes is compared with the same genes of training", {
  known <- described(cohort(100, 1))
  new <- cohort(100, 2)
  high <- order(rowMeans(new), decreasing = TRUE)[1:60]
  rows <- moved(known, new[high, ])
  expect_identical(rows$flag, c(FALSE, FALSE, NA, FALSE, NA))
  expect_equal(rows$model[[1]], rows$data[[1]], tolerance = 0.02)
  shuffled <- new[sample(nrow(new)), ]
  expect_identical(moved(known, shuffled), moved(known, new))
})

test_that("few samples and no common gene leave statistics out", {
  known <- described(cohort(100, 1))
  few <- moved(known, cohort(5, 2))
  expect_identical(is.na(few$shift), c(FALSE, TRUE, TRUE, FALSE, TRUE))
  one <- moved(known, cohort(1, 2))
  expect_identical(is.na(one$shift), c(FALSE, TRUE, TRUE, FALSE, TRUE))
  ten <- moved(described(cohort(10, 1)), cohort(100, 2))
  expect_identical(is.na(ten$shift), c(FALSE, FALSE, TRUE, FALSE, TRUE))
  foreign <- cohort(100, 2)
  rownames(foreign) <- paste0("other", rownames(foreign))
  expect_true(all(is.na(moved(known, foreign)$shift)))
  constant <- matrix(7, 300, 100, dimnames = dimnames(cohort(100, 1)))
  expect_true("sd" %in% flagged(known, constant))
  expect_identical(flagged(described(constant), constant), character())
})

test_that("of fewer than ten samples a model keeps no statistics", {
  known <- described(cohort(9, 1))
  expect_identical(known$statistics, list())
  expect_true(all(is.na(moved(known, cohort(100, 2))$flag)))
})

test_that("sparse expression gives what dense expression gives", {
  x <- round(pmax(cohort(70, 1), 0))
  expect_identical(described(as_sparse(x)), described(x))
  expect_identical(
    moved(described(x), as_sparse(x[100:1, ])), moved(described(x), x[100:1, ])
  )
})

test_that("new data unlike those of training are named in one warning", {
  fit <- tiny_model()
  data <- tiny_data()
  pairs <- data@pairs[1:3, ]
  expect_no_warning(predict(fit, pairs, data = data))
  # The whole cohort counts, not the samples looked at.
  expect_no_warning(predict(fit, pairs, data = data, context = c("s01", "s02")))
  other <- data
  assay <- other@cohorts$bulk$assays$expression
  other@cohorts$bulk$assays$expression <- 3 * assay
  cnd <- expect_warning(
    predict(fit, pairs, data = other), "bulk.*location .shift .*limit",
    class = "musl_warning_distribution"
  )
  expect_identical(unique(cnd$drift$cohort), "bulk")
})

# Triples what `fit` was trained on and counts the warnings of each question.
warnings_of_moved <- function(fit, data) {
  for (name in names(data@cohorts)) {
    assay <- data@cohorts[[name]]$assays[[1]]
    data@cohorts[[name]]$assays[[1]] <- 3 * assay
  }
  g <- utils::head(fit@genes[fit@n_seen > 0], 8)
  pairs <- data.frame(gene_a = g[1:4], gene_b = g[5:8])
  count <- function(expr) {
    n <- 0L
    withCallingHandlers(expr, musl_warning_distribution = function(cnd) {
      n <<- n + 1L
    }, warning = rlang::cnd_muffle, message = rlang::cnd_muffle)
    n
  }
  c(
    predict = count(predict(fit, pairs, data = data)),
    partners = count(musl_partners(fit, g[1:2], data = data)),
    explain = count(musl_explain(fit, g[[1]], g[[2]], data = data)),
    anchors = count(
      musl_design(fit, 2, candidates = g[1:4], library = g[5:8], data = data)
    ),
    pairs = count(musl_design(fit, 2, candidates = pairs, data = data))
  )
}

test_that("every question about data that have moved warns once", {
  of_network <- warnings_of_moved(tiny_model(), tiny_data())
  expect_identical(unname(of_network), rep(1L, length(of_network)))
  data <- measured_data()
  fit <- measured_fit(data, scorers = "features")
  of_members <- warnings_of_moved(fit, data)
  expect_identical(of_members, of_network)
})

test_that("musl_drift() tells each cohort apart and refuses unknown ones", {
  data <- tiny_data()
  rows <- musl_drift(tiny_model(), data)
  expect_named(
    rows, c("cohort", "statistic", "model", "data", "shift", "limit", "flag")
  )
  expect_identical(nrow(rows), 5L)
  bare <- data
  bare@cohorts <- list()
  expect_identical(musl_drift(tiny_model(), bare), rows[0, ])
  two <- data
  two@cohorts <- c(data@cohorts, list(other = data@cohorts$bulk))
  two@cohorts$other$name <- "other"
  expect_error(
    musl_drift(tiny_model(), two), "other", class = "musl_error_shape"
  )
  # A single cohort may have any name, as in predict().
  names(data@cohorts) <- "other"
  expect_message(
    renamed <- musl_drift(tiny_model(), data), "other",
    class = "musl_message_other"
  )
  expect_identical(renamed, rows)
  expect_input_error(musl_drift(tiny_model(), 1))
})

test_that("data without a gene of the model's are told, not a table of NA", {
  data <- tiny_data()
  x <- data@cohorts$bulk$assays[[1]]
  rownames(x) <- paste0("other", rownames(x))
  foreign <- musl_data(list(bulk = x), scale = "log", id_type = "other")
  cnd <- expect_warning(
    rows <- musl_drift(tiny_model(), foreign), "\"bulk\"",
    class = "musl_warning_unknown_gene"
  )
  expect_match(cnd_text(cnd), "1 cohort of `data` has no gene", fixed = TRUE)
  expect_true(all(is.na(rows$flag)))
  expect_no_warning(musl_drift(tiny_model(), data))
  fit <- tiny_model()
  fit@id_type <- "symbol"
  foreign@id_type <- "ensembl"
  expect_gene_error(musl_drift(fit, foreign))
})
