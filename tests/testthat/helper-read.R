# Files as people have them, written where the test runs.

write_text <- function(..., name = "table.csv", eol = "\n",
                       env = parent.frame()) {
  dir <- withr::local_tempdir(.local_envir = env)
  path <- file.path(dir, name)
  writeBin(charToRaw(paste0(paste(c(...), collapse = eol), eol)), path)
  path
}

write_raw <- function(bytes, name = "table.csv", env = parent.frame()) {
  dir <- withr::local_tempdir(.local_envir = env)
  path <- file.path(dir, name)
  writeBin(bytes, path)
  path
}

read_bytes <- function(path) {
  readBin(path, "raw", file.size(path))
}

gzip_file <- function(path) {
  packed <- paste0(path, ".gz")
  con <- gzfile(packed, "wb")
  writeBin(read_bytes(path), con)
  close(con)
  packed
}

# One pair, by the columns that are read.
biogrid_pair <- c(
  paste(
    "#BioGRID Interaction ID", "Entrez Gene Interactor A",
    "Entrez Gene Interactor B", "Official Symbol Interactor A",
    "Official Symbol Interactor B", "Experimental System Type",
    "Organism ID Interactor A", "Organism ID Interactor B", sep = "\t"
  ),
  paste(1, 7157, 4193, "TP53", "MDM2", "physical", 9606, 9606, sep = "\t")
)

depmap_lines <- c(
  ",TP53 (7157),ARID1A (8289),HLA-A (3105)",
  "ACH-000001,3.1,4.5,0",
  "ACH-000002,0,2.25,NA",
  "ACH-000003,1e-2,0.5,7"
)

depmap_values <- matrix(
  c(3.1, 4.5, 0, 0, 2.25, NA, .01, .5, 7), 3,
  dimnames = list(c("TP53", "ARID1A", "HLA-A"), sprintf("ACH-%06d", 1:3))
)

data_file <- function(...) {
  root <- Sys.getenv("MUSL_DATA")
  skip_if(!nzchar(root), "MUSL_DATA does not name the folder of real data")
  path <- file.path(root, ...)
  skip_if_not(file.exists(path), paste("no", file.path(...)))
  path
}
