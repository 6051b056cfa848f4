#' How to train a model
#'
#' Collects everything that controls training but is not part of the network.
#'
#' @param device "auto" (a GPU if there is one, else the CPU), "cpu", "cuda"
#'   (the first GPU) or one GPU as "cuda:0", "cuda:1", ...
#' @param threads Whole number from 0 to 1024; 0 for all that this process may
#'   use. On the CPU the result does not depend on it.
#' @param seed Whole number from 0 to 2^31 - 1, or `NULL`: one is drawn from R's
#'   generator and recorded. The same seed gives the same bits on the CPU; a GPU
#'   draws other numbers and adds in any order, so that its fits differ.
#' @param epochs Whole number from 1 to 100,000, largest number of passes over
#'   the training pairs in each phase.
#' @param patience Whole number from 1 to 100,000, epochs without a better
#'   validation value after which a phase stops.
#' @param batch_size Whole number from 1 to 2^20, pairs per optimiser step.
#' @param learning_rate Number > 0 up to 10, the largest rate of the schedule.
#' @param weight_decay Number from 0 to 10, AdamW decay of the weight matrices.
#' @param schedule "one_cycle" (the rate rises to `learning_rate` over 15 % of
#'   the steps and falls to nearly zero over the epochs of a phase) or "plateau"
#'   (the rate is `learning_rate` and is halved after three epochs in a row
#'   without a better validation value).
#' @param clip Number > 0, largest norm of a step's gradient.
#' @param ensemble Whole number from 1 to 100, networks of an ensemble, whose
#'   score is their mean. With more than one, each is trained with a different
#'   seed and validation part.
#' @param replication Number from 0 to 1, the agreement that a study of measured
#'   pairs should have: its weight is that of [musl_replication()] at this
#'   `threshold`, with a message if it is less than 1; 0 for weights of 1.
#' @param preset "default", or "paper", see *Published* in
#'   [musl_architecture()]: `batch_size` 128, `learning_rate` 1e-4,
#'   `weight_decay` 1e-3, `schedule` "plateau", `patience` 10, `ensemble` 1 and
#'   `epochs` 30. Arguments that are given override the preset.
#' @param checkpoint Path of a checkpoint file that training resumes from, or
#'   `NULL` for none.
#' @returns A list of class `musl_control` with one element per argument.
#' @section Errors:
#'   `musl_error_input` names the argument, the value found and its range.
#' @section Source:
#'   Halving on a plateau: PyTorch's `ReduceLROnPlateau` with `factor` 0.5, a
#'   `patience` of 2 and `threshold` 0.
#' @seealso [musl_architecture()], [musl_fit()], [musl_backend()]
#' @examplesIf musl_backend()$available
#' musl_control(epochs = 10, seed = 1)
#' musl_control(preset = "paper", epochs = 5)
#' @importFrom rlang %||%
#' @export
musl_control <- function(device = "auto", threads = 0L, seed = NULL,
                         epochs = 10L, patience = 4L, batch_size = 512L,
                         learning_rate = 1e-3, weight_decay = 1e-2,
                         schedule = c("one_cycle", "plateau"), clip = 1,
                         ensemble = 3L, checkpoint = NULL, replication = 0.65,
                         preset = c("default", "paper")) {
  given <- names(match.call())[-1]
  values <- mget(names(formals(musl_control)))
  fields <- checked_fields(musl_control, values, list(
    device = check_string,
    seed = function(x, arg) {
      check_whole(x, 0, .Machine$integer.max, arg, allow_null = TRUE)
    },
    ensemble = function(x, arg) as.integer(check_whole(x, 1, 100, arg)),
    checkpoint = function(x, arg) check_string(x, arg, allow_null = TRUE),
    replication = function(x, arg) check_number(x, 0, 1, arg)
  ))
  fields <- take_preset(fields, switch(fields$preset,
    default = list(),
    paper = list(
      epochs = 30L, patience = 10L, batch_size = 128L, learning_rate = 1e-4,
      weight_decay = 1e-3, schedule = "plateau", ensemble = 1L
    )
  ), given)
  with_core(cpp_check_control(core_control(fields, seed = 1L)))
  structure(fields, class = "musl_control")
}

# The fields in the form the core reads: a drawn seed, no NULL.
core_control <- function(control, seed) {
  control <- unclass(control)
  control[c("ensemble", "replication", "preset")] <- NULL
  control$seed <- control$seed %||% seed
  control$checkpoint <- control$checkpoint %||% ""
  control
}

#' @export
print.musl_control <- print.musl_architecture
