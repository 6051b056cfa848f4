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

# Ends the first job of the queue when `directory` has so many files.
cancel_when <- function(directory, n_files) {
  script <- sprintf(
    "while [ $(ls '%s' 2>/dev/null | wc -l) -lt %d ]; do sleep 0.1; done
     job=$(squeue --noheader --format=%%i --states=R | sort -n | head -n 1)
     scancel \"$job\"",
    directory, n_files
  )
  system2("timeout", c("300", "sh", "-c", shQuote(script)), wait = FALSE)
}
