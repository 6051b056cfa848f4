# Arguments of readers and writers, of good files.

pairs_file <- function(env = parent.frame()) {
  write_text("gene_a,gene_b,label", "A,B,1", "C,D,0", env = env)
}

test_that("wrong arguments of readers of pairs are refused", {
  path <- pairs_file()
  expect_arguments_refused("read_pairs", given(read_pairs, path = path), list(
    header = flag, conflicts = choice("Drop"), merge = flag,
    gene_a = column("gene"), gene_b = column("gene"), label = column("gene")
  ))
  slkb <- write_text("gene_pair,SL_or_not", "A|B,SL", "C|D,non_SL")
  expect_arguments_refused("read_slkb", given(read_slkb, path = slkb), list(
    conflicts = choice("Drop"), label = column("sl")
  ))
  screen <- write_text("gene_a,gene_b,score,fdr", "A,B,-4,0.01", "C,D,0.1,0.9")
  expect_arguments_refused("read_gi_screen",
    given(read_gi_screen, path = screen), list(
      layout = choice("Table"), gene_a = column("gene"),
      gene_b = column("gene"), score = column("scores"),
      significance = column("FDR"),
      line = column("cell"), source = string, lines = choice("all"),
      hit = number(), fdr = share(-.1, 1.1), neutral = number(),
      lethal = choice("Negative")
    )
  )
})

test_that("wrong arguments of readers of networks are refused", {
  string <- write_text("protein1 protein2 combined_score", "9606.A 9606.B 900")
  expect_arguments_refused("read_string", given(read_string, path = string),
    list(min_score = number(-1, 1001), channels = choice("Experiments"))
  )
  hippie <- write_text("A\t1\tB\t2\t0.9\tx")
  expect_arguments_refused("read_hippie", given(read_hippie, path = hippie),
    list(min_score = number(-.1, 1.1))
  )
  biogrid <- write_text(biogrid_pair)
  expect_arguments_refused("read_biogrid", given(read_biogrid, path = biogrid),
    list(taxon = whole(0, -1))
  )
  edges <- write_text("from\tto\tweight", "A\tB\t1")
  expect_arguments_refused("read_edges", given(read_edges, path = edges), list(
    from = column("source"), to = column("target"), weight = column("w"),
    min_score = number(), header = flag
  ))
})

test_that("wrong arguments of readers of matrices are refused", {
  depmap <- write_text(depmap_lines)
  expect_arguments_refused("read_depmap",
    given(read_depmap, path = c(effect = depmap)),
    list(id = choice("Symbol"), scale = choice("Log"))
  )
  cells <- write_10x()
  expect_arguments_refused("read_10x", given(read_10x, path = cells), list(
    id = choice("Symbol"), feature = string, genome = string
  ))
  table <- write_text("gene,s1,s2", "A,1,2", "B,3,4")
  expect_arguments_refused("read_expression",
    given(read_expression, path = table), list(gene = column("Gene"))
  )
})

test_that("wrong paths are refused by every reader and writer", {
  readers <- list(
    read_pairs = read_pairs, read_slkb = read_slkb,
    read_synlethdb = read_synlethdb, read_gi_screen = read_gi_screen,
    read_string = read_string, read_hippie = read_hippie,
    read_biogrid = read_biogrid, read_edges = read_edges,
    read_embeddings = read_embeddings, read_10x = read_10x,
    read_h5ad = read_h5ad, read_expression = read_expression,
    read_gmt = read_gmt, musl_load = musl_load
  )
  wrong <- string
  tables <- c(
    "read_gi_screen", "read_expression", "read_pairs", "read_slkb",
    "read_synlethdb"
  )
  for (reader in names(readers)) {
    values <- wrong_for(wrong)
    if (reader %in% tables) values$`a table` <- NULL
    for (case in names(values)) {
      expect_no_object(paste0(reader, "(path): ", case),
        do.call(readers[[reader]], list(values[[case]]), quote = TRUE),
        c("input", "format"), "path"
      )
    }
  }
  expect_arguments_refused("read_atlas", read_atlas, list(directory = string))
})

test_that("wrong arguments of writers are refused, and nothing is written", {
  table <- data.frame(gene = "A")
  path <- file.path(withr::local_tempdir(), "out.csv")
  expect_arguments_refused("musl_write_csv",
    given(musl_write_csv, x = table, path = path), list(
      path = string, escape_formulas = flag, overwrite = flag
    )
  )
  model <- musl_example_model()
  expect_arguments_refused("musl_save",
    given(musl_save, object = model, path = path), list(
      path = string, keep = choice("all"), overwrite = flag
    )
  )
  expect_arguments_refused("musl_write_report",
    given(musl_write_report, object = model, path = path), list(
      path = string, n = whole(0, -1), overwrite = flag
    )
  )
  expect_false(file.exists(path))
})
