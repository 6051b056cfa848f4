# Titles, heads, warnings and options of lists: what a biologist must read.

test_that("options of lists have one text in the shell and in the explorer", {
  help <- call_musl("partners", "--help")$out
  text <- gsub(" +", " ", paste(help, collapse = " "))
  for (said in c(
    "--anchor TEXT gene whose partners are ranked",
    "--n N partners to list; default 20", "--all all partners",
    paste(
      "--known mark|drop pairs whose label is known: mark them or leave them",
      "out"
    ),
    "--exclude TEXT gene to leave out", "what orders the list; default auto",
    paste(
      "candidates that cells need anyway: last, left out, or ranked like",
      "others; default last"
    ),
    "--dependency FILE table of musl dependency, which orders the list",
    "--state lost|activated what happened to the gene; default lost",
    "--prior X share of SL among all pairs, which .pred_SL is for"
  )) {
    expect_match(text, said, fixed = TRUE)
  }
  skip_if_not_installed("shiny")
  skip_if_not_installed("bslib")
  page <- page_text(list_inputs(list(), explored()))
  for (said in c(
    "Partners to list", "What orders the list", "Score and relation",
    "Pairs whose label is known: mark them or leave them out",
    "Own cell lines"
  )) {
    expect_match(page, said, fixed = TRUE)
  }
})

# The text that a page, a console or a shell shows, without line breaks.
one_text <- function(x) gsub("[[:space:]]+", " ", paste(x, collapse = " "))

test_that("a list says loss, numbers and what stands last, word for word", {
  list <- musl_partners(musl_human_model(), "ARID1A", n = 20)
  printed <- one_text(utils::capture.output(print(list, n = 5, width = 100)))
  for (said in c(
    "20 partners of lost ARID1A",
    "124 lines that lost ARID1A need 3 partners more, 1 less (last)",
    "Known: 35 recorded as SL in BioGRID; 112 measured in screens, 20 hits",
    paste(
      "order: 1 = average gene; .pred_SL: chance of SL if 1.35 % of all pairs",
      "are"
    ),
    "needed anyway", "hardly expressed", "1 rescued",
    paste(
      "Cells need these anyway; partial loss may do (drug targets: PRMT5,",
      "ATR, WEE1)"
    )
  )) {
    expect_match(printed, said, fixed = TRUE)
  }
})

test_that("reasons stand by weight, the pair's first, the partner's last", {
  list <- suppressWarnings(musl_partners(
    musl_human_model(), c("ARID1A", "UBB", "KRAS", "MTAP"), n = 10
  ))
  why <- function(anchor, partner) {
    list$why[list$anchor == anchor & list$partner == partner]
  }
  # What lines show, what screens show, the proteins, then the partner.
  expect_match(why("ARID1A", "ARID1B"), paste0(
    "^needed more: |^needed more in 124 lines that lost ARID1A: .*; ",
    "measured in Ito, Parrish, CHyMErA: no hit .*; same protein family ",
    "\\(2 genes\\); needed by 6.3 % of lines$"
  ))
  expect_match(why("UBB", "UBC"), "^hit in Ito; .*; needed by 98 % of lines$")
  expect_match(why("KRAS", "NF1"), "^recorded as SL in BioGRID; ")
  expect_match(why("MTAP", "PRMT5"), paste(
    "^needed more in 205 lines that lost MTAP: effect -1.44 against -1.16"
  ))
  # Weights: what is known of the pair never stands behind the partner's facts.
  parts <- strsplit(list$why, "; ", fixed = TRUE)
  at <- vapply(parts, function(x) match(TRUE, grepl("^needed by ", x)), 1L)
  expect_true(all(is.na(at) | at == lengths(parts)))
})

test_that("genes that tumours gain, or lose and gain, are said to be", {
  model <- musl_human_model()
  said <- function(gene) {
    list <- suppressWarnings(musl_partners(model, gene, n = 3))
    unname(head_lines(list, gene)[["Lines"]])
  }
  expect_identical(said("KRAS"), paste(
    "Tumours activate KRAS; this list is for its loss (else",
    "`state = \"activated\"`)"
  ))
  expect_identical(said("IDH1"), paste(
    "Tumours activate IDH1; this list is for its loss (else",
    "`musl_dependency(loss = \"hotspot\")`)"
  ))
  both <- setdiff(
    musl_genes(model)[gene_roles(musl_genes(model)) %in% "both"],
    musl_direction(model)$anchor
  )
  expect_identical(said(both[[1]]), paste0(
    "Tumours lose or activate ", both[[1]], "; this is the list for its loss. ",
    "No set of lines lost ", both[[1]], ": a partner may kill or rescue"
  ))
  # No role: nothing is said of tumours.
  expect_identical(
    said("UBB"), "No set of lines lost UBB: a partner may kill or rescue"
  )
})

test_that("anchors that cells need or do not express are warned of", {
  expect_identical(
    status_warning("VHL", "lethal_alone", 0.95, "any cell line"), c(
      "\"VHL\" is lethal alone: 95 % of lines need it.",
      i = paste(
        "A partner cannot kill cells that die without it; read the list as",
        "that of a partial loss."
      )
    )
  )
  expect_identical(
    unname(status_warning("KLK3", "not_expressed", 0, where_words(FALSE, 9))),
    c(
      "\"KLK3\" is hardly expressed in any of 9 cell lines.",
      "Its loss changes nothing there; read the list with care."
    )
  )
  expect_null(status_warning("STAG2", "selective", 0.4, ""))
  expect_identical(where_words(TRUE, 9), "this line")
  expect_identical(where_words(FALSE, NULL), "any cell line")
})

test_that("a page and the explorer say what the console says", {
  list <- suppressWarnings(musl_partners(musl_human_model(), "VHL", n = 10))
  file <- withr::local_tempfile(fileext = ".html")
  musl_report(list, file)
  page <- one_text(readLines(file, encoding = "UTF-8"))
  shown <- c(
    "Synthetic lethal partners of lost VHL", "Partners of lost VHL",
    "The best partners of lost VHL",
    "Bars of what ranks the best partners of lost VHL",
    "VHL&quot; is lethal alone: 95 % of lines need it.",
    "order: 1 = average gene; .pred_SL: chance of SL if 1.35 %",
    "Cells need these anyway; partial loss may do",
    "Candidates for an experiment; not for decisions on patients.",
    paste("MuSL", utils::packageVersion("MuSL"))
  )
  for (said in shown) expect_match(page, said, fixed = TRUE)
  skip_if_not_installed("shiny")
  skip_if_not_installed("bslib")
  page <- one_text(page_text(list(
    head_tags(list, "VHL"), essential_tags(list, "VHL")
  )))
  for (said in c(
    "is lethal alone: 95 % of lines need it.", "1 = average gene",
    "Needed by cells anyway", "partial loss may do (drug targets: PRMT5, ATR"
  )) {
    expect_match(page, said, fixed = TRUE)
  }
})

test_that("an explanation says ranks, screens and what orders lists", {
  lists <- tibble::tibble(
    anchor = c("A", "B"), partner = c("B", "A"), rank = c(1L, 1200L),
    n_candidates = 19197L, times_average = c(65.4, 0.005),
    status = c(NA, "lethal_alone")
  )
  expect_identical(rank_sentence(lists), paste(
    "Ranks: B 1 of 19,197 partners of lost A (65x the average gene); A 1,200",
    "of 19,197 partners of lost B (<.01x the average gene; needed anyway)"
  ))
  said <- utils::capture.output(
    print(musl_explain(musl_human_model(), "STAG2", "STAG1"), n = 3)
  )
  for (text in c(
    "STAG1 1 of 19,197 partners of lost STAG2", "Hit in 1 of 2 screens",
    "Order in lists, log odds:"
  )) {
    expect_match(one_text(said), text, fixed = TRUE)
  }
})

test_that("lines of the human model are named where a context is asked for", {
  model <- musl_human_model()
  named <- model@inputs$records$line_names
  known <- with_core(cpp_line_names(live_features(model), NULL))
  help <- one_text(call_musl("partners", "--help")$out)
  skip_without_sources()
  page <- one_text(
    readLines(file.path(source_root(), "man", "musl_human_model.Rd"))
  )
  # Two have an id alone.
  named <- grep("^ACH-|^CCLF_", named[known], invert = TRUE, value = TRUE)
  expect_gt(length(named), 5)
  for (name in unname(named)) {
    expect_match(help, name, fixed = TRUE)
    expect_match(page, name, fixed = TRUE)
  }
})

test_that("a pair without a reason says so, a rescued one in its ranks, too", {
  model <- musl_human_model()
  list <- musl_partners(model, "FAM50A", n = 10)
  expect_identical(
    list$why[list$partner == "RBM12"],
    "no close link known; needed by 9.8 % of lines"
  )
  # With a reason it is not said.
  expect_false(any(grepl("no close link known; (paralog|co-|hit)", list$why)))
  why <- musl_explain(model, "TP53", "MDM2")
  order <- tidy(why, "order")
  expect_identical(
    as.character(order$status[order$anchor == "TP53"]), "rescued"
  )
  expect_match(
    one_text(utils::capture.output(print(why, n = 1))),
    "MDM2 16,[0-9]+ of 19,197 partners of lost TP53 .<.01x the average gene; re"
  )
})

test_that("titles, pictures and what is known are said in whole", {
  list <- suppressWarnings(
    musl_partners(musl_human_model(), c("RB1", "KRAS", "VHL"), n = 4)
  )
  expect_identical(list_title(list), "12 partners of lost RB1, KRAS, VHL")
  one <- list[list$anchor == "RB1", ]
  expect_identical(list_title(one[1, ]), "1 partner of lost RB1")
  expect_identical(autoplot(one)$labels$title, "4 partners of lost RB1")
  expect_identical(autoplot(one)$labels$caption, paste0(
    "Numbers: probability (.pred_SL), if 1.35 % of all pairs are SL.\n",
    "Order: log10 of the odds against those of the average gene.\n",
    "Difference: effect in lines with the loss less that in others."
  ))
  expect_identical(
    autoplot(one)$labels$x,
    "Relation and single genes (logits) add up to the score"
  )
  known <- function(anchor) unname(head_lines(list, anchor)[["Known"]])
  expect_match(known("KRAS"), paste0(
    "^Known: 1,8[0-9]{2} SL in BioGRID \\(10 % of genes: study bias\\); ",
    "111 measured, 1 hit$"
  ))
  expect_identical(
    known("VHL"),
    "Known: 108 recorded as SL in BioGRID; 1 measured in screens, 0 hits"
  )
})
