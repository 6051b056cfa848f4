# Tables of genes and cell lines that the package brings, made by
# tools/gene-facts.

# A session reads each once: list(table, comment: lines "# ..." before it).
package_table <- function(name) {
  if (is.null(package_tables[[name]])) {
    path <- package_file(paste0(name, ".tsv.xz"))
    packed <- readBin(path, "raw", file.size(path))
    bytes <- memDecompress(packed, "xz")
    head <- regexpr("^(# [^\n]*\n)*", rawToChar(bytes), useBytes = TRUE)
    head <- seq_len(attr(head, "match.length"))
    # In one piece, which fread() reads where it is.
    table <- data.table::fread(
      text = rawToChar(bytes[seq(length(head) + 1L, length(bytes))]),
      sep = "\t", quote = "", na.strings = "", encoding = "UTF-8",
      data.table = FALSE, showProgress = FALSE
    )
    comment <- strsplit(rawToChar(bytes[head]), "\n", fixed = TRUE)[[1]]
    assign(name, list(table = table, comment = comment), envir = package_tables)
  }
  package_tables[[name]]
}

package_tables <- new.env(parent = emptyenv())

# Share of the aligned residues of two human proteins that are identical, NA
# where it is not known: of some 1,900 genes' proteins, those that align.
protein_identity <- function(a, b) {
  known <- package_table("paralogs")$table
  one <- paste(a, b)
  other <- paste(b, a)
  listed <- paste(known$gene_a, known$gene_b)
  at <- match(one, listed)
  at <- ifelse(is.na(at), match(other, listed), at)
  known$identity[at] / 100
}

split_list <- function(x) strsplit(x, ";", fixed = TRUE)

# Cohorts of TCGA with known mutations: cohort, n_patients, n_hyper (more than
# 500 coding mutations), is_bound (calls that miss many indels).
tumour_cohorts <- function() {
  lines <- strsplit(package_table("gene_facts")$comment, "\t", fixed = TRUE)
  fields <- do.call(rbind, lines)
  tibble(
    cohort = fields[, 2], n_patients = as.integer(fields[, 3]),
    n_hyper = as.integer(fields[, 4]), is_bound = fields[, 5] == "1"
  )
}

# Patients with a truncating mutation of each gene in each cohort that has one:
# gene, cohort, n_patients, n_lost, n_hyper (of them), share, is_bound.
tumour_losses <- function(genes) {
  table <- package_table("gene_facts")$table
  text <- table$truncated[match(genes, table$gene)]
  text[text %in% "0"] <- NA
  fields <- split_list(text)
  n <- ifelse(is.na(text), 0L, lengths(fields))
  fields <- unlist(fields[n > 0])
  counts <- sub("^.*:", "", fields)
  cohorts <- tumour_cohorts()
  at <- match(sub(":.*$", "", fields), cohorts$cohort)
  out <- tibble(
    gene = rep(genes, n), cohort = cohorts$cohort[at],
    n_patients = cohorts$n_patients[at],
    n_lost = as.integer(sub("/.*$", "", counts)),
    n_hyper = as.integer(ifelse(
      grepl("/", counts, fixed = TRUE), sub("^.*/", "", counts), "0"
    ))
  )
  out$share <- out$n_lost / out$n_patients
  out$is_bound <- cohorts$is_bound[at]
  out
}

# The share of a cohort's patients with a truncating mutation: 0 for a gene that
# was looked at, NA for others.
loss_share <- function(genes, cohort) {
  table <- package_table("gene_facts")$table
  known <- !is.na(table$truncated[match(genes, table$gene)])
  found <- tumour_losses(genes)
  found <- found[found$cohort == cohort, ]
  share <- found$share[match(genes, found$gene)]
  ifelse(known & is.na(share), 0, share)
}

check_cohort <- function(cohort, arg = caller_arg(cohort)) {
  check_string(cohort, arg)
  cohort <- sub("^TCGA[-_ ]", "", raise_case(cohort))
  if (cohort %in% c("COAD", "READ", "CRC")) cohort <- "COADREAD"
  known <- tumour_cohorts()$cohort
  abort_if(!cohort %in% known, c(
    "{.arg {arg}} must be a cohort of TCGA whose mutations are known.",
    x = "There is no {.val {few(cohort)}}.",
    i = "Known are {.val {known}}."
  ), argument = arg)
  cohort
}
