# The genes of a screen: controls, current names.

control_pattern <- paste0(
  "^(aavs1|safe([ _-]?(harbou?r|target(ing)?|control))?|nt|ntc|",
  "nt[ _-]?control|non[ _.-]?target(ing)?([ _.-]?controls?)?|",
  "negative|neg(ative)?[ _-]?(controls?|ctrls?)|controls?|ctrl|",
  "intergenic|no[ _-]site|(one[ _-])?(intergenic|non[ _-]gene)[ _-]site|",
  "scrambled?|lacz|luciferase|f?luc|e?gfp|rfp|mcherry|rosa26|",
  ".*[ _-]introns?)([ _.-]?[0-9]+)?$"
)

# CTRL in capitals is the symbol of chymotrypsin-like protease.
is_control <- function(x, controls = NULL) {
  grepl(control_pattern, fold_case(x)) & x != "CTRL" | x %in% controls
}

# list(rows in canonical order, report) without rows that lack a pair of genes.
clean_screen <- function(rows, controls, annotation) {
  ends <- c("gene_a", "gene_b")
  rows$query <- clean_names(rows$query)
  cleaned <- clean_ends(rows, "line")
  rows <- cleaned$rows
  report <- cleaned$report
  genes <- unique(c(rows$gene_a, rows$gene_b))
  warn_unknown(controls, "controls", genes, NULL, "in no row")
  control <- genes[is_control(genes, controls)]
  is_control_row <- rows$gene_a %in% control | rows$gene_b %in% control
  report$control <- unique(rows[is_control_row, ends])
  rows <- rows[!is_control_row, ]
  report$excel_names <- tibble(name = genes[is_excel_name(genes)])
  mapped <- map_screen_genes(rows, annotation)
  rows <- mapped$rows
  report$unmapped <- mapped$unmapped
  rows[ends] <- order_pair(rows$gene_a, rows$gene_b)
  self <- rows$gene_a == rows$gene_b
  report$self <- unique(rows[self, "gene_a"])
  abort_if(all(self), c(
    "{.arg path} must have pairs of two genes.",
    x = "All its rows are controls, one gene with itself, or unnamed."
  ), argument = "path")
  list(rows = rows[!self, ], report = report)
}

map_screen_genes <- function(rows, annotation) {
  unmapped <- tibble(input = character(), status = character())
  if (is.null(annotation)) {
    return(list(rows = rows, unmapped = unmapped))
  }
  genes <- unique(c(rows$gene_a, rows$gene_b))
  table <- musl_map_genes(genes, annotation = annotation)
  today <- ifelse(is.na(table$symbol), genes, table$symbol)
  for (column in c("gene_a", "gene_b", "query")) {
    rows[[column]] <- today[match(rows[[column]], genes)]
  }
  list(rows = rows, unmapped = table[is.na(table$symbol), c("input", "status")])
}
