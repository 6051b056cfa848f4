test_that("a row of a list opens the page of its pair", {
  skip_if_not_installed("shiny")
  rows <- data.frame(
    gene_a = c("A1", "C1"), gene_b = c("B1", "D1"), .score = 2:1,
    .status = "new"
  )
  gone <- list()
  seen <- list(go = function(...) gone <<- list(...))
  shiny::testServer(function(input, output, session) {
    serve_list_table(shiny::reactive(rows), seen, session)
  }, {
    session$setInputs(`list-open` = "2")
    expect_identical(gone, list(gene = "C1", partner = "D1", tab = "pair"))
    session$setInputs(`list-open` = "1")
    expect_identical(gone[c("gene", "partner")], list(
      gene = "A1", partner = "B1"
    ))
  })
})

test_that("a row of lists of partners opens its pair, not its rank", {
  skip_if_not_installed("shiny")
  explorer <- explored()
  genes <- explorer$genes[c(5, 9)]
  best <- musl_partners(explorer$fit, genes, n = 1)
  shiny::testServer(function(input, output, session) {
    explore_session(explorer, input, output, session)
  }, {
    session$setInputs(
      tab = "genes", n = "20", by = "auto", new_only = FALSE, ask = "partners"
    )
    session$setInputs(genes = paste(genes, collapse = " "), ask_genes = 1)
    session$setInputs(`list-open` = 21)
    expect_identical(
      output$pair_title, paste(genes[[2]], "and", best$partner[[2]])
    )
  })
})

test_that("contexts that cannot be compared leave no table", {
  skip_if_not_installed("shiny")
  seen <- list(
    start = list(tab = "gene"), gene = function() "G1",
    view = function() list(column = "site")
  )
  shiny::testServer(function(input, output, session) {
    serve_contexts(
      list(), seen, shiny::reactive(list(problem = "No such gene.")), input,
      output
    )
  }, {
    session$setInputs(column = "site")
    expect_identical(output$has_contexts, "")
    session$setInputs(ask_contexts = 1)
    expect_identical(output$has_contexts, "")
  })
})

test_that("two genes make one pair, and one gene none", {
  explorer <- explored()
  genes <- explorer$genes[c(9, 2)]
  one <- explorer_list(explorer, genes, "pairs", 20)
  expect_identical(c(one$gene_a, one$gene_b), sort_bytes(genes))
  expect_identical(
    one$.score, predict(explorer$fit, as.data.frame(one[1:2]))$.score
  )
  expect_error(
    explorer_list(explorer, genes[[1]], "pairs", 20), "at least two genes"
  )
  # 26 genes: partners of 25 of them.
  many <- explorer$genes[1:26]
  partners <- explorer_list(explorer, many, "partners", 2)
  expect_identical(unique(partners$anchor), many[1:25])
  expect_identical(nrow(partners), 50L)
  pairs <- explorer_list(explorer, explorer$genes[1:152], "pairs", 2)
  expect_identical(nrow(pairs), as.integer(choose(150, 2)))
  expect_false(is.unsorted(-pairs$.score))
})

test_that("neighbours are six common ones at most, then as many of each gene", {
  edges <- data.frame(
    from = c(rep("A", 30), rep("B", 30), "A"),
    to = c(sprintf("n%02d", 1:30), sprintf("n%02d", 21:50), "B")
  )
  # The first six of the ten common ones, six of each gene's own.
  expect_identical(
    chosen_neighbours(edges, c("A", "B")),
    sprintf("n%02d", c(21:26, 1:6, 31:36))
  )
  # Edges are read in both directions; a gene of few leaves its places free.
  back <- data.frame(from = c("x", "A", "y"), to = c("A", "B", "B"))
  expect_identical(chosen_neighbours(back, c("A", "B")), c("x", "y"))
})
