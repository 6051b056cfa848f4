# All conditions of the package: an error is `musl_error_<kind>` under
# `musl_error`, a warning `musl_warning_<kind>` under `musl_warning`, a message
# `musl_message_<kind>` under `musl_message`.

error_kinds <- c(
  "input", "gene", "shape", "leakage", "device", "backend", "diverged",
  "cancelled", "format", "internal"
)

warning_kinds <- c(
  "dropped_genes", "unknown_gene", "cpu_fallback", "not_converged", "circular",
  "leakage", "calibration", "distribution", "replication", "other"
)

# `message` takes cli markup, evaluated in the caller's frame; fields in `...`
# are stored in the condition for handlers.
abort_musl <- function(message, class = "input", ..., call = user_call(),
                       .envir = parent.frame()) {
  stopifnot(class %in% error_kinds)
  cli::cli_abort(
    message,
    class = c(paste0("musl_error_", class), "musl_error"),
    ...,
    call = call,
    .envir = .envir
  )
}

# The frame of the function of MuSL that the user called, which a message names.
user_call <- function() {
  for (i in seq_len(sys.nframe())) {
    if (identical(environment(sys.function(i)), topenv())) {
      return(sys.frame(i))
    }
  }
}

# For guards: the message and all else is only evaluated if `condition` holds.
abort_if <- function(condition, message, ..., .envir = parent.frame()) {
  if (condition) abort_musl(message, ..., .envir = .envir)
}

warn_if <- function(condition, message, ..., .envir = parent.frame()) {
  if (condition) warn_musl(message, ..., .envir = .envir)
}

inform_if <- function(condition, message, ..., .envir = parent.frame()) {
  if (condition) inform_musl(message, ..., .envir = .envir)
}

warn_musl <- function(message, class = "other", ..., .envir = parent.frame()) {
  stopifnot(class %in% warning_kinds)
  cli::cli_warn(
    message,
    class = c(paste0("musl_warning_", class), "musl_warning"),
    ...,
    .envir = .envir
  )
}

inform_musl <- function(message, class = "other", ...,
                        .envir = parent.frame()) {
  cli::cli_inform(
    message,
    class = c(paste0("musl_message_", class), "musl_message"),
    ...,
    .envir = .envir
  )
}

# Runs many jobs, each message of which is told once.
tell_once <- function(expr) {
  told <- new.env(parent = emptyenv())
  withCallingHandlers(expr, musl_message = function(cnd) {
    text <- conditionMessage(cnd)
    if (isTRUE(told[[text]])) rlang::cnd_muffle(cnd)
    told[[text]] <- TRUE
  })
}

# Rcpp turns a C++ exception into a condition whose first class is the demangled
# C++ type.
with_core <- function(expr) tryCatch(expr, `C++Error` = abort_core)

abort_core <- function(cnd) {
  kind <- core_error_kind(cnd)
  lines <- core_error_lines(conditionMessage(cnd))
  if (kind == "internal") {
    lines <- c(
      "The core of MuSL failed unexpectedly.",
      x = lines[[1]],
      i = "Please report this with the call that led to it."
    )
  }
  lines <- without_markup(lines)
  # The core says why a file can't be written, but not what to do.
  unwritten <- grepl("^Can't (write|use the cache) \"", lines[[1]])
  if (unwritten) lines <- c(lines, i = room_hint)
  abort_musl(lines, kind, cpp_class = class(cnd)[[1]])
}

# Adds a line that says what to do.
with_hint <- function(cnd, hint) {
  if (!hint %in% cnd$body) cnd$body <- c(cnd$body, c(i = hint))
  cnd
}

# Escapes braces in text that contains no markup.
without_markup <- function(lines) {
  lines[] <- gsub("}", "}}", gsub("{", "{{", lines, fixed = TRUE), fixed = TRUE)
  lines
}

core_error_kind <- function(cnd) {
  type <- class(cnd)[[1]]
  if (grepl("^musl::[A-Za-z]+Error$", type)) {
    kind <- fold_case(sub("^musl::([A-Za-z]+)Error$", "\\1", type))
    return(if (kind %in% error_kinds) kind else "internal")
  }
  is_memory <- type == "std::bad_alloc" || grepl("OutOfMemory", type) ||
    grepl("out of memory|can't allocate memory", conditionMessage(cnd))
  if (is_memory) "device" else "internal"
}

# LibTorch appends a stack trace that is of no use to users.
core_error_lines <- function(text) {
  if (text == "std::bad_alloc") {
    return(c(
      "This call ran out of memory.",
      i = "Use fewer threads, or fewer genes or pairs at a time."
    ))
  }
  text <- sub("\n?(Exception raised from|frame #0:).*$", "", text)
  # Advice for C++ callers.
  text <- sub(
    " Prepare it with this model's make_dataset().",
    " Pass data with the inputs, widths and cohorts of training.",
    text,
    fixed = TRUE
  )
  lines <- trimws(strsplit(text, "\n", fixed = TRUE)[[1]])
  lines <- lines[nzchar(lines)]
  if (length(lines) == 0) lines <- "No message was given."
  names(lines) <- c("", rep("i", length(lines) - 1))
  lines
}

count_text <- function(n) {
  format(n, big.mark = ",", scientific = FALSE, trim = TRUE)
}

# `words` where `is` holds, else NA.
told <- function(is, words) ifelse(is %in% TRUE, words, NA_character_)

room_hint <- "Is there room, and may you write there?"
