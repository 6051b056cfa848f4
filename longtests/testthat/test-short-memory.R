# Memory that runs out within a call: an error of MuSL's own, after which the
# session gives the same bits as before. tests/cpp/memory refuses far more
# allocations; here is seen what of it arrives in R.

# A library that R is started with, so that its malloc() and operator new are
# all that there are; they refuse what musl_refuse() asks for.
refusing_library <- function(directory) {
  skip_on_os(c("windows", "mac"))
  sources <- file.path(dirname(short_tests), "cpp", "memory")
  skip_if_not(dir.exists(sources), "there are no sources of it")
  files <- c(
    "failing_memory.cpp", "nn/stack_names.cpp", "preloaded/refusals_of_r.cpp"
  )
  preloaded_library(
    directory, "refusing.so", file.path(sources, files), "CXX17", "-std=c++17"
  )
}

# Calls that need LibTorch, each giving numbers; `model` is a file.
memory_calls <- function(model, esm2) {
  fit <- musl_load(model)
  pairs <- musl_pairs(tiny_data())[1:40, ]
  control <- tiny_control(epochs = 1)
  world <- musl_simulate_interactions(n_nodes = 30, n_pairs = 80, seed = 1)
  list(
    fitting = function() {
      predict(tiny_fit(control = control), pairs)$.score
    },
    predicting = function() predict(fit, pairs, threads = 1)$.score,
    explaining = function() {
      why <- musl_explain(fit, pairs$gene_a[[1]], pairs$gene_b[[1]],
        threads = 1
      )
      why$contribution
    },
    `judging branches` = function() {
      musl_balance(fit, pairs, repeats = 2, seed = 1, threads = 1)$own_auroc
    },
    embedding = function() {
      musl_embed_proteins(
        c(P1 = "MKVLAAGIVWY"), esm2,
        device = "cpu", threads = 1, progress = FALSE
      )
    },
    `fitting interactions` = function() {
      fit <- musl_interactions(
        world$pairs, world$nodes,
        strategy = "em", control = control, width = 8, progress = FALSE
      )
      unlist(predict(fit, world$pairs)[".pred_1"])
    }
  )
}

refuse <- function(k) .C("musl_refuse", as.double(k))
refuse_no_more <- function() .C("musl_refuse_no_more", 0)[[1]]

counted <- function(call) {
  call()
  refuse(0)
  call()
  list(n = refuse_no_more(), whole = call())
}

# "error", "smaller" (finite numbers, by smaller chunks) or "same", and what the
# next call gives.
refused_at <- function(k, call, whole) {
  call()
  refuse(k)
  got <- tryCatch(call(), error = identity)
  refuse_no_more()
  is_ours <- inherits(got, "musl_error_device") &&
    grepl("ran out of memory", conditionMessage(got), fixed = TRUE)
  outcome <- if (is_ours) {
    "error"
  } else if (inherits(got, "error")) {
    paste("error:", class(got)[[1]], conditionMessage(got))
  } else if (identical(got, whole)) {
    "same"
  } else {
    if (all(is.finite(got) == is.finite(whole))) "smaller" else "other"
  }
  if (identical(call(), whole)) outcome else paste(outcome, "and then other")
}

# In a fork, since LibTorch may end the process.
outcome_at <- function(k, call, whole) {
  ends <- tempfile("end-")
  result <- in_fork(function() {
    .C("musl_tell_end", ends)
    refused_at(k, call, whole)
  })
  if (!identical(result, "died")) {
    return(value_of(result))
  }
  where <- if (file.exists(ends)) readLines(ends) else ""
  by_others <- startsWith(where, "others: ")
  if (by_others) "ended by LibTorch" else paste("died", where)
}

refused_outcomes <- function(n_each, library, directory) {
  dyn.load(library)
  model <- file.path(directory, "model.musl")
  esm2 <- tiny_esm2()
  # This process must not train: LibTorch trains in no fork of one that did.
  value_of(in_fork(function() musl_save(tiny_fit(), model)))
  calls <- memory_calls(model, esm2$dir)
  lapply(calls, function(call) {
    known <- value_of(in_fork(function() counted(call)))
    at <- unique(round(seq(1, known$n, length.out = n_each)))
    vapply(at, outcome_at, "", call, known$whole)
  })
}

test_that("a shortage of memory is an error in R, and passes", {
  skip_without_backend()
  directory <- withr::local_tempdir()
  library <- refusing_library(directory)
  found <- in_new_process(
    function(n, library, directory, functions) {
      for (name in names(functions)) {
        f <- functions[[name]]
        environment(f) <- environment(tiny_data)
        assign(name, f, environment(tiny_data))
      }
      refused_outcomes(n, library, directory)
    },
    long_count(20, 4), library, directory,
    list(
      memory_calls = memory_calls, refuse = refuse, counted = counted,
      refuse_no_more = refuse_no_more, refused_at = refused_at,
      outcome_at = outcome_at, refused_outcomes = refused_outcomes
    ),
    env = c(LD_PRELOAD = library)
  )
  outcomes <- unlist(found)
  by_libtorch <- outcomes == "ended by LibTorch"
  fine <- outcomes %in% c("error", "smaller", "same")
  died <- startsWith(outcomes, "died")
  record_figure(
    "allocations refused in calls from R", sum(!by_libtorch),
    sum(!fine & !died & !by_libtorch), sum(died),
    sprintf(
      "%d conditions; beside %d that LibTorch ended",
      sum(outcomes == "error"), sum(by_libtorch)
    )
  )
  expect_identical(outcomes[!fine & !by_libtorch], outcomes[0])
  expect_gt(sum(outcomes == "error"), 12)
})
