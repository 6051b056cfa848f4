# Models of residues: musl_interactions(task = "site").

fit_quick_sites <- function(d, nodes = d$nodes, ..., epochs = 2, threads = 1,
                            seed = 1, ensemble = 1, fresh = FALSE) {
  control <- musl_control(
    ensemble = ensemble, epochs = epochs, patience = epochs, seed = seed,
    threads = threads, batch_size = 200, learning_rate = 3e-3
  )
  made <- function() {
    musl_interactions(
      d$sites, nodes,
      task = "site", shape = c(width = 16), progress = FALSE, ...,
      control = control
    )
  }
  if (fresh) made() else once(list("sites", d, nodes, control, ...), made())
}

small_sites <- function() {
  musl_simulate("sites", n_proteins = 10, n_residues = 40, seed = 1)
}

test_that("sites of unseen proteins are found by their surroundings", {
  skip_without_backend()
  d <- musl_simulate("sites", n_proteins = 60, n_residues = 80, seed = 2)
  fit <- fit_quick_sites(d, epochs = 12)
  test <- d$sites[d$sites$split == "test", ]
  found <- musl_metrics(fit, d$nodes, test)
  auroc <- found$.estimate[found$.metric == "auroc"]
  expect_gt(auroc[[1]], 0.8)
  # Amino acids alone tell less.
  expect_gt(auroc[[1]], auroc[[2]] + 0.05)
})

test_that("simulated chains are steps of 3.8 Angstrom from the origin", {
  chain <- withr::with_seed(1, draw_chain(200))
  expect_identical(chain[1, ], c(0, 0, 0))
  expect_equal(sqrt(rowSums(diff(chain)^2)), rep(3.8, 199))
  # A free walk of so many steps ends some 50 Angstrom away.
  expect_lt(max(sqrt(rowSums(chain^2))), 40)
})

test_that("predict() gives a row a residue in the order of the proteins", {
  skip_without_backend()
  d <- small_sites()
  fit <- fit_quick_sites(d)
  out <- predict(fit, d$nodes)
  expect_named(out, c("protein", "residue", "amino_acid", ".pred", "known"))
  expect_identical(out$protein, d$sites$protein)
  expect_identical(out$residue, d$sites$residue)
  expect_identical(out$known, d$sites$split != "test")
  expect_identical(
    paste(out$amino_acid, collapse = ""), paste(d$nodes$text, collapse = "")
  )
  expect_true(all(out$.pred > 0 & out$.pred < 1))
  turned <- MuSL:::some_nodes(d$nodes, rev(names(d$nodes$text)))
  again <- predict(fit, turned)
  at <- match(paste(out$protein, out$residue), paste(
    again$protein, again$residue
  ))
  expect_equal(again$.pred[at], out$.pred, tolerance = 1e-5)
})

test_that("metrics are those of the predictions", {
  skip_without_backend()
  d <- small_sites()
  fit <- fit_quick_sites(d)
  sites <- d$sites[d$sites$split == "test", ][-(1:5), ]
  sites$label[[1]] <- NA
  found <- musl_metrics(fit, d$nodes, sites)
  out <- merge(predict(fit, d$nodes), sites[!is.na(sites$label), ])
  out$truth <- as.double(out$label)
  gap <- outer(out$.pred[out$truth == 1], out$.pred[out$truth == 0], "-")
  expect_equal(found$.estimate[[1]], mean((gap > 0) + (gap == 0) / 2))
  expect_identical(unique(found$n_residues), nrow(out))
  expect_identical(found$scorer, rep(c("MuSL", "amino acid"), each = 4))
  # Classes of a factor are matched by name.
  turned <- within(sites, label <- factor(label, levels = c(1, 0)))
  expect_identical(musl_metrics(fit, d$nodes, turned), found)
  expect_input_error(
    musl_metrics(
      fit, d$nodes, within(sites, label <- factor(label, labels = c("a", "b")))
    ), "a"
  )
  expect_identical(glance(fit)$threshold, NA_real_)
  three <- fit
  three$history <- data.frame(member = 1:3)
  expect_identical(glance(three)$ensemble, 3L)
})

test_that("seeds, threads and files leave the bits", {
  skip_without_backend()
  d <- small_sites()
  kinds <- list(d$nodes, musl_nodes(d$nodes$text))
  for (nodes in kinds) {
    fit <- fit_quick_sites(d, nodes, ensemble = 2)
    out <- predict(fit, nodes)
    again <- fit_quick_sites(d, nodes, ensemble = 2, fresh = TRUE)
    expect_identical(predict(again, nodes), out)
    two <- fit_quick_sites(d, nodes, ensemble = 2, threads = 2)
    expect_identical(predict(two, nodes, threads = 1), out)
    file <- withr::local_tempfile(fileext = ".safetensors")
    musl_save(fit, file)
    loaded <- musl_load(file)
    expect_s3_class(loaded, "musl_sites")
    expect_identical(predict(loaded, nodes), out)
    expect_identical(glance(loaded), glance(fit))
    expect_identical(tidy(loaded), tidy(fit))
  }
  other <- fit_quick_sites(d, musl_nodes(d$nodes$text), ensemble = 2, seed = 2)
  expect_false(identical(predict(other, nodes), out))
  expect_output(print(fit), "6 training, 2 validation, 2 test")
})

test_that("columns of residues are read, and asked for again", {
  skip_without_backend()
  d <- small_sites()
  column <- lapply(split(d$sites$label, factor(
    d$sites$protein, unique(d$sites$protein)
  )), function(x) cbind(told = x))
  nodes <- musl_nodes(
    d$nodes$text, coordinates = d$nodes$coordinates, columns = column
  )
  fit <- fit_quick_sites(d, nodes, epochs = 10)
  test <- d$sites[d$sites$split == "test", ]
  expect_gt(musl_metrics(fit, nodes, test)$.estimate[[1]], 0.95)
  expect_input_error(predict(fit, d$nodes), "columns")
  expect_input_error(
    predict(fit, musl_nodes(d$nodes$text)), "sequences with coordinates"
  )
})

test_that("columns of residues are matched by name, in any order", {
  skip_without_backend()
  d <- small_sites()
  count <- lengths(d$nodes$coordinates) / 3
  columns <- withr::with_seed(1, lapply(count, function(n) {
    cbind(near = stats::runif(n), far = stats::rnorm(n, 5))
  }))
  with_columns <- function(f) {
    musl_nodes(
      d$nodes$text, coordinates = d$nodes$coordinates,
      columns = lapply(columns, f)
    )
  }
  nodes <- with_columns(identity)
  fit <- fit_quick_sites(d, nodes, epochs = 2)
  expected <- predict(fit, nodes)
  swapped <- with_columns(function(x) x[, 2:1])
  path <- withr::local_tempfile(fileext = ".musl")
  musl_save(fit, path)
  for (one in list(fit, musl_load(path))) {
    expect_identical(predict(one, swapped), expected)
  }
  nameless <- with_columns(unname)
  expect_identical(predict(fit, nameless), expected)
  refuse <- function(f, text) {
    expect_input_error(predict(fit, with_columns(f)), text)
  }
  refuse(function(x) cbind(x, more = 1), "more")
  refuse(function(x) x[, 1, drop = FALSE], "far")
  refuse(function(x) unname(cbind(x, 1)), "2 columns")
})

test_that("a validation part is drawn of whole proteins", {
  skip_without_backend()
  d <- small_sites()
  d$sites$split <- NULL
  fit <- fit_quick_sites(d)
  expect_identical(sum(fit$pairs$split == "validation"), 1L)
  expect_identical(nrow(fit$pairs), 10L)
})

test_that("input that can't be sites is refused by name", {
  d <- small_sites()
  refuse <- function(sites, text, nodes = d$nodes, ...) {
    expect_input_error(
      musl_interactions(sites, nodes, task = "site", progress = FALSE, ...),
      text
    )
  }
  refuse(d$sites[-1], "protein")
  refuse(within(d$sites, residue[2] <- 1e6L), "protein1 1000000|protein1")
  refuse(within(d$sites, residue[2] <- 1L), "each once")
  refuse(within(d$sites, residue[2] <- NA), "positions")
  refuse(within(d$sites, residue <- as.character(residue)), "whole numbers")
  refuse(within(d$sites, protein[1] <- "none"), "none")
  refuse(within(d$sites, label[1] <- 2L), "label")
  refuse(within(d$sites, label[] <- 0L), "both classes")
  refuse(within(d$sites, split[1] <- "test2"), "split")
  refuse(within(d$sites, split[1:2] <- c("test", "train")), "several parts")
  refuse(d$sites, "musl_nodes", nodes = c(a = "CC"))
  refuse(d$sites, "network", network = igraph::make_ring(3))
  expect_input_error(
    musl_nodes(c(a = "MKV"), columns = list(matrix(0, 3, 1))), "coordinates"
  )
  place <- list(matrix(0, 3, 3))
  for (bad in list(matrix(0, 2, 1), matrix(NA_real_, 3, 1), 1:3)) {
    expect_input_error(
      musl_nodes(c(a = "MKV"), coordinates = place, columns = list(bad)), "a"
    )
  }
})

test_that("one residue and missing coordinates are scored", {
  skip_without_backend()
  d <- small_sites()
  fit <- fit_quick_sites(d)
  odd <- musl_nodes(
    c(one = "M", gap = "MKVX"),
    coordinates = list(
      matrix(0, 1, 3), cbind(c(0, 3.8, NA, 11.4), c(0, 0, NA, 0), 0)
    )
  )
  out <- predict(fit, odd)
  expect_identical(out$protein, rep(c("one", "gap"), c(1, 4)))
  expect_true(all(is.finite(out$.pred)))
})

test_that("few simulated proteins leave none of the parts empty", {
  for (n in 3:6) {
    sites <- musl_simulate("sites",
      n_proteins = n, n_residues = 10, seed = 1
    )$sites
    part <- unique(sites[c("protein", "split")])$split
    expect_setequal(part, c("train", "validation", "test"))
    expect_length(part, n)
  }
})
