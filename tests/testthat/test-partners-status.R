# Statuses of candidates: what cells cannot lose is no partner.

# Shares of lines that need each gene: of the first ten all, of the next ten .6,
# of the rest none; nothing is known of the last.
status_table <- function(genes) {
  share <- rep(c(0.95, 0.6, 0), c(10, 10, length(genes) - 20))
  data.frame(gene = genes, share_dependent = share)[-length(genes), ]
}

status_fit <- function(table = status_table) {
  d <- measured_data()
  d@evidence <- musl_evidence(genes = table(musl_genes(d)))
  measured_fit(d, scorers = "features")
}
fit <- status_fit()
genes <- musl_genes(fit)
anchor <- genes[[30]]
list_of <- function(..., n = Inf) {
  suppressWarnings(musl_partners(fit, anchor, n = n, ...))
}

# Of 40 lines ten lost the anchor. These need genes 1 more and 40 less; medians
# of gene 41, which two of the ten need, tie.
differential <- function(...) {
  effect <- withr::with_seed(1, matrix(
    stats::rnorm(40 * length(genes)), length(genes),
    dimnames = list(genes, sprintf("line%02d", 1:40))
  ))
  effect[c(1, 40), 1:10] <- effect[c(1, 40), 1:10] + c(-4, 4)
  effect[41, ] <- rep(c(-1, 0), c(2, 38))
  musl_dependency(
    anchor, SummarizedExperiment::SummarizedExperiment(list(effect = effect)),
    groups = rep(c(TRUE, FALSE), c(10, 30)), ...
  )
}

test_that("candidates that cells cannot lose are listed after all others", {
  all <- list_of()
  expect_identical(
    as.character(all$status[match(genes[c(1, 11, 25)], all$partner)]),
    c("lethal_alone", "often_lethal", "selective")
  )
  expect_true(is.na(all$status[all$partner == genes[[length(genes)]]]))
  expect_setequal(utils::tail(all$partner, 10), genes[1:10])
  ranked <- list_of(lethal = "rank")
  others <- setdiff(ranked$partner, genes[1:20])
  expect_identical(all$partner[all$partner %in% others], others)
  dropped <- list_of(lethal = "drop")
  expect_identical(dropped$partner, all$partner[seq_len(nrow(all) - 10)])
  # The order takes half a unit off those that most lines need.
  parts <- predict(fit, data.frame(
    gene_a = anchor, gene_b = dropped$partner
  ), type = "parts")
  order <- parts$.list_order - 0.5 * (dropped$status %in% "often_lethal")
  expect_false(is.unsorted(-order))
})

test_that("differential dependency ranks the lethal and tells the rescued", {
  tested <- differential()
  all <- list_of(dependency = tested)
  row <- match(genes[c(1, 2, 40)], all$partner)
  expect_identical(
    as.character(all$status[row]),
    c("lethal_alone", "lethal_alone", "rescued")
  )
  expect_setequal(utils::tail(all$partner, 10), genes[c(2:10, 40)])
  why <- all$why[row]
  expect_match(why[[1]], "^needed more in 10 lines that lost .* against ")
  expect_match(why[[3]], "^needed less in 10 lines that lost .* against ")
  # A partner that is needed less has the rate of a difference.
  p <- tested$p_two_sided
  expect_equal(
    all$fdr[row[[3]]],
    stats::p.adjust(p, "BH")[tested$partner == genes[[40]]]
  )
  expect_equal(all$fdr[row[[1]]], tested$fdr[tested$partner == genes[[1]]])
  other <- tested[tested$partner != genes[[31]], ]
  expect_gene_error(
    musl_partners(fit, genes[[31]], dependency = other), "dependency"
  )
})

test_that("a list is printed within its width, two lines a row", {
  list <- list_of(n = 20)
  for (x in list(list, augment(list, differential()))) {
    for (width in c(80, 120)) {
      printed <- utils::capture.output(print(x, width = width))
      expect_true(all(nchar(printed) <= width))
      first <- grep("^rank", printed)
      expect_lte(first - 1L, 5L)
      rows <- grep("^ +[0-9]+ [A-Z]+[0-9]+ ", printed)
      expect_length(rows, 10)
      expect_true(all(diff(rows) <= 2))
      # The reason of most weight is there.
      text <- gsub(" +", " ", paste(printed[seq(rows[[1]], rows[[2]] - 1)],
        collapse = " "
      ))
      reasons <- strsplit(x$why[[1]], "; ")[[1]]
      expect_match(text, reasons[[1]], fixed = TRUE)
    }
  }
  # All rows, or the columns that were chosen.
  all <- utils::capture.output(print(list, n = Inf))
  expect_length(grep("^ +[0-9]+ [A-Z]+[0-9]+ ", all), 20)
  expect_output(print(list[c("partner", ".score")]), ".score", fixed = TRUE)
})

test_that("the head of a list says what stands last, and what is unknown", {
  lines <- head_lines(list_of(n = 5), anchor)
  expect_match(lines[["Last"]], "^Last: 10 needed anyway$")
  expect_match(lines[["Lines"]], "dependency")
  expect_match(lines[["Numbers"]], "`order`: 1 = average gene; `.pred_SL`")
})

# All that a call says: its output, messages, warnings and errors.
said <- function(expr) {
  text <- character()
  note <- function(cnd) {
    text <<- c(text, conditionMessage(cnd))
    if (!inherits(cnd, "error")) rlang::cnd_muffle(cnd)
  }
  out <- utils::capture.output(try(withCallingHandlers(expr,
    message = note, warning = note, error = note
  ), silent = TRUE))
  gsub("[[:space:]]+", " ", paste(c(text, out), collapse = " "))
}

test_that("input that says little is told in words", {
  d <- measured_data()
  # Half of the genes have a share; genes 31 to 50 are in no line, 51 to 60 not
  # in K-562, where the last one is unknown.
  lines <- matrix(5, length(genes) - 1, 2,
    dimnames = list(genes[-length(genes)], c("A549", "K-562"))
  )
  lines[31:50, ] <- 0
  lines[51:60, "K-562"] <- 0
  half <- status_table(genes)[seq_len(length(genes) / 2), ]
  d@evidence <- musl_evidence(genes = half, lines = lines)
  heard <- said(both <- musl_fit(d,
    control = musl_control(ensemble = 1, seed = 1, threads = 1),
    progress = FALSE, scorers = "features"
  ))
  bare <- measured_fit(scorers = "features")
  list_with <- function(object = both, gene = genes[[29]], ...) {
    said(print(musl_partners(object, gene, n = 3, ...), width = 200))
  }
  told <- rbind(
    c(list_with(bare), "Nothing tells which genes cells need anyway"),
    c(list_with(), sprintf(
      "%d of unknown need are ranked", length(genes) - nrow(half)
    )),
    c(
      list_with(context = "K562"),
      "1 gene has no known expression in K-562.*the share of lines counts"
    ),
    c(list_with(gene = genes[[1]]), "lethal alone.*list as that of a partial"),
    c(
      list_with(gene = genes[[31]]),
      "hardly expressed in any of 2 cell lines.*Its loss changes nothing"
    ),
    c(
      list_with(gene = genes[[51]], context = "K562"),
      "hardly expressed in this line.*Its loss changes nothing there"
    ),
    c(heard, "1 of 1 line of measured pairs is not among `lines`.*\"HAP1\""),
    c(list_with(context = "K-652"), "Names near to it: \"K-562\""),
    c(list_with(prior = 0.05), "chance of SL if 5 % of all pairs are")
  )
  for (i in seq_len(nrow(told))) expect_match(told[i, 1], told[i, 2])
  expect_true(all(is.na(musl_partners(bare, anchor, n = 5)$status)))
})

test_that("reasons are those of the evidence columns", {
  d <- measured_data()
  list <- list_of(n = 20)
  x <- musl_pair_features(d, list)
  expect_equal(musl_pair_features(fit, list)$edge, x$edge, tolerance = 1e-6)
  edge <- x$edge > 0
  expect_identical(grepl("proteins interact", list$why), edge)
  hit <- list$measured & list$label %in% "SL"
  expect_identical(grepl("^hit in ", list$why), hit)
  needed <- status_table(genes)$share_dependent[match(list$partner, genes)]
  known <- !is.na(needed)
  said <- sub("^.*needed by ([0-9.]+) % of lines.*$", "\\1", list$why)
  said[grepl("needed by no line", list$why)] <- "0"
  expect_equal(as.numeric(said[known]), 100 * needed[known])
})

test_that("heads tell of pairs beyond what screens measured", {
  # No measured pair has one of the ten genes that all lines need.
  d <- measured_data()
  d@evidence <- musl_evidence(
    genes = status_table(musl_genes(d))
  )
  few <- genes[1:10]
  d@pairs <- d@pairs[!d@pairs$gene_a %in% few & !d@pairs$gene_b %in% few, ]
  fit <- measured_fit(d, scorers = "features")
  list <- musl_partners(fit, anchor, n = Inf, by = "score")
  beyond <- musl_pair_features(fit, list)$n_beyond
  expect_true(all(beyond[list$partner %in% few] > 0))
  expect_equal(attr(list, "about")[[anchor]]$beyond, mean(beyond > 0))
  only <- musl_partners(fit, anchor, candidates = few)
  expect_match(
    head_lines(only, anchor)[["Known"]], "most rows are unlike all measured"
  )
  rows <- match(few[1:2], list$partner)
  marked <- vapply(list$partner[rows], function(partner) {
    terms <- described_terms(musl_explain(fit, anchor, partner))
    sum(grepl("beyond what screens measured", terms$description))
  }, 1L, USE.NAMES = FALSE)
  expect_equal(beyond[rows], marked)
})

test_that("an atlas has the statuses of its model, and places pairs by them", {
  skip_without_hdf5()
  atlas <- suppressMessages(musl_atlas(
    fit, withr::local_tempdir(),
    progress = FALSE, tile = 50L
  ))
  from <- suppressWarnings(musl_partners(atlas, anchor, n = Inf))
  all <- list_of()
  expect_identical(from$partner, all$partner)
  expect_identical(from$status, all$status)
  top <- musl_top_pairs(atlas, 1e5)
  lethal <- top$gene_a %in% genes[1:10] | top$gene_b %in% genes[1:10]
  expect_identical(top$status %in% "lethal_alone", lethal)
  expect_false(is.unsorted(lethal))
  expect_false(is.unsorted(-top$.score[!lethal]))
})

test_that("a design leaves out genes that cells cannot lose", {
  expect_message(
    expect_message(
      design <- musl_design(
        fit, 3,
        candidates = genes[1:40], library = genes[5:60]
      ),
      "10 of 40 genes of `candidates`",
      class = "musl_message_other"
    ),
    "6 of 56 genes of `library`"
  )
  expect_false(any(design$anchor %in% genes[1:10]))
  expect_identical(
    as.character(design$status),
    ifelse(design$anchor %in% genes[11:20], "often_lethal", "selective")
  )
  expect_input_error(
    suppressMessages(musl_design(fit, 3, candidates = genes[1:10]))
  )
})

test_that("what some of a thousand lines need is not silent in all", {
  facts <- gene_facts(musl_human_model())
  tissue <- c("PHOX2B", "ISL1", "TBX5")
  expect_identical(
    as.character(gene_status(tissue, facts)), rep("selective", 3)
  )
  # By hand.
  silent <- facts$expressed < 0.1 & (facts$dependent < 0.004) %in% TRUE
  sampled <- facts$sampled[silent] >= 0.01
  expect_identical(
    as.character(gene_status(facts$genes[silent], facts)),
    ifelse(sampled %in% TRUE, "restricted", "not_expressed")
  )
  expect_identical(facts$few_lines, 9L)
  list <- musl_partners(musl_human_model(), "HAND2", candidates = tissue)
  expect_match(list$why, "none of 9 lines express it", fixed = TRUE)
  only <- musl_partners(musl_human_model(), "HAND2", candidates = "KLK3")
  expect_identical(as.character(only$status), "restricted")
  expect_match(only$why, "none of 9 lines express it, 26 % of samples do")
  # In one line its expression counts alone.
  here <- suppressMessages(
    gene_facts(musl_human_model(), list(context = "Colo 794"))
  )
  expect_true(all(gene_status(tissue, here) %in% "not_expressed"))
})

test_that("shares of few lines are counts", {
  expect_identical(
    share_of_lines(c(0, 4 / 9, 1, 0.5), 9L),
    c("none of 9 lines", "4 of 9 lines", "9 of 9 lines", "50 % of lines")
  )
  expect_identical(
    share_of_lines(c(0, 0.0005, 0.123, NA)),
    c("no line", "under 0.1 % of lines", "12 % of lines", "NA % of lines")
  )
})

test_that("lists of an atlas have the block of essential partners", {
  skip_without_hdf5()
  atlas <- tiny_atlas(object = fit, genes = genes[c(1:12, 25:32)])
  list <- musl_partners(atlas, anchor, n = 5)
  rows <- essential_rows(list)
  expect_identical(nrow(rows), essential_shown)
  expect_true(all(rows$partner %in% genes[1:10]))
  expect_output(print(list), "Cells need these anyway")
  all <- musl_partners(atlas, anchor, n = Inf)
  expect_null(essential_rows(all))
  last <- all$partner[all$status %in% "lethal_alone"]
  expect_identical(rows$partner, last[1:5])
})
