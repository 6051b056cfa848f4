# Every malformed file ends in a classed condition that names the file and a
# remedy, and never in a crash or in wrong numbers.

good <- list(
  depmap = depmap_lines,
  model = c("ModelID,CellLineName", "ACH-000001,X", "ACH-000002,Y"),
  pairs = c("gene_a,gene_b,label", "A,B,1", "C,D,0"),
  screen = c("pair,A549,HELA", "A;B,0.9,0.1", "C;D,0.2,1.1"),
  string = c(
    "protein1 protein2 combined_score", "9606.A 9606.B 900", "9606.B 9606.C 300"
  ),
  biogrid = biogrid_pair,
  edges = c("from\tto\tweight", "A\tB\t1", "C\tD\t2"),
  embeddings = c("gene,d1,d2", "A,1,2", "B,3,4"),
  gmt = c("one\tx\tA\tB", "two\tx\tB\tC")
)

readers <- list(
  depmap = function(path) read_depmap(c(expression = path)),
  model = function(path) {
    read_depmap(list(expression = data.frame(
      depmap_id = "ACH-000001", gene = "TP53 (7157)", rna_expression = 1
    )), model = path)
  },
  pairs = read_pairs,
  screen = read_gi_screen,
  string = function(path) read_network(path, "string"),
  biogrid = function(path) read_network(path, "biogrid"),
  edges = read_network,
  embeddings = read_embeddings, gmt = read_gmt
)

test_that("the good files are read", {
  for (kind in names(good)) {
    path <- write_raw(text_bytes(good[[kind]]))
    expect_null(caught(readers[[kind]](path)))
  }
})

# Sets of genes have no header, and a line of any length.
harmless <- list(gmt = c("header alone", "row with a field too many"))

# Three readers meet every damage, the others those of each kind.
for (kind in names(good)) {
  test_that(paste("each damage to a file is refused by the reader of", kind), {
    known <- if (kind %in% c("depmap", "pairs", "embeddings")) {
      damages
    } else {
      usual_damages
    }
    for (case in setdiff(names(known), harmless[[kind]])) {
      expect_refused(
        paste(kind, case, sep = ", "), readers[[kind]],
        known[[case]](good[[kind]])
      )
    }
  })
}

test_that("a wrong value of a DepMap table is refused with its line", {
  cases <- list(
    list("text for a number", "ACH-000002,abc,2,3", 3),
    list("infinite", "ACH-000002,inf,2,3", 3),
    list("too large", "ACH-000002,1e400,2,3", 3),
    list("decimal comma in quotes", "ACH-000002,\"1,5\",2,3", 3),
    list("hexadecimal", "ACH-000002,0x1F,2,3", 3),
    list("a date", "ACH-000002,1-Mar,2,3", 3),
    list("two points", "ACH-000002,1.2.3,2,3", 3),
    list("the same model", "ACH-000001,1,2,3", 3),
    list("a profile", "PR-abc123,1,2,3", 3),
    list("a sequencing id", "CDS-abc123,1,2,3", 3),
    list("a name for an id", "HeLa,1,2,3", 3),
    list("no id", ",1,2,3", 3),
    list("an id too short", "ACH-12,1,2,3", 3),
    list("a quote that stays open", "ACH-000002,\"1,2,3", 3),
    list("semicolons", "ACH-000002;1;2;3", 3)
  )
  for (case in cases) {
    lines <- append(depmap_lines[1:2], case[[2]])
    expect_refused(case[[1]], readers$depmap, text_bytes(lines), case[[3]])
  }
})

test_that("a wrong header of a DepMap table is refused", {
  headers <- list(
    "a gene twice" = ",TP53 (7157),TP53 (7157),HLA-A (3105)",
    "a gene without a name" = ",TP53 (7157),,HLA-A (3105)",
    "a flag that is none" = ",IsDefaultEntryForModel,A (1),B (2)",
    "no gene" = "ModelID,SequencingID,ModelConditionID,ProfileID"
  )
  for (case in names(headers)) {
    lines <- depmap_lines
    lines[[1]] <- headers[[case]]
    expect_refused(case, readers$depmap, text_bytes(lines))
  }
  comma <- c("id;TP53 (7157);B (2)", "ACH-000001;1,5;2", "ACH-000002;2;3,5")
  expect_refused("decimal commas", readers$depmap, text_bytes(comma), 2)
  mixed <- c("gene\tACH-000001\tHeLa\tACH-000002", "TP53\t1\t2\t3")
  expect_refused("a column that is no model", readers$depmap,
    text_bytes(mixed), 1
  )
  nobody <- c(
    "ModelID,IsDefaultEntryForModel,A (1)", "ACH-000001,No,1",
    "ACH-000002,No,2"
  )
  expect_refused("no default entry", readers$depmap, text_bytes(nobody))
})

test_that("tables with wrong values are refused", {
  cases <- list(
    list("pairs", c("x,y,label", "A,B,1")),
    list("pairs", c("gene_a,gene_b,label", "A,B,perhaps")),
    list("pairs", c("gene_a,gene_b,gene_b", "A,B,C")),
    list("pairs", c("gene_pair", "ABC")),
    list("string", c("protein1 protein2 score", "9606.A 9606.B 1")),
    list("string", c("protein1 protein2 combined_score", "9606.A 9606.B x")),
    list("string", c("protein1 protein2 combined_score", "9606.A 9606.B inf")),
    list("string", c("protein1 protein2 combined_score", "9606.A 9606.B NA")),
    list("string", c("protein1 protein2 combined_score", "9606.A 9606.B 1900")),
    list("string", c("protein1 protein2 combined_score", "9606.A 9606.B -5")),
    list("biogrid", c("a\tb", "1\t2")),
    list("edges", c("u,v", "A,B")),
    list("edges", c("from,to,weight", "A,B,x")),
    list("edges", c("from,to,weight", "A,B,-1")),
    list("edges", c("from,to,weight", "A,B,")),
    list("edges", c("ENSG00000000001", "ENSG00000000002")),
    list("model", c("Name,Lineage", "HeLa,Cervix")),
    list("model", c("ModelID,Name", "ACH-000001,a", "ACH-000001,b")),
    list("embeddings", c("gene,d1", "A,x")),
    list("embeddings", c("gene,d1", "A,1", "A,2")),
    list("embeddings", c("gene,d1", ",1")),
    list("embeddings", c("gene", "A")),
    list("embeddings", c("gene,d1", "A,1e999"))
  )
  for (case in cases) {
    expect_refused(
      paste(case[[1]], paste(case[[2]], collapse = " / ")),
      readers[[case[[1]]]],
      text_bytes(case[[2]])
    )
  }
})

test_that("bombs are refused before they unfold", {
  skip_on_cran()
  # 300 MB of one letter in 0.3 MB.
  path <- withr::local_tempfile()
  con <- gzfile(path, "wb", compression = 9)
  block <- charToRaw(paste0("A,", strrep("0", 2^20), "\n"))
  for (i in seq_len(300)) writeBin(block, con)
  close(con)
  expect_no_object("a bomb of pairs",
    read_pairs(path, columns = 1:2, header = FALSE), "format",
    "unfold"
  )
  expect_no_object("a bomb of DepMap", read_depmap(c(effect = path)),
    "format", "unfold"
  )
})

test_that("any change of a byte ends in a table or in a classed condition", {
  withr::local_seed(8)
  lines <- text_bytes(depmap_lines)
  sources <- list(
    lines, gzip_bytes(lines), zip_bytes(list(a.csv = lines)),
    utf16_bytes(depmap_lines)
  )
  for (bytes in sources) {
    for (i in seq_len(20)) {
      changed <- bytes
      at <- sample(length(bytes), 1)
      changed[[at]] <- as.raw(sample(0:255, 1))
      cnd <- tryCatch(
        suppressMessages(readers$depmap(write_raw(changed))),
        error = identity
      )
      fine <- inherits(cnd, "SummarizedExperiment") ||
        (inherits(cnd, "musl_error") && !inherits(cnd, "musl_error_internal"))
      expect(fine, paste("byte", at, "gave", class(cnd)[[1]]))
    }
  }
})
