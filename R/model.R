# A model object around its bytes; the cache belongs to this object alone.
new_musl_model <- function(...) {
  new_object("MuslModel", ..., cache = new.env(parent = emptyenv()))
}

# The core's model behind the bytes. A pointer does not outlive its process, so
# it is made again where it is missing or came out of a file as nil.
live_model <- function(object, call = caller_env()) {
  if (!has_network(object)) {
    abort_musl(c(
      "This needs the network of a model.",
      x = "The model learned from measured pairs alone.",
      i = "{.fn predict} and {.fn musl_partners} hear its members."
    ), argument = "object", call = call)
  }
  pointer <- object@cache$pointer
  if (is.null(pointer) || !cpp_model_is_live(pointer)) {
    pointer <- with_backend(cpp_model_load(object@bytes))
    assign("pointer", pointer, envir = object@cache)
  }
  pointer
}

#' Training history of a model
#'
#' Returns what was measured after each epoch.
#'
#' @param object A [MuslModel][musl_fit()].
#' @returns A tibble, one row an epoch of a phase, in order: `phase`, `epoch` (0
#'   is the untrained network), `loss` (mean over the training pairs; `NA` at
#'   epoch 0), `valid_loss`, `valid_auroc`, `valid_auprc` (on the validation
#'   part), `learning_rate`, `seconds` (that the epoch took) and `best` (`TRUE`
#'   for the epoch whose weights were kept; never epoch 0), and of the pairs
#'   without a label that branches teach each other by (`strategy = "em"`):
#'   `n_unlabelled`, how many count (0 elsewhere), `share_positive`, the share
#'   of SL among them by weight, and `temperature`, that of the teachers' logits.
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
