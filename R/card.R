# The card of a pair: one page, or JSON for programs; JSON of other results.

is_json <- function(path) is_string(path) && grepl("[.]json$", fold_case(path))

json_kinds <- c("partners", "explanation", "cohort", "experiment")

kind_of_result <- function(object) {
  found <- json_kinds[paste0("musl_", json_kinds) %in% class(object)]
  if (length(found) > 0) found[[1]]
}

# What write_card() writes: explanations to any path, all results as JSON.
is_card <- function(object, path) {
  kind <- kind_of_result(object)
  !is.null(kind) && !is.null(path) && (is_json(path) || kind == "explanation")
}

write_card <- function(object, path, title, overwrite) {
  check_path(path)
  check_string(title, allow_null = TRUE)
  check_flag(overwrite)
  check_new_file(path, overwrite)
  if (is_json(path)) {
    bytes <- charToRaw(enc2utf8(result_json(object)))
    with_core(cpp_write_file(path.expand(path), bytes))
    return(invisible(path))
  }
  card <- pair_card(object)
  write_page(
    path, title %||% paste(card$pair$gene_a, "and", card$pair$gene_b),
    "A candidate for an experiment; not for decisions on patients.",
    pair_sections(object, card)
  )
}

# ---- JSON ----

# One object: `musl` (the version), `kind` and tables as arrays of rows; missing
# values are null.
result_json <- function(object) {
  kind <- kind_of_result(object)
  rows <- function(x) as.data.frame(as.list(x), check.names = FALSE)
  parts <- switch(kind,
    partners = list(rows = rows(object)),
    explanation = pair_card(object),
    cohort = c(list(
      n_patients = jsonlite::unbox(attr(object, "found")$n_patients),
      rows = rows(object)
    ), list(cover = rows(tidy(object)), gains = rows(tidy(object, "gains")))),
    experiment = lapply(unclass(object)[names(object)], rows)
  )
  is_pair <- names(parts) == "pair"
  parts[is_pair] <- lapply(parts[is_pair], function(x) {
    lapply(as.list(x), jsonlite::unbox)
  })
  text <- jsonlite::toJSON(
    c(list(
      musl = jsonlite::unbox(as.character(utils::packageVersion("MuSL"))),
      kind = jsonlite::unbox(kind)
    ), parts),
    dataframe = "rows", na = "null", digits = NA, factor = "string",
    pretty = TRUE
  )
  paste0(text, "\n")
}

# ---- The pair ----

# list(pair: one row; words; lists: the rank of either gene in the list of the
# other; screens; shared; terms; genes; lines; refutes)
pair_card <- function(why) {
  abort_if(!"description" %in% names(why) || is.null(attr(why, "glance")), c(
    "{.arg object} must be the result of one {.fn musl_explain}, with all
     columns."
  ), argument = "object")
  pair <- attr(why, "glance")
  both <- c(pair$gene_a, pair$gene_b)
  facts <- suppressWarnings(
    musl_gene_facts(both), classes = "musl_warning_unknown_gene"
  )
  list(
    pair = pair,
    words = c(chance_sentence(pair), explained_sentences(why)),
    lists = as.data.frame(tidy(why, "order")),
    screens = as.data.frame(tidy(why, "screens")),
    shared = as.data.frame(tidy(why, "shared")),
    terms = as.data.frame(as.list(why)), genes = as.data.frame(as.list(facts)),
    lines = as.data.frame(experiment_lines(both_ways(pair), NULL)),
    refutes = refuting_words(pair)
  )
}

# What an experiment must show against the pair.
refuting_words <- function(pair) {
  table <- power_table(pair$.pred_SL, 4, 3, 0.1, 10)
  one <- table[table$effect == "typical" & table$replicates == 3, ]
  c(
    paste0(
      "The interaction of ", pair$gene_a, " and ", pair$gene_b, " would ",
      "not be below what the two single losses add up to."
    ),
    sprintf(
      paste(
        "A typical interaction (%.2f of an essential gene's effect) is called",
        "with probability %.2f by 16 constructs in 3 replicates: a miss",
        "refutes at high power."
      ), -one$size, one$power
    )
  )
}

pair_sections <- function(why, card) {
  pair <- card$pair
  drawn <- autoplot(why)
  numbers <- c(".score", ".pred_SL", "prior", "novelty")
  lost <- card$lines[card$lines$state == "lost", ]
  list(
    new_section(
      "What the model says", html_items(card$words),
      html_table(pair[intersect(numbers, names(pair))], "Score"),
      html_picture(drawn, "The largest terms of the score"),
      html_table(
        utils::head(card$terms[c("component", "contribution", "description")]),
        "The largest terms; all add up to the score"
      )
    ),
    new_section(
      "Lists and screens",
      html_table(list_rows(card$lists), "Either gene in the list of the other"),
      html_table(screen_rows(card$screens), "Screens that measured the pair"),
      html_table(card$shared, "Sets that hold both genes, by name")
    ),
    new_section(
      "The genes",
      html_table(card$genes, "Tumours that lose them, drugs, neighbours")
    ),
    new_section(
      "Where to test",
      if (nrow(lost) == 0) {
        html_paragraph("No listed cell line lost either gene.")
      },
      html_table(card$lines, "Lines that lost a gene, and lines that kept it")
    ),
    new_section("What would refute it", html_items(card$refutes))
  )
}

# As pages show what a card has of lists and screens.
list_rows <- function(lists) {
  lists$times_average <- number_text(lists$times_average, "order")
  lists$status <- status_words(lists$status)
  lists[c(
    "anchor", "partner", "rank", "n_candidates", "times_average", "status"
  )]
}

screen_rows <- function(screens) {
  tibble(
    study = screens$study,
    result = hit_words[screens$hit + 1L], lines = screens$lines,
    `as strong, of all pairs` = ifelse(
      is.na(screens$share), NA, percent_of(screens$share)
    )
  )
}
