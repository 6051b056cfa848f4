lost_lines <- function(out) {
  lost <- attr(out, "design")$lost
  rownames(lost)[lost[, 1] %in% TRUE]
}

rest_lines <- function(out) {
  lost <- attr(out, "design")$lost
  rownames(lost)[lost[, 1] %in% FALSE]
}

test_that("low expression is at most the quantile, with its ties", {
  x <- dependency_panel()
  lines <- colnames(x)
  expect_identical(lost_lines(musl_dependency("G01", x)), lines[1:15])
  # Without ties, a tenth of 60 lines lies at or below the quantile.
  expression <- SummarizedExperiment::assay(x, "expression")["G03", ]
  lowest <- lines[expression <= sort(expression)[6]]
  expect_identical(lost_lines(musl_dependency("G03", x)), lowest)
})

test_that("damage and deletion go by their limits, and add up", {
  x <- dependency_panel(gaps = 0)
  lines <- colnames(x)
  x <- with_assay(x, "damaging", 0, "G01", 21:28, 1)
  SummarizedExperiment::assay(x, "damaging")["G01", 21:22] <- 2
  x <- with_assay(x, "copy_number", 1, "G01", 41:46, 0.1)
  SummarizedExperiment::assay(x, "copy_number")["G01", 60] <- NA
  screen <- function(...) musl_dependency("G01", x, ...)
  expect_identical(lost_lines(screen("damaging")), lines[21:28])
  expect_identical(lost_lines(screen("deletion")), lines[41:46])
  expect_input_error(screen(c(damaging = 2)))
  expect_identical(
    lost_lines(screen(c(damaging = 2), min_lines = 2)), lines[21:22]
  )
  both <- screen(c("damaging", "deletion"))
  expect_identical(lost_lines(both), lines[c(21:28, 41:46)])
  # A line that one definition does not know belongs to neither group.
  expect_identical(rest_lines(both), lines[-c(21:28, 41:46, 60)])
  all_three <- screen(c("expression", "damaging", "deletion"))
  expect_identical(lost_lines(all_three), lines[c(1:15, 21:28, 41:46)])
})

test_that("without the assay of one definition of loss another is offered", {
  x <- with_assay(dependency_panel(), "damaging", 0, "G01", 21:28, 1)
  SummarizedExperiment::assay(x, "expression") <- NULL
  expect_input_error(
    musl_dependency("G01", x), 'loss = "damaging"', fixed = TRUE
  )
})

test_that("a user's groups are taken by name or by order", {
  x <- dependency_panel()
  group <- rep(c(TRUE, FALSE, NA), c(10, 40, 10))
  by_order <- musl_dependency("MSI", x, groups = group)
  expect_identical(lost_lines(by_order), colnames(x)[1:10])
  expect_identical(rest_lines(by_order), colnames(x)[11:50])
  named <- rev(stats::setNames(group, colnames(x)))
  expect_identical(musl_dependency("MSI", x, groups = named), by_order)
})

test_that("a table of lines gives the groups of all anchors or of each", {
  x <- dependency_panel()
  group <- rep(c(TRUE, FALSE, NA), c(10, 40, 10))
  by_order <- musl_dependency("MSI", x, groups = group)
  table <- data.frame(line = rev(colnames(x)), lost = rev(group))
  expect_no_warning(found <- musl_dependency("MSI", x, groups = table))
  expect_identical(found, by_order)
  table$lost <- as.integer(table$lost)
  expect_identical(musl_dependency("MSI", x, groups = table), by_order)

  # Lines without a row are in no group, lines that `x` lacks do not matter.
  short <- rbind(table[!is.na(table$lost), ], list("elsewhere", 1L))
  expect_message(
    found <- musl_dependency("MSI", x, groups = short),
    "10 cell lines are left out",
    class = "musl_message_other"
  )
  expect_identical(found, by_order)

  both <- anchor_groups(x, MSI = group, MSS = !group)
  found <- musl_dependency(c("MSS", "MSI"), x, groups = both)
  expect_identical(found$difference[found$anchor == "MSI"], by_order$difference)
  other <- musl_dependency("MSS", x, groups = !group)
  expect_identical(found$difference[found$anchor == "MSS"], other$difference)
})

test_that("tables of groups that say too little or too much are refused", {
  x <- dependency_panel()
  table <- data.frame(line = colnames(x), lost = rep(c(TRUE, FALSE), 30))
  refused <- function(groups, message) {
    expect_input_error(musl_dependency("MSI", x, groups = groups), message)
  }
  refused(table["line"], "lacks lost")
  refused(transform(table, lost = "perhaps"), "perhaps")
  refused(transform(table, lost = 2), "TRUE or FALSE")
  refused(rbind(table, table[3, ]), "line003")
  refused(transform(table, line = paste0("other", line)), "otherline001")
  refused(transform(table, anchor = "MSS"), "None for .*MSI")
})

test_that("groups that do not fit the lines are refused", {
  x <- dependency_panel()
  group <- rep(c(TRUE, FALSE), 30)
  screen <- function(groups) musl_dependency("MSI", x, groups = groups)
  expect_error(screen(group[-1]), "59", class = "musl_error_shape")
  misnamed <- stats::setNames(group, c("none", colnames(x)[-1]))
  expect_message(screen(misnamed), "1 cell line is left out")
  expect_input_error(screen("msi"))
  expect_input_error(screen("lineage"))
  expect_input_error(screen(as.integer(group)))
  expect_input_error(screen(list(MSI = group)))
})

test_that("unknown anchors and wrong definitions are refused", {
  x <- dependency_panel()
  expect_gene_error(musl_dependency(c("G01", "TP53"), x), "TP53")
  expect_input_error(musl_dependency(1, x))
  expect_input_error(musl_dependency(character(), x))
  expect_input_error(musl_dependency("G01", x, "low"))
  expect_input_error(musl_dependency("G01", x, loss = c(expression = 1)))
  expect_input_error(musl_dependency("G01", x, loss = c(deletion = NA)))
  expect_input_error(musl_dependency("G01", x, loss = numeric()))
})

test_that("anchors with too few lines end in an error, or are left out", {
  x <- dependency_panel()
  few <- rep(c(TRUE, FALSE), c(4, 56))
  none <- logical(60)
  expect_input_error(musl_dependency("few", x, groups = few), "4 with loss")
  expect_input_error(
    musl_dependency("none", x, groups = none), "No line has lost it"
  )
  expect_input_error(musl_dependency("all", x, groups = !none), "0 others")
  groups <- anchor_groups(x, few = few, many = rep(c(TRUE, FALSE), 30))
  expect_warning(
    out <- musl_dependency(c("few", "many"), x, groups = groups),
    "few",
    class = "musl_warning_dropped_genes"
  )
  expect_identical(unique(out$anchor), "many")
})

test_that("deletions in most lines tell of another scale", {
  x <- dependency_panel()
  x <- with_assay(x, "copy_number", 0.1, rows = "G01", lines = 1:10, other = -2)
  expect_warning(
    musl_dependency("G01", x, loss = c(deletion = -1), min_lines = 2),
    NA
  )
  SummarizedExperiment::assay(x, "copy_number")["G01", 11:20] <- 1
  expect_musl_warning(
    musl_dependency("G01", x, loss = "deletion", min_lines = 2), "diploid"
  )
})
