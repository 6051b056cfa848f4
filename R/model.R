# A model object around its bytes; the cache belongs to this object alone.
new_musl_model <- function(...) {
  new_object("MuslModel", ..., cache = new.env(parent = emptyenv()))
}

# What the members beside or in place of a network learned from.
members_learned <- function(object) {
  if (learned_screens(object)) "measured" else "recorded"
}

check_network <- function(object, call = caller_env()) {
  if (!has_network(object)) {
    abort_musl(c(
      "This needs the network of a model.",
      x = "It is a model of members for {members_learned(object)} pairs.",
      i = "{.fn predict} and {.fn musl_partners} use its members."
    ), argument = "object", call = call)
  }
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

#' Training history of a model
#'
#' Returns the measurements after each epoch.
#'
#' @param object A [MuslModel][musl_fit()].
#' @returns A tibble, one row per epoch of a phase, in order: `member` (the
#'   network of an ensemble, 1 for a single one), `phase`, `epoch`
#'   (0 is the untrained network), `loss` (mean over the training pairs; `NA` at
#'   epoch 0), `valid_loss`, `valid_auroc`, `valid_auprc` (on the validation
#'   part), `learning_rate`, `seconds` (of the epoch) and `best` (`TRUE`
#'   for the epoch whose weights were kept; never epoch 0), and for the
#'   unlabelled pairs on which branches teach each other (`strategy = "em"`):
#'   `n_unlabelled`, how many count (0 elsewhere), `share_positive`, the
#'   weighted share of SL among them, and `temperature`, that of the teachers'
#'   logits.
#'   Models of older versions lack these three.
#' @seealso [autoplot()][autoplot.MuslModel]
#' @examples
#' fit <- musl_example_model()
#' musl_history(fit)
#' @export
musl_history <- function(object) {
  check_is(object, "MuslModel")
  object@history
}
