saved_model <- function(fit = tiny_model(), ..., env = parent.frame()) {
  file <- withr::local_tempfile(fileext = ".safetensors", .local_envir = env)
  musl_save(fit, file, ...)
  file
}

# Every slot but the cache, which holds a pointer of this process.
slots_of <- function(object) {
  names <- setdiff(methods::slotNames(object), "cache")
  lapply(stats::setNames(names, names), methods::slot, object = object)
}

test_that("a model goes through a file to the same bits", {
  fit <- tiny_model()
  back <- musl_load(saved_model(fit))
  expect_identical(slots_of(back), slots_of(fit))
  pairs <- tiny_data()@pairs
  expect_identical(predict(back, pairs), predict(fit, pairs))
})

test_that("a model goes through saveRDS() to the same bits", {
  fit <- tiny_model()
  pairs <- tiny_data()@pairs
  before <- predict(fit, pairs, type = "parts")
  file <- withr::local_tempfile(fileext = ".rds")
  saveRDS(fit, file)
  back <- readRDS(file)
  expect_identical(slots_of(back), slots_of(fit))
  expect_identical(predict(back, pairs, type = "parts"), before)
})

test_that("a fresh process predicts the same bits", {
  skip_if_not_installed("callr")
  skip_if_not("MuSL" %in% rownames(installed.packages()), "not installed")
  fit <- tiny_model()
  pairs <- tiny_data()@pairs
  out <- callr::r(
    function(fit, file, pairs) {
      loadNamespace("MuSL")
      list(
        sent = predict(fit, pairs),
        read = predict(MuSL::musl_load(file), pairs)
      )
    },
    list(fit, saved_model(fit), pairs)
  )
  here <- predict(fit, pairs)
  expect_identical(out$sent, here)
  expect_identical(out$read, here)
})

tensor_names <- function(file) {
  bytes <- read_bytes(file)
  size <- sum(as.integer(bytes[1:8]) * 256^(0:7))
  header <- rawToChar(bytes[8 + seq_len(size)])
  setdiff(names(jsonlite::fromJSON(header)), "__metadata__")
}

test_that("inputs are stored once for all networks of a model", {
  inputs <- function(fit) {
    grep(
      "^weights/", tensor_names(saved_model(fit)),
      value = TRUE, invert = TRUE
    )
  }
  bare <- function(x) sort(sub("[|].*", "", x))
  expect_identical(bare(inputs(tiny_ensemble())), bare(inputs(tiny_model())))
  expect_false(any(grepl("gene_vectors|space/", inputs(tiny_ensemble()))))
})

test_that("scores do not depend on which genes were asked for before", {
  file <- saved_model(tiny_ensemble())
  pairs <- tiny_data()@pairs[c("gene_a", "gene_b")]
  at_once <- predict(musl_load(file), pairs)$.score
  one_by_one <- musl_load(file)
  found <- vapply(rev(seq_len(20)), function(i) {
    predict(one_by_one, pairs[i, ])$.score
  }, 1)
  expect_identical(predict(one_by_one, pairs)$.score, at_once)
  expect_equal(rev(found), at_once[1:20], tolerance = 1e-6)
  musl_partners(one_by_one, pairs$gene_a[[1]], n = 3)
  expect_identical(predict(one_by_one, pairs)$.score, at_once)
})

test_that("an existing file is replaced only if asked for", {
  file <- saved_model()
  size <- file.size(file)
  expect_input_error(musl_save(tiny_model(), file), "overwrite")
  musl_save(tiny_model(), file, keep = "none", overwrite = TRUE)
  expect_lt(file.size(file), size)
  expect_format_error(musl_save(tiny_model(), file.path(file, "below")))
})

test_that("a file without R's part or with values of another kind is refused", {
  write <- function(..., env = parent.frame()) {
    file <- withr::local_tempfile(.local_envir = env)
    cpp_write_file(file, cpp_model_file(list(tiny_model()@archives$musl), ...))
    file
  }
  bare <- withr::local_tempfile()
  cpp_write_file(bare, tiny_model()@archives$musl)
  expect_format_error(musl_load(bare), "R side")
  odd <- charToRaw("{\"genes\": {\"type\": \"closure\"}}")
  expect_format_error(musl_load(write(odd)))
  other <- charToRaw(values_to_json(list(data = 1)))
  expect_format_error(musl_load(write(other)))
  expect_input_error(musl_load("nowhere"))
})

test_that("values come back from JSON as they were", {
  through <- function(x) values_from_json(values_to_json(x))
  values <- list(
    NULL, NA, TRUE, 1L, NA_integer_, "", "NA", NA_character_, "\u00e4\"\\\n",
    c("NA", NA), c(NA, "1"), c(NA, 3L), c(a = "b"),
    character(), integer(), numeric(), list(), list(NULL, 1), list(a = NULL),
    c(0.1, 1 / 3, 1e-300 * pi, 5e-324, -0, .Machine$double.xmax, Inf, -Inf),
    c(NA, NaN, 1), c(a = 1, b = 2), list(x = "y", z = list(1L)),
    factor(c("SL", NA), levels = c("SL", "non_SL")),
    tibble::tibble(gene = c("A", "B"), p = c(0.1, NA), l = list(1, "a")),
    tibble::tibble(gene = character()), musl_architecture(), musl_control()
  )
  for (value in values) expect_identical(through(value), value)
  expect_identical(1 / through(-0), -Inf)
  expect_error(values_to_json(quote(x)), class = "musl_error_internal")
})

test_that("copies of a model do not share what they cache", {
  fit <- tiny_model()
  predict(fit, data.frame(gene_a = "G01", gene_b = "G02"))
  fresh <- without_cache(fit)
  expect_null(kept_in_session(fresh, "musl"))
  live_network(fresh)
  expect_false(identical(kept_in_session(fresh, "musl"), no_pointer))
  expect_false(identical(fresh@cache, fit@cache))
})

test_that("the value of a model does not change with use", {
  of <- function(object) serialize(object, NULL)
  human <- musl_human_model()
  fresh <- without_cache(human)
  before <- of(fresh)
  copy <- fresh
  quietly <- function(x) suppressWarnings(suppressMessages(x))
  quietly(musl_partners(fresh, "TP53", n = 5))
  quietly(predict(fresh, data.frame(gene_a = "ARID1A", gene_b = "TP53")))
  quietly(musl_explain(fresh, "ARID1A", "ARID1B"))
  expect_identical(of(fresh), before)
  expect_identical(fresh, copy)
  fit <- without_cache(tiny_model())
  before <- of(fit)
  pairs <- data.frame(gene_a = "G01", gene_b = "G02")
  quietly(predict(fit, pairs))
  quietly(predict(fit, pairs, data = tiny_data()))
  expect_identical(of(fit), before)
})

test_that("what a session keeps goes with its object", {
  identity <- new.env(parent = emptyenv())
  address <- rlang::obj_address(identity)
  gone <- FALSE
  local({
    store <- session_store(identity)
    store$x <- new.env()
    reg.finalizer(store$x, function(e) gone <<- TRUE)
  })
  expect_identical(session_store(identity)$x, session_store(identity)$x)
  invisible(gc())
  expect_false(gone)
  expect_length(ls(identity, all.names = TRUE), 0)
  rm(identity)
  for (i in 1:3) invisible(gc())
  expect_true(gone)
  expect_false(exists(address, session_stores) &&
    is.null(known_identity(address)))
})

test_that("show, summary, tidy, glance and augment agree with each other", {
  fit <- tiny_model()
  facts <- glance(fit)
  expect_identical(nrow(facts), 1L)
  expect_identical(facts$n_genes, 80L)
  expect_identical(facts$n_seen_genes, sum(fit@n_seen > 0))
  phases <- tidy(fit)
  expect_identical(facts$valid_auprc, phases$valid_auprc[nrow(phases)])
  expect_identical(summary(fit)$glance, facts)
  expect_identical(summary(fit)$cohorts$n_samples, 60L)
  expect_output(show(fit), "80", fixed = TRUE)
  expect_output(print(summary(fit)), "musl_control")
  expect_identical(summary(fit)$scorers$scorer, "musl")
  expect_identical(augment(fit), predict(fit, fit@known))
  cnd <- expect_input_error(
    augment(fit, fit@known, data = tiny_data()), "predict"
  )
  expect_identical(cnd$argument, "data")
  expect_identical(
    augment(fit, tiny_data()@pairs, prior = 0.1),
    predict(fit, tiny_data()@pairs, prior = 0.1)
  )
})

test_that("the plot of the history shows every measured value once", {
  fit <- tiny_model()
  built <- ggplot2::ggplot_build(autoplot(fit))
  history <- tidy(fit, "history")
  drawn <- built$data[[2]]
  values <- unlist(
    history[c("loss", "valid_loss", "valid_auroc", "valid_auprc")]
  )
  expect_equal(
    sort(drawn$y[!is.na(drawn$y)]), sort(unname(values[!is.na(values)]))
  )
})

test_that("a start that was best is drawn, though it has no training loss", {
  fit <- tiny_model()
  fit@history$best <- fit@history$epoch == 0
  expect_true(all(is.na(fit@history$loss[fit@history$best])))
  shown <- autoplot(fit)
  withr::local_pdf(NULL)
  expect_silent(ggplot2::ggplotGrob(shown))
  best <- ggplot2::ggplot_build(shown)$data[[3]]
  expect_setequal(
    best$y[!is.na(best$y)],
    unlist(fit@history[
      fit@history$best, c("valid_loss", "valid_auroc", "valid_auprc")
    ])
  )
})

test_that("gene names beyond ASCII are read in any locale", {
  fit <- musl_example_model()
  odd <- "\u00c4RGER1"
  fit@genes[[1]] <- odd
  path <- withr::local_tempfile()
  musl_save(fit, path)
  withr::local_locale(LC_CTYPE = "C")
  again <- musl_load(path)
  expect_identical(Encoding(again@genes[[1]]), "UTF-8")
  expect_identical(charToRaw(again@genes[[1]]), charToRaw(odd))
  expect_identical(nrow(musl_partners(again, odd, n = 3)), 3L)
})
