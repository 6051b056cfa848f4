# A model object around its bytes; the cache belongs to this object alone.
new_musl_model <- function(...) {
  new_object("MuslModel", ..., cache = new.env(parent = emptyenv()))
}

# What the members beside or in place of a network learned from.
members_learned <- function(object) {
  if (learned_screens(object)) "measured" else "recorded"
}

check_network <- function(object, call = caller_env()) {
  abort_if(!has_network(object), c(
    "This needs the network of a model.",
    x = "It is a model of members for {members_learned(object)} pairs.",
    i = "{.fn predict} and {.fn musl_partners} use its members."
  ), argument = "object", call = call)
}

# The core's model of the bytes. A pointer is only valid in its process, so it
# is rebuilt if it is missing or was read from a file as nil.
live_model <- function(object, call = caller_env()) {
  check_network(object, call)
  pointer <- object@cache$pointer
  if (is.null(pointer) || !cpp_model_is_live(pointer)) {
    pointer <- with_backend(cpp_model_load(object@bytes))
    assign("pointer", pointer, envir = object@cache)
  }
  pointer
}
