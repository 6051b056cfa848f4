# R CMD INSTALL runs this in place of its own copying: the shared libraries, and
# what musl_backend_build() compiles the backend from.
copy <- function(files, to) {
  dir.create(to, recursive = TRUE, showWarnings = FALSE)
  done <- file.copy(files, to, overwrite = TRUE)
  if (!all(done)) stop("can't copy ", toString(files[!done]), " to ", to)
}

# R CMD check makes symbols.rds, the names in each object.
copy(
  c(Sys.glob(paste0("*", SHLIB_EXT)), Sys.glob("symbols.rds")),
  file.path(R_PACKAGE_DIR, paste0("libs", R_ARCH))
)

# src/Makevars.win has none.
if (file.exists("build-stamp")) {
  backend <- file.path(R_PACKAGE_DIR, "backend")
  headers <- list.files("core", "[.]h$", recursive = TRUE, full.names = TRUE)
  networks <- list.files(
    "core/nn", "[.]cpp$",
    recursive = TRUE, full.names = TRUE
  )
  json <- list.files(
    "third_party",
    recursive = TRUE, full.names = TRUE
  )
  sources <- c(headers, networks, json)
  for (folder in unique(dirname(sources))) {
    copy(sources[dirname(sources) == folder], file.path(backend, folder))
  }
  copy(c("Makevars", "build-stamp"), backend)
  copy(
    file.path("..", "tools", c(
      "build-backend", "find-libtorch.sh", "torch-flags.sh", "object-rules.sh"
    )),
    file.path(backend, "tools")
  )
}
