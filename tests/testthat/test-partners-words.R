# The words of lists stand in one file, and each is said where it is true.

row_of <- function(known, label, measured) {
  tibble(known = known, label = label, measured = measured)
}

test_that("each kind of label has its words", {
  x <- rbind(
    row_of(FALSE, NA, FALSE), row_of(TRUE, "SL", TRUE),
    row_of(TRUE, "no_hit", TRUE), row_of(TRUE, "SL", FALSE),
    row_of(TRUE, "non_SL", FALSE)
  )
  expect_identical(as.character(label_kind(x)), label_kinds)
  expect_setequal(names(partner_colours()), label_kinds)
  expect_setequal(names(edge_looks()$colours)[-1], label_kinds[-1])
})

test_that("screens and databases are named", {
  said <- function(study, hit, lines = NA, share = NA) {
    measured_words(tibble(
      study = study, hit = hit, lines = as.character(lines),
      share = as.numeric(share)
    ))
  }
  expect_identical(said("Ito", FALSE), "measured in Ito: no hit")
  expect_identical(
    said(c("Ito", "Parrish"), c(FALSE, FALSE), share = c(0.5, 0.08)),
    "measured in Ito, Parrish: no hit (strongest 8 % in Parrish)"
  )
  expect_identical(said("Parrish", TRUE, "PC9"), "hit in Parrish (PC9)")
  expect_identical(
    said(c("Ito", "Parrish", "HAP1"), c(FALSE, TRUE, TRUE), c(NA, "PC9", NA)),
    "hit in 2 of 3 screens: Parrish (PC9), HAP1"
  )
  expect_identical(
    source_words(tibble(source = c("BioGRID", NA), pubmed = c("123", NA))),
    c(" in BioGRID (PMID 123)", "")
  )
})

test_that("what lines tell is said in the words of directions", {
  found <- tibble(
    direction = c(names(direction_kinds), NA), n_lines = 77L,
    event = "that lost RB1", altered = c(-1.3, -0.1, 0.02, 0), other = -0.7,
    share_altered = 0.9, share_other = 0.47, fdr = NA_real_,
    explained = c("MTAP", NA, NA, NA)
  )
  expect_identical(direction_words(found), c(
    paste(
      "needed more in 77 lines that lost RB1: effect -1.30 against -0.70 (90 %",
      "of lines against 47 %), MTAP is lost with it"
    ),
    "needed less in 77 lines that lost RB1: effect -0.10 against -0.70",
    paste(
      "not needed in 77 lines that lost RB1 (effect +0.02), others grow better",
      "without it (-0.70)"
    ), NA
  ))
})

test_that("those who stand last and statuses have words", {
  last <- c(
    "lethal_alone", "not_expressed", "not_judged", "rescued", "not_needed"
  )
  expect_setequal(names(last_words), last)
  about <- list(
    unknown = 0, n = 10, lethal = "last", lines = 9L,
    counts = table(factor(last, levels = status_kinds()$name))
  )
  expect_identical(last_sentence(about), paste(
    "Last: 1 needed anyway, 1 silent in 9 lines, 1 without evidence,",
    "1 rescued, 1 not needed"
  ))
  about[c("lethal", "lines")] <- list("drop", NA)
  expect_match(last_sentence(about), "^Last or dropped: .*1 hardly expressed")
  expect_identical(status_words("often_lethal"), "often lethal")
})

test_that("shared terms are named in lists, and cut between words", {
  expect_identical(shortened("cohesin complex"), "cohesin complex")
  long <- "positive regulation of transcription by RNA polymerase II"
  expect_identical(shortened(long), "upregulation of transcription by RNA ...")
  long <- paste("negative regulation of", strrep("x", 30))
  expect_identical(
    shortened(long), paste0("downregulation of ", strrep("x", 20), "...")
  )
  list <- musl_partners(musl_human_model(), "STAG2", n = 2)
  expect_match(list$why[[2]], "shared term: sister chromatid cohesion (63",
    fixed = TRUE
  )
})

test_that("pages and pictures name columns as one file does", {
  list <- musl_partners(musl_human_model(), "ARID1A", n = 3)
  expect_true(all(names(partner_rows(list)) %in% names(partner_labels)))
  drawn <- autoplot(list)$data$part
  expect_true(all(drawn %in% partner_parts))
  why <- musl_explain(musl_human_model(), "STAG2", "STAG1", ranks = FALSE)
  shown <- c("component", "description", "value", "contribution", "order")
  expect_true(all(shown %in% names(column_labels)))
  expect_true(all(shown %in% names(why)))
  groups <- tidy(why, "groups")$group
  expect_false(any(part_words(setdiff(groups, "reference")) %in%
    setdiff(groups, c("expression", "reference"))))
})

# The strings in R code.
literals_in <- function(e) {
  if (is.character(e)) {
    return(e)
  }
  if (!(is.call(e) || is.pairlist(e) || is.expression(e))) {
    return(character())
  }
  parts <- Filter(function(i) !rlang::is_missing(e[[i]]), seq_along(e))
  unlist(lapply(parts, function(i) literals_in(e[[i]])))
}
literals_of <- function(file) {
  # What cli wraps is one line of text.
  gsub("[[:space:]]+", " ", literals_in(parse(file, keep.source = FALSE)))
}

words_files <- c("partners-words.R", "partners-words-head.R")

test_that("words of lists are written in these files alone", {
  skip_without_sources()
  root <- source_root()
  own <- unique(unlist(
    lapply(file.path(root, "R", words_files), literals_of)
  ))
  own <- own[lengths(strsplit(own, " +")) >= 4 & grepl("^[A-Za-z]", own)]
  expect_gt(length(own), 20)
  files <- c(
    list.files(file.path(root, "R"), "[.]R$", full.names = TRUE),
    list.files(
      file.path(root, "inst", "scripts"), "[.]R$", full.names = TRUE,
      recursive = TRUE
    )
  )
  files <- files[!basename(files) %in% c(words_files, "RcppExports.R")]
  texts <- lapply(files, literals_of)
  # What lists say, however it is put.
  own <- c(own, c(
    "kill or rescue", "need anyway", "needed anyway", "lethal alone: ",
    "hit in a screen", "recorded as SL", "average gene", "study bias",
    "chance of SL", "artners of lost", "is for its loss",
    "hardly expressed in", "co-essential module", "proteins interact",
    "% identical", "shared term", "both in the", "needed by", "lost with it"
  ))
  for (words in own) {
    found <- vapply(texts, function(x) any(grepl(words, x, fixed = TRUE)), NA)
    expect_identical(basename(files)[found], character(), label = words)
  }
})

test_that("labels of one word are constants of these files", {
  skip_without_sources()
  dir <- file.path(source_root(), "R")
  files <- setdiff(
    list.files(dir, pattern = "[.]R$"), c(words_files, "RcppExports.R")
  )
  text <- lapply(file.path(dir, files), literals_of)
  labels <- c(
    label_kinds[-1], direction_kinds, last_words[c(1, 3)], essential_title,
    partner_labels[c("recorded", "single_gene")], column_labels[["order"]],
    hit_words[[1]]
  )
  for (label in setdiff(labels, c("Known", "Order"))) {
    found <- vapply(text, function(x) label %in% x, NA)
    expect_identical(files[found], character(), label = label)
  }
})
