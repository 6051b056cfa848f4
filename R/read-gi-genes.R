# The genes of a screen: pairs split in two, controls, current names.

gi_marks <- c("|", ";", "_", "/", ":", ",", "~", "-")

# list(genes = tibble gene_a, gene_b, NA if a pair can't be split;
# unsplit).
split_screen_pairs <- function(x) {
  x <- trimws(x)
  there <- !is_unnamed(x)
  n_parts <- function(mark) {
    lengths(strsplit(utils::head(x[there], 5000), mark, fixed = TRUE))
  }
  # The first mark in most pairs: hyphens are also parts of names.
  share <- vapply(gi_marks, function(mark) mean(n_parts(mark) >= 2), 1)
  mark <- gi_marks[which(share > 0.9)[1]]
  if (is.na(mark)) mark <- gi_marks[which.max(share)]
  parts <- strsplit(x, mark, fixed = TRUE)
  n <- lengths(parts)
  clear <- n == 2
  a <- b <- rep(NA_character_, length(x))
  a[clear] <- vapply(parts[clear], `[[`, "", 1)
  b[clear] <- vapply(parts[clear], `[[`, "", 2)
  odd <- which(n > 2)
  if (length(odd) > 0) {
    cut <- cut_odd_pairs(parts[odd], mark, unique(c(a[clear], b[clear])))
    a[odd] <- cut$a
    b[odd] <- cut$b
  }
  list(
    genes = tibble(gene_a = trimws(a), gene_b = trimws(b)),
    unsplit = x[there & is.na(a)]
  )
}

# A pair with more than two parts, as HLA-A-TP53 split at hyphens: the one split
# between two known names, else the one next to a known name.
cut_odd_pairs <- function(parts, mark, known) {
  distinct <- unique(parts)
  cuts <- vapply(distinct, function(part) {
    n <- length(part)
    left <- vapply(seq_len(n - 1), function(i) {
      paste(part[seq_len(i)], collapse = mark)
    }, "")
    right <- vapply(seq_len(n - 1), function(i) {
      paste(part[-seq_len(i)], collapse = mark)
    }, "")
    is_known <- function(x) x %in% known | is_control(x)
    votes <- is_known(left) + is_known(right)
    best <- which(votes == max(votes))
    if (max(votes) == 0 || length(best) > 1) {
      return(c(NA_character_, NA_character_))
    }
    c(left[[best]], right[[best]])
  }, character(2))
  at <- match(parts, distinct)
  list(a = cuts[1, at], b = cuts[2, at])
}

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
  grepl(control_pattern, x, ignore.case = TRUE) & x != "CTRL" | x %in% controls
}

# list(rows in canonical order, report) without rows that lack a pair of genes.
clean_screen <- function(rows, controls, annotation, call) {
  ends <- c("gene_a", "gene_b")
  report <- list()
  named <- unique(c(rows$gene_a, rows$gene_b))
  warn_unknown(controls, "controls", named, NULL, "in no row")
  unnamed <- is_unnamed(rows$gene_a) | is_unnamed(rows$gene_b)
  report$unnamed <- rows[unnamed, c(ends, "context")]
  rows <- rows[!unnamed, ]
  genes <- unique(c(rows$gene_a, rows$gene_b))
  control <- genes[is_control(genes, controls)]
  is_control_row <- rows$gene_a %in% control | rows$gene_b %in% control
  report$control <- unique(rows[is_control_row, ends])
  rows <- rows[!is_control_row, ]
  report$excel_names <- tibble(name = genes[is_excel_name(genes)])
  mapped <- map_screen_genes(rows, annotation)
  rows <- mapped$rows
  report$unmapped <- mapped$unmapped
  order <- order_pair(rows$gene_a, rows$gene_b)
  rows$gene_a <- order$a
  rows$gene_b <- order$b
  self <- rows$gene_a == rows$gene_b
  report$self <- unique(rows[self, "gene_a"])
  list(rows = check_some_rows(rows[!self, ], call), report = report)
}

check_some_rows <- function(rows, call) {
  abort_if(nrow(rows) == 0, c(
    "{.arg path} must have pairs of two genes.",
    x = "All its rows are controls, one gene with itself, or unnamed."
  ), argument = "path", call = call)
  rows
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
