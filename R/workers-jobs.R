# Jobs of a cluster (BatchtoolsParam): those that end without a result are
# named, and none goes on when the call has ended.

# The value of run(), which uses `workers`.
run_in_cluster <- function(workers, run) {
  # batchtools asks Slurm for the jobs of $USER, which cron, for one, does not
  # set: all would look lost.
  if (!nzchar(Sys.getenv("USER"))) {
    withr::local_envvar(USER = Sys.info()[["user"]])
  }
  if (!BiocParallel::bpisup(workers)) {
    workers <- BiocParallel::bpstart(workers)
    on.exit(stop_cluster(workers))
  }
  done <- FALSE
  on.exit(if (!done) end_jobs(workers$registry), add = TRUE, after = FALSE)
  value <- tryCatch(run(), error = function(cnd) {
    lost <- lost_jobs(workers$registry)
    stop(if (is.null(lost)) cnd else lost_condition(lost, workers, cnd))
  })
  done <- TRUE
  value
}

# A data frame of the jobs that ended without result or error: batch.id, n_tasks
# and the last line of the log; NULL for none.
lost_jobs <- function(registry) {
  status <- as.data.frame(batchtools::getJobStatus(reg = registry))
  open <- !is.na(status$batch.id) & is.na(status$done)
  running <- batchtools::findOnSystem(reg = registry)$job.id
  lost <- status[open & !status$job.id %in% running, ]
  if (nrow(lost) == 0) {
    return(NULL)
  }
  n_tasks <- tabulate(match(lost$batch.id, unique(lost$batch.id)))
  lost <- lost[!duplicated(lost$batch.id), ]
  file <- ifelse(
    is.na(lost$log.file), paste0(lost$job.hash, ".log"), lost$log.file
  )
  logs <- file.path(registry$file.dir, "logs", file)
  data.frame(
    batch.id = lost$batch.id, n_tasks = n_tasks,
    last = vapply(logs, last_line, "", USE.NAMES = FALSE)
  )
}

# The last line that is not batchtools' own; "" for none.
last_line <- function(file) {
  lines <- tryCatch(
    readLines(file, warn = FALSE),
    error = function(cnd) character(), warning = function(cnd) character()
  )
  own <- grepl("^### \\[bt\\]|^ *$", lines)
  lines <- trimws(lines[!own])
  if (length(lines) == 0) "" else lines[[length(lines)]]
}

lost_condition <- function(lost, workers, parent) {
  structure(
    class = c("lost_jobs", "error", "condition"),
    list(
      message = "Jobs ended without a result.", call = NULL, jobs = lost,
      cluster = BiocParallel::bpbackend(workers), parent = parent
    )
  )
}

abort_lost_jobs <- function(cnd, kept) {
  jobs <- cnd$jobs
  ends <- jobs$last[nzchar(jobs$last)]
  abort_musl(c(
    "{nrow(jobs)} job{?s} of the cluster ended without a result.",
    x = "{cnd$cluster} {.val {jobs$batch.id}}, with {sum(jobs$n_tasks)}
         task{?s}.",
    x = if (length(ends) > 0) "A log ends with {.val {ends[[1]]}}.",
    i = "Was a job cancelled, or was its limit of time or memory too low?",
    i = kept
  ), "device", jobs = jobs$batch.id, parent = cnd$parent)
}

# After an interrupt, or if a job can't be submitted, others would go on for
# nothing.
end_jobs <- function(registry) {
  if (!try_quietly(batchtools::killJobs(reg = registry))) {
    end_processes(registry)
  }
  for (i in seq_len(30)) {
    if (nrow(batchtools::findOnSystem(reg = registry)) == 0) break
    Sys.sleep(1)
  }
}

# Jobs of this machine are processes, which batchtools does not end.
end_processes <- function(registry) {
  if (registry$cluster.functions$name == "Multicore") {
    status <- as.data.frame(batchtools::getJobStatus(reg = registry))
    running <- batchtools::findOnSystem(reg = registry)$job.id
    process <- unique(status$batch.id[status$job.id %in% running])
    tools::pskill(as.integer(process))
  }
}

# Jobs that are being ended may still write to the registry's directory.
stop_cluster <- function(workers, times = 3) {
  directory <- workers$registry$file.dir
  for (i in seq_len(times)) {
    if (try_quietly(BiocParallel::bpstop(workers))) {
      return(invisible())
    }
    Sys.sleep(1)
  }
  inform_musl("Remove {.file {directory}} when the cluster's jobs have ended.")
}

try_quietly <- function(expr) {
  tryCatch(
    {
      suppressMessages(suppressWarnings(expr))
      TRUE
    },
    error = function(cnd) FALSE
  )
}
