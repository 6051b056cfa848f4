# A part of bench/direction.R: a user's own table of musl_dependency() on a model
# that knows no lines. The script sources script.R and read-data.R first.

# Categories of DepMap 22Q1 as effects, negative where a knock-out harms, with the
# lines' lineage.
category_experiment <- function() {
  category <- number_matrix("dependency", "crispr_category_22q1.tsv.gz")
  samples <- read_table("expression", "samples.tsv.gz")
  samples <- samples[samples$table == "crispr_category_22q1", ]
  SummarizedExperiment::SummarizedExperiment(
    list(effect = -category),
    colData = data.frame(
      lineage = samples$context[match(colnames(category), samples$sample)],
      row.names = colnames(category)
    )
  )
}

own_alterations <- c(MTAP = "mtap_del", RB1 = "rb1_loss", TP53 = "tp53")

# The lines that lost the anchor, by the lists of DepMap 26Q1; of VHL by
# mutations, among the lines where these are known.
lost_lines <- function(anchor, lines) {
  if (anchor == "VHL") {
    tested <- read_table("genes", "lof_models.tsv.gz")$model
    lost <- read_table("genes", "lof_mutations.tsv.gz")
    lost <- lost$model[lost$gene == "VHL"]
    return(ifelse(lines %in% tested, lines %in% lost, NA))
  }
  altered <- read_table("dependency", "contexts_26q1_lines.tsv.gz")
  models <- read_table("dependency", "contexts_26q1_models.tsv.gz")$line
  lost <- altered$line[altered$context == own_alterations[[anchor]]]
  ifelse(lines %in% models, lines %in% lost, NA)
}

# Where the partners of the lethal sign at FDR .01 stand.
own_figures <- function(x, anchor, bare) {
  groups <- lost_lines(anchor, colnames(x))
  lineage <- if (anchor != "VHL") "lineage"
  tested <- quietly(musl_dependency(anchor, x, groups = groups, lineage = lineage))
  list <- quietly(musl_partners(bare, anchor, n = Inf, dependency = tested))
  before <- quietly(musl_partners(bare, anchor, n = Inf))
  found <- list[list$direction %in% "needed_more" & list$fdr <= 0.01, ]
  was <- before$rank[match(found$partner, before$partner)]
  data.frame(
    anchor = anchor, found = nrow(found), `last rank` = max(found$rank, 0),
    `last rank without` = max(was, 0),
    first = paste(utils::head(list$partner, 5), collapse = " "),
    check.names = FALSE
  )
}

report_own_tables <- function() {
  if (is_smoke()) {
    return(invisible())
  }
  none <- human_direction_of_none()
  bare <- MuSL:::with_direction(musl_human_model(), none)
  x <- category_experiment()
  table <- do.call(rbind, lapply(c("MTAP", "VHL", "RB1", "TP53"), function(anchor) {
    own_figures(x, anchor, bare)
  }))
  cat("\nA user's table, partners of FDR <= .01\n\n")
  cat(knitr::kable(table, format = "pipe"), sep = "\n")
}

# Tables without an alteration.
human_direction_of_none <- function() {
  none <- human_direction(FALSE)
  lapply(none, function(x) x[0, ])
}
