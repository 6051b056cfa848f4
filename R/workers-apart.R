# The value of work(), or its error raised here. A forked process runs work():
# whatever it breaks, the session is unaffected. If the session is killed,
# so is the process: otherwise it would wait for the session to read its result.
run_apart <- function(work, call = caller_env()) {
  session <- Sys.getpid()
  process <- parallel::mcparallel(
    {
      cpp_die_with(session)
      tryCatch(list(value = work()), error = identity)
    },
    mc.set.seed = FALSE, mc.interactive = FALSE
  )
  ended <- FALSE
  on.exit(if (!ended) end_process(process))
  result <- suppressWarnings(parallel::mccollect(process))[[1]]
  ended <- TRUE
  if (is.null(result)) {
    abort_musl(c(
      "A process started by MuSL died.",
      i = "Was it killed, or did the machine run out of memory?"
    ), "device", call = call)
  }
  if (inherits(result, "condition")) {
    stop(result)
  }
  result$value
}

end_process <- function(process) {
  tools::pskill(process$pid, tools::SIGKILL)
  suppressWarnings(parallel::mccollect(process))
}
