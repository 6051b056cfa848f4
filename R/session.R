# What belongs to the session of R: its options, its temporary folder, what it
# keeps of objects.

# The bytes of a file as they are: by R's option `encoding` a connection would
# decode them, and the reader a second time.
text_connection <- function(path) file(path, "r", encoding = "native.enc")

file_lines <- function(path, n = -1L, ...) {
  con <- text_connection(path)
  on.exit(close(con))
  readLines(con, n, warn = FALSE, ...)
}

# In R's folder, made anew if a cleaner took it.
new_tempfile <- function(fileext = "") {
  tempfile(tmpdir = tempdir(check = TRUE), fileext = fileext)
}

# What `load` makes in the core, kept in an environment while it is live.
pointer_in <- function(store, name, load) {
  pointer <- store[[name]]
  if (is.null(pointer) || identical(pointer, no_pointer)) {
    pointer <- load()
    assign(name, pointer, envir = store)
  }
  pointer
}

# A pointer of an object that was loaded from a file.
no_pointer <- methods::new("externalptr")

# What a session keeps with an object is outside it, so that its value does not
# change with use: an environment for each `identity`, an empty environment in
# the object, as long as that lives.
session_store <- function(identity) {
  address <- rlang::obj_address(identity)
  known <- session_stores[[address]]
  if (!identical(known_identity(address), identity)) {
    store <- new.env(parent = emptyenv())
    known <- rlang::new_weakref(identity, store, forget_store(address))
    assign(address, known, envir = session_stores)
  }
  rlang::wref_value(known)
}

session_stores <- new.env(parent = emptyenv())

known_identity <- function(address) {
  known <- session_stores[[address]]
  if (!is.null(known)) rlang::wref_key(known)
}

# Another object may have the address by then.
forget_store <- function(address) {
  force(address)
  function(identity) {
    if (is.null(known_identity(address)) && exists(address, session_stores)) {
      rm(list = address, envir = session_stores)
    }
  }
}
