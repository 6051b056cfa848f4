# Work in a forked process.

# The value of work(), or its error raised here. A forked process runs work():
# whatever it breaks, the session is unaffected. If the session is killed,
# so is the process: otherwise it would wait for the session to read its result.
#
# The parallel package, once another (callr, say) handles the end of children,
# no longer notices that of its own; a session then takes ten seconds to end.
run_apart <- function(work, call = caller_env()) {
  session <- Sys.getpid()
  pipe <- with_core(cpp_open_pipe(), call = call)
  on.exit(cpp_close_end(pipe[["receive"]]))
  process <- tryCatch(
    fork_to({
      cpp_die_with(session)
      value <- tryCatch(list(value = work()), error = identity)
      with_core(cpp_send(pipe[["send"]], serialize(value, NULL)))
    }),
    finally = cpp_close_end(pipe[["send"]])
  )
  on.exit(end_process(process), add = TRUE)
  result <- received_value(pipe[["receive"]])
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

# The id of a process that evaluates `work` and ends without a trace.
fork_to <- function(work) {
  process <- with_core(cpp_fork())
  if (process == 0) {
    tryCatch(work, finally = tools::pskill(Sys.getpid(), tools::SIGKILL))
  }
  process
}

# NULL if the process ended before it had sent a whole value.
received_value <- function(end) {
  parts <- list()
  repeat {
    part <- with_core(cpp_receive(end, wait = 50L))
    if (is.null(part)) break
    if (length(part) > 0) parts[[length(parts) + 1]] <- part
    Sys.sleep(0) # lets an interrupt through
  }
  tryCatch(unserialize(unlist(parts)), error = function(cnd) NULL)
}

# It has sent its value, or is no longer wanted.
end_process <- function(pid) {
  tools::pskill(pid, tools::SIGKILL)
  while (!cpp_has_ended(pid)) {
    Sys.sleep(0.001)
  }
}
