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
