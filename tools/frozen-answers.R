# The questions of tools/frozen-answers:
#   Rscript tools/frozen-answers.R ask FILE          this MuSL's answers
#   Rscript tools/frozen-answers.R compare OLD NEW   what differs
# A question whose answer is made of others stands behind them.

golden <- c(
  "ARID1A", "SMARCA4", "STAG2", "BRCA1", "MTAP", "VHL", "RB1", "PTEN", "TP53",
  "WRN", "CDKN2A", "KRAS"
)

# Columns as plain vectors: classes and attributes are presentation.
plain <- function(x) {
  lapply(as.list(x), function(column) {
    if (is.factor(column)) column <- as.character(column)
    if (is.list(column)) column <- vapply(column, toString, "")
    as.vector(column)
  })
}

full_list <- function(object, anchor, ...) {
  list <- musl_partners(object, anchor, n = Inf, ...)
  plain(list[setdiff(names(list), "why")]) # words are presentation
}

random_pairs <- function(genes, n) {
  ends <- matrix(withr::with_seed(7, sample(genes, 2 * n, replace = TRUE)), n)
  ends <- ends[ends[, 1] != ends[, 2], ]
  data.frame(gene_a = ends[, 1], gene_b = ends[, 2])
}

explained <- function(object, a, b) {
  shown <- musl_explain(object, a, b)
  c(plain(tidy(shown)), glance = plain(glance(shown)))
}

questions_human <- function() {
  human <- musl_human_model()
  pairs <- random_pairs(human@genes, 5000)
  lists <- stats::setNames(golden, paste0("human, list of ", golden))
  c(
    list(
      "human, pairs" = plain(predict(human, pairs, type = "parts")),
      "human, STAG2 explained" = explained(human, "STAG2", "STAG1"),
      "human, TP53 explained" = explained(human, "TP53", "MDM2"),
      "human, in HAP1" = full_list(human, "ARID1A", lethal = "rank"),
      "human, KRAS activated" = full_list(human, "KRAS", state = "activated"),
      "human, design" = plain(musl_design(human, 4, human@genes[1:300]))
    ),
    lapply(lists, full_list, object = human)
  )
}

questions_files <- function() {
  example <- musl_load(
    system.file("extdata", "example-model.musl", package = "MuSL")
  )
  format_1 <- musl_load("tests/fixtures/format-1/model.musl")
  genes <- example@genes
  list(
    "example, pairs" = plain(predict(example, random_pairs(genes, 500))),
    "example, list" = full_list(example, genes[[5]]),
    "example, explained" = explained(example, genes[[5]], genes[[9]]),
    "format 1, pairs" = plain(
      predict(format_1, random_pairs(format_1@genes, 200))
    )
  )
}

questions_fits <- function() {
  data <- musl_simulate("small", screens = TRUE, seed = 1)
  control <- musl_control(seed = 1, threads = 1, ensemble = 1)
  short <- musl_control(seed = 1, threads = 1, ensemble = 1, epochs = 2)
  fit <- musl_fit(data, control = control, progress = FALSE)
  network <- musl_fit(
    musl_simulate("small", seed = 1),
    architecture = musl_architecture(width = 8), control = short,
    progress = FALSE
  )
  file <- tempfile(fileext = ".musl")
  musl_save(fit, file)
  pairs <- random_pairs(fit@genes, 500)
  directory <- tempfile("atlas")
  atlas <- musl_atlas(
    network, directory,
    genes = network@genes[1:40], progress = FALSE
  )
  nodes <- musl_simulate("interactions", n_nodes = 60, n_pairs = 300, seed = 1)
  muse <- musl_interactions(
    nodes$pairs, nodes$nodes,
    control = musl_control(seed = 1, threads = 1, ensemble = 1, epochs = 3),
    progress = FALSE
  )
  list(
    "simulated, pairs" = plain(predict(fit, pairs, type = "parts")),
    "simulated, saved" = plain(predict(musl_load(file), pairs, type = "parts")),
    "simulated, list" = full_list(fit, fit@genes[[5]]),
    "simulated, relation" = full_list(fit, fit@genes[[7]], by = "relation"),
    "simulated, explained" = explained(fit, fit@genes[[5]], fit@genes[[9]]),
    "simulated, design" = plain(musl_design(fit, 5)),
    "simulated, features" = plain(musl_pair_features(data, pairs)),
    "network, pairs" = plain(predict(network, pairs)),
    "network, list" = full_list(network, network@genes[[5]]),
    "network, explained" = explained(
      network, network@genes[[5]], network@genes[[9]]
    ),
    "network, atlas" = list(as.matrix(as.list(atlas)$scores)),
    "network, list of the atlas" = full_list(atlas, network@genes[[5]]),
    "interactions, pairs" = plain(predict(muse, nodes$pairs))
  )
}

# How often functions of the package and entries of the core are called.
count_calls <- function(call) {
  space <- asNamespace("MuSL")
  calls <- new.env()
  counted <- function(name, f) {
    force(name)
    tick <- function() {
      calls[[name]] <- (if (is.null(calls[[name]])) 0L else calls[[name]]) + 1L
    }
    body(f) <- bquote({
      .(tick)()
      .(body(f))
    })
    f
  }
  replace <- function(where) {
    for (name in ls(where, all.names = TRUE)) {
      f <- get(name, where)
      if (!is.function(f) || methods::is(f, "genericFunction")) next
      if (!identical(environment(f), space)) next
      if (bindingIsLocked(name, where)) unlockBinding(name, where)
      assign(name, counted(name, f), where)
    }
  }
  replace(space)
  replace(space[[".__S3MethodsTable__."]])
  call()
  found <- mget(ls(calls), calls)
  core <- grepl("^cpp_", names(found))
  c(
    "R calls" = sum(unlist(found[!core])),
    "core entries" = sum(unlist(found[core]))
  )
}

ask <- function(file) {
  suppressPackageStartupMessages(library(MuSL))
  human <- musl_human_model()
  musl_partners(human, "STAG2") # what is loaded once
  answers <- suppressMessages(suppressWarnings(
    c(questions_human(), questions_files(), questions_fits())
  ))
  answers[["calls"]] <- suppressMessages(
    count_calls(function() musl_partners(human, "ARID1A"))
  )
  saveRDS(answers, file)
}

largest <- function(old, new) {
  gaps <- unlist(Map(function(a, b) {
    if (is.numeric(a) && is.numeric(b) && length(a) == length(b)) {
      max(abs(a - b), 0, na.rm = TRUE)
    }
  }, old, new))
  if (length(gaps) > 0) max(gaps) else NA
}

# One line on two answers; NULL if they are the same.
difference <- function(old, new) {
  shared <- intersect(names(old), names(new))
  if (length(shared) == 0) shared <- seq_along(old)
  same <- vapply(shared, function(i) identical(old[[i]], new[[i]]), TRUE)
  moved <- "partner" %in% names(old) && !identical(old$partner, new$partner)
  gone <- setdiff(names(old), names(new))
  come <- setdiff(names(new), names(old))
  said <- c(
    if (!all(same)) {
      sprintf(
        "%s differ, by %.3g at most", toString(shared[!same]),
        largest(old[shared], new[shared])
      )
    },
    if (moved) "the order differs",
    if (length(gone) > 0) paste("gone:", toString(gone)),
    if (length(come) > 0) paste("new:", toString(come))
  )
  list(text = paste(said, collapse = "; "), same = all(same))
}

compare <- function(old, new) {
  old <- readRDS(old)
  new <- readRDS(new)
  calls <- rbind(old = old$calls, new = new$calls)
  asked <- setdiff(union(names(old), names(new)), "calls")
  found <- lapply(stats::setNames(asked, asked), function(question) {
    difference(old[[question]], new[[question]])
  })
  for (question in asked) {
    text <- found[[question]]$text
    if (!nzchar(text)) text <- "the same bits"
    cat(question, ": ", text, "\n", sep = "")
  }
  same <- vapply(found, `[[`, TRUE, "same")
  cat(sprintf("%d of %d answers: same bits\n", sum(same), length(same)))
  cat("One list of a human model takes:\n")
  print(calls)
  if (!all(same)) quit(status = 1)
}

arguments <- commandArgs(trailingOnly = TRUE)
if (arguments[[1]] == "ask") {
  ask(arguments[[2]])
} else {
  compare(arguments[[2]], arguments[[3]])
}
