test_that("joint trains late branches first, then all that is fused", {
  plan <- musl_plan(
    musl_control(epochs = 7L, patience = 2L, learning_rate = 2e-3),
    musl_architecture(encoders = c("descriptors", "genes", "graph"))
  )
  expect_s3_class(plan, c("musl_plan", "tbl_df"), exact = FALSE)
  expect_identical(plan$phase, c("branch:genes", "joint"))
  expect_identical(plan$trained[[1]], "encoder.genes, branch.genes")
  expect_match(plan$frozen[[1]], "encoder.descriptors, encoder.graph")
  expect_match(plan$frozen[[1]], "gate, head")
  expect_identical(plan$frozen[[2]], "encoder.genes, branch.genes")
  expect_identical(
    plan$losses, c("bce(genes)", "bce(fused) + 0.5 bce(branches)")
  )
  expect_identical(plan$monitored, c("genes", "fused"))
  expect_identical(plan$reset, c("", ""))
  expect_identical(plan$epochs, c(7L, 7L))
  expect_identical(plan$patience, c(2L, 2L))
  expect_identical(plan$learning_rate, c(2e-3, 2e-3))
  expect_identical(plan$weight_decay, c(1e-2, 1e-2))
})

test_that("the modules of a phase are each trained or frozen", {
  for (preset in c("default", "paper")) {
    for (strategy in c("joint", "branches", "em")) {
      architecture <- musl_architecture(preset)
      plan <- musl_plan(musl_control(strategy), architecture)
      for (i in seq_len(nrow(plan))) {
        trained <- strsplit(plan$trained[[i]], ", ")[[1]]
        frozen <- strsplit(plan$frozen[[i]], ", ")[[1]]
        expect_length(intersect(trained, frozen), 0)
        expect_true(all(c("gate", "head") %in% c(trained, frozen)))
      }
      expect_identical(
        any(grepl("attention", plan$trained)),
        architecture$fusion == "attention"
      )
    }
  }
})

test_that("branches trains each encoder apart, then the fusion", {
  plan <- musl_plan(musl_control("branches"), musl_architecture("paper"))
  expect_identical(plan$phase, c(
    "branch:histogram", "branch:descriptors", "branch:graph", "fuse"
  ))
  expect_identical(
    plan$losses[[4]], "bce(fused) + 0.1 supervised_alignment"
  )
  expect_identical(plan$trained[[4]], "adapter, project, attention, gate, head")
  expect_identical(plan$frozen[[4]], "encoder, branch")
})

test_that("the schedule is shown", {
  plain <- musl_plan()
  expect_identical(unique(plain$schedule), "one_cycle")
  paper <- musl_plan(musl_control(preset = "paper"), musl_architecture("paper"))
  expect_identical(paper$schedule, "plateau")
  expect_identical(paper$learning_rate, 1e-4)
  expect_output(print(paper), "rate 1e-04 (plateau), decay 0.001", fixed = TRUE)
})

test_that("gradient modulation is told, and needs the branches' losses", {
  control <- musl_control(ogm = 0.5)
  plan <- musl_plan(control, musl_architecture(encoders = c("genes", "graph")))
  expect_identical(plan$optimiser, c("adamw", "adamw with OGM 0.5"))
  expect_error(
    musl_plan(control, musl_architecture(auxiliary = 0)), "auxiliary",
    class = "musl_error_input"
  )
})

test_that("the plan is what a fit does", {
  fit <- tiny_model()
  plan <- musl_plan(fit@control, fit@architecture)
  expect_identical(unique(tidy(fit, "history")$phase), plan$phase)
})

test_that("a plan is printed phase by phase", {
  text <- capture.output(print(musl_plan()))
  expect_match(text[[1]], "2 phases", fixed = TRUE)
  expect_match(text, "losses +bce\\(fused\\) \\+ 0.5 bce", all = FALSE)
  expect_match(text, "10 epochs, or 4 without a better auprc", all = FALSE)
  expect_lte(max(nchar(text)), 80)
})

test_that("arguments of the wrong class are refused by name", {
  expect_error(musl_plan(list()), "control", class = "musl_error_input")
  expect_error(
    musl_plan(architecture = 1), "architecture",
    class = "musl_error_input"
  )
})
