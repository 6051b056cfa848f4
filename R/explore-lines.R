# A user's own cell lines in the explorer: a table of musl_dependency(), or
# DepMap's files, chosen in the browser or named in R.

# NULL, or list(table: of musl_dependency()) or list(x: a SummarizedExperiment,
# losses: what may count as loss in it), of the argument of musl_explore().
own_lines <- function(lines) {
  if (is.null(lines)) {
    return(NULL)
  }
  if (inherits(lines, "musl_dependency")) {
    return(list(table = lines))
  }
  if (is.character(lines)) {
    return(read_own_lines(lines, basename(lines)))
  }
  check_dependency_data(lines)
  lines_with_losses(lines)
}

# What may count as loss, by what the files have; the first is the default.
lines_with_losses <- function(x) {
  found <- SummarizedExperiment::assayNames(x)
  losses <- names(loss_labels)[loss_assays[names(loss_labels)] %in% found]
  lacks <- c(
    if (!"effect" %in% found) "the effects of knock-outs",
    if (length(losses) == 0) "what tells which lines lost a gene"
  )
  abort_if(length(lacks) > 0, c(
    "{.arg lines} must have {lacks}.",
    x = if (length(found) > 0) "Found {.val {found}}.",
    i = lines_hint
  ), argument = "lines")
  list(x = x, losses = losses)
}

# A table of musl_dependency(), or files of DepMap, whose names say what each
# has; `names` are those that the user knows.
read_own_lines <- function(paths, names) {
  is_model <- grepl("^model|^sampleinfo", squash_name(names))
  kinds <- vapply(names, guess_depmap_kind, "")
  if (length(paths) == 1 && !nzchar(kinds)) {
    return(list(table = as_dependency(typed_table(paths))))
  }
  abort_if(sum(is_model) > 1 || any(!nzchar(kinds) & !is_model), c(
    "Files of cell lines must have the names that DepMap gives them.",
    x = "{.val {few(names[!nzchar(kinds)])}} {?has/have} another.",
    i = lines_hint
  ), argument = "lines")
  model <- if (any(is_model)) paths[is_model]
  # Read before S4 asks for it, which would change its errors.
  x <- read_depmap(set_names(paths, kinds)[!is_model], model = model)
  lines_with_losses(x)
}

# A written table: numbers and flags as such, names of genes as text.
typed_table <- function(path) {
  table <- read_all_text(path)
  text <- names(table) %in% c("anchor", "partner")
  table[!text] <- lapply(table[!text], utils::type.convert, as.is = TRUE)
  table
}

# Uploads ----------------------------------------------------------------------

# Bytes of a file that a browser may send: a file of all lines has some 400 MB.
# Behind a proxy others may send files, too.
upload_limit <- function() {
  usual <- if (length(explore_hosts()) > 0) 20 else 1000
  limit <- getOption("MuSL.explore_upload", usual)
  1e6 * check_number(limit, 0, arg = "options(MuSL.explore_upload = )")
}

check_upload <- function(name, size) {
  limit <- upload_limit()
  large <- which(!is.finite(size) | size > limit)
  shown <- round(size[large[1]] / 1e6)
  abort_if(length(large) > 0, c(
    "A file must have at most {round(limit / 1e6)} MB.",
    x = "{.file {name[large[1]]}} has {count_text(shown)} MB.",
    i = "R reads larger ones from its own disk:
         {.code musl_explore(lines = \"{name[large[1]]}\")}."
  ), argument = "lines")
}

# `files`: of a file input. They are read under the names that the user knows,
# and removed.
uploaded_lines <- function(files) {
  folder <- new_tempfile()
  on.exit(unlink(c(folder, files$datapath), recursive = TRUE))
  check_upload(files$name, files$size)
  dir.create(folder)
  names <- gsub("[^A-Za-z0-9._-]", "_", basename(files$name))
  paths <- file.path(folder, names)
  abort_if(anyDuplicated(names) > 0 || !all(file.rename(
    files$datapath, paths
  )), "Files must have different names.", argument = "lines")
  read_own_lines(paths, names)
}

# What they say of a gene ------------------------------------------------------

# list(dependency: for musl_partners(), note: why there is none)
own_dependency <- function(own, gene, loss) {
  if (is.null(own)) {
    return(list())
  }
  if (!is.null(own$table)) {
    tested <- gene %in% c(own$table$anchor, own$table$partner)
    return(if (tested) {
      list(dependency = own$table)
    } else {
      list(note = untested_words(gene, unique(own$table$anchor)))
    })
  }
  tryCatch(
    list(dependency = musl_dependency(gene, own$x, loss = loss)),
    musl_error = function(cnd) list(note = page_words(cnd))
  )
}
