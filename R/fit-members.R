# The members of an ensemble, each trained by a worker of BiocParallel.

# What do_fit() returns, to the bit, and the devices of the workers.
fit_in_workers <- function(job, workers, call = caller_env()) {
  kept <- if (!is.null(job$control$checkpoint)) kept_members
  members <- tryCatch(
    run_in_workers(
      seq_along(job$parts), fit_member,
      job = worker_job(job, workers), workers = workers, kept = kept,
      call = call
    ),
    interrupt = list
  )
  check_members(members, kept, call)
  result <- with_backend(join_members(job, members), call = call)
  result$device <- unique(vapply(members, `[[`, "", "device"))
  result
}

# With a worker's share of the threads and an absolute checkpoint path.
worker_job <- function(job, workers) {
  job$control$threads <- worker_threads(
    job$control$threads, workers, length(job$parts)
  )
  path <- job$control$checkpoint
  if (!is.null(path)) {
    directory <- normalizePath(dirname(path), mustWork = FALSE)
    job$control$checkpoint <- file.path(directory, basename(path))
  }
  job
}

# A trained member's bytes and device, or the condition that stopped it, so that
# one failure does not end the others.
fit_member <- function(member, job) {
  tryCatch(
    list(
      device = resolve_device(job$control$device),
      bytes = with_backend(cpp_fit_member(
        job$input, job$parts, unclass(job$architecture),
        core_control(job$control), start_of(job), member, NULL
      ))
    ),
    error = identity,
    interrupt = identity
  )
}

join_members <- function(job, members) {
  cpp_join_members(
    job$input, job$parts, unclass(job$architecture),
    core_control(job$control), start_of(job), lapply(members, `[[`, "bytes")
  )
}

# `members` has a condition in place of each that was not trained.
check_members <- function(members, kept, call = caller_env()) {
  failed <- Filter(function(x) inherits(x, "condition"), members)
  if (any(vapply(failed, is_cancellation, TRUE))) {
    abort_musl(
      c("Training was interrupted.", i = kept), "cancelled",
      call = call
    )
  }
  if (length(failed) > 0) {
    abort_worker(failed[[1]], kept, call)
  }
}

kept_members <- paste(
  "Finished members and epochs are kept in the files of `checkpoint`; the same",
  "call with the same `seed` resumes from there."
)
