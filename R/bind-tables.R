# rbind() of lists and of differential dependencies: what the attributes tell of
# each holds for its anchors alone. dplyr::bind_rows() keeps those of the first,
# whatever methods its classes have, so that those who read them look for their
# anchors.

#' @method rbind musl_partners
#' @export
rbind.musl_partners <- function(..., deparse.level = 1) {
  rows <- rbind.data.frame(..., deparse.level = deparse.level)
  lists <- Filter(function(x) inherits(x, "musl_partners"), list(...))
  facts <- function(name) lapply(lists, attr, name)
  candidates <- do.call(rbind, facts("candidates"))
  prior <- unique(facts("prior"))
  new_musl_partners(
    as_tibble(unclass(rows)),
    candidates[!duplicated(candidates$gene), ],
    unique(do.call(rbind, facts("anchors"))),
    if (length(prior) == 1) prior[[1]],
    unique(unlist(facts("by"))),
    unique(do.call(rbind, facts("dropped")))
  )
}

#' @method rbind musl_dependency
#' @export
rbind.musl_dependency <- function(..., deparse.level = 1) {
  rows <- rbind.data.frame(..., deparse.level = deparse.level)
  tables <- Filter(function(x) inherits(x, "musl_dependency"), list(...))
  designs <- lapply(tables, attr, "design")
  same <- function(name) {
    found <- unique(lapply(designs, `[[`, name))
    if (length(found) == 1) found[[1]]
  }
  tibble::new_tibble(
    as_tibble(unclass(rows)),
    class = "musl_dependency",
    design = list(
      lost = bind_groups(lapply(designs, `[[`, "lost")),
      lineage = same("lineage"), effect = same("effect"),
      alternative = same("alternative")
    )
  )
}

# The groups of all anchors, NULL if they are of other lines or an anchor has
# several.
bind_groups <- function(groups) {
  lines <- unique(lapply(groups, rownames))
  anchors <- unlist(lapply(groups, colnames))
  lost <- if (length(lines) == 1) do.call(cbind, groups)
  first <- match(anchors, anchors)
  if (identical(lost, lost[, first, drop = FALSE])) {
    lost[, !duplicated(anchors), drop = FALSE]
  }
}
