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
