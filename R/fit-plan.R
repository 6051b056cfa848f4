#' Training phases
#'
#' Shows how [musl_fit()] trains a given architecture and control: which parts
#' of the network each phase trains, by which losses, and when it ends.
#'
#' A fit leaves out encoders without input in the data, and drops them from its
#' phases; "auto" is shown as for sources with too few samples for
#' histograms.
#'
#' @param control A [musl_control()].
#' @param architecture A [musl_architecture()].
#' @returns A tibble of class `musl_plan`, one row per phase, in order: `phase`;
#'   `trained`, `frozen` and `reset`, the modules whose weights it updates,
#'   freezes, and re-initialises from the seed ("encoder.graph", or "encoder"
#'   for all of them); `losses`, its terms with their weights, `bce` being the
#'   cross-entropy of the fused logit, of the mean of all fused branches or of
#'   one branch, `alignment` and `supervised_alignment` the contrastive losses,
#'   `imitation` the distance from a teacher's vectors; `optimiser`, `schedule`,
#'   `learning_rate` (the largest) and `weight_decay`; `epochs` at most, and
#'   `patience`; `monitored`, the output that is validated, and `monitor`, the
#'   metric.
#' @section Errors:
#'   `musl_error_input` if an argument is of another class; `musl_error_backend`
#'   without a backend, see [musl_backend()].
#' @seealso [musl_fit()], [musl_inputs()]
#' @examplesIf musl_backend()$available
#' musl_plan()
#' musl_plan(musl_control("branches"), musl_architecture("paper"))
#' @export
musl_plan <- function(control = musl_control(),
                      architecture = musl_architecture()) {
  check_is(control, "musl_control")
  check_is(architecture, "musl_architecture")
  architecture <- decided(architecture, n_samples = 0L)
  phases <- with_backend(
    cpp_plan(unclass(architecture), core_control(control, seed = 1L))
  )
  rows <- lapply(phases, function(phase) {
    phase$losses <- paste(phase$losses, collapse = " + ")
    lapply(phase, paste_names)
  })
  columns <- lapply(rlang::set_names(names(rows[[1]])), function(name) {
    unlist(lapply(rows, `[[`, name))
  })
  tibble::new_tibble(columns, nrow = length(rows), class = "musl_plan")
}

# Several names in one string; numbers unchanged.
paste_names <- function(x) {
  if (is.numeric(x)) x else paste(x, collapse = ", ")
}

#' @export
print.musl_plan <- function(x, ...) {
  if (!all(plan_columns %in% names(x))) {
    print(as_tibble(unclass(x)), ...)
    return(invisible(x))
  }
  n <- nrow(x)
  cat("<musl_plan: ", n, " phase", if (n != 1) "s", ">\n", sep = "")
  for (i in seq_len(n)) print_phase(x[i, ], i)
  invisible(x)
}

# Of a whole plan.
plan_columns <- c(
  "phase", "trained", "frozen", "reset", "losses", "optimiser",
  "learning_rate", "schedule", "weight_decay", "epochs", "patience", "monitor",
  "monitored"
)

print_phase <- function(phase, number) {
  cat(number, ". ", phase$phase, "\n", sep = "")
  lines <- c(
    trained = phase$trained,
    frozen = phase$frozen,
    reset = phase$reset,
    losses = phase$losses,
    steps = paste0(
      phase$optimiser, ", rate ", format(phase$learning_rate), " (",
      phase$schedule, "), decay ", format(phase$weight_decay)
    ),
    ends = paste0(
      "after ", phase$epochs, " epochs, or ", phase$patience,
      " without a better ", phase$monitor, " of ", phase$monitored
    )
  )
  lines <- lines[nzchar(lines)]
  for (name in names(lines)) {
    cat(strwrap(lines[[name]],
      initial = paste0("   ", formatC(name, width = -8)), exdent = 11
    ), sep = "\n")
  }
}
