# A cluster of this machine: batchtools' jobs are processes, its registry and
# their results are files.
batchtools_workers <- function(..., env = parent.frame()) {
  skip_on_cran()
  skip_on_os("windows")
  skip_if_not_installed("BiocParallel")
  skip_if_not_installed("batchtools")
  # No five seconds between two looks at the jobs, nor before the registry goes.
  settings <- withr::local_tempfile(
    lines = "sleep <- 0.05", fileext = ".R", .local_envir = env
  )
  withr::local_options(
    BIOCPARALLEL_BATCHTOOLS_REMOVE_REGISTRY_WAIT = 0, .local_envir = env
  )
  BiocParallel::BatchtoolsParam(
    workers = 2, cluster = "multicore", ...,
    registryargs = BiocParallel::batchtoolsRegistryargs(
      file.dir = withr::local_tempfile(.local_envir = env),
      conf.file = settings
    )
  )
}

# SnowParam's R processes find the package where this one did.
snow_workers <- function(env = parent.frame()) {
  skip_on_cran()
  skip_if_not_installed("BiocParallel")
  withr::local_envvar(
    R_LIBS = paste(.libPaths(), collapse = .Platform$path.sep),
    .local_envir = env
  )
  BiocParallel::SnowParam(2, progressbar = FALSE)
}

# Since version 2.0, LibTorch trains in no fork of a process that has trained.
forks_train_after <- function() libtorch_version() < "2.0.0"

skip_where_forks_train_not <- function() {
  skip_without_backend()
  skip_if_not(
    forks_train_after(),
    "forks of a process that has trained can't train with this LibTorch"
  )
}

# Waits at most so many seconds for `holds()` to be TRUE.
wait_until <- function(holds, seconds) {
  for (i in seq_len(10 * seconds)) {
    if (holds()) break
    Sys.sleep(0.1)
  }
}

# An interrupt that a starved process gets before it listens is lost; it would
# run for ever.
interrupt_until_done <- function(job, times = 6) {
  for (i in seq_len(times)) {
    job$interrupt()
    job$wait(10000)
    if (!job$is_alive()) break
  }
}
