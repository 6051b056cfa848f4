test_that("partners are all other genes by falling score, ties by name", {
  fit <- tiny_model()
  top <- musl_partners(fit, "G05", n = 1000)
  expect_named(top, c(
    "anchor", "partner", "order", "rank", "status", ".score", ".pred_SL",
    "n_unseen",
    "known", "label", "measured", "why"
  ))
  expect_s3_class(top, "musl_partners")
  expect_identical(top$rank, seq_len(nrow(top)))
  all <- predict(fit, data.frame(
    gene_a = "G05", gene_b = setdiff(fit@genes, "G05")
  ))
  all <- all[!is.na(all$.score), ]
  all <- all[order(-all$.score, all$gene_b, method = "radix"), ]
  expect_identical(top$partner, all$gene_b)
  expect_identical(top$.score, all$.score)
  expect_identical(top$n_unseen, all$n_unseen)
})

test_that("several anchors are ranked each for itself, in the order given", {
  fit <- tiny_model()
  both <- musl_partners(fit, c("G09", "G05"), n = 3)
  expect_identical(both$anchor, rep(c("G09", "G05"), each = 3))
  alone <- musl_partners(fit, "G05", n = 3)
  expect_identical(both$partner[4:6], alone$partner)
  expect_equal(both$.score[4:6], alone$.score, tolerance = 1e-6)
})

test_that("known pairs are marked with their label, or dropped", {
  data <- tiny_data()
  fit <- tiny_model()
  anchor <- names(which.max(table(c(data@pairs$gene_a, data@pairs$gene_b))))
  own <- data@pairs[data@pairs$gene_a == anchor | data@pairs$gene_b == anchor, ]
  partner <- ifelse(own$gene_a == anchor, own$gene_b, own$gene_a)
  marked <- musl_partners(fit, anchor, n = 1000)
  expect_setequal(marked$partner[marked$known], partner)
  expect_identical(
    as.character(marked$label[match(partner, marked$partner)]),
    as.character(own$label)
  )
  dropped <- musl_partners(fit, anchor, n = 1000, known = "drop")
  expect_identical(dropped$partner, marked$partner[!marked$known])
  expect_identical(dropped$rank, seq_len(nrow(dropped)))
})

test_that("candidates and exclude bound the partners", {
  fit <- tiny_model()
  top <- musl_partners(
    fit, "G05",
    candidates = c("G05", "G01", "G02", "G03"), exclude = "G02"
  )
  expect_setequal(top$partner, c("G01", "G03"))
  expect_warning(
    top <- musl_partners(fit, "G05", candidates = c("G01", "nobody")),
    "nobody",
    class = "musl_warning_unknown_gene"
  )
  expect_identical(top$partner, "G01")
  # Of factors, the labels count.
  expect_setequal(
    musl_partners(
      fit, "G05",
      candidates = factor(c("G03", "G02", "G01")), exclude = factor("G02")
    )$partner,
    c("G01", "G03")
  )
  all <- musl_partners(fit, "G05", n = 100)
  expect_warning(
    fewer <- musl_partners(fit, "G05", n = 100, exclude = c("nobody", "G02")),
    "1 gene of `exclude` is unknown", class = "musl_warning_unknown_gene"
  )
  expect_identical(fewer$partner, setdiff(all$partner, "G02"))
  expect_message(
    fewer <- musl_partners(fit, "G05", n = 100, exclude = "g01"), "is G01"
  )
  expect_identical(fewer$partner, setdiff(all$partner, "G01"))
  expect_input_error(musl_partners(fit, "G05", candidates = "G05"))
})

test_that("an unknown anchor and a bad n are refused", {
  fit <- tiny_model()
  expect_gene_error(musl_partners(fit, "nobody"), "nobody")
  expect_input_error(musl_partners(fit, 5))
  expect_input_error(musl_partners(fit, "G05", n = 0))
  expect_input_error(musl_partners("fit", "G05"))
})

test_that("the plot has one bar a partner and part", {
  top <- musl_partners(tiny_model(), c("G05", "G09"), n = 4)
  drawn <- autoplot(top)$data
  expect_equal(drawn$value[drawn$part == "Order"], log10(top$order))
  expect_identical(nrow(ggplot2::ggplot_build(autoplot(top))$data[[1]]),
    nrow(drawn)
  )
})

test_that("lists say how often the anchor was SL", {
  fit <- tiny_model()
  known <- fit@known[!is.na(fit@known$label), ]
  anchor <- known$gene_a[[1]]
  mine <- known[known$gene_a == anchor | known$gene_b == anchor, ]
  list <- musl_partners(fit, anchor, n = 5)
  expect_match(head_lines(list, anchor)[["Known"]], sprintf(
    "^Known: %d recorded as SL.*; %d recorded as not SL",
    sum(mine$label == "SL"), sum(mine$label == "non_SL")
  ))
  numbers <- head_lines(musl_partners(fit, anchor, prior = .01), anchor)
  expect_match(numbers[["Numbers"]], "chance of SL if 1 % of all pairs are")
  # Other tables made of it print as tables do.
  expect_output(print(list[0, ]), "tibble")
})
