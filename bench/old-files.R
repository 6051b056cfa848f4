# Does what 0.99.1 left on disk give the same bits in an old and a new MuSL?
#   Rscript bench/old-files.R [--smoke] OLD_LIBRARY NEW_LIBRARY
# Hashes of scores: of a model's file, of one by saveRDS(), of a fit that goes on
# from a checkpoint, of an atlas. A smoke run compares the MuSL that it finds
# with itself.
file <- sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE))
source(file.path(dirname(file), "script.R"))
fixtures <- file.path(dirname(file), "..", "tests", "fixtures", "0.99.1")
if (!dir.exists(fixtures)) stop("The fixtures of 0.99.1 are not at hand.")

work <- c(
  "suppressMessages(library(MuSL))",
  "at <- function(name) file.path(commandArgs(TRUE), name)",
  "copy <- function(name) {",
  "  to <- tempfile()",
  "  dir.create(to)",
  "  file.copy(at(name), to, recursive = TRUE)",
  "  file.path(to, name)",
  "}",
  "tell <- function(what, x) cat(what, rlang::hash(as.numeric(x)), '\\n')",
  "score <- function(fit, table) {",
  "  pairs <- read.csv(at(table))[c('gene_a', 'gene_b')]",
  "  predict(fit, pairs)$.score",
  "}",
  "tell('model', score(musl_load(at('model.musl')), 'model.csv'))",
  "tell('saveRDS', score(readRDS(at('model.rds')), 'rds.csv'))",
  "data <- musl_simulate('small', n_genes = 90, n_samples = 24, n_pairs = 60,",
  "  embedding_dim = 8L, seed = 7)",
  "shape <- musl_architecture(encoders = c('descriptors', 'genes', 'graph'),",
  "  width = 8L, bins = 8L, graph_hidden = 8L, spectral = 4L,",
  "  coexpression = 2L, fusion_width = 8L)",
  "how <- musl_control(members = 1L, seed = 5, threads = 1L, device = 'cpu',",
  "  batch_size = 64L, epochs = 30L, patience = 30L,",
  "  checkpoint = copy('checkpoint.musl'))",
  "fit <- suppressWarnings(suppressMessages(musl_fit(data,",
  "  architecture = shape, control = how, progress = FALSE)))",
  "tell('checkpoint', score(fit, 'checkpoint.csv'))",
  "atlas <- suppressWarnings(read_atlas(copy('atlas')))",
  "tell('atlas', as.matrix(musl_scores(atlas)))"
)
found <- lapply(libraries_given(), function(library) {
  lines <- run_lines(work, library, normalizePath(fixtures))
  utils::read.table(text = lines, col.names = c("what", "bits"))
})
both <- merge(found$old, found$new, by = "what", suffixes = c("_old", "_new"))
stopifnot(nrow(both) == 4)
both$same <- both$bits_old == both$bits_new
print(both, row.names = FALSE)
if (!all(both$same)) quit(status = 1)
