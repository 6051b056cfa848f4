# Quick fits of musl_interactions() and the columns of their scores.

quick <- function(...) {
  fields <- utils::modifyList(
    list(
      ensemble = 1, epochs = 4, patience = 4, seed = 1, threads = 1,
      batch_size = 64
    ),
    list(...)
  )
  do.call(musl_control, fields)
}

# `fresh`: not the one that was made of the same before.
fit_quick <- function(d, ..., strategy = "branches", control = quick(),
                      width = 16, em = list(iterations = 1), fresh = FALSE) {
  made <- function() {
    musl_interactions(
      d$pairs, d$nodes, ...,
      strategy = strategy, control = control, em = em,
      shape = c(width = width), progress = FALSE
    )
  }
  if (fresh) return(made())
  once(list("quick", d, list(...), strategy, control, width, em), made())
}

small_world <- function(...) {
  musl_simulate("interactions", n_nodes = 60, n_pairs = 300, seed = 1, ...)
}

columns <- function(out) grep("^[.]pred", names(out), value = TRUE)
