# What the explorer answers, takes and refuses; test-explore-browser.R looks at
# it in a browser.

test_that("without shiny a condition says what to install", {
  cnd <- expect_error(check_shiny(FALSE), class = "musl_error_input")
  expect_match(conditionMessage(cnd), "r-cran-shiny", fixed = TRUE)
})

skip_if_not_installed("shiny")

test_that("an app is returned that listens to this machine alone", {
  app <- musl_explore(explored_fit(), launch = FALSE, port = 4321)
  expect_s3_class(app, "shiny.appobj")
  expect_identical(app$options$host, "127.0.0.1")
  expect_identical(app$options$port, 4321)
})

test_that("without a model the example is shown, and said to be one", {
  expect_message(
    app <- musl_explore(launch = FALSE),
    "simulated genes",
    class = "musl_message"
  )
  page <- app$httpHandler(list2env(own_request(query = "?gene=SIM001")))
  expect_equal(page$status, 200)
  expect_match(page$content, "says nothing about any real one", fixed = TRUE)
  expect_match(page$content, "SIM001", fixed = TRUE)
})

test_that("data without a model are refused", {
  cnd <- expect_error(
    musl_explore(data = explored_data(), launch = FALSE),
    class = "musl_error_input"
  )
  expect_identical(cnd$argument, "fit")
})

test_that("wrong arguments are told by name", {
  bad <- function(argument, ...) {
    cnd <- expect_error(
      musl_explore(..., launch = FALSE), class = "musl_error_input"
    )
    expect_identical(cnd$argument, argument)
  }
  bad("fit", 1)
  bad("atlas", explored_fit(), atlas = "a")
  bad("data", explored_fit(), data = 1)
  bad("port", explored_fit(), port = 80)
  expect_error(
    musl_explore(explored_fit(), launch = NA), class = "musl_error_input"
  )
})

test_that("requests of others are refused", {
  expect_true(is_own_request(own_request()))
  expect_true(is_own_request(own_request("localhost:1", "::1")))
  expect_true(is_own_request(own_request("[::1]:9", "::ffff:127.0.0.1")))
  expect_true(
    is_own_request(own_request(origin = "http://127.0.0.1:8000"))
  )
  # Another machine; a name that points here; a page of another site.
  expect_false(is_own_request(own_request(from = "192.168.0.7")))
  expect_false(is_own_request(own_request(from = NULL)))
  expect_false(is_own_request(own_request(host = "evil.example:8000")))
  expect_false(is_own_request(own_request(host = "127.0.0.1.evil.example")))
  expect_false(is_own_request(own_request(host = NULL)))
  expect_false(is_own_request(own_request(origin = "http://evil.example")))
  expect_false(is_own_request(own_request(origin = "null")))
  withr::local_options(MuSL.explore_hosts = "musl.example.org")
  expect_true(is_own_request(own_request("MuSL.example.org")))

  answer <- explorer_page(explored())(own_request(host = "evil.example"))
  expect_s3_class(answer, "httpResponse")
  expect_identical(answer$status, 403L)
})

test_that("a connection of another site is closed before anything is served", {
  closed <- 0
  session <- list(
    request = own_request(origin = "http://evil.example"),
    close = function() closed <<- closed + 1
  )
  explorer_server(explored())(NULL, NULL, session)
  expect_identical(closed, 1)
})

test_that("a view goes through its address and back", {
  explorer <- explored(explored_data())
  genes <- explorer$genes
  view <- list(
    tab = "pair", gene = genes[[3]], partner = genes[[7]], n = "100",
    by = "specific", new_only = TRUE, column = "lineage",
    genes = genes[c(9, 2)], ask = "partners", unknown = character()
  )
  expect_identical(view_of(query_of(view, explorer), explorer), view)
  start <- view_of("", explorer)
  expect_identical(query_of(start, explorer), "?")
  expect_identical(start$tab, "partners")
})

test_that("what an address may not say is as if it was not there", {
  explorer <- explored()
  start <- view_of("", explorer)
  for (query in c(
    "?n=7", "?n=1e9", "?by=drop%20table", "?tab=admin", "?tab=pair", "?known=1",
    "?column=lineage", "?tab=contexts", "?ask=", "?%", "?gene",
    "?gene=&n=%ff%fe", "?=&&&",
    "?genes=NOPE", "?n[]=20", NA, NULL,
    paste0("?gene=", strrep("A", 1e5))
  )) {
    expect_identical(view_of(query, explorer), start)
  }
  script <- "<script>alert(1)</script>"
  odd <- view_of(paste0("?gene=", utils::URLencode(script, TRUE)), explorer)
  expect_null(odd$gene)
  expect_identical(odd$unknown, script)
  # A gene is no partner of itself.
  gene <- explorer$genes[[1]]
  query <- paste0("?tab=pair&gene=", gene, "&partner=", gene)
  expect_null(view_of(query, explorer)$partner)
})

test_that("a list too long for an address is left out of it", {
  explorer <- explored()
  explorer$genes <- sprintf("GENE%05d", 1:3000)
  view <- utils::modifyList(view_of("", explorer), list(genes = explorer$genes))
  expect_identical(query_of(view, explorer), "?")
})

test_that("pasted genes are told from unknown words", {
  known <- c("A", "B", "C 1", "D")
  expect_identical(
    listed_genes("A, B;C 1\nD x\tA\r\n\n", known),
    list(genes = c("A", "B", "C 1", "D"), unknown = "x")
  )
  for (empty in list("", " ,\n", NULL)) {
    expect_identical(
      listed_genes(empty, known),
      list(genes = character(), unknown = character())
    )
  }
})

test_that("names are found by what was typed, in any case", {
  genes <- c("BRCA1", "BRCA2", "XBRCA", "p(1.", "TP53", "tp53")
  expect_identical(genes_like("brca", genes), c("BRCA1", "BRCA2", "XBRCA"))
  expect_identical(genes_like("(1", genes), "p(1.")
  expect_identical(genes_like("", genes), character())
  expect_length(genes_like("G", sprintf("G%05d", 1:18000)), 40)
  explorer <- list(genes = genes)
  expect_identical(typed_gene(" brca2 ", explorer), "BRCA2")
  expect_identical(typed_gene("tp53", explorer), "tp53")
  expect_null(typed_gene("Tp53", explorer)) # two have it
  expect_null(typed_gene(NULL, explorer))
})

test_that("a page of a table has its rows, headings and ways to the others", {
  rows <- tibble::tibble(gene = sprintf("G%02d", 1:5), score = 1:5 / 2)
  look <- list(labels = c(score = "Score"), key = "gene", size = 2L)
  shown <- function(page, sort = NULL, of = rows) {
    as.character(
      table_tags(of, list(page = page, sort = sort), look, "Genes", identity)
    )
  }
  # What each button of that kind sends, and whether it can be pressed.
  sent <- function(html, input) {
    buttons <- regmatches(html, gregexpr("<button[^>]*>", html))[[1]]
    buttons <- buttons[grepl(paste0('input="', input, '"'), buttons)]
    value <- sub('.*musl-value="([^"]*)".*', "\\1", buttons)
    value[!grepl(" disabled", buttons)]
  }
  expect_identical(sent(shown(1L), "page"), "2")
  expect_identical(sent(shown(2L), "page"), c("1", "3"))
  expect_identical(sent(shown(3L), "page"), "2")
  expect_match(shown(2L), "Rows 3 to 4 of 5")
  expect_match(shown(3L), "Rows 5 to 5 of 5")
  expect_identical(sent(shown(2L), "open"), c("3", "4"))
  expect_identical(sent(shown(2L), "sort"), c("gene", "score"))
  expect_match(shown(2L), ">Score<")
  expect_false(grepl("G02|G05", shown(2L)))
  whole <- shown(1L, of = rows[1:2, ])
  expect_identical(sent(whole, "page"), character())
  expect_match(whole, "G01.*G02")
  falls <- shown(1L, list(column = "score", falls = TRUE))
  expect_match(falls, 'aria-sort="descending"[^>]*>\\s*<button[^>]*="score"')
})

test_that("a table of one row is shown, one of none is replaced by words", {
  skip_if_not_installed("shiny")
  rows <- shiny::reactiveVal(tibble::tibble(gene = "G01"))
  words <- list(caption = shiny::reactive("Genes"), stem = shiny::reactive("x"))
  shiny::testServer(table_server, args = c(list(rows = rows), words), {
    session$flushReact()
    expect_match(output$table$html, "G01", fixed = TRUE)
    expect_match(output$export$html, "Download", fixed = TRUE)
    rows(tibble::tibble(gene = character()))
    session$flushReact()
    expect_match(output$table$html, "No rows.", fixed = TRUE)
    expect_null(output$export$html)
  })
})

test_that("rows are sorted, cut and opened as the browser asks, or not", {
  rows <- tibble::tibble(gene = c("b", "a", "c"), score = c(2, NA, 3))
  by_score <- next_sort(NULL, "score", rows)
  expect_identical(sorted_rows(rows, by_score)$score, c(3, 2, NA))
  again <- next_sort(by_score, "score", rows)
  expect_identical(sorted_rows(rows, again)$score, c(2, 3, NA))
  by_gene <- next_sort(again, "gene", rows)
  expect_identical(sorted_rows(rows, by_gene)$gene, c("a", "b", "c"))
  expect_identical(next_sort(by_gene, "system('x')", rows), by_gene)
  pages <- list(2, "2", 99, -1, "x", NULL, c(1, 2), NA)
  expect_identical(
    vapply(pages, valid_page, 1L, rows = rows, size = 2L),
    c(2L, 2L, 2L, 1L, 1L, 1L, 1L, 1L)
  )
  expect_identical(opened_row(rows, "2")$gene, "a")
  for (row in list(0, 4, "x", NULL, 1:2)) {
    expect_error(opened_row(rows, row), class = "shiny.silent.error")
  }
})

test_that("file names hold no path, tables no formula", {
  expect_match(
    file_name(c("../../etc/passwd", hostile_names), "csv"),
    "^musl-[A-Za-z0-9_-]{1,80}[.]csv$"
  )
  file <- withr::local_tempfile(fileext = ".csv")
  write_export(tibble::tibble(gene = hostile_names[[2]], score = -1), file)
  expect_match(readLines(file)[[2]], "^\"?'=cmd")
  expect_identical(utils::read.csv(file)$score, -1L)
})

test_that("the page escapes names and needs nothing from elsewhere", {
  explorer <- explored()
  explorer$genes <- c(hostile_names, explorer$genes)
  explorer$columns <- hostile_names
  query <- paste0("?gene=", utils::URLencode(hostile_names[[1]], TRUE))
  app <- shiny::shinyApp(explorer_page(explorer), identity)
  page <- app$httpHandler(as.environment(own_request(query = query)))
  expect_equal(page$status, 200)
  text <- paste(page$content, collapse = "")
  expect_false(grepl("<img src=x", text, fixed = TRUE))
  expect_match(text, "&lt;img src=x", fixed = TRUE)
  expect_false(grepl("(src|href)=\"(https?:)?//", text))
  expect_match(text, "Content-Security-Policy", fixed = TRUE)
  # Every field has a label of its own.
  inputs <- regmatches(text, gregexpr(
    "<(select|textarea|input)[^>]* id=\"[^\"]+\"", text
  ))[[1]]
  ids <- sub(".* id=\"([^\"]+)\"", "\\1", inputs)
  expect_gt(length(ids), 5)
  for (id in ids) {
    expect_match(text, paste0("(for=\"", id, "\"|<label>\\s*<input id=\"", id,
      "\")"
    ))
  }
})

test_that("a table escapes its cells and names its columns", {
  rows <- tibble::tibble(partner = hostile_names, score = 1:2)
  look <- list(labels = c(score = "<b>"), key = "partner", size = 25L)
  text <- page_text(table_tags(
    rows, list(page = 1L, sort = list(column = "score", falls = TRUE)), look,
    hostile_names[[1]], shiny::NS("t")
  ))
  expect_false(grepl("<img|<b>", text))
  expect_match(text, "aria-sort=\"descending\"")
  expect_match(text, "scope=\"col\"")
  expect_match(text, "scope=\"row\"")
  expect_match(text, "<caption>&lt;img", fixed = TRUE)
})

test_that("numbers of a column have three digits, whole ones none to spare", {
  expect_identical(
    cell_text(c(5.9, 5.834, -0.98, 0, 123.4, 12345.6, NA)),
    c("5.90", "5.83", "-0.980", "0.00", "123", "12,346", "")
  )
  expect_identical(cell_text(c(3, 1200, NA)), c("3", "1,200", ""))
  expect_identical(cell_text(c(999.4, 999.7)), c("999", "1,000"))
  expect_identical(cell_text(c(Inf, 0.5)), c("Inf", "0.500"))
  expect_identical(cell_text(c("a", NA)), c("a", ""))
  expect_identical(cell_text(c(NA_real_, NA)), c("", ""))
})

test_that("partners are those of musl_partners(), filtered and opened", {
  explorer <- explored(explored_data())
  gene <- explorer$genes[[5]]
  shiny::testServer(function(input, output, session) {
    explore_session(explorer, input, output, session)
  }, {
    session$setInputs(
      tab = "partners", n = "50", by = "pair_evidence", new_only = TRUE,
      ask = "pairs", column = "lineage", text = "", least = NA
    )
    expect_identical(output$partners_title, "Start with a gene")
    expect_identical(output$has_gene, "")
    session$setInputs(gene_pick = tolower(gene))
    expect_identical(output$partners_title, paste("Partners of", gene))
    expected <- musl_partners(
      explored_fit(), gene, n = 50, known = "drop", by = "pair_evidence"
    )
    expect_equal(
      utils::read.csv(output[["partners-csv"]])$partner, expected$partner
    )
    session$setInputs(text = "1", least = expected$.score[[20]])
    kept <- grepl("1", expected$partner) &
      expected$.score >= expected$.score[[20]]
    filtered <- utils::read.csv(output[["partners-csv"]])
    expect_equal(filtered$partner, expected$partner[kept])
    expect_equal(filtered$.score, expected$.score[kept])
    expect_identical(output$has_gene, "yes")
    expect_identical(output$has_pair, "")
    session$setInputs(`partners-open` = "2")
    expect_identical(
      output$pair_title, paste(gene, "and", expected$partner[kept][[2]])
    )
    expect_identical(output$has_pair, "yes")
  })
})

test_that("a pair's page says what predict() and musl_explain() say", {
  explorer <- explored(explored_data())
  pair <- explorer$genes[c(5, 9)]
  shiny::testServer(function(input, output, session) {
    explore_session(explorer, input, output, session)
  }, {
    session$setInputs(
      tab = "pair", n = "20", by = "score", new_only = FALSE, ask = "pairs",
      column = "lineage", gene_pick = pair[[1]]
    )
    session$setInputs(genes = paste(pair, collapse = " "), ask_genes = 1)
    session$setInputs(`list-open` = 1)
    terms <- utils::read.csv(output[["terms-csv"]])
    why <- musl_explain(explored_fit(), pair[[1]], pair[[2]])
    expect_equal(terms$contribution, tidy(why)$contribution)
    expect_named(
      terms, c("component", "description", "value", "contribution")
    )
    expect_equal(sum(terms$contribution), glance(why)$.score)
    expect_match(
      page_text(output$pair_facts$html),
      format(glance(why)$.score, digits = 3),
      fixed = TRUE
    )
    session$setInputs(ask_evidence = 1)
    evidence <- utils::read.csv(output[["evidence-csv"]])
    expected <- musl_pair_evidence(
      explorer$data, data.frame(gene_a = pair[[1]], gene_b = pair[[2]])
    )
    expect_equal(
      evidence$value, as.numeric(expected[evidence$column]),
      tolerance = 1e-12
    )
    for (figure in c("why", "histogram", "network")) {
      file <- output[[paste0(figure, "-png")]]
      expect_identical(readBin(file, "raw", 4)[-1], charToRaw("PNG"))
      expect_match(output[[paste0(figure, "-plot")]]$alt, pair[[1]])
    }
  })
})

test_that("a pasted list is scored, and unknown genes are named", {
  explorer <- explored()
  genes <- explorer$genes[1:4]
  shiny::testServer(function(input, output, session) {
    explore_session(explorer, input, output, session)
  }, {
    session$setInputs(tab = "genes", n = "20", ask = "pairs")
    session$setInputs(
      genes = paste(c(genes, "<b>NOPE"), collapse = "\n"), ask_genes = 1
    )
    list <- utils::read.csv(output[["list-csv"]])
    expect_equal(nrow(list), 6)
    expect_false(is.unsorted(-list$.score))
    scored <- predict(explored_fit(), list[c("gene_a", "gene_b")])
    expect_equal(list$.score, scored$.score)
    told <- page_text(output$genes_told$html)
    expect_match(told, "1 name unknown: \"&lt;b&gt;NOPE\"|&lt;b&gt;NOPE")
    session$setInputs(ask = "partners", ask_genes = 2)
    list <- utils::read.csv(output[["list-csv"]])
    expect_equal(
      list$partner, musl_partners(explored_fit(), genes, n = 20)$partner
    )
    session$setInputs(genes = genes[[3]], ask_genes = 3)
    list <- utils::read.csv(output[["list-csv"]])
    expect_equal(
      list$partner, musl_partners(explored_fit(), genes[[3]], n = 20)$partner
    )
    session$setInputs(genes = "nobody", ask_genes = 4)
    expect_match(page_text(output$genes_told$html), "role=\"alert\"")
    expect_match(
      page_text(output$genes_told$html), "must hold genes of the model"
    )
    expect_identical(output$has_list, "")
  })
})

test_that("contexts are those of musl_contexts()", {
  data <- explored_data()
  explorer <- explored(data)
  expect_identical(explorer$columns, "lineage")
  gene <- explorer$genes[[2]]
  shiny::testServer(function(input, output, session) {
    explore_session(explorer, input, output, session)
  }, {
    session$setInputs(
      tab = "contexts", n = "20", by = "score", new_only = FALSE, ask = "pairs",
      column = "lineage", gene_pick = gene
    )
    session$setInputs(ask_contexts = 1)
    ranks <- utils::read.csv(output[["contexts-csv"]])
    partners <- musl_partners(explored_fit(), gene, n = 20, by = "score")
    expected <- musl_contexts(explored_fit(), partners, data, "lineage")
    expect_equal(ranks$partner, partners$partner)
    for (name in c("all", "breast", "lung")) {
      expect_equal(ranks[[name]], expected$rank[expected$context == name])
    }
    agree <- utils::read.csv(output[["agreement-csv"]])
    expect_equal(agree$spearman, summary(expected)$spearman)
  })
})

test_that("what goes wrong is told on the page, and the session goes on", {
  explorer <- explored()
  shiny::testServer(function(input, output, session) {
    explore_session(explorer, input, output, session)
  }, {
    session$setInputs(
      tab = "partners", n = "20", ask = "pairs", gene_pick = "<b>{x}"
    )
    expect_match(page_text(output$gene_told$html), "&lt;b&gt;{x}", fixed = TRUE)
    expect_match(page_text(output$gene_told$html), "does not have")
    session$setInputs(gene_pick = explorer$genes[[1]])
    expect_false(grepl("does not have", page_text(output$gene_told$html)))
  })
  failed <- attempt(stop("as <b> it is"))
  expect_match(page_text(told_tags(failed)), "as &lt;b&gt; it is", fixed = TRUE)
  warned <- attempt({
    warn_musl("Look out.")
    1
  })
  expect_identical(warned, list(value = 1, notes = "Look out.", problem = NULL))
})

test_that("the neighbourhood of a pair holds its edges and nobody else's", {
  data <- explored_data()
  explorer <- explored(data)
  pair <- explorer$genes[c(1, 30)]
  around <- pair_neighbourhood(explorer, pair)
  expect_identical(around$nodes$gene[1:2], pair)
  expect_lte(nrow(around$nodes), 2 + neighbours_drawn)
  network <- igraph::as_data_frame(musl_network(data))
  drawn <- around$edges[around$edges$kind == "network", ]
  inside <- network$from %in% around$nodes$gene &
    network$to %in% around$nodes$gene
  expect_setequal(
    paste(drawn$from, drawn$to), paste(network$from, network$to)[inside]
  )
  graph <- musl_network(data)
  beside <- lapply(pair, function(gene) names(igraph::neighbors(graph, gene)))
  hits <- musl_pairs(data)
  hits <- hits[hits$measured & hits$label == "SL", ]
  ends <- c("gene_a", "gene_b")
  known <- rbind(explored_fit()@known[ends], hits[ends])
  for (i in 1:2) {
    beside[[i]] <- c(
      beside[[i]], known$gene_b[known$gene_a == pair[[i]]],
      known$gene_a[known$gene_b == pair[[i]]]
    )
  }
  both <- around$nodes$gene[around$nodes$role == "linked to both"]
  expect_true(all(both %in% intersect(beside[[1]], beside[[2]])))
  expect_true(
    all(around$nodes$gene[-(1:2)] %in% unlist(beside))
  )
})

test_that("a network's pair has novelty, and hostile names draw", {
  data <- hostile_data()
  fit <- tiny_fit(data)
  explorer <- new_explorer(fit, NULL, data)
  shown <- explorer_pair(explorer, hostile_names[[1]], hostile_names[[2]])
  expect_match(shown$facts[["Novelty"]], "of training pairs are closer")
  text <- page_text(fact_tags(c(shown$facts, "<i>" = hostile_names[[1]])))
  expect_false(grepl("<img|<i>", text))
  file <- withr::local_tempfile(fileext = ".png")
  around <- pair_neighbourhood(explorer, hostile_names)
  write_figure(plot_neighbourhood(around), file)
  expect_gt(file.size(file), 1000)
})

test_that("an atlas answers where it can", {
  skip_if_not_installed("HDF5Array")
  skip_if_not_installed("rhdf5")
  fit <- explored_fit()
  anchors <- musl_genes(fit)[1:2]
  atlas <- suppressMessages(
    musl_atlas(fit, withr::local_tempdir(), anchors = anchors)
  )
  explorer <- new_explorer(fit, atlas, NULL)
  from <- explorer_partners(explorer, anchors[[1]], 5, "score", FALSE)
  expect_identical(
    from, musl_partners(atlas, anchors[[1]], n = 5, by = "score")
  )
  other <- explorer_partners(explorer, anchors[[1]], 5, "specific", FALSE)
  expect_true("specific" %in% names(other))
  atlas@genes[[1]] <- "NOPE"
  expect_error(new_explorer(fit, atlas, NULL), class = "musl_error_gene")
})

test_that("a pair's page, its list and its picture tell one label", {
  d <- measured_data(recorded = TRUE)
  pairs <- d@pairs
  # A recorded SL pair that a screen found to be no hit, and the opposite.
  hit <- which(pairs$measured & pairs$label == "SL")[[1]]
  non <- which(pairs$measured & pairs$label == "non_SL")[[1]]
  turned <- pairs[c(hit, non), ]
  turned$measured <- FALSE
  turned$context <- NA
  turned$source <- "db"
  turned$label <- rev(turned$label)
  d@pairs <- rbind(pairs, turned)
  fit <- measured_fit(d, network = FALSE)
  explorer <- new_explorer(fit, NULL, NULL)
  told <- c(hit = "Known SL: hit in a", non = "Known non-SL: no hit in a")
  for (case in names(told)) {
    pair <- pairs[c(hit = hit, non = non)[[case]], c("gene_a", "gene_b")]
    facts <- explorer_pair(explorer, pair$gene_a, pair$gene_b)$facts
    expect_match(facts[["Status"]], told[[case]], fixed = TRUE)
    listed <- partner_rows(
      musl_partners(fit, pair$gene_a, universe = pair$gene_b)
    )
    expect_match(facts[["Status"]], listed$status, ignore.case = TRUE)
    edges <- pair_neighbourhood(explorer, unlist(pair))$edges
    own <- edges$from %in% pair$gene_a & edges$to %in% pair$gene_b
    expect_identical(edges$kind[own], listed$status)
  }
  # A model of screens alone learned from pairs with labels, too.
  alone <- new_explorer(explored_fit(), NULL, NULL)
  n <- nrow(unique(musl_pairs(explored_data())[c("gene_a", "gene_b")]))
  expect_match(model_text(alone), paste(count_text(n), "pairs"), fixed = TRUE)
})

test_that("a pair's facts tell the probability, its interval and the share", {
  explorer <- explored(explored_data())
  pair <- explorer$genes[c(5, 9)]
  why <- musl_explain(explored_fit(), pair[[1]], pair[[2]])
  overall <- attr(why, "glance")
  overall$.pred_SL <- 0.25
  overall$.pred_lower <- 0.125
  overall$.pred_upper <- 0.5
  overall$prior <- 0.0135
  overall$n_unseen <- 1L
  attr(why, "glance") <- overall
  facts <- pair_facts(explorer, why)
  expect_identical(
    facts[["Probability"]],
    "25 % (12 % to 50 %), of a hit in a genome-scale screen"
  )
  expect_identical(facts[["Genes not trained on"]], "One of the two")
})

test_that("a page has a tab of contexts if there is a column of them", {
  tabs <- function(...) explorer_tabs(list(columns = c(character(), ...)))
  expect_identical(tabs(), c("partners", "pair", "genes"))
  all <- c("partners", "pair", "contexts", "genes")
  expect_identical(tabs("lineage"), all)
  expect_identical(tabs("lineage", "sex"), all)
})

test_that("contexts are offered by columns of a few groups of some samples", {
  expect_identical(context_choices(NULL), character())
  d <- explored_data()
  n <- nrow(d@sources[[1]]$samples)
  of <- function(...) {
    d@sources[[1]]$samples <- data.frame(...)
    context_choices(d)
  }
  expect_identical(
    of(
      forty = rep_len(sprintf("g%d", 1:40), n), pairs = rep(1:60, 2),
      ten = c(rep("a", 10), sprintf("x%d", 12:49), rep("y", n - 48)),
      none = rep(NA_character_, n), one = rep("a", n),
      number = rep(c(.5, 1), n / 2), whole = rep(1:2, n / 2),
      named = factor(rep(c("u", "v"), n / 2)), own = sprintf("s%d", 1:n)
    ),
    c("ten", "one", "whole", "named")
  )
  expect_identical(
    of(
      nine = c(rep(sprintf("n%d", 1:9), each = 9), sprintf("x%d", 1:(n - 81))),
      most = c(rep("a", n - 40), sprintf("x%d", 1:40)),
      few = c(rep("a", n - 39), sprintf("x%d", 1:39))
    ),
    "few"
  )
})
