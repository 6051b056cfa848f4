# Calls that are interrupted, and what becomes of them.

# What is interrupted, by name; `model` and `files` are of interrupt_world().
interrupted_calls <- function(model, files) {
  pairs <- model@genes[c(1, rep(2:70, 500))]
  pairs <- tibble::tibble(gene_a = pairs[[1]], gene_b = pairs[-1])
  list(
    fit = function() {
      tiny_fit(control = tiny_control(epochs = 200, patience = 1000))
    },
    predict = function() suppressWarnings(predict(model, pairs, threads = 1L)),
    atlas = function() {
      suppressWarnings(tiny_atlas(
        tempfile(), model,
        genes = model@genes[1:16], tile = 2L
      ))
    },
    read_pairs = function() read_pairs(files[["pairs"]]),
    read_depmap = function() read_depmap(c(effect = files[["depmap"]])),
    explain = function() {
      for (gene in model@genes[2:40]) {
        suppressWarnings(musl_explain(model, model@genes[[1]], gene))
      }
    }
  )
}

# A small model and large files, made once.
interrupt_world <- function() {
  file <- tempfile(fileext = ".musl")
  value_of(in_fork(function() musl_save(tiny_model(), file)))
  names <- sprintf("P%04d", 1:2000)
  ends <- expand.grid(a = names[1:200], b = names)
  large <- function(lines) {
    path <- tempfile()
    writeLines(lines, path)
    path
  }
  columns <- paste(c("", paste0("G", 1:4000)), collapse = ",")
  values <- paste(c("", rep("0.125", 4000)), collapse = ",")
  list(model = musl_load(file), files = list(
    pairs = large(c("gene_a,gene_b,label", paste0(ends$a, ",", ends$b, "x,1"))),
    depmap = large(c(columns, sprintf("ACH-%06d%s", 1:400, values)))
  ))
}

# How a call ended, when, and whether all is as before; "late" if the signal
# came after its end. It waits for that signal: outside it would end the fork as
# R ends a session, which removes the temporary files of all.
hear_interrupt <- function(call, ready, before) {
  how <- "value"
  tryCatch(
    {
      tryCatch(
        withCallingHandlers(
          {
            file.create(ready)
            call()
          },
          musl_message_cancelled = function(cnd) how <<- "model so far"
        ),
        interrupt = function(cnd) how <<- "interrupt",
        error = function(cnd) how <<- class(cnd)[[1]]
      )
      ended <- as.numeric(Sys.time())
      if (how == "value") Sys.sleep(60)
      list(how = how, ended = ended, same = identical(before, known_bits()))
    },
    interrupt = function(cnd) list(how = "late", ended = 0, same = TRUE)
  )
}

known_bits <- function() {
  fit <- tiny_fit()
  pairs <- data.frame(gene_a = fit@genes[1:9], gene_b = fit@genes[11:19])
  list(fit@archives$musl, suppressWarnings(predict(fit, pairs))$.score)
}

interrupt_once <- function(call, seconds, before) {
  for (draw in 1:50) {
    ready <- tempfile()
    job <- start_fork(function() hear_interrupt(call, ready, before))
    started <- Sys.time()
    while (!file.exists(ready)) {
      if (Sys.time() > started + 60) stop("The fork does not begin its call.")
      Sys.sleep(0.002)
    }
    Sys.sleep(stats::runif(1) * seconds)
    sent <- as.numeric(Sys.time())
    tools::pskill(job$pid, tools::SIGINT)
    result <- end_fork(job)
    if (identical(result, "died") || !is.null(result$error)) {
      return(data.frame(how = "died", same = FALSE, seconds = NA))
    }
    heard <- result$value
    # Neither is one that only read a value that was there already.
    if (heard$how != "late" && heard$ended > sent) break
  }
  data.frame(how = heard$how, same = heard$same, seconds = heard$ended - sent)
}

interrupt_all <- function(n, seed) {
  # Loaded once for all forks.
  musl_backend()
  loadNamespace("HDF5Array")
  world <- interrupt_world()
  calls <- interrupted_calls(world$model, world$files)
  before <- value_of(in_fork(known_bits))
  seconds <- vapply(calls, function(call) {
    value_of(in_fork(function() system.time(call())[["elapsed"]]))
  }, 1)
  withr::local_seed(seed)
  chosen <- rep_len(names(calls), n)
  tried <- lapply(chosen, function(name) {
    cbind(call = name, interrupt_once(calls[[name]], seconds[[name]], before))
  })
  do.call(rbind, tried)
}
