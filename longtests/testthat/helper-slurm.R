# A real Slurm of one node on the loopback address, until the caller ends;
# returns its directory. Its R processes start in an empty working directory.
local_slurm <- function(env = parent.frame()) {
  skip_on_os("windows")
  skip_if_not_installed("BiocParallel")
  skip_if_not_installed("batchtools")
  withr::local_path(c("/usr/sbin", "/sbin"), "suffix", .local_envir = env)
  needed <- c("munged", "slurmctld", "slurmd", "sbatch")
  absent <- needed[!nzchar(Sys.which(needed))]
  skip_if(
    length(absent) > 0, paste("no Slurm:", toString(absent), "not found")
  )
  script <- normalizePath("local-slurm")
  # Sockets have short paths.
  directory <- withr::local_tempfile(tmpdir = "/tmp", .local_envir = env)
  started <- system2(script, c("start", directory))
  withr::defer(system2(script, c("stop", directory)), env)
  if (started != 0) stop("Slurm did not start.")
  withr::local_dir(withr::local_tempdir(.local_envir = env), .local_envir = env)
  # As cron starts a script.
  withr::local_envvar(
    SLURM_CONF = file.path(directory, "slurm.conf"), USER = NA,
    .local_envir = env
  )
  directory
}

# As a user asks for them, with the template of batchtools.
slurm_workers <- function() {
  suppressMessages(BiocParallel::BatchtoolsParam(
    workers = 2, cluster = "slurm",
    resources = list(ncpus = 1, memory = 1000, walltime = 600)
  ))
}

# Process ids of a Slurm's daemons.
slurm_processes <- function(directory) {
  files <- file.path(directory, c("munged.pid", "slurmctld.pid", "slurmd.pid"))
  vapply(files, function(file) as.integer(readLines(file)), 1L)
}

# A container's first process may not take notice of one that has ended.
is_alive <- function(processes) {
  vapply(file.path("/proc", processes, "status"), function(file) {
    file.exists(file) && !any(grepl("^State:\\s*Z", readLines(file)))
  }, TRUE)
}

# Hexadecimal addresses, as in /proc, on which a Slurm's daemons listen.
listening_addresses <- function(directory) {
  settings <- readLines(file.path(directory, "slurm.conf"))
  port <- grep("^Slurm(ctld|d)Port=", settings, value = TRUE)
  port <- sprintf("%04X", as.integer(sub(".*=", "", port)))
  files <- Filter(file.exists, c("/proc/net/tcp", "/proc/net/tcp6"))
  # local_address is the second field, st the fourth, 0A a socket that listens.
  rows <- unlist(lapply(files, function(file) readLines(file)[-1]))
  fields <- strsplit(trimws(rows), " +")
  listens <- vapply(fields, function(x) x[[4]] == "0A", TRUE)
  local <- strsplit(vapply(fields[listens], `[[`, "", 2), ":", fixed = TRUE)
  local <- local[vapply(local, `[[`, "", 2) %in% port]
  vapply(local, `[[`, "", 1)
}

# Ends the first job of the queue when `directory` has so many files, and writes
# its number to `record`.
cancel_when <- function(directory, n_files, record) {
  script <- sprintf(
    "while [ $(ls '%s' 2>/dev/null | wc -l) -lt %d ]; do sleep 0.1; done
     job=$(squeue --noheader --format=%%i --states=R | sort -n | head -n 1)
     scancel \"$job\" && echo \"$job\" > '%s'",
    directory, n_files, record
  )
  system2("timeout", c("300", "sh", "-c", shQuote(script)), wait = FALSE)
}
