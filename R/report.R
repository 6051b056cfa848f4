#' Report on a model, on partners of genes or on data
#'
#' Describes a model: its training data, evaluation, intended use and limits.
#' With `path`, writes them, the training history, metrics, calibration and the
#' best partners of some genes, with plots, on one HTML page; of lists of
#' partners, only these.
#' For data, lists what [musl_data()] dropped and repaired.
#'
#' The page needs no other file, loads nothing, runs no script and contains no
#' expression. The file is written completely or not at all.
#'
#' @param object A [MuslModel][musl_fit()], to which [musl_describe()] adds
#'   held-out metrics, ceilings, limits and intended use; the lists of
#'   [musl_partners()], with `path` and also after [augment()]; or a
#'   [MuslData][musl_data()].
#' @param path Path of the page, or `NULL` for none. The result of
#'   [musl_explain()] makes the card of its pair. A name that ends in `.json`
#'   makes JSON of lists, explanations, cohorts ([musl_cohort()]) and
#'   experiments ([musl_experiment()]) by the schema
#'   `system.file("schema", "result.json", package = "MuSL")`.
#' @param ... Must be empty.
#' @param anchors Character, the genes whose best partners the page shows, or
#'   `NULL` for the three with most training pairs; `character()` for none.
#' @param n Whole number from 1 to 50: partners to show for each; of lists all,
#'   unless it is given.
#' @param calibration The result of [musl_calibration()] for pairs that the
#'   model did not learn from, or `NULL`.
#' @param data A [MuslData][musl_data()] to score partners with, or `NULL` for
#'   the inputs in the model; without either there are no partners. `anchors`,
#'   `calibration` and `data` are for models.
#' @param title `NULL` or one string.
#' @param overwrite `TRUE` to replace an existing file.
#' @returns With `path`, the path, invisibly.
#'   Of a model, a list of class `musl_report`:
#'   * `name`, `sources`: as given to [musl_describe()], or `NULL`;
#'   * `data`: tibble, one row per input: `input`, `n_genes`, `n_samples` (`NA`
#'     if it has none);
#'   * `labels`: tibble, one row per study of labels, those of a split's test
#'     parts included: `study` (`NA` if unnamed), `kind` (recorded, measured,
#'     sampled), `n_SL`, `n_non_SL`;
#'   * `studies`: tibble, one row per study of measured pairs, as the summary of
#'     [musl_replication()] has it, with the `weight` in the fit; `NULL` if none
#'     was compared;
#'   * `split`: tibble of one row: `setting`, `fold`, `n_training`,
#'     `n_validation`, `n_calibration` (see [musl_fit()]), `share_SL` (of the
#'     pairs that the network learned from), `n_genes`, `n_seen_genes`;
#'   * `validation`: tibble `.metric`, `scorer`, `.estimate`: the network at the
#'     epochs kept and a random order, on the pairs that chose these epochs and
#'     calibrated the network; no rows without a network;
#'   * `metrics`, `ceiling`: tibbles as given to [musl_describe()], or `NULL`;
#'   * `intended_use`, `limits`: character.
#'
#'   Of data, a named list of tibbles, without rows if there was nothing: what
#'   was dropped (`network_loops`, `network_genetic`, `self_pairs`,
#'   `conflicting_pairs`, `dropped_pairs`, `dropped_genes`), merged
#'   (`network_duplicated`, `duplicated_pairs`) or kept (`constant_genes`,
#'   `opposite_pairs`, `excel_names`); `identifiers`, one row per input:
#'   `id_type`, `n_genes`, `n_other_type` of another kind,
#'   `n_in_earlier_inputs`.
#' @section Errors:
#'   `musl_error_input` if the file exists, this R cannot write PNG, or a page
#'   of data is asked for; `musl_error_gene` if an anchor is unknown,
#'   `musl_error_format` if the file can't be written.
#' @section Source:
#'   Mitchell et al. (2019), Model cards for model reporting, FAT*.
#' @examples
#' fit <- musl_example_model()
#' musl_report(fit)
#' file <- tempfile(fileext = ".html")
#' musl_report(musl_partners(fit, "SIM001"), file)
#' @export
musl_report <- function(object, path = NULL, ..., anchors = NULL, n = 10L,
                        calibration = NULL, data = NULL, title = NULL,
                        overwrite = FALSE) {
  check_dots_empty()
  if (is(object, "MuslData") && is.null(path)) {
    check_musl_data(object)
    return(object@report)
  }
  if (is_card(object, path)) {
    return(write_card(object, path, title, overwrite))
  }
  of_lists <- inherits(object, "musl_partners") && !is.null(path)
  if (!of_lists) check_is(object, "MuslModel")
  if (is.null(path)) {
    return(model_card(object))
  }
  check_path(path)
  # A list is shown as it is, unless fewer rows are asked.
  if (of_lists && missing(n)) n <- most_shown
  check_whole(n, 1, most_shown)
  check_is(calibration, "musl_calibration", allow_null = TRUE)
  check_is(data, "MuslData", allow_null = TRUE)
  check_string(title, allow_null = TRUE)
  check_flag(overwrite)
  check_new_file(path, overwrite)
  abort_if(!capabilities("png"), c(
    "This R must be able to write PNG for the pictures of a report.",
    i = "Install R with cairo, as in the packages of Linux distributions."
  ))
  if (of_lists) {
    sections <- partner_sections(object, as.integer(n))
    title <- title %||% paste(
      "Synthetic lethal", sub("^[0-9,]+ ", "", list_title(object))
    )
    facts <- paste0(
      page_note, " ", format(Sys.Date()), ", MuSL ",
      utils::packageVersion("MuSL"), "."
    )
  } else {
    sections <- model_sections(
      object, anchors, as.integer(n), calibration, data
    )
    facts <- paste0(
      count_text(length(object@genes)), " genes (", object@id_type, "), ",
      count_text(object@split$n_training), " training pairs; seed ",
      format(object@seed), ", device ", object@device
    )
  }
  write_page(path, title %||% "MuSL model", facts, sections)
}

write_page <- function(path, title, facts, sections) {
  of_each <- function(part) vapply(sections, `[[`, "", part)
  page <- fill_template(list(
    title = html_text(title), facts = html_text(facts),
    contents = paste(of_each("link"), collapse = ""),
    sections = paste(of_each("html"), collapse = "\n"),
    footer = html_text(paste("Made by MuSL", utils::packageVersion("MuSL")))
  ))
  with_core(cpp_write_file(path.expand(path), charToRaw(enc2utf8(page))))
  invisible(path)
}

model_sections <- function(object, anchors, n, calibration, data) {
  anchors <- report_anchors(object, anchors, data)
  lists <- if (length(anchors) > 0) {
    musl_partners(object, anchors, n = n, data = data)
  }
  c(
    card_sections(model_card(object)), training_sections(object, calibration),
    if (!is.null(lists)) partner_sections(lists, n)
  )
}

# Genes whose partners can be shown; given ones must be known.
report_anchors <- function(object, anchors, data) {
  known <- c(object@genes, if (!is.null(data)) data@genes)
  if (length(anchors) > 0) {
    return(check_anchors(anchors, known, arg = "anchors"))
  }
  if (!is.null(anchors) || !scores_partners(object, data)) {
    return(character())
  }
  first <- utils::head(order(-object@n_seen), 3)
  object@genes[first]
}

scores_partners <- function(object, data) {
  !is.null(data) || has_archive(object, "features") ||
    isTRUE(network_facts(object)$keeps_inputs)
}

card_sections <- function(card) {
  list(
    new_section("Intended use", html_items(card$intended_use)),
    new_section("Limits", html_items(card$limits)),
    new_section(
      "Data", html_table(card$data, "Inputs"),
      html_table(card$sources, "Sources"),
      html_table(card$labels, "Labels by study"),
      html_table(card$split, "Training")
    ),
    new_section(
      "Metrics",
      if (is.null(card$metrics)) {
        html_paragraph(
          "No held-out metrics were added to this model (musl_describe())."
        )
      } else {
        html_picture(
          autoplot(tibble::new_tibble(card$metrics, class = "musl_metrics")),
          "Held-out metrics of the model and of baselines"
        )
      },
      html_table(card$validation, "Validation part, which chose the epochs"),
      html_table(card$metrics, "Held-out pairs, with baselines"),
      html_table(card$ceiling, "Ceiling")
    )
  )
}

training_sections <- function(object, calibration) {
  trained <- has_epochs(object)
  list(
    new_section(
      "Training",
      if (trained) {
        html_picture(autoplot(object), "Loss and validation metrics by epoch")
      },
      html_table(tidy(object), "Phases and scorers")
    ),
    new_section(
      "Calibration",
      if (!trained) {
        html_paragraph(
          "Scorers are calibrated by the rates of their training pairs."
        )
      },
      if (!is.null(calibration)) {
        html_picture(
          autoplot(calibration), "Share of SL over predicted probability"
        )
      },
      if (trained) {
        html_table(
          calibration_table(object@calibration),
          "Lines by number of unseen genes"
        )
      },
      html_table(plain_columns(calibration), "Held-out pairs")
    )
  )
}

most_shown <- 50L

# A section for each list, with what print() shows of it.
partner_sections <- function(lists, n) {
  lapply(split(lists, factor(lists$anchor, unique(lists$anchor))), function(x) {
    anchor <- x$anchor[[1]]
    lines <- c(head_warnings(x, anchor), plain_words(head_lines(x, anchor)))
    title <- partners_of(anchor, anchor_state(x, anchor))
    essential <- essential_rows(x, anchor)
    new_section(
      capital(title),
      html_items(lines),
      html_picture(
        autoplot(x, n = n), picture_alt(title),
        height = 2.5 + 0.16 * min(n, nrow(x))
      ),
      partner_table(utils::head(x, n), x, table_title(title)),
      csv_link(utils::head(x, n), anchor),
      html_table(listed_facts(utils::head(x, n)), "Genes beside the model"),
      if (!is.null(essential)) {
        partner_table(as_essential(essential), x, essential_sentence)
      }
    )
  })
}

# Numbers in the words of print(), with links of human genes.
partner_table <- function(rows, lists, caption) {
  rows <- hide_rescued_chances(rows)
  shown <- plain_columns(rows)[c(shown_columns(rows), "why")]
  text <- intersect(c("order", ".pred_SL"), names(shown))
  shown[text] <- Map(number_text, as.list(shown)[text], text)
  shown <- shown[vapply(shown, function(x) !all(is.na(x) | x == ""), NA)]
  html_table(shown, caption, if (is_human(lists)) {
    list(partner = gene_links(rows$anchor, rows$partner))
  })
}

# Whether candidates are human symbols.
is_human <- function(lists) {
  !all(is.na(gene_roles(packed_genes(attr(lists, "candidates")))))
}

gene_links <- function(anchor, partner) {
  coded <- vapply(partner, utils::URLencode, "", reserved = TRUE)
  link <- function(address, text) {
    paste0("<a href=\"", html_text(address), "\">", text, "</a>")
  }
  paste0(
    link(paste0("https://www.ncbi.nlm.nih.gov/gene/?term=", coded,
      "%5Bsym%5D+AND+human%5Borgn%5D"
    ), html_text(partner)), " <small>",
    link(paste0("https://depmap.org/portal/gene/", coded), "DepMap"), " ",
    link(paste0("https://pubmed.ncbi.nlm.nih.gov/?term=",
      vapply(anchor, utils::URLencode, "", reserved = TRUE), "+AND+", coded
    ), "PubMed"), "</small>"
  )
}

# The rows as a file inside the page.
csv_link <- function(rows, anchor) {
  file <- new_tempfile(".csv")
  on.exit(unlink(file))
  write_table(plain_columns(rows), file)
  bytes <- readBin(file, "raw", file.size(file))
  paste0(
    "<p><a download=\"musl-", gsub("[^A-Za-z0-9_-]+", "_", anchor),
    ".csv\" href=\"data:text/csv;base64,",
    gsub("[\r\n]", "", jsonlite::base64_enc(bytes)),
    "\">These rows as CSV</a></p>\n"
  )
}
