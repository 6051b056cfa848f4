# What the help says of arguments and their defaults is what the functions do.

# The calls under "Usage" of all help pages, as functions of the same arguments.
documented_functions <- function() {
  pages <- list.files(file.path(source_root(), "man"), "[.]Rd$",
    full.names = TRUE
  )
  calls <- unlist(lapply(pages, function(page) {
    rd <- tools::parse_Rd(page)
    tags <- vapply(rd, attr, "", "Rd_tag")
    text <- usage_text(rd[tags == "\\usage"])
    as.list(parse(text = text, keep.source = FALSE))
  }))
  calls <- Filter(function(x) is.call(x) && is.name(x[[1]]), calls)
  names(calls) <- vapply(calls, function(x) as.character(x[[1]]), "")
  lapply(calls, function(x) {
    arguments <- as.list(x)[-1]
    texts <- default_texts(arguments)
    if (length(texts) == 0) return(character())
    bare <- !nzchar(names(texts) %||% rep("", length(texts)))
    stats::setNames(ifelse(bare, "", texts), ifelse(bare, texts, names(texts)))
  })
}

# \method{generic}{class} is the name of the method.
usage_text <- function(x) {
  paste(unlist(lapply(x, function(part) {
    if (attr(part, "Rd_tag") %in% c("\\method", "\\S4method")) {
      return(paste0("`", paste(unlist(part), collapse = "."), "`"))
    }
    if (is.list(part)) usage_text(part) else as.character(part)
  })), collapse = "")
}

# Defaults by argument, as text; "" without one.
default_texts <- function(arguments) {
  vapply(arguments, function(x) {
    # An argument without a default is the empty name.
    if (identical(x, bquote())) "" else paste(deparse(x), collapse = "\n")
  }, "")
}

test_that("help pages tell the arguments and defaults that functions have", {
  skip_without_sources()
  space <- asNamespace("MuSL")
  told <- documented_functions()
  told <- told[vapply(names(told), exists, NA, envir = space)]
  exported <- grep("^(musl|read)_", getNamespaceExports("MuSL"), value = TRUE)
  expect_identical(setdiff(exported, names(told)), character())
  for (name in names(told)) {
    has <- formals(get(name, space))
    expect_identical(told[[name]], default_texts(has), label = name)
  }
})
