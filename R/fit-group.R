# Training on several devices. This session is rank 0, on the first of them;
# background R processes, the workers, do the same on the others. The core sums
# their gradients.

no_group <- list(
  rank = 0L, size = 1L, rendezvous = "", backend = "gloo", timeout = 300
)

# The part of one process of a group, or of a session alone.
#
# job    of fit_job()
# group  the process's place, as `no_group`
do_fit <- function(job, group = no_group, callback = NULL) {
  cpp_fit(
    job$input, job$parts, unclass(job$architecture),
    core_control(job$control, rank = group$rank), start_of(job), group, callback
  )
}

# The start of the core: a model that lives in this process, or NULL.
start_of <- function(job) {
  if (!is.null(job$start)) {
    list(model = live_model(job$start$object), gene_of = job$start$gene_of)
  }
}

# run(place, watch): a call of the core, on this session's place in the group.
# Callbacks go through `watch`, which ends the call when a worker is gone.
with_group <- function(job, run, call = caller_env()) {
  if (length(job$control$device) == 1) {
    return(run(no_group, identity))
  }
  group <- new_group(job$control$device, call)
  on.exit(end_group(group))
  job$control$threads <- share_threads(job$control$threads, group$place$size)
  start_workers(group, job, call)
  await_workers(group, call)
  run_watched(group, run, call)
}

run_watched <- function(group, run, call = caller_env()) {
  watch <- function(callback) {
    function(event) {
      !any_ended(group) && (is.null(callback) || callback(event))
    }
  }
  tryCatch(
    run(group$place, watch),
    musl_error_device = function(cnd) abort_group(group, cnd, call),
    musl_error_cancelled = function(cnd) {
      if (any_ended(group)) abort_group(group, cnd, call) else stop(cnd)
    }
  )
}

# Processes share the threads: none waits for threads of another.
share_threads <- function(threads, n) {
  if (threads > 0) {
    return(threads)
  }
  max(1L, as.integer(cpp_available_threads() %/% n))
}

new_group <- function(device, call) {
  backend <- choose_backend(device, call = call)
  # Otherwise processes that the parallel package forked are no longer waited
  # for, and the end of the session takes ten seconds longer.
  has_callr <- withr::with_envvar(
    c(PROCESSX_NOTIFY_OLD_SIGCHLD = "true"),
    requireNamespace("callr", quietly = TRUE)
  )
  if (!has_callr) {
    abort_musl(c(
      "Package {.pkg callr} must be installed to train on several devices.",
      i = "Install it, or give {.fn musl_control} one {.arg device}."
    ), call = call)
  }
  group <- new.env(parent = emptyenv())
  group$device <- device
  group$directory <- tempfile("musl-group-")
  dir.create(group$directory, mode = "0700")
  group$place <- list(
    rank = 0L,
    size = length(device),
    rendezvous = file.path(group$directory, "rendezvous"),
    backend = backend,
    timeout = group_timeout(call)
  )
  group
}

# The library over which the devices' processes sum their gradients.
choose_backend <- function(device,
                           available = with_backend(cpp_device_info())$backends,
                           call = caller_env()) {
  wanted <- c(if (device[[1]] != "cpu") "nccl", "gloo")
  found <- intersect(wanted, available)
  if (length(found) == 0) {
    abort_musl(c(
      "This installation of MuSL can't train on several devices.",
      x = "When it was configured, a program with LibTorch's process groups did
           not compile and link.",
      i = "Install Gloo's headers (Debian, Ubuntu: {.code apt-get install
           libgloo-dev}) and then MuSL again, or give {.fn musl_control} one
           {.arg device}."
    ), "device", call = call)
  }
  found[[1]]
}

group_timeout <- function(call = caller_env()) {
  timeout <- getOption("MuSL.group_timeout", no_group$timeout)
  check_number(
    timeout, 0.1, 86400,
    arg = "options(MuSL.group_timeout)", call = call
  )
}

start_workers <- function(group, job, call) {
  job$place <- group$place
  job$backend <- opened_backend()
  write_rds(
    job, file.path(group$directory, "job.rds"),
    compress = FALSE,
    hint = tmpdir_hint,
    call = call
  )
  ranks <- seq_len(group$place$size - 1)
  group$workers <- lapply(ranks, start_worker, directory = group$directory)
}

start_worker <- function(rank, directory) {
  log <- file.path(directory, paste0("log-", rank))
  # callr uses R's random generator.
  withr::with_preserve_seed(callr::r_bg(
    function(directory, rank) asNamespace("MuSL")$follow(directory, rank),
    args = list(directory, rank),
    libpath = c(dirname(system.file(package = "MuSL")), .libPaths()),
    stdout = log,
    stderr = log
  ))
}

ready_file <- function(directory, rank) {
  file.path(directory, paste0("ready-", rank))
}

# The whole life of a worker.
follow <- function(directory, rank) {
  job <- readRDS(file.path(directory, "job.rds"))
  place <- utils::modifyList(job$place, list(rank = as.integer(rank)))
  withr::local_options(MuSL.backend = job$backend)
  # Without this file the others would wait for it.
  stopifnot(file.create(ready_file(directory, rank)))
  with_backend(do_fit(job, place))
  invisible()
}

# Waits until they have read the inputs, so that the core only waits while the
# others compute.
await_workers <- function(group, call) {
  ready <- ready_file(group$directory, seq_along(group$workers))
  give_up <- Sys.time() + group$place$timeout
  while (!all(file.exists(ready))) {
    if (any_ended(group) || Sys.time() > give_up) {
      abort_group(group, call = call)
    }
    Sys.sleep(0.02)
  }
}

any_ended <- function(group) {
  !all(vapply(group$workers, function(worker) worker$is_alive(), TRUE))
}

end_group <- function(group) {
  for (worker in group$workers) {
    worker$kill()
  }
  unlink(group$directory, recursive = TRUE)
}

# Tells why each process died; the death of one ends the others.
abort_group <- function(group, cnd = NULL, call = caller_env()) {
  # News of a loss may come before the lost process has ended.
  if (!is.null(cnd)) await_end(group, seconds = 2)
  own <- if (inherits(cnd, "musl_error_device")) cnd
  failures <- c(list(own), lapply(group$workers, worker_failure))
  lines <- unlist(Map(
    failure_line, failures, seq_along(group$device), group$device
  ))
  if (length(lines) == 0) {
    lines <- "A process did not answer in time."
  }
  abort_musl(c(
    "Training on several devices failed.",
    stats::setNames(without_markup(lines), rep("x", length(lines))),
    i = "With a {.arg checkpoint}, the same call resumes from the last epoch."
  ), "device", failures = failures, call = call)
}

await_end <- function(group, seconds) {
  give_up <- Sys.time() + seconds
  for (worker in group$workers) {
    left <- as.numeric(give_up - Sys.time(), units = "secs")
    worker$wait(timeout = 1000 * max(0, left))
  }
}

# Why a worker died; NULL if it did not.
worker_failure <- function(worker) {
  if (worker$is_alive()) {
    return(NULL)
  }
  tryCatch(
    {
      worker$get_result()
      NULL
    },
    error = function(cnd) cnd$parent %||% cnd
  )
}

failure_line <- function(cnd, process, device) {
  if (is.null(cnd)) {
    return(NULL)
  }
  text <- gsub("\\s+", " ", cli::ansi_strip(conditionMessage(cnd)))
  who <- if (process == 1) "This session" else paste("Process", process)
  paste0(who, ", on \"", device, "\": ", sub("^! ", "", text))
}
