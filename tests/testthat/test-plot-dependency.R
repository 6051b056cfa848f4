test_that("the volcano colours what is found and names the best", {
  x <- dependency_panel()
  out <- musl_dependency("G01", x, loss = quarter)
  plot <- ggplot2::autoplot(out, fdr = 0.05, n_labels = 2)
  shown <- plot$data
  expect_identical(nrow(shown), nrow(out))
  expect_equal(shown$height, -log10(out$p_value))
  found <- out$partner[out$fdr <= 0.05 & out$difference < 0]
  expect_identical(shown$partner[shown$status == "sensitised by loss"], found)
  hits <- out[out$partner %in% found, ]
  named <- utils::head(hits$partner[order(hits$p_value)], 2)
  expect_setequal(stats::na.omit(shown$label), named)
  expect_silent(ggplot2::ggplot_build(plot))
  none <- ggplot2::autoplot(out, n_labels = 0)$data
  expect_true(all(is.na(none$label)))
})

test_that("each panel names the asked number of partners of small p-values", {
  out <- musl_dependency(c("G01", "G03"), dependency_panel(), loss = quarter)
  for (n in 1:3) {
    shown <- ggplot2::autoplot(out, fdr = 1, n_labels = n)$data
    for (anchor in c("G01", "G03")) {
      rows <- out[out$anchor == anchor & out$p_less_stratified < 0.5, ]
      expect_setequal(
        shown$partner[shown$anchor == anchor & !is.na(shown$label)],
        utils::head(rows$partner[order(rows$p_value)], n)
      )
    }
  }
})

test_that("p-values too small for a double keep a place", {
  out <- musl_dependency("G01", dependency_panel(), loss = quarter)
  out$p_value[[1]] <- 0
  expect_true(all(is.finite(ggplot2::autoplot(out)$data$height)))
})

test_that("groups show each line's effect", {
  x <- dependency_panel()
  out <- musl_dependency(c("G01", "G03"), x, loss = quarter)
  plot <- ggplot2::autoplot(out, "groups", x = x, partner = "G02")
  shown <- plot$data
  effect <- panel_effect(x)["G02", ]
  first <- shown[shown$anchor == "G01", ]
  expect_identical(first$effect, unname(effect[!is.na(effect)]))
  expect_identical(first$group == "loss", unname(panel_lost(x)[!is.na(effect)]))
  expect_silent(ggplot2::ggplot_build(plot))
  one <- ggplot2::autoplot(
    out[out$anchor == "G03", ], "groups",
    x = x, partner = "G02"
  )
  expect_identical(levels(one$data$anchor), "G03")
})

test_that("groups want the experiment that was screened", {
  x <- dependency_panel()
  out <- musl_dependency("G01", x, loss = quarter)
  plot <- function(...) ggplot2::autoplot(out, "groups", ...)
  expect_input_error(plot(partner = "G02"))
  expect_input_error(plot(x = x))
  expect_input_error(plot(x = x[, -1], partner = "G02"))
  expect_gene_error(plot(x = x, partner = "G99"), "G99")
})

test_that("groups say what happened to the anchor and how many lines", {
  x <- dependency_panel()
  found <- musl_dependency("G01", x, loss = quarter)
  drawn <- ggplot2::autoplot(found, "groups", x = x, partner = "G02")$data
  n <- table(drawn$group)
  expect_identical(levels(drawn$lines), sprintf(
    c("G01 lost (n = %d)", "others (n = %d)"), as.integer(n[c("loss", "rest")])
  ))
  fdr <- found$fdr[found$partner == "G02"]
  expect_identical(levels(drawn$panel), sprintf("G01 (FDR %.2g)", fdr))
})
