quietly <- suppressMessages
edges_of_graph <- function(graph) {
  table <- igraph::as_data_frame(graph)
  key <- pair_key(table$from, table$to)
  stats::setNames(table$weight, key)[sort_bytes(key)]
}

string_links <- c(
  "protein1 protein2 combined_score",
  "9606.ENSP01 9606.ENSP02 900", "9606.ENSP02 9606.ENSP01 900",
  "9606.ENSP01 9606.ENSP03 155", "9606.ENSP03 9606.ENSP01 155",
  "9606.ENSP04 9606.ENSP03 400", "9606.ENSP04 9606.ENSP01 300",
  "9606.ENSP01 9606.ENSP05 999"
)
string_info <- c(
  "#string_protein_id\tpreferred_name\tprotein_size\tannotation",
  "9606.ENSP01\tTP53\t393\tCellular tumor antigen; \"guardian\"",
  "9606.ENSP02\tMDM2\t491\tE3", "9606.ENSP03\tATM\t3056\t5' \"repair",
  "9606.ENSP04\tTP53\t100\tsecond protein"
)

test_that("links become edges of genes with the largest score", {
  path <- write_text(string_links)
  info <- write_text(string_info)
  expect_message(
    g <- read_network(path, info = info), class = "musl_message_report"
  )
  expect_false(igraph::is_directed(g))
  expect_equal(edges_of_graph(g), c("ATM\tTP53" = .4, "MDM2\tTP53" = .9))
  report <- igraph::graph_attr(g, "report")
  expect_equal(report$n_unmapped, 1)
  expect_equal(report$n_loops, 1)
  expect_equal(report$n_merged, 3)
  expect_identical(musl_genes(musl_data(network = g)), c("ATM", "MDM2", "TP53"))
})

test_that("min_score counts on either scale, equality included", {
  path <- write_text(string_links)
  info <- write_text(string_info)
  pairs_above <- function(min) {
    names(edges_of_graph(quietly(
      read_network(path, info = info, min_score = min)
    )))
  }
  expect_identical(pairs_above(0.4), pairs_above(400))
  expect_identical(pairs_above(0.4), c("ATM\tTP53", "MDM2\tTP53"))
  expect_identical(pairs_above(0.401), "MDM2\tTP53")
  unit <- write_text(gsub("([0-9]{3})$", "0.\\1", string_links))
  g <- quietly(read_network(unit, info = info, min_score = 700))
  expect_equal(edges_of_graph(g), c("MDM2\tTP53" = .9))
  expect_input_error(read_network(path, info = info, min_score = 1000))
})

test_that("aliases name genes by the best of their sources", {
  aliases <- write_text(
    "#string_protein_id\talias\tsource",
    "9606.ENSP01\tP53\tUniProt_GN_Name",
    "9606.ENSP01\tTP53\tEnsembl_HGNC_symbol",
    "9606.ENSP02\tMDM2\tBLAST_X Ensembl_HGNC", "9606.ENSP03\tATM\tBioMart_HUGO",
    "9606.ENSP04\tCASP8\tUniProt_GN_Name", "9606.ENSP05\t1-Mar\tother"
  )
  g <- quietly(read_network(write_text(string_links), info = aliases))
  expect_setequal(igraph::V(g)$name, c("TP53", "MDM2", "ATM", "CASP8"))
  old <- write_text(
    "## string_protein_id ## alias ## source ##",
    "9606.ENSP01\tTP53\tBioMart_HUGO", "9606.ENSP02\tMDM2\tBioMart_HUGO",
    "9606.ENSP03\tATM\tBioMart_HUGO"
  )
  g <- quietly(read_network(write_text(string_links), info = old))
  expect_setequal(igraph::V(g)$name, c("TP53", "MDM2", "ATM"))
})

test_that("without names nodes are proteins", {
  g <- read_network(write_text(string_links))
  expect_setequal(igraph::V(g)$name, sprintf("ENSP%02d", 1:5))
})

detailed_links <- c(
  paste(
    "protein1 protein2 neighborhood fusion cooccurence coexpression",
    "experimental database textmining combined_score"
  ),
  "9606.A 9606.B 0 0 0 62 180 0 300 450",
  "9606.B 9606.C 0 0 0 0 0 0 800 800", "9606.A 9606.C 0 41 0 0 0 0 950 950",
  "9606.A 9606.D 0 0 0 0 60 0 700 710"
)

test_that("channels are combined again as STRING combines them", {
  path <- write_text(detailed_links)
  combine <- function(...) {
    s <- pmax(c(...) - .041, 0) / .959
    (1 - prod(1 - s)) * .959 + .041
  }
  g <- quietly(read_network(path, channels = "-textmining"))
  expect_equal(edges_of_graph(g)[["A\tB"]], combine(.062, .180))
  g <- read_network(path, channels = c("experimental", "textmining"))
  expect_equal(edges_of_graph(g)[["A\tB"]], combine(.18, .3))
  all <- read_network(path, channels = string_channels)
  expect_equal(edges_of_graph(all)[["A\tB"]], combine(.062, .18, .3))
  low <- quietly(read_network(path, channels = "-textmining", min_score = 100))
  expect_named(edges_of_graph(low), "A\tB")
  expect_equal(igraph::graph_attr(low, "report")$n_below, 1)
})

test_that("a link of left-out channels alone is no edge", {
  path <- write_text(detailed_links)
  expect_message(
    g <- read_network(path, channels = "-textmining"), "2 links without",
    class = "musl_message_report"
  )
  expect_named(edges_of_graph(g), c("A\tB", "A\tD"))
  expect_equal(igraph::graph_attr(g, "report")$n_without, 2)
  # C has papers only: its edges must not come from them in any other way.
  expect_setequal(igraph::V(g)$name, c("A", "B", "D"))
  expect_input_error(quietly(read_network(path, channels = "database")))
})

test_that("links.full adds transferred scores and dampens by homology", {
  path <- write_text(
    paste(
      "protein1 protein2 cooccurence homology experiments",
      "experiments_transferred textmining textmining_transferred combined_score"
    ),
    "9606.A 9606.B 300 500 200 100 400 0 700"
  )
  s <- function(x) max(x - .041, 0) / .959
  none <- (1 - s(.3) * .5) * (1 - s(.2)) * (1 - s(.1)) * (1 - s(.4) * .5)
  g <- read_network(
    path, channels = c("cooccurrence", "experimental", "textmining")
  )
  expect_equal(igraph::E(g)$weight, (1 - none) * .959 + .041)
})

test_that("a channel's score out of range is refused, as the combined one is", {
  for (score in c("1800", "-5", "", "Inf")) {
    rows <- sub(" 62 ", paste0(" ", score, " "), detailed_links, fixed = TRUE)
    expect_format_error(
      read_network(write_text(gsub(" ", "\t", rows)), channels = "-textmining")
    )
  }
})

test_that("channels that the file lacks are named", {
  path <- write_text(string_links)
  expect_input_error(
    read_network(path, channels = "-textmining"), "links.detailed"
  )
  expect_input_error(read_network(path, channels = "x"))
  expect_input_error(read_network(path, channels = c("-fusion", "database")))
})

test_that("names of half of the proteins are enough", {
  four <- write_text(string_links[1:7])
  g <- quietly(read_network(four, info = write_text(string_info[1:3])))
  expect_setequal(igraph::V(g)$name, c("TP53", "MDM2"))
  expect_gene_error(
    read_network(four, info = write_text(string_info[1:2])),
    "1 of 4 proteins of .* is named"
  )
})

biogrid_header <- c(
  "#BioGRID Interaction ID", "Entrez Gene Interactor A",
  "Entrez Gene Interactor B", "BioGRID ID Interactor A",
  "BioGRID ID Interactor B", "Systematic Name Interactor A",
  "Systematic Name Interactor B", "Official Symbol Interactor A",
  "Official Symbol Interactor B", "Synonyms Interactor A",
  "Synonyms Interactor B", "Experimental System", "Experimental System Type",
  "Author", "Publication Source", "Organism ID Interactor A",
  "Organism ID Interactor B"
)
biogrid_row <- function(a, b, id_a, id_b, type, taxon = "9606") {
  paste(
    c(1, id_a, id_b, 10, 20, "-", "-", a, b, "\"x|y", "-", "Some System", type,
      "Smith \"J\" (2003)", "PUBMED:1", taxon, taxon
    ),
    collapse = "\t"
  )
}
biogrid_lines <- c(
  paste(biogrid_header, collapse = "\t"),
  biogrid_row("TP53", "MDM2", 7157, 4193, "physical"),
  biogrid_row("MDM2", "TP53", 4193, 7157, "physical"),
  biogrid_row("TP53", "CHEK1", 7157, 1111, "genetic"),
  biogrid_row("Trp53", "Mdm2", 22059, 17246, "physical", "10090"),
  biogrid_row("ATM", "TP53", 472, 7157, "physical")
)

test_that("BioGRID gives physical interactions of one species", {
  path <- write_text(biogrid_lines)
  expect_message(g <- read_network(path), class = "musl_message_report")
  expect_setequal(names(edges_of_graph(g)), c("MDM2\tTP53", "ATM\tTP53"))
  report <- igraph::graph_attr(g, "report")
  expect_equal(report$n_genetic, 1)
  expect_equal(report$n_other_taxon, 1)
  all <- quietly(read_network(path, taxon = NULL))
  expect_equal(igraph::ecount(all), 3)
  tab2 <- sub("Organism ID Interactor", "Organism Interactor", biogrid_lines)
  tab2 <- sub("Organism ID Interactor", "Organism Interactor", tab2)
  expect_equal(igraph::ecount(quietly(read_network(write_text(tab2)))), 2)
})

test_that("an edge with a nameless end is left out and counted", {
  path <- write_text(
    biogrid_lines, biogrid_row("", "ATM", "-", 472, "physical"),
    biogrid_row("ATM", "", 472, "-", "physical")
  )
  expect_message(
    g <- read_network(path), "2 rows with a partner without gene",
    class = "musl_message_report"
  )
  expect_setequal(names(edges_of_graph(g)), c("MDM2\tTP53", "ATM\tTP53"))
  expect_equal(igraph::graph_attr(g, "report")$n_unmapped, 2)
})

test_that("HIPPIE is read without and with a header", {
  six <- write_text(
    "AL1A1_HUMAN\t216\tAL1A1_HUMAN\t216\t0.76\texperiments:x",
    "P53_HUMAN\t7157\tMDM2_HUMAN\t4193\t0.97\tpmids:1",
    "P53_HUMAN\t7157\tATM_HUMAN\t472\t0.4\t"
  )
  g <- read_network(six)
  expect_equal(edges_of_graph(g), c("4193\t7157" = .97, "472\t7157" = .4))
  five <- write_text(sub("\t[^\t]*$", "", readLines(six)))
  expect_equal(edges_of_graph(read_network(five)), edges_of_graph(g))
  g <- read_network(six, min_score = .5)
  expect_equal(igraph::ecount(g), 1)
  genes <- data.frame(symbol = c("TP53", "MDM2"), entrez = c("7157", "4193"))
  g <- read_network(six, min_score = .5, annotation = genes)
  expect_setequal(igraph::V(g)$name, c("TP53", "MDM2"))

  mitab <- write_text(
    paste(
      "ID Interactor A", "ID Interactor B", "Confidence Value",
      "Gene Name Interactor A", "Gene Name Interactor B", sep = "\t"
    ),
    "entrez gene:7157\tentrez gene:4193\t0.97\tTP53\tMDM2"
  )
  expect_equal(edges_of_graph(read_network(mitab)), c("MDM2\tTP53" = .97))
  expect_format_error(read_network(write_text(string_links), "hippie"))
  # Both columns of Entrez ids must hold numbers.
  for (line in c("A\tTP53\tB\t4193\t0.9\tx", "A\t7157\tB\tMDM2\t0.9\tx")) {
    expect_format_error(read_network(write_text(line), "hippie"))
  }
})

test_that("edges are read with and without a header", {
  ids <- write_text("ENSG00000001\tENSG00000002", "ENSG00000002\tENSG00000003")
  expect_equal(igraph::ecount(read_network(ids)), 2)
  one <- write_text("ENSG00000000001\tENSG00000000002")
  expect_equal(igraph::ecount(read_network(one)), 1)
  named <- write_text("gene_a,gene_b,score", "A,B,0.5", "B,A,0.7", "C,A,0.1")
  expect_equal(edges_of_graph(read_network(named)), c("A\tB" = .7, "A\tC" = .1))
  expect_equal(igraph::ecount(read_network(named, min_score = .5)), 1)
  # Without a column of weights no edge would be left out.
  unknown <- write_text("gene_a,gene_b,p", "A,B,0.9", "A,C,0.2")
  cnd <- expect_input_error(
    read_network(unknown, min_score = 0.5), "weight in `columns`"
  )
  expect_identical(cnd$argument, "min_score")
  g <- read_network(
    unknown, min_score = 0.5,
    columns = c(weight = "p", gene_a = "gene_a", gene_b = "gene_b")
  )
  expect_equal(edges_of_graph(g), c("A\tB" = 0.9))
  bare <- write_text("TP53,MDM2", "ATM,TP53")
  expect_format_error(read_network(bare), "header = FALSE")
  expect_equal(igraph::ecount(read_network(bare, header = FALSE)), 2)
  other <- write_text("u,v,w", "A,B,2")
  g <- read_network(other, columns = c("u", "v", "w"))
  expect_equal(edges_of_graph(g), c("A\tB" = 2))
  typed <- write_text(
    "from,to,evidence", "A,B,physical", "A,C,synthetic lethality"
  )
  g <- quietly(read_network(typed))
  expect_equal(igraph::graph_attr(g, "report")$n_genetic, 1)
  expect_equal(igraph::ecount(g), 1)
})

test_that("a column called by its name is in a header, though of numbers", {
  path <- write_text("1,2,score", "TP53,MDM2,0.5")
  g <- read_network(path, columns = c("1", "2"))
  expect_setequal(igraph::V(g)$name, c("TP53", "MDM2"))
  expect_identical(igraph::E(g)$weight, 0.5)
})

test_that("without a header `columns` names the weights", {
  expected <- c("ENSG00000000001\tENSG00000000002" = .9,
    "ENSG00000000002\tENSG00000000003" = .2
  )
  rows <- c(
    "ENSG00000000001\tENSG00000000002\t0.9",
    "ENSG00000000002\tENSG00000000003\t0.2"
  )
  expect_message(
    g <- read_network(write_text(rows)), "weight 1.*column 3",
    class = "musl_message_other"
  )
  expect_equal(unname(edges_of_graph(g)), c(1, 1))
  g <- read_network(write_text(rows), columns = 1:3)
  expect_equal(edges_of_graph(g), expected)
  bare <- write_text(gsub("ENSG0+", "G", rows))
  expect_silent(g <- read_network(bare, header = FALSE, columns = 1:3))
  expect_equal(unname(edges_of_graph(g)), unname(expected))
  more <- write_text(paste(rows, "9606", sep = "\t"))
  expect_message(g <- read_network(more), "weight 1")
  expect_equal(unname(edges_of_graph(g)), c(1, 1))
  words <- write_text(sub("0[.].$", "physical", rows))
  expect_silent(g <- read_network(words))
  expect_equal(unname(edges_of_graph(g)), c(1, 1))
})

test_that("each format is recognised by its header, and may be said", {
  files <- list(
    string = write_text(string_links), biogrid = write_text(biogrid_lines),
    hippie = write_text("A_HUMAN\t216\tB_HUMAN\t217\t0.76\tx"),
    edges = write_text("gene_a,gene_b", "A,B")
  )
  for (format in names(files)) {
    read <- function(...) {
      g <- quietly(read_network(files[[format]], ...))
      edges_of_graph(g)
    }
    expect_identical(read(), read(format))
    for (other in setdiff(names(files), format)) {
      if (other == "edges" && format == "biogrid") next
      expect_format_error(read(other))
    }
  }
})

test_that("options of another format are refused by name", {
  path <- write_text(string_links)
  for (given in list(
    list(header = TRUE), list(columns = 1:2), list(taxon = NULL)
  )) {
    cnd <- expect_input_error(
      do.call(read_network, c(list(path), given)), "left out with `format"
    )
    expect_identical(cnd$argument, names(given))
  }
  cnd <- expect_input_error(
    read_network(write_text("gene_a,gene_b", "A,B"), info = path)
  )
  expect_identical(cnd$argument, "info")
})

test_that("real networks are read as base R reads them", {
  for (file in c("string_v10.tsv.gz", "biogrid_slmgae.tsv.gz")) {
    path <- data_file("ppi", file)
    g <- quietly(read_network(path))
    plain <- utils::read.delim(path, na.strings = "")
    # BCR/ABL and two like it are no genes.
    fused <- grepl("/", paste(plain$gene_a, plain$gene_b), fixed = TRUE)
    plain <- plain[plain$gene_a != plain$gene_b & !fused, ]
    best <- tapply(plain$score, pair_key(plain$gene_a, plain$gene_b), max)
    got <- edges_of_graph(g)
    expect_equal(got, c(best)[names(got)])
    expect_length(got, length(best))
  }
})

test_that("a first line of UniProt ids is an edge", {
  bare <- write_text("P04637\tQ00987", "P04637\tA0A024R1R8")
  expect_equal(
    edges_of_graph(read_network(bare)),
    c("A0A024R1R8\tP04637" = 1, "P04637\tQ00987" = 1)
  )
  # One of them alone may be a column's name.
  half <- write_text("P04637\tinteractor", "P04637\tQ00987")
  expect_format_error(read_network(half), "header = FALSE")
})

test_that("whole scores of STRING in a table of edges are thousandths", {
  path <- withr::local_tempfile(lines = c(
    "gene_a,gene_b,score", "A,B,150", "B,C,900", "C,D,400"
  ))
  expect_message(graph <- read_network(path), "thousandths")
  expect_equal(igraph::E(graph)$weight, c(.15, .9, .4))
  for (least in c(.4, 400)) {
    kept <- suppressMessages(read_network(path, min_score = least))
    expect_equal(igraph::E(kept)$weight, c(.9, .4))
  }
  # Counts of papers, say.
  writeLines(c("gene_a,gene_b,score", "A,B,3", "B,C,900"), path)
  expect_silent(graph <- read_network(path, min_score = 4))
  expect_equal(igraph::E(graph)$weight, 900)
})
