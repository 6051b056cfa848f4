# What of a session a package may change without being asked: nothing of this.
session_state <- function() {
  list(
    generator = list(RNGkind(), globalenv()$.Random.seed),
    options = options(), environment = Sys.getenv(), directory = getwd(),
    locale = Sys.getlocale(), devices = grDevices::dev.list(),
    connections = nrow(showConnections()), sinks = sink.number(),
    search = search(), mask = Sys.umask(), children = children()
  )
}

# Processes that this one has started and that are there still.
children <- function() {
  files <- Sys.glob("/proc/[0-9]*/stat")
  lines <- vapply(files, function(file) {
    suppressWarnings(tryCatch(readLines(file, 1), error = function(cnd) ""))
  }, "", USE.NAMES = FALSE)
  fields <- strsplit(sub(".*[)] ", "", lines), " ", fixed = TRUE)
  parents <- vapply(fields, `[`, "", 2L)
  ids <- sub(" .*", "", lines)
  ids[parents %in% Sys.getpid()]
}

draws <- c("set.seed", "rnorm", "runif", "sample", "sample.int", "rbinom")

# Names of what differs. What a package that was loaded meanwhile adds to the
# options and to the environment is its own, and so is what `expr` itself draws
# from the generator.
changed_state <- function(before, after, expr, loaded) {
  if (loaded) {
    after$options <- after$options[names(before$options)]
    after$environment <- after$environment[names(before$environment)]
  }
  if (any(draws %in% all.names(expr)) || one_drawn(before, after)) {
    before$generator <- after$generator
  }
  same <- mapply(identical, before, after[names(before)])
  names(before)[!same]
}

# Calls without a `seed` draw one from the generator, and no more.
one_drawn <- function(before, after) {
  kept <- globalenv()$.Random.seed
  on.exit(assign(".Random.seed", kept, globalenv()))
  assign(".Random.seed", before$generator[[2]], globalenv())
  draw_seed(NULL)
  identical(globalenv()$.Random.seed, after$generator[[2]])
}

# The examples of a page of help, expression after expression, with what each
# left changed.
run_example <- function(page, rd) {
  file <- tempfile(fileext = ".R")
  tools::Rd2ex(rd, file)
  if (file.exists(file)) run_page(page, parse(file, keep.source = FALSE))
}

run_page <- function(page, expressions) {
  space <- new.env(parent = globalenv())
  found <- lapply(expressions, function(expr) {
    before <- session_state()
    packages <- loadedNamespaces()
    outcome <- run_expression(expr, space)
    loaded <- length(loadedNamespaces()) > length(packages)
    changed <- changed_state(before, session_state(), expr, loaded)
    data.frame(
      page = page, expr = deparse(expr)[[1]], outcome = outcome,
      changed = paste(changed, collapse = " ")
    )
  })
  do.call(rbind, found)
}

run_expression <- function(expr, space) {
  utils::capture.output(type = "output", outcome <- tryCatch(
    suppressWarnings(suppressMessages({
      value <- withVisible(eval(expr, space))
      if (value$visible) print(value$value)
      "done"
    })),
    error = function(cnd) paste("error:", conditionMessage(cnd))
  ))
  outcome
}

run_all_examples <- function() {
  Sys.setenv(R_DEFAULT_DEVICE = "pdf")
  grDevices::pdf(NULL)
  stats::runif(1) # a state of the generator that examples must keep
  loadNamespace("callr")
  library("MuSL", character.only = TRUE)
  pages <- tools::Rd_db("MuSL")
  do.call(rbind, Map(run_example, names(pages), pages))
}
