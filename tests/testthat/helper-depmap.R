# The public files of one small made-up world, in the layouts in which they are
# downloaded: knocking out ARID1B harms the lines that hardly express ARID1A,
# and one label says so, from a CRISPR screen.

depmap_world <- function(n_genes = 60, n_lines = 50, n_pairs = 300, seed = 1,
                         env = parent.frame()) {
  withr::local_seed(seed)
  genes <- c("ARID1A", "ARID1B", "PARP1", paste0("GENE", 4:n_genes))
  world <- list(
    dir = withr::local_tempdir(.local_envir = env), genes = genes,
    entrez = c("8289", "57492", "142", as.character(90000 + 4:n_genes)),
    lines = sprintf("ACH-%06d", seq_len(n_lines)), lost = 1:10
  )
  value <- function(mean, sd) {
    x <- matrix(stats::rnorm(n_lines * n_genes, mean, sd), n_lines)
    dimnames(x) <- list(world$lines, genes)
    round(x, 4)
  }
  world$expression <- abs(value(5, 1)) + 1
  world$expression[world$lost, "ARID1A"] <- world$lost / 100
  world$effect <- value(0, .3)
  world$effect[world$lost, "ARID1B"] <- -2 - world$lost / 10
  ends <- utils::combn(n_genes, 2)
  ends <- ends[, c(1, 1 + sample.int(ncol(ends) - 1, 2 * n_pairs - 1))]
  world$pairs <- data.frame(a = ends[1, ], b = ends[2, ])
  world$is_sl <- seq_len(2 * n_pairs) <= n_pairs
  write_depmap_tables(world)
  write_synlethdb_tables(world)
  write_string_tables(world)
  write_proteins(world)
  world
}

in_world <- function(world, name) {
  file.path(world$dir, name)
}

write_rows <- function(rows, path, packed = FALSE) {
  con <- if (packed) gzfile(path, "wb") else file(path, "wb")
  on.exit(close(con))
  writeLines(rows, con)
}

write_depmap_tables <- function(world) {
  labels <- paste0(world$genes, " (", world$entrez, ")")
  rows <- function(x, index) {
    paste(index, apply(x, 1, paste, collapse = ","), sep = ",")
  }
  profile <- c(
    "", "SequencingID", "ModelID", "IsDefaultEntryForModel",
    "ModelConditionID", "IsDefaultEntryForMC"
  )
  index <- paste0(
    seq_along(world$lines) - 1, ",CDS-", world$lines, ",", world$lines,
    ",Yes,MC-", world$lines, ",Yes"
  )
  # A second profile of the first line, which is not the one to read.
  other <- sub("Yes,(.*)Yes", "No,\\1No", index[[1]])
  write_rows(
    c(
      paste(c(profile, labels), collapse = ","),
      rows(world$expression[1, , drop = FALSE] + 9, other),
      rows(world$expression, index)
    ),
    in_world(world, "OmicsExpressionTPMLogp1HumanProteinCodingGenes.csv")
  )
  write_rows(
    c(
      paste(c("", labels), collapse = ","),
      rev(rows(world$effect, world$lines))
    ),
    in_world(world, "CRISPRGeneEffect.csv")
  )
  lineage <- rep_len(c("Lung", "Ovary/Fallopian Tube"), length(world$lines))
  write_rows(
    c(
      paste0(
        "ModelID,PatientID,CellLineName,StrippedCellLineName,",
        "OncotreeLineage,OncotreePrimaryDisease,OncotreeSubtype"
      ),
      paste0(
        world$lines, ",PT-1,\"Cell, line\",CELLLINE,", lineage,
        ",Carcinoma,Adenocarcinoma"
      )
    ),
    in_world(world, "Model.csv")
  )
}

write_synlethdb_tables <- function(world) {
  header <- paste0(
    "n1.name,n1.identifier,n2.name,n2.identifier,r.cell_line,r.pubmed_id,",
    "r.source,r.statistic_score"
  )
  a <- world$pairs$a
  b <- world$pairs$b
  cohort <- ifelse(seq_along(a) %% 2 == 1, "CRISPR/CRISPRi", "Low Throughput")
  rows <- paste(
    world$genes[a], world$entrez[a], world$genes[b], world$entrez[b],
    "HCT116", 24104479, cohort, 0.6,
    sep = ","
  )
  write_rows(c(header, rows[world$is_sl]), in_world(world, "Human_SL.csv"))
  write_rows(c(header, rows[!world$is_sl]), in_world(world, "Human_nonSL.csv"))
}

# A ring of genes, each link in both directions, and one below any threshold.
write_string_tables <- function(world) {
  protein <- paste0("9606.ENSP", world$entrez)
  following <- c(protein[-1], protein[[1]])
  links <- c(
    paste(protein, following, 900), paste(following, protein, 900),
    paste(protein[[1]], protein[[5]], 200)
  )
  write_rows(
    c("protein1 protein2 combined_score", links),
    in_world(world, "9606.protein.links.v12.0.txt.gz"),
    packed = TRUE
  )
  write_rows(
    c(
      "#string_protein_id\talias\tsource",
      paste(protein, world$genes, "Ensembl_HGNC_symbol", sep = "\t"),
      paste(protein, world$entrez, "Ensembl_HGNC_entrez_id", sep = "\t")
    ),
    in_world(world, "9606.protein.aliases.v12.0.txt.gz"),
    packed = TRUE
  )
  write_rows(
    c(
      "#string_protein_id\tpreferred_name\tprotein_size\tannotation",
      paste(protein, world$genes, 100, "made up", sep = "\t")
    ),
    in_world(world, "9606.protein.info.v12.0.txt.gz"),
    packed = TRUE
  )
}

write_proteins <- function(world) {
  accession <- sprintf("P%05d", seq_along(world$genes))
  header <- paste0(
    ">sp|", accession, "|", world$genes, "_HUMAN Protein OS=Homo sapiens ",
    "OX=9606 GN=", world$genes, " PE=1 SV=1"
  )
  sequences <- vapply(
    sample(10:30, length(world$genes), replace = TRUE), random_protein, ""
  )
  write_rows(
    c(rbind(header, sequences)), in_world(world, "UP000005640_9606.fasta")
  )
}

# What is read of them.
values_of <- function(se, assay = 1) SummarizedExperiment::assay(se, assay)
row_table <- function(se) {
  as.data.frame(SummarizedExperiment::rowData(se))
}
line_table_of <- function(se) {
  as.data.frame(SummarizedExperiment::colData(se))
}
report_of <- function(se) S4Vectors::metadata(se)$report
