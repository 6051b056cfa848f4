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

test_that("a page's buttons lead to the pages beside it", {
  skip_if_not_installed("shiny")
  values <- function(page, n = 25) {
    rows <- data.frame(x = seq_len(n))
    numbers <- seq_len(n)[(10 * (page - 1) + 1):min(10 * page, n)]
    text <- as.character(
      pager_tags(rows, page, numbers, identity, list(size = 10))
    )
    buttons <- regmatches(text, gregexpr("<button[^>]*>", text))[[1]]
    expect_match(text, sprintf(
      "Rows %d to %d of %d", numbers[1], max(numbers), n
    ))
    data.frame(
      to = sub(".*data-musl-value=\"([0-9]*)\".*", "\\1", buttons),
      dead = grepl("disabled", buttons)
    )
  }
  expect_identical(values(1), data.frame(
    to = c("0", "2"), dead = c(TRUE, FALSE)
  ))
  expect_identical(values(2), data.frame(
    to = c("1", "3"), dead = c(FALSE, FALSE)
  ))
  expect_identical(values(3), data.frame(
    to = c("2", "4"), dead = c(FALSE, TRUE)
  ))
})

test_that("a pair stands left and right, what both are linked to between", {
  genes <- c("a", "b", "both1", "both2", "of_a", "of_b1", "of_b2")
  edges <- data.frame(
    from = c("a", "both1", "b", "both2", "of_a", "b", "of_b2"),
    to = c("both1", "b", "both2", "a", "a", "of_b1", "b")
  )
  placed <- placed_genes(genes, edges, genes[1:2])
  expect_identical(placed$gene, genes)
  expect_identical(as.character(placed$role), c(
    rep("the pair", 2), rep("linked to both", 2), rep("linked to one", 3)
  ))
  expect_identical(placed$x[1:2], c(-1, 1))
  expect_identical(placed$y[1:2], c(0, 0))
  expect_true(all(abs(placed$x[3:4]) < 0.5))
  expect_lt(placed$x[[5]], -1.5)
  expect_true(all(placed$x[6:7] > 1.5))
  # From above to below at equal distances, and none upon another.
  expect_equal(placed$y[3:4], c(1, -1) / 3)
  expect_identical(placed$y[[5]], 0)
  expect_equal(placed$y[6:7], c(1, -1) / 3)
  expect_identical(anyDuplicated(placed[c("x", "y")]), 0L)
})
