# What tumours do with a gene: lose it, activate it, or both.

# "loss", "gain" or "both" of each human gene that at least two cohorts of
# IntOGen 2023-05-31 (CC0) call a driver, NA of others.
gene_roles <- function(genes) {
  if (is.null(annotation_cache$roles)) {
    annotation_cache$roles <- utils::read.csv(
      package_file("roles.csv"), colClasses = "character", na.strings = ""
    )
  }
  table <- annotation_cache$roles
  table$role[match(genes, table$gene)]
}
