#' How to train a MuSL network
#'
#' Collects everything that steers training but is no part of the network
#' itself.
#'
#' @param strategy "joint" (all branches together) or "branches" (each branch
#'   apart, then the fusion).
#' @param device "auto" (a GPU where there is one, else the CPU), "cpu", "cuda"
#'   or "cuda:<i>".
#' @param threads Whole number >= 0 of threads; 0 for all that this process may
#'   use.
#'   On the CPU the result does not depend on it.
#' @param seed Whole number from 0 to 2^31 - 1, or `NULL`: one is drawn from R's
#'   generator and recorded.
#' @param epochs Whole number >= 1, passes over the training pairs in each phase
#'   at most.
#' @param patience Whole number >= 1, epochs without a better validation value
#'   after which a phase stops.
#' @param batch_size Whole number >= 1, pairs per optimiser step.
#' @param learning_rate Number > 0, the peak of the one-cycle schedule.
#' @param weight_decay Number >= 0, AdamW decay of the weight matrices.
#' @param warmup Number from 0 to below 1, share of the steps before the peak.
#' @param clip Number > 0, largest norm of a step's gradient.
#' @param members Whole number from 1 to 100, networks of an ensemble.
#'   With more than one, each is trained from a seed of its own on a training
#'   part of its own: it holds out other pairs or genes to choose its epoch.
#'   The ensemble's score is their mean.
#' @param monitor "auprc" or "auroc": the validation value that chooses the
#'   epoch.
#' @param checkpoint Path of a checkpoint file that training resumes from, or
#'   `NULL` for none.
#' @returns A list of class `musl_control` with one element an argument.
#' @section Errors:
#'   `musl_error_input` names the argument, the value found and its range.
#' @seealso [musl_architecture()], [musl_fit()], [musl_device()]
#' @examples
#' musl_control(epochs = 10, seed = 1)
#' @importFrom rlang %||%
#' @export
musl_control <- function(strategy = c("joint", "branches"),
                         device = "auto",
                         threads = 0L,
                         seed = NULL,
                         epochs = 10L,
                         patience = 4L,
                         batch_size = 512L,
                         learning_rate = 1e-3,
                         weight_decay = 1e-2,
                         warmup = 0.15,
                         clip = 1,
                         members = 1L,
                         monitor = c("auprc", "auroc"),
                         checkpoint = NULL) {
  fields <- list(
    strategy = check_choice(strategy, c("joint", "branches")),
    device = check_string(device),
    threads = check_count(threads),
    seed = check_whole(seed, 0, .Machine$integer.max, allow_null = TRUE),
    epochs = check_count(epochs),
    patience = check_count(patience),
    batch_size = check_count(batch_size),
    learning_rate = check_number(learning_rate),
    weight_decay = check_number(weight_decay),
    warmup = check_number(warmup),
    clip = check_number(clip),
    members = as.integer(check_whole(members, 1, 100)),
    monitor = check_choice(monitor, c("auprc", "auroc")),
    checkpoint = check_string(checkpoint, allow_null = TRUE)
  )
  with_core(cpp_check_control(core_control(fields, seed = 1L)))
  structure(fields, class = "musl_control")
}

# The fields as the core takes them: a drawn seed, no NULL.
core_control <- function(control, seed) {
  control <- unclass(control)
  control$members <- NULL
  control$seed <- control$seed %||% seed
  control$checkpoint <- control$checkpoint %||% ""
  control
}

#' @export
print.musl_control <- function(x, ...) {
  cat("<musl_control: ", x$strategy, ">\n", sep = "")
  print_fields(x[setdiff(names(x), "strategy")])
  invisible(x)
}
