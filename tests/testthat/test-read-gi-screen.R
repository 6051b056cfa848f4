read_quietly <- function(...) {
  suppressWarnings(suppressMessages(read_gi_screen(...)))
}
gi_report <- function(x) attr(x, "report")

# What a pair came out as: "SL", "non_SL" or NA.
outcome <- function(x, a, b, line = NULL) {
  ends <- sort(c(a, b), method = "radix")
  rows <- x$gene_a == ends[[1]] & x$gene_b == ends[[2]]
  if (!is.null(line)) rows <- rows & x$line %in% line
  as.character(x$label[rows])
}

test_that("GEMINI's scores are turned, and its rule holds line by line", {
  path <- write_text(
    ",A549,HELA", "ARID1A;ARID1B,1.25,0.25", "HLA-A;C1orf112,0.5,0.75",
    "TP53;MDM2,-2,0"
  )
  expect_message(
    x <- read_gi_screen(path, study = "mine"), "reversed",
    class = "musl_message_report"
  )
  expect_identical(x$effect, -x$score)
  expect_identical(outcome(x, "ARID1A", "ARID1B"), c("SL", "non_SL"))
  expect_identical(outcome(x, "HLA-A", "C1orf112"), c("non_SL", "SL"))
  expect_identical(unique(x$study), "mine")
  expect_true(all(x$measured) && all(x$weight == 1))
  expect_identical(unique(x$line), c("A549", "HELA"))
  mean <- read_quietly(path, lines = "mean")
  # The averages are .75, .625 and -1.
  expect_identical(sort(mean$effect), c(-0.75, -0.625, 1))
  expect_identical(outcome(mean, "HLA-A", "C1orf112"), "SL")
  expect_identical(mean$n_rows, rep(2L, 3))
})

test_that("zdLFC, Parrish, Horlbeck and Orthrus tables are recognised", {
  zdlfc <- data.frame(
    genes = c("A1_B1", "C1_D1"), HAP1 = c(-3.5, -2), RPE1 = c(1, -4)
  )
  x <- read_quietly(zdlfc)
  expect_identical(outcome(x, "A1", "B1"), c("SL", "non_SL"))
  expect_identical(outcome(x, "C1", "D1", "RPE1"), "SL")

  parrish <- data.frame(
    paralog_pair = c("A1_B1", "C1_D1", "E1_F1"), PC9 = c(-0.9, -0.9, -0.2),
    PC9_fdr = c(0.01, 0.5, 0.01), HELA = c(0, 0, -1), HELA_fdr = c(1, 1, 0)
  )
  x <- read_quietly(parrish)
  expect_identical(outcome(x, "A1", "B1", "PC9"), "SL")
  expect_identical(outcome(x, "C1", "D1", "PC9"), "non_SL")
  expect_identical(outcome(x, "E1", "F1"), c("non_SL", "SL"))
  expect_identical(x$fdr[x$line == "PC9"], c(0.01, 0.5, 0.01))

  horlbeck <- data.frame(
    pair = c("A1|B1", "C1|D1"), K562_SL_score = c(-4, -1),
    K562_standard_error = c(1, 1)
  )
  x <- read_quietly(horlbeck)
  expect_identical(unique(x$line), "K562")
  expect_identical(as.character(x$label), c("SL", "non_SL"))

  orthrus <- data.frame(
    gene1 = c("A1", "C1", "E1", "G1"), gene2 = c("B1", "D1", "F1", "H1"),
    orientation_agree_HAP1_T18 = c(TRUE, TRUE, FALSE, TRUE),
    differential_combn_vs_single_HAP1_T18 = c(-0.4, -0.4, -2, 1),
    fdr1_combn_vs_single_HAP1_T18 = c(0.01, 0.01, 0.01, 0.01),
    fdr2_combn_vs_single_HAP1_T18 = c(0.02, 0.4, 0.01, 0.01)
  )
  x <- read_quietly(orthrus)
  expect_identical(as.character(x$label), rep(c("SL", "non_SL"), c(1, 3)))
  expect_identical(x$fdr, c(0.02, 0.4, 1, 0.01))
  expect_identical(unique(x$line), "HAP1")
  # The tool's own calls win; without FDRs nothing is called.
  orthrus$effect_type_HAP1_T18 <- c("None", "Negative", "None", "Positive")
  expect_identical(
    as.character(read_quietly(orthrus)$label),
    c("non_SL", "SL", "non_SL", "non_SL")
  )
  cnd <- expect_format_error(read_gi_screen(orthrus[-(5:6)]))
  expect_match(conditionMessage(cnd), "fdr1_combn_vs_single_LINE")
})

test_that("a qGI table needs its library, whose other genes are non-hits", {
  qgi <- data.frame(
    library_gene = c("L1", "L2", "Q2"),
    query_name = c("Q1_119_min", "Q1_119_min", "Q1_119_min"),
    qGI_score = c(-0.6, 0.5, -0.7), FDR = c(0.01, 0.01, 0.01)
  )
  expect_format_error(read_gi_screen(qgi))
  expect_gene_error(
    read_gi_screen(qgi, library = c("ENSG00000000003", "ENSG00000000005")),
    "`library`"
  )
  # Of other tables the library would say nothing.
  hits <- data.frame(query = "Q1", gene = c("L1", "L2"), gi = -1, fdr = 0.01)
  cnd <- expect_input_error(
    read_gi_screen(hits, library = c("L1", "L2", "L3")), "unless `path` is"
  )
  expect_identical(cnd$argument, "library")
  x <- read_quietly(qgi, library = c("L1", "L2", "L3", "Q1", "Q2"))
  # The query itself is no pair.
  expect_identical(sort(x$gene_a), c("L1", "L2", "L3", "Q1"))
  expect_identical(outcome(x, "Q1", "L1"), "SL")
  expect_identical(outcome(x, "Q1", "L2"), "non_SL")
  expect_identical(outcome(x, "Q1", "L3"), "non_SL")
  expect_true(is.na(x$effect[x$gene_a == "L3"]))
  expect_identical(unique(x$query), "Q1")
  expect_identical(unique(x$line), "HAP1 min")
})

test_that("z-score and per-line tables name lines without day or replicate", {
  z <- data.frame(
    condition = c("A549_D14", "A549_D21", "HELA_D21_rep1", "HELA_D21_rep2"),
    gene_a = "A1", gene_b = "B1", pair_z_score = c(-9, -1, -2, -4),
    p_value = 0.01, fdr_bh = c(0.01, 0.5, 0.01, 0.03)
  )
  x <- read_quietly(z)
  # Of A549 the last day counts; HELA's replicates are averaged.
  expect_identical(x$line, c("A549", "HELA"))
  expect_identical(x$effect, c(-1, -3))
  expect_identical(x$fdr, c(0.5, 0.02))
  expect_identical(as.character(x$label), c("non_SL", "SL"))
  expect_identical(nrow(gi_report(x)$runs), 4L)

  per_line <- data.frame(
    targetA = c("A1", "C1"), targetB = c("B1", "D1"),
    cell_line_label = "PC9", mean_norm_gi = c(-1, -1), fdr = c(0.001, 0.02)
  )
  expect_identical(
    as.character(read_quietly(per_line)$label), c("SL", "non_SL")
  )
})

test_that("a table is read by its column names, or by those given", {
  table <- data.frame(
    study = c("S", "S", "T"), line = c("mean", "A549", "A549"),
    gene_a = c("B1", "B1", "C1"), gene_b = c("A1", "A1", "D1"),
    score = c(-2, -3, 1), label = c(1, 0, 0)
  )
  x <- read_quietly(table)
  # S has a line beside its average, T has no average.
  expect_identical(x$line, c("A549", "A549"))
  expect_identical(as.character(x$label), c("non_SL", "non_SL"))
  mean <- read_quietly(table, lines = "mean")
  expect_identical(mean$line, c("mean", "A549"))
  expect_identical(as.character(mean$label), c("SL", "non_SL"))
  expect_identical(x$study, c("S", "T"))

  odd <- data.frame(
    first = c("A1", "C1"), second = c("B1", "D1"), gi = c(-9, 1)
  )
  columns <- list(gene_a = "first", gene_b = 2, score = "gi")
  y <- read_quietly(odd, columns = columns, hit = -3)
  expect_identical(as.character(y$label), c("SL", "non_SL"))
  expect_input_error(read_gi_screen(odd, columns = columns), "hit")
  expect_format_error(read_gi_screen(odd))
})

test_that("a negative interaction is a hit, where a study calls interactions", {
  table <- data.frame(
    query = "Q1", gene = c("A1", "B1", "C1", "D1"),
    call = c("Negative", "Positive", "none", "")
  )
  x <- read_quietly(table, study = "HAP1")
  expect_identical(as.character(x$label), c("SL", "non_SL", "non_SL", "non_SL"))
  expect_identical(unique(x$query), "Q1")
  # Labels stay labels: an empty one is unknown.
  table$call <- c("1", "0", "", "SL")
  expect_identical(
    as.character(read_quietly(table)$label), c("SL", "non_SL", NA, "SL")
  )
})

test_that("calls without a signed one, or with another word, are labels", {
  table <- data.frame(
    gene_a = "Q1", gene_b = c("A1", "B1", "C1"), call = c("no", "", "no")
  )
  expect_identical(
    as.character(read_quietly(table)$label), c("non_SL", NA, "non_SL")
  )
  # Not taken for a non-hit.
  table$call <- c("Negative", "strong", "none")
  expect_format_error(read_quietly(table), "strong")
})

test_that("files of two layouts are refused together", {
  paths <- c(
    write_text("genes,HAP1", "A1_B1,-3.5", "C1_D1,-2"),
    write_text("paralog_pair,PC9,PC9_fdr", "A1_B1,-0.9,0.01")
  )
  cnd <- expect_input_error(read_quietly(paths))
  expect_identical(cnd$argument, "path")
  expect_match(conditionMessage(cnd), "\"zdlfc\" and \"parrish\"")
})

test_that("hits and non-hits follow the arguments", {
  table <- data.frame(
    gene_a = paste0("A", 1:5), gene_b = paste0("B", 1:5),
    score = c(-4, -2, -1, 0, 2), fdr = c(0.01, 0.01, 0.2, 1, 1)
  )
  label <- function(...) as.character(read_quietly(table, ...)$label)
  expect_identical(label(), rep(c("SL", "non_SL"), c(2, 3)))
  expect_identical(label(hit = -3, fdr = Inf), rep(c("SL", "non_SL"), c(1, 4)))
  # Limits themselves are beyond.
  expect_identical(label(hit = -2, fdr = Inf), rep(c("SL", "non_SL"), c(1, 4)))
  expect_identical(label(hit = 0, fdr = 0.01), rep("non_SL", 5))
})

test_that("scores of the wrong sign are turned, or named", {
  table <- data.frame(
    gene_a = paste0("A", 1:20), gene_b = paste0("B", 1:20),
    score = c(5:1, rep(0, 15) + (1:15) / 100), label = rep(1:0, c(5, 15))
  )
  r <- stats::cor(table$score, table$label)
  expect_message(x <- read_gi_screen(table), "reversed")
  expect_true(all(x$effect[x$label == "SL"] < 0))
  expect_identical(as.integer(table(x$label)), c(5L, 15L))
  expect_warning(
    y <- read_gi_screen(table, lethal = "negative"),
    format(round(r, 2)), fixed = TRUE, class = "musl_warning_other"
  )
  expect_identical(y$effect, table$score)
  expect_identical(
    read_quietly(table, lethal = "positive")$effect, -table$score
  )
  # Scores of the hits alone, positive: no correlation, but the wrong sign.
  table$score[6:20] <- NA
  expect_message(z <- read_gi_screen(table), "reversed")
  expect_identical(z$effect[1:5], -as.numeric(5:1))
  expect_identical(as.integer(table(z$label)), c(5L, 15L))
})

test_that("self pairs, controls, dates and unnamed rows are reported", {
  table <- data.frame(
    gene_a = c(
      "A1", "B1", "A1", "AAVS1", "1-Mar", "HPRT intron", "C1", "NT_12"
    ),
    gene_b = c("B1", "A1", "A1", "B1", "B1", "C1", "", "C1"),
    score = -(1:8), label = 1
  )
  table <- rbind(table, data.frame(
    gene_a = c("LacZ", "CTRL"), gene_b = c("B1", "CELA1"), score = 1, label = 0
  ))
  x <- read_quietly(table)
  report <- gi_report(x)
  expect_identical(x$gene_a, c("A1", "1-Mar", "CELA1"))
  expect_identical(x$n_rows, c(2L, 1L, 1L))
  expect_identical(x$effect, c(-1.5, -5, 1))
  expect_identical(report$self$gene_a, "A1")
  expect_identical(nrow(report$control), 4L)
  expect_identical(nrow(report$unnamed), 1L)
  expect_identical(report$excel_names$name, "1-Mar")
})

test_that("symbols that hold the mark between genes are cut by known names", {
  x <- split_pairs(c(
    "HLA-A-TP53", "TP53-MDM2", "MDM2-NKX2-1", "BRCA1-HLA-A", "Q-R-S-T",
    "TP53-BRCA1", "HLA-A-NKX2-1"
  ))
  expect_identical(
    x$genes$gene_a, c("HLA-A", "TP53", "MDM2", "BRCA1", NA, "TP53", NA)
  )
  expect_identical(
    x$genes$gene_b, c("TP53", "MDM2", "NKX2-1", "HLA-A", NA, "BRCA1", NA)
  )
  expect_identical(x$unsplit, c("Q-R-S-T", "HLA-A-NKX2-1"))
  # Each of two cuts leaves one known name: neither is better.
  two <- split_pairs(c("TP53-MDM2", "ARID1A-PARP1", "TP53-ATR-PARP1"))
  expect_identical(two$genes$gene_a, c("TP53", "ARID1A", NA))
  expect_identical(two$unsplit, "TP53-ATR-PARP1")
  # An underscore leaves hyphens and orfs alone.
  y <- split_pairs(c("HLA-A_C1orf112", "NT_3_TP53", "TP53_MDM2"))
  expect_identical(y$genes$gene_a, c("HLA-A", "NT_3", "TP53"))
})

test_that("scores that are no finite numbers leave a pair without outcome", {
  table <- data.frame(
    gene_a = paste0("A", 1:5), gene_b = paste0("B", 1:5),
    score = c("Inf", "NaN", "NA", "-4", "1")
  )
  x <- read_quietly(table, hit = -3)
  expect_identical(as.character(x$label), c(NA, NA, NA, "SL", "non_SL"))
  expect_identical(is.na(x$effect), rep(c(TRUE, FALSE), c(3, 2)))
  expect_identical(nrow(gi_report(x)$unscored), 3L)
  table$score[[1]] <- "0.5x"
  expect_format_error(read_gi_screen(table, hit = -3))
})

test_that("scores with a decimal comma are those with a point", {
  long <- data.frame(
    gene_a = paste0("A", 1:4), gene_b = paste0("B", 1:4),
    score = c(-4.5, NA, 2, 1e-3), fdr = c(0.01, 0.2, 0.5, 1)
  )
  wide <- data.frame(
    pair = c("A1;B1", "A2;B2"), A549 = c(0.25, 1), HELA = c(-1.5, 0)
  )
  comma <- function(table) {
    text <- lapply(table, format, trim = TRUE, digits = 15)
    data.frame(lapply(text, chartr, old = ".", new = ","))
  }
  read <- function(table) {
    file <- withr::local_tempfile(fileext = ".csv")
    utils::write.table(table, file, sep = ";", row.names = FALSE)
    read_quietly(file, study = "mine")
  }
  expect_identical(comma(long)$score[[1]], "-4,500")
  expect_identical(
    read_quietly(comma(long), hit = -3, fdr = 0.1),
    read_quietly(long, hit = -3, fdr = 0.1)
  )
  expect_identical(read(comma(wide)), read(wide))
  # Beside a decimal point, a comma may part thousands.
  long$score <- c("-4,5", "-1.5", "0", "1")
  expect_format_error(
    read_gi_screen(long, hit = -3, fdr = 0.1), "decimals with a point"
  )
})

test_that("opposite calls of one pair and line leave it unlabelled", {
  table <- data.frame(
    gene_a = c("A1", "B1", "C1", "D1"), gene_b = c("B1", "A1", "D1", "E1"),
    score = c(-1, 1, -2, 1), label = c(1, 0, 1, 0)
  )
  x <- read_quietly(table)
  expect_identical(as.character(x$label), c(NA, "SL", "non_SL"))
  expect_identical(gi_report(x)$conflicting$gene_a, "A1")
  # No column names a line.
  expect_identical(gi_report(x)$several_rows$gene_a, "A1")
})

test_that("a screen without hits, or with hits alone, is named", {
  table <- data.frame(
    gene_a = c("A1", "C1"), gene_b = c("B1", "D1"), score = c(-1, 1)
  )
  expect_warning(
    read_gi_screen(table, hit = -3), "Without a hit",
    class = "musl_warning_other"
  )
  expect_warning(
    read_gi_screen(table, hit = 3), "Only hits", class = "musl_warning_other"
  )
})

test_that("bad arguments and tables end in classed conditions", {
  table <- data.frame(gene_a = "A1", gene_b = "B1", score = -4)
  expect_input_error(read_gi_screen(table, hit = "x"))
  expect_input_error(read_gi_screen(table, hits = 3))
  expect_input_error(read_gi_screen(table, columns = c(guide = 1)), "roles")
  expect_input_error(
    read_gi_screen(table, columns = c(score = "nope"), hit = 0)
  )
  expect_format_error(read_gi_screen(table[0, ]))
  expect_input_error(
    suppressMessages(read_gi_screen(
      data.frame(gene_a = "A1", gene_b = "A1", score = 1), hit = 0
    ))
  )
  expect_format_error(
    read_gi_screen(data.frame(gene_a = "A", gene_b = "B", score = "high"),
      hit = 0
    )
  )
})

test_that("names are mapped to today's symbols where a table is given", {
  annotation <- data.frame(
    symbol = c("ARID1A", "SEPTIN2"), entrez = c("8289", "4735"),
    alias = c("BAF250", "SEPT2")
  )
  table <- data.frame(
    query = c("ARID1A", "ZZZ9"), gene = c("SEPT2", "BAF250"), score = c(-4, 1)
  )
  x <- read_quietly(table, hit = -3, annotation = annotation)
  expect_identical(x$gene_a, c("ARID1A", "ARID1A"))
  expect_identical(x$gene_b, c("SEPTIN2", "ZZZ9"))
  expect_identical(x$query, c("ARID1A", "ZZZ9"))
  expect_identical(gi_report(x)$unmapped$input, "ZZZ9")
})

test_that("the measured screens are read with their hits", {
  x <- read_quietly(screens_file("screens.tsv.gz"), lines = "mean")
  hits <- table(x$study[x$label == "SL"])
  studies <- c("Ito", "Parrish", "Thompson", "CHyMErA", "Shen", "Zhao")
  expect_identical(
    as.integer(hits[studies]),
    c(198L, 40L, 334L, 28L, 193L, 154L)
  )
  h <- read_quietly(screens_file("hap1_dev.tsv.gz"), study = "HAP1")
  expect_identical(nrow(h), 421098L)
  expect_identical(sum(h$label == "SL"), 5553L)
  expect_identical(length(unique(h$query)), 111L)
})

test_that("a score named after GEMINI rises with lethality", {
  table <- data.frame(
    gene_a = paste0("A", 1:4), gene_b = paste0("B", 1:4),
    gemini_score = c(2, 1.5, 0, -1), fdr = c(0.01, 0.5, 0.9, 0.01)
  )
  expect_message(x <- read_gi_screen(table), "reversed")
  expect_identical(x$effect, -table$gemini_score)
  expect_identical(as.character(x$label), c("SL", rep("non_SL", 3)))
  names(table)[[3]] <- "Sensitive lethality"
  expect_identical(
    as.character(read_quietly(table[-4], hit = -1)$label),
    c("SL", "SL", "non_SL", "non_SL")
  )
  # The argument and the study's calls have the last word.
  y <- read_quietly(table, lethal = "negative")
  expect_identical(y$effect, table[[3]])
  table$label <- c(0, 0, 0, 1)
  expect_identical(read_quietly(table)$effect, table[[3]])
  # Beside it, a study whose scores fall stays as it is.
  names(table)[[3]] <- "score"
  falling <- write_text(
    "gene_a,gene_b,score,fdr", "C1,D1,-3,.01", "C2,D2,1,.9", name = "f.csv"
  )
  rising <- write_text(
    "gene_a,gene_b,gemini,fdr", "A1,B1,3,.01", "A2,B2,-1,.9", name = "r.csv"
  )
  z <- read_quietly(c(falling, rising),
    columns = c(score = 3, significance = 4)
  )
  expect_identical(z$effect, c(-3, 1, -3, 1))
})

test_that("a hit's effect without its FDR leaves a pair without a label", {
  parrish <- data.frame(
    paralog_pair = c("A1_B1", "C1_D1", "E1_F1"), n_guides = c(16, 16, 8),
    PC9 = c(-1, -1, 0.2), PC9_fdr = c(0.01, NA, NA), HELA = c(-1, -0.9, 0),
    HELA_fdr = rep("NA", 3)
  )
  expect_message(
    x <- suppressWarnings(read_gi_screen(parrish)), "3 pairs with the effect",
    class = "musl_message_report"
  )
  expect_identical(
    as.character(x$label), c("SL", NA, "non_SL", NA, NA, "non_SL")
  )
  expect_identical(gi_report(x)$without_fdr$line, c("PC9", "HELA", "HELA"))
  # A number without FDRs is no line.
  expect_identical(unique(x$line), c("PC9", "HELA"))
  expect_identical(gi_report(x)$ignored$column, "n_guides")
  y <- read_quietly(parrish, fdr = Inf)
  expect_identical(sum(y$label == "SL"), 4L)
})

test_that("the controls of common libraries are no genes", {
  controls <- c(
    "negative", "neg_ctrl", "Negative_Control_3", "non.targeting.12", "NO_SITE",
    "ONE_INTERGENIC_SITE", "ONE_NON-GENE_SITE", "Fluc", "AAVS1_2", "safe-harbor"
  )
  expect_true(all(is_control(controls)))
  genes <- c("NEGR1", "CTRL", "LUC7L", "SITE1", "NTN1", "NEDD4", "INTS6")
  expect_false(any(is_control(genes)))
})

test_that("its own result is read again, with pairs that have no label", {
  screen <- data.frame(
    gene_a = c("A", "B", "C"), gene_b = c("B", "C", "D"),
    score = c(-2, NA, 1)
  )
  x <- read_quietly(screen, hit = -0.5, study = "mine")
  expect_identical(as.character(x$label), c("SL", NA, "non_SL"))
  again <- read_quietly(x, study = "mine")
  attr(x, "report") <- attr(again, "report") <- NULL
  expect_identical(again, x)
})

test_that("an average over lines has one name for all pairs of a study", {
  screen <- data.frame(
    gene_a = c("A", "A", "A", "C"), gene_b = c("B", "B", "C", "D"),
    cell_line = c("X", "Y", "X", "Y"), score = c(-2, -1, 0.5, 1),
    study = "partly"
  )
  alone <- transform(screen[c(1, 3), ], study = "one line")
  x <- read_quietly(rbind(screen, alone), hit = -0.5, lines = "mean")
  expect_identical(x$line[x$study == "partly"], rep("mean", 3))
  expect_identical(x$line[x$study == "one line"], c("X", "X"))
  expect_identical(x$effect[x$study == "partly"], c(-1.5, 0.5, 1))
  # musl_replication() reads all of them.
  other <- transform(x[x$study == "partly", ], study = "other")
  expect_identical(
    musl_replication(rbind(x[x$study == "partly", ], other))$n_pairs, c(3L, 3L)
  )
})

test_that("a limit of FDR needs FDRs", {
  screen <- data.frame(
    gene_a = c("A", "B"), gene_b = c("B", "C"), score = c(-2, 1)
  )
  cnd <- expect_input_error(read_quietly(screen, hit = -0.5, fdr = 0.1))
  expect_identical(cnd$argument, "fdr")
  expect_identical(
    as.character(read_quietly(screen, hit = -0.5, fdr = Inf)$label),
    c("SL", "non_SL")
  )
})

test_that("`study` names a study, a column of `columns` holds it", {
  table <- data.frame(
    gene_a = c("A", "A", "C"), gene_b = c("B", "B", "D"),
    score = c(-2, 0, 1), paper = c("one", "two", "two")
  )
  # Two papers on one pair are no replicates.
  x <- read_quietly(table, columns = c(study = "paper"), hit = -1)
  expect_identical(x$study, c("one", "two", "two"))
  expect_identical(outcome(x, "A", "B"), c("SL", "non_SL"))
  x <- read_quietly(table, study = "mine", hit = -1)
  expect_identical(unique(x$study), "mine")
})
