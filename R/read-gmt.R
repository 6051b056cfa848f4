#' Read gene sets from a GMT file
#'
#' Reads sets of genes, such as the pathways of Reactome and MSigDB, into a
#' table for [musl_annotations()].
#'
#' A line of a GMT file holds the name of a set, a description and the genes of
#' the set, separated by tabs. Descriptions and blank fields are left out, lines
#' with the same name become one set, and a gene counts once per set. A weight
#' after a gene, as in Enrichr's `BRCA1,1.0`, is left out.
#'
#' @param path Character, one file; it may be gzipped.
#' @param column Character, the name of the column of sets: "pathway" for the
#'   `pathways` of [musl_annotations()], "term" for its `x`, "family" for its
#'   `families`.
#' @returns A tibble of `gene` and `column`, both character, one row per gene of
#'   a set, in the order of the file.
#' @section Errors:
#'   `musl_error_format` if a line has fewer than three fields or no name, or if
#'   the file is empty or not a text file; `musl_error_input` if there is no
#'   such file or `column` is `gene`.
#' @section Source:
#'   Gene Matrix Transposed format, Subramanian et al. (2005), PNAS 102:15545.
#' @seealso [musl_annotations()], [musl_evidence()]
#' @examples
#' path <- tempfile(fileext = ".gmt")
#' writeLines(
#'   c("SWI/SNF\tcomplex\tARID1A\tARID1B\tSMARCA4", "BER\t\tPARP1\tXRCC1"), path
#' )
#' read_gmt(path)
#' @export
read_gmt <- function(path, column = "pathway") {
  path <- check_file(path, "path")
  check_string(column)
  abort_if(column == "gene", c(
    "{.arg column} must be another name than {.val gene}.",
    x = "That is the column of the genes."
  ), argument = "column")
  lines <- read_lines(path)
  fields <- strsplit(lines[nzchar(lines)], "\t", fixed = TRUE)
  abort_if(
    length(fields) == 0,
    c("{.file {path}} must hold gene sets.", x = "It is empty."),
    "format", argument = "path"
  )
  filled <- vapply(fields, function(line) any(nzchar(trimws(line[-(1:2)]))), NA)
  named <- vapply(fields, function(line) nzchar(trimws(line[[1]])), NA)
  bad <- which(!filled | !named)
  abort_if(length(bad) > 0, c(
    "{.file {path}} must be a GMT file: name, description and genes of a set
     in each line, separated by tabs.",
    x = "{length(bad)} line{?s} {?is/are} not: {utils::head(bad, 3)}.",
    i = "A table with one row per gene needs no {.fn read_gmt}."
  ), "format", argument = "path", rows = bad)
  sets <- trimws(without_quotes(vapply(fields, `[[`, "", 1)))
  genes <- lapply(fields, function(line) line[-(1:2)])
  # Enrichr writes a weight after each gene, "BRCA1,1.0".
  gene <- clean_names(sub(",[-+0-9.eE]*$", "", unlist(genes)))
  table <- tibble(gene = gene, set = rep(sets, lengths(genes)))
  table <- table[!is.na(table$gene) & !duplicated(table), ]
  set_names(table, c("gene", column))
}
