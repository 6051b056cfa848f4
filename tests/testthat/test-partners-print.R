# What a reader of a list meets first: its order, its head, two lines a row.

test_that("lists of the human model are sorted by their first number", {
  model <- musl_human_model()
  for (anchor in c("ARID1A", "TP53")) {
    list <- musl_partners(model, anchor, n = Inf)
    expect_identical(names(list)[1:3], c("anchor", "partner", "order"))
    shuffled <- list[rev(seq_len(nrow(list))), ]
    expect_identical(
      shuffled$partner[order(-shuffled$order, shuffled$rank)], list$partner
    )
    expect_false(anyDuplicated(list$order[list$order > 1]) > 0)
  }
})

golden <- c(
  "ARID1A", "SMARCA4", "STAG2", "BRCA1", "MTAP", "VHL", "RB1", "PTEN", "TP53",
  "WRN", "CDKN2A", "KRAS", "MYCN", "UBB", "FAM50A"
)

test_that("heads have at most five lines, and rows two", {
  lists <- suppressWarnings(musl_partners(musl_human_model(), golden, n = 20))
  for (anchor in golden) {
    one <- lists[lists$anchor == anchor, ]
    printed <- utils::capture.output(print(one, width = 80))
    expect_true(all(nchar(printed, "width") <= 80))
    head <- grep("^rank", printed) - 1L
    expect_lte(head, 5L)
    expect_match(printed[[1]], anchor)
    rows <- grep("^ *[0-9]+ [A-Z0-9-]+ +[0-9.,]+x ", printed)
    expect_length(rows, 10)
    expect_true(all(diff(rows) <= 2))
    expect_match(utils::tail(printed, 1), "vignette(\"reading\"", fixed = TRUE)
    # Nothing that the head says of all.
    expect_false(any(grepl("100 % of lines express", printed)))
    expect_false(any(grepl("beyond the screens|non-SL", printed)))
    lines <- sub("^# (.*) need .*", "\\1", printed[[2]])
    expect_false(any(grepl(lines, printed[-(1:2)], fixed = TRUE)))
  }
  # Each of several anchors has its own lines.
  printed <- utils::capture.output(print(lists, n = Inf))
  expect_length(grep("^# Lost", printed), length(golden))
  expect_length(grep("^# 77 lines that lost RB1 need", printed), 1)
})

test_that("the head says that a list is for the loss of an activated gene", {
  model <- musl_human_model()
  of <- function(gene, ...) {
    list <- suppressWarnings(musl_partners(model, gene, n = 3, ...))
    head_lines(list, gene)[["Lines"]]
  }
  expect_match(of("KRAS"), "activate KRAS; this list is for its loss")
  expect_match(of("KRAS"), "state = \"activated\"", fixed = TRUE)
  # IDH1 is no gene of the direction block.
  expect_match(of("IDH1"), "loss = \"hotspot\"", fixed = TRUE)
  expect_match(
    of("KRAS", state = "activated"), "^178 lines with activated KRAS"
  )
  expect_match(of("VHL"), "^No set of lines lost VHL")
  expect_match(of("ARID1A", dependency = FALSE), "left out")
  list <- musl_partners(model, "KRAS", n = 3, state = "activated")
  expect_match(list_title(list), "3 partners of activated KRAS")
  expect_identical(gene_roles(c("KRAS", "ARID1A", "SMARCA4", "none")), c(
    "gain", "loss", "both", NA
  ))
})

test_that("recorded pairs of much studied genes are told as such", {
  model <- musl_human_model()
  known <- head_lines(musl_partners(model, "KRAS", n = 3), "KRAS")[["Known"]]
  expect_match(known, "1,8[0-9]+ SL.* \\(10 % of genes: study bias\\)")
  few <- head_lines(musl_partners(model, "STAG2", n = 3), "STAG2")[["Known"]]
  expect_no_match(few, "study bias")
})

test_that("the best candidates that cells need anyway are shown apart", {
  model <- musl_human_model()
  list <- musl_partners(model, "ARID1A", n = 20)
  block <- essential_rows(list)
  expect_identical(nrow(block), 5L)
  all <- musl_partners(model, "ARID1A", n = Inf)
  last <- all[
    all$status %in% "lethal_alone" & !all$direction %in% "needed_more",
  ]
  expect_identical(block$partner, last$partner[1:5])
  printed <- utils::capture.output(print(list))
  at <- grep("Cells need these anyway", printed)
  expect_true(all(mapply(
    grepl, block$partner, printed[at + 1:5], fixed = TRUE
  )))
  expect_null(essential_rows(all))
  expect_null(essential_rows(musl_partners(model, "ARID1A", lethal = "drop")))
})

test_that("hits and paralogs that cells need anyway are ranked", {
  model <- musl_human_model()
  rank <- function(anchor, partner) {
    list <- suppressWarnings(musl_partners(model, anchor, n = Inf))
    expect_identical(
      as.character(list$status[list$partner == partner]), "lethal_alone"
    )
    list$rank[list$partner == partner]
  }
  # UBC is a hit; the others are the closest paralogs, DDX3Y of the Y
  # chromosome, which half of the lines do not express.
  expect_identical(rank("UBB", "UBC"), 1L)
  expect_identical(rank("COPG2", "COPG1"), 1L)
  expect_identical(rank("DDX3Y", "DDX3X"), 1L)
  expect_lte(rank("EIF1AY", "EIF1AX"), 3L)
  # No paralog in the reach of the rule.
  expect_gt(rank("UBB", "RPS27A"), 1000L)
})

test_that("rows without a reason are printed", {
  list <- musl_partners(musl_human_model(), "STAG2", n = 3)
  list$why <- c("", NA, "hit in a screen")
  printed <- utils::capture.output(print(list))
  for (partner in list$partner) {
    expect_length(grep(partner, printed, fixed = TRUE), 1)
  }
})
