# Evidence on the genes of toy_matrix() and one beyond them.
toy_evidence <- function() {
  terms <- data.frame(
    gene = c("A1", "B1", "C1", "Z9", "A1", "B1"),
    term = c(rep("T1", 4), "T2", "T2"), branch = "BP", evidence = "IDA"
  )
  families <- data.frame(
    gene = c("A1", "B1", "Z9", "C1"), family = c("F1", "F1", "F1", "F2")
  )
  musl_evidence(
    annotations = musl_annotations(terms, families = families),
    genes = data.frame(
      gene = c("A1", "B1", "C1"), fitness = c(-1, 0, NA),
      share_dependent = c(.5, .1, .2), x_log2tpm = c(1, 2, 3)
    ),
    modules = data.frame(gene = c("A1", "B1", "C1"), module = 1),
    layout = data.frame(gene = c("A1", "B1"), x = c(0, 3), y = c(0, 4)),
    proteins = c(A1 = "ACDEFG", B1 = "ACDEFGHI")
  )
}

toy_data_with_evidence <- function() {
  musl_data(toy_matrix(),
    pairs = toy_pairs(), scale = "log", evidence = toy_evidence()
  )
}
