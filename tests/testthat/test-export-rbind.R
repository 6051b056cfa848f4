partner_list <- function(anchor, n_sl, candidates, prior = 0.01, by = "score") {
  new_musl_partners(
    tibble::tibble(
      anchor = anchor, partner = candidates$gene[1:2], rank = 1:2,
      .score = c(2, 1)
    ),
    candidates = pack_genes(candidates$gene),
    anchors = tibble::tibble(
      anchor = anchor, n_SL = n_sl, n_non_SL = 4, n_recorded = n_sl, n_not = 4,
      n_measured = 0, n_hits = 0, source = NA_character_
    ),
    prior = prior, by = by,
    dropped = tibble::tibble(gene_a = anchor, gene_b = "D")
  )
}

genes_of <- function(gene, degree) tibble::tibble(gene = gene, degree = degree)

test_that("rbind() of partner lists keeps what is known of each", {
  one <- partner_list("A", 3, genes_of(c("B", "C", "E"), c(1, 3, 8)))
  two <- partner_list("F", 7, genes_of(c("C", "G"), c(3, 5)))
  both <- rbind(one, two)
  expect_s3_class(both, "musl_partners")
  expect_identical(both$partner, c("B", "C", "C", "G"))
  known <- function(anchor) head_lines(both, anchor)[["Known"]]
  expect_identical(
    known("A"), "Known: 3 recorded as SL; 4 recorded as not SL"
  )
  expect_identical(
    known("F"), "Known: 7 recorded as SL; 4 recorded as not SL"
  )
  expect_match(head_lines(both, "A")[["Numbers"]], "if 1 % of all pairs")
  expect_identical(
    attr(both, "dropped"), tibble::tibble(gene_a = c("A", "F"), gene_b = "D")
  )
  expect_equal(do.call(rbind, list(one, two, one[0, ])), both)
  expect_equal(rbind(one, one[1, ])$partner, c("B", "C", "B"))
})

test_that("rbind() of lists of several priors and orders says so", {
  genes <- genes_of(c("B", "C", "E"), 1:3)
  both <- rbind(
    partner_list("A", 3, genes),
    partner_list("F", 7, genes, prior = 0.1, by = "combined")
  )
  expect_false("Numbers" %in% names(head_lines(both, "A")))
})

test_that("lists bound by dplyr say nothing of others than the first", {
  skip_if_not_installed("dplyr")
  genes <- genes_of(c("B", "C", "E"), 1:3)
  lists <- list(partner_list("A", 3, genes), partner_list("F", 7, genes))
  both <- dplyr::bind_rows(lists)
  expect_match(head_lines(both, "A")[["Known"]], "3 recorded as SL")
  expect_false("Known" %in% names(head_lines(both, "F")))
})

test_that("rbind() of screens keeps no groups of several calls", {
  x <- dependency_panel()
  all <- musl_dependency("G01", x, loss = quarter)
  drawn <- function(screen) {
    ggplot2::autoplot(screen, "groups", x = x, partner = "G02")$data
  }
  expect_equal(drawn(rbind(all, all)), drawn(all))
  both <- rbind(all, musl_dependency("G03", x, loss = quarter))
  expect_input_error(drawn(both), "by one call")
  skip_if_not_installed("dplyr")
  expect_input_error(drawn(dplyr::bind_rows(all, both)), "by one call")
})
