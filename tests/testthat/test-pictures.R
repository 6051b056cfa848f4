# Pictures as they were when they were looked at. They come from
# fixed numbers, from R's generator or from the example model's members for
# measured pairs, never from training: no processor draws another picture.

skip_if_not_installed("vdiffr")
skip_if_not(
  utils::packageVersion("ggplot2") == "3.4.1",
  "another ggplot2 draws other paths"
)

test_that("data look as they did", {
  d <- example_data()
  same_picture("data", ggplot2::autoplot(d))
  genes <- musl_genes(d)
  x <- d@cohorts[[1]]$assays[[1]]
  same_picture(
    "histogram",
    ggplot2::autoplot(musl_histogram(x[1, ], x[2, ], bins = 8))
  )
})

test_that("training of a model looks as it did", {
  same_picture("history", ggplot2::autoplot(musl_example_model()))
})

test_that("partners look as they did", {
  fit <- musl_example_model()
  same_picture(
    "partners", ggplot2::autoplot(musl_partners(fit, "SIM001", n = 10))
  )
})

test_that("an explanation by measured members looks as it did", {
  why <- musl_explain(musl_example_model(), "SIM001", "SIM169")
  same_picture("explanation", ggplot2::autoplot(why))
})

test_that("metrics with baselines look as they did", {
  known <- musl_pairs(example_data())
  known <- known[!known$measured, ]
  known$.score <- (seq_len(nrow(known)) %% 17) / 17 + (known$label == "SL") / 3
  found <- musl_metrics(known, c("auroc", "auprc"))
  same_picture("metrics", ggplot2::autoplot(found))
})

test_that("a design looks as it did", {
  found <- musl_design(musl_example_model(), 5)
  same_picture("design", ggplot2::autoplot(found))
})

test_that("screens and their comparison look as they did", {
  x <- dependency_panel()
  screen <- musl_dependency(c("G01", "G03"), x, loss = quarter)
  same_picture("screen", ggplot2::autoplot(screen, fdr = 0.5, n_labels = 3))
  same_picture("screen-groups", ggplot2::autoplot(
    screen, "groups", x = x, partner = "G02"
  ))
  compared <- musl_compare(
    data.frame(anchor = "A", partner = sprintf("G%02d", 1:40), .score = 40:1),
    data.frame(GENE = sprintf("G%02d", 1:40), BF = 20 - (1:40 * 7) %% 40),
    k = c(5, 10), bootstrap = 20, seed = 1
  )
  same_picture("comparison", ggplot2::autoplot(compared))
})

test_that("the neighbourhood of two genes looks as it did", {
  explorer <- new_explorer(musl_example_model(), example_data())
  around <- pair_neighbourhood(explorer, c("SIM001", "SIM169"))
  same_picture("neighbourhood", plot_neighbourhood(around))
})
