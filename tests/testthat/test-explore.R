# What the explorer answers, takes and refuses; test-explore-browser.R looks at
# it in a browser.

test_that("an app is returned that listens to this machine alone", {
  app <- musl_explore(explored_fit(), port = 4321)
  expect_s3_class(app, "shiny.appobj")
  expect_identical(app$options$host, "127.0.0.1")
  expect_identical(app$options$port, 4321)
})

test_that("without a model the human one is shown", {
  app <- musl_explore()
  page <- app$httpHandler(list2env(own_request(query = "?gene=STAG2")))
  expect_equal(page$status, 200)
  expect_match(page$content, "STAG2", fixed = TRUE)
})

test_that("wrong arguments are told by name", {
  bad <- function(argument, ...) {
    cnd <- expect_input_error(musl_explore(...))
    expect_identical(cnd$argument, argument)
  }
  bad("object", 1)
  bad("data", explored_fit(), data = 1)
  bad("port", explored_fit(), port = 80)
})

test_that("requests of others are refused", {
  expect_true(is_own_request(own_request()))
  expect_true(is_own_request(own_request("localhost:1", "::1")))
  expect_true(is_own_request(own_request("[::1]:9", "::ffff:127.0.0.1")))
  expect_true(is_own_request(own_request(origin = "http://127.0.0.1:8000")))
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
  # nginx and Apache pass their own host, RStudio Server localhost, and all the
  # browser's origin; ShinyProxy passes both.
  public <- "https://MuSL.example.org"
  for (host in c("127.0.0.1:8000", "localhost:8000", "musl.example.org")) {
    for (origin in paste0(public, c("", ":8"))) {
      expect_true(is_own_request(own_request(host, origin = origin)))
    }
    for (evil in c(
      "https://evil.example", "https://musl.example.org.evil.example", "null",
      "https://evil.example/musl.example.org", "file://musl.example.org",
      "http://localhost:9"
    )) {
      expect_false(is_own_request(own_request(host, origin = evil)))
    }
  }
  expect_false(is_own_request(own_request("evil.example", origin = public)))

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
  expect_message(
    explorer_server(explored())(NULL, NULL, session),
    "evil.example.*MuSL.explore_hosts"
  )
  expect_identical(closed, 1)
})

test_that("the neighbourhood of a pair holds its edges and nobody else's", {
  data <- explored_data()
  explorer <- explored(data)
  pair <- explorer$genes[c(1, 30)]
  around <- pair_neighbourhood(explorer, pair)
  expect_identical(around$nodes$gene[1:2], pair)
  expect_lte(nrow(around$nodes), 2 + neighbours_drawn)
  network <- igraph::as_data_frame(as.list(data)$network)
  drawn <- around$edges[around$edges$kind == "network", ]
  inside <- network$from %in% around$nodes$gene &
    network$to %in% around$nodes$gene
  expect_setequal(
    paste(drawn$from, drawn$to), paste(network$from, network$to)[inside]
  )
  graph <- as.list(data)$network
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
  expect_true(all(around$nodes$gene[-(1:2)] %in% unlist(beside)))
})

test_that("the neighbourhood of a pair shows the complex that has both", {
  explorer <- new_explorer(musl_human_model(), NULL)
  around <- pair_neighbourhood(explorer, c("STAG2", "STAG1"))
  expect_identical(
    around$words, "Both in the cohesin complex (GO:0008278, 14 genes)"
  )
  members <- around$nodes$gene[around$nodes$role == "in their complex"]
  expect_true(all(c("RAD21", "SMC1A", "SMC3") %in% members))
  expect_lte(nrow(around$nodes), 2 + neighbours_drawn)
  drawn <- plot_neighbourhood(around)
  expect_identical(drawn$labels$caption, around$words)
  expect_null(pair_complex(explorer, c("MTAP", "PRMT5")))
  # No complex is known of simulated genes.
  expect_null(pair_neighbourhood(
    explored(explored_data()), explored_fit()@genes[c(1, 30)]
  )$words)
})

test_that("an address is read as it was written, and holds nothing else", {
  asked <- list(
    tab = "genes", gene = "=a&b", n = "50", genes = "A\nB", other = "x"
  )
  expect_identical(query_fields(query_of(asked)), asked[1:4])
  expect_identical(query_of(list(genes = strrep("A", 1e4))), "?")
  for (query in list("?%", "?gene", "?=&&&", "?n[]=20", "?gene=%ff%fe", NA)) {
    fields <- query_fields(query)
    expect_true(all(names(fields) %in% address_fields))
  }
  expect_length(query_fields(paste0("?gene=", strrep("A", 1e5))), 0)
})

test_that("pasted genes are separated, names with blanks are kept", {
  known <- c("A", "B", "C 1", "D")
  expect_identical(
    listed_genes("A, B;C 1\nD x\tA\r\n\n", known), c("A", "B", "C 1", "D", "x")
  )
  for (empty in c("", " ,\n")) {
    expect_identical(listed_genes(empty, known), character())
  }
})

# `code` in the session of a user.
in_session <- function(explorer, code) {
  code <- substitute(code)
  eval(bquote(shiny::testServer(function(input, output, session) {
    explore_session(explorer, input, output, session)
  }, {
    session$setInputs(
      tab = "partners", n = "20", by = "auto", known = "mark", ask = "pairs",
      genes = "", ask_genes = 0
    )
    .(code)
  })), list2env(list(explorer = explorer), parent = parent.frame()))
}

test_that("partners are those of musl_partners(), and opened", {
  explorer <- explored(explored_data())
  gene <- explorer$genes[[5]]
  expected <- musl_partners(
    explored_fit(), gene,
    n = 50, known = "drop", by = "relation"
  )
  in_session(explorer, {
    expect_identical(output$partners_title, "Start with a gene")
    session$setInputs(
      n = "50", by = "relation", known = "drop", gene = tolower(gene)
    )
    expect_identical(output$partners_title, paste("Partners of lost", gene))
    table <- function() utils::read.csv(output[["partners-csv"]])
    expect_equal(table()$partner, expected$partner)
    expect_equal(table()$.score, expected$.score)
    # The rows of the browser's search, in its order.
    session$setInputs(`partners-table_rows_all` = c(3, 1))
    expect_equal(table()$partner, expected$partner[c(3, 1)])
    session$setInputs(`partners-table_cell_clicked` = list(row = 2))
    expect_identical(
      output$pair_title, paste(gene, "and", expected$partner[[2]])
    )
  })
})

test_that("a pair's page says what predict() and musl_explain() say", {
  explorer <- explored(explored_data())
  pair <- explorer$genes[c(5, 9)]
  why <- musl_explain(explored_fit(), pair[[1]], pair[[2]])
  in_session(explorer, {
    expect_identical(output$pair_title, "No pair selected")
    session$setInputs(gene = pair[[1]], partner = pair[[2]])
    terms <- utils::read.csv(output[["terms-csv"]])
    expect_equal(terms$contribution, tidy(why)$contribution)
    expect_equal(sum(terms$contribution), glance(why)$.score)
    expect_match(
      page_text(output$pair_page$html), format(glance(why)$.score, digits = 3),
      fixed = TRUE
    )
    evidence <- utils::read.csv(output[["evidence-csv"]])
    expected <- musl_pair_features(
      explorer$data, data.frame(gene_a = pair[[1]], gene_b = pair[[2]])
    )
    expect_equal(
      evidence$value, as.numeric(expected[evidence$column]),
      tolerance = 1e-12
    )
    for (figure in c("why", "histogram", "network")) {
      expect_match(output[[figure]]$alt, pair[[1]])
    }
    # A gene with itself: a sentence, and the session goes on.
    session$setInputs(partner = pair[[1]])
    expect_error(output$pair_page, "must be two genes")
    session$setInputs(gene = "<b>{x}")
    expect_error(output$partners_page, "<b>{x}", fixed = TRUE)
  })
})

test_that("reasons are the largest terms, as factors of the odds", {
  why <- musl_explain(explored_fit(), "SIM005", "SIM168")
  overall <- attr(why, "glance")
  overall$.pred_SL <- 0.25
  overall$.pred_lower <- 0.125
  overall$.pred_upper <- 0.5
  overall$prior <- 0.0125
  overall$n_unseen <- 1L
  overall$novelty <- 0.9
  attr(why, "glance") <- overall
  shown <- list(explanation = why, status = "hit in a screen", parts = NULL)
  reasons <- pair_reasons(shown)
  expect_identical(reasons$lead[[1]], paste(
    "The model gives SIM005 and SIM168 a probability of 25 %, 20 times the",
    "1.25 % of all pairs that are SL."
  ))
  # What the console says of the pair, too.
  expect_true(all(explained_sentences(why) %in% reasons$lead))
  terms <- pool_scaled(described_terms(why))
  terms <- terms[terms$component != "reference", ]
  largest <- terms[which.max(terms$contribution), ]
  expect_match(reasons$raises[[1]], largest$description, fixed = TRUE)
  expect_match(
    reasons$raises[[1]],
    paste0("(odds \u00d7 ", format(exp(largest$contribution), digits = 2), ")"),
    fixed = TRUE
  )
})

test_that("a pasted list is scored, and its rows open their pairs", {
  explorer <- explored()
  genes <- explorer$genes[c(9, 2, 5, 7)]
  in_session(explorer, {
    session$setInputs(
      genes = paste(c(genes, "<b>NOPE"), collapse = "\n"), ask_genes = 1
    )
    table <- function() utils::read.csv(output[["list-csv"]])
    expect_equal(nrow(table()), 6)
    expect_false(is.unsorted(-table()$.score))
    scored <- predict(explored_fit(), table()[c("gene_a", "gene_b")])
    expect_equal(table()$.score, scored$.score)
    session$setInputs(`list-table_cell_clicked` = list(row = 2))
    expect_identical(
      output$pair_title,
      paste(table()$gene_a[[2]], "and", table()$gene_b[[2]])
    )
    session$setInputs(ask = "partners", ask_genes = 2)
    lists <- musl_partners(explored_fit(), genes, n = 20)
    expect_equal(table()$partner, lists$partner)
    session$setInputs(`list-table_cell_clicked` = list(row = 21))
    expect_identical(
      output$pair_title, paste(genes[[2]], "and", lists$partner[[21]])
    )
    session$setInputs(genes = "nobody", ask_genes = 3)
    expect_error(output$list_page, "need two genes of the model")
  })
  expect_message(
    explorer_list(explorer, c(genes, "<b>NOPE"), "pairs", 20),
    "1 name unknown: \"<b>NOPE\""
  )
  expect_error(explorer_list(explorer, genes[[1]], "pairs", 20), "two genes")
  many <- explorer_list(explorer, explorer$genes[1:152], "pairs", 2)
  expect_identical(nrow(many), as.integer(choose(150, 2)))
})

test_that("file names hold no path, tables no formula and no markup", {
  expect_match(
    file_name(c("../../etc/passwd", hostile_names)),
    "^musl-[A-Za-z0-9_-]{1,80}[.]csv$"
  )
  file <- withr::local_tempfile(fileext = ".csv")
  rows <- tibble::tibble(partner = hostile_names, .score = c(1, -1))
  write_export(rows, file)
  expect_match(readLines(file)[[3]], "'=cmd")
  expect_equal(utils::read.csv(file)$.score, c(1, -1))
  table <- explorer_table(rows, "partner")
  expect_identical(attr(table$x$options, "escapeIdx"), "true")
  text <- page_text(pair_page(
    list(lead = hostile_names, raises = hostile_names, lowers = "x"),
    list(c("A", hostile_names)), TRUE
  ))
  expect_false(grepl("<img src=x", text, fixed = TRUE))
})

test_that("the page escapes names and needs nothing from elsewhere", {
  explorer <- explored()
  query <- paste0("?gene=", utils::URLencode(hostile_names[[1]], TRUE))
  app <- shiny::shinyApp(explorer_page(explorer), identity)
  page <- app$httpHandler(as.environment(own_request(query = query)))
  expect_equal(page$status, 200)
  text <- paste(page$content, collapse = "")
  expect_false(grepl("<img src=x", text, fixed = TRUE))
  expect_match(text, "&lt;img src=x", fixed = TRUE)
  expect_false(grepl("(src|href)=\"(https?:)?//", text))
  expect_match(text, "Content-Security-Policy", fixed = TRUE)
})

test_that("a pair of a network's model, and hostile names, are drawn", {
  data <- hostile_data()
  explorer <- new_explorer(tiny_fit(data), data)
  shown <- explorer_pair(explorer, hostile_names[[1]], hostile_names[[2]])
  expect_match(
    pair_facts(shown)[[4]][[3]], "of training pairs are closer to another one"
  )
  around <- pair_neighbourhood(explorer, hostile_names)
  built <- ggplot2::ggplot_build(plot_neighbourhood(around))
  expect_identical(built$data[[3]]$label[1:2], hostile_names)
})

test_that("a pair's page, its list and its picture say one label", {
  d <- measured_data(recorded = TRUE)
  pairs <- d@pairs
  # A recorded SL pair that a screen found to be no hit, and the opposite.
  hit <- which(pairs$measured & pairs$label == "SL")[[1]]
  non <- which(pairs$measured & pairs$label == "non_SL")[[1]]
  turned <- pairs[c(hit, non), ]
  turned$measured <- FALSE
  turned$line <- NA
  turned$study <- "db"
  turned$label <- rev(turned$label)
  d@pairs <- rbind(pairs, turned)
  explorer <- new_explorer(measured_fit(d, scorers = "features"), NULL)
  for (row in c(hit, non)) {
    pair <- unlist(pairs[row, c("gene_a", "gene_b")])
    said <- explorer_pair(explorer, pair[[1]], pair[[2]])$status
    expect_identical(said, if (row == hit) {
      "hit in a screen"
    } else {
      "no hit in a screen"
    })
    listed <- partner_rows(
      musl_partners(explorer$fit, pair[[1]], candidates = pair[[2]])
    )
    expect_identical(listed$recorded, said)
    edges <- pair_neighbourhood(explorer, pair)$edges
    own <- edges$from %in% pair[[1]] & edges$to %in% pair[[2]]
    expect_identical(edges$kind[own], said)
  }
})

test_that("the start page offers genes that tumours lose", {
  page <- page_text(start_page(new_explorer(musl_human_model(), NULL)))
  expect_match(page, "choose a gene that tumours lose:", fixed = TRUE)
  offered <- regmatches(page, gregexpr("[?]gene=[A-Z0-9]+", page))[[1]]
  offered <- sub("[?]gene=", "", offered)
  expect_gt(length(offered), 4)
  expect_true(all(gene_roles(offered) %in% c("loss", "both", NA)))
  expect_true(all(c("ARID1A", "STAG2", "RB1") %in% offered))
  # Of other genes the most frequent ones.
  expect_match(page_text(start_page(explored())), "most frequent in training")
})

test_that("a name of several genes is answered by links to them", {
  page <- page_text(choice_page("MLL2", c("KMT2B", "KMT2D")))
  expect_match(page, "MLL2\u201d is a name of several genes:", fixed = TRUE)
  expect_match(page, "href=\"?gene=KMT2B\"", fixed = TRUE)
  expect_match(page, "href=\"?gene=KMT2D\"", fixed = TRUE)
})

test_that("the tab of the model has its figures and its limits", {
  page <- page_text(model_page(new_explorer(musl_human_model(), NULL)))
  for (said in c(
    "19,198", "to choose from", "hit in a screen or recorded as SL",
    "no hit in a screen or recorded as not SL",
    "How it ranks pairs that it did not learn from", "What it is for", "Limits"
  )) {
    expect_match(page, said, fixed = TRUE)
  }
  expect_no_match(page, "non-SL")
  in_session(new_explorer(musl_human_model(), NULL), {
    expect_match(output$model_figure$alt, "Held-out metrics of the model")
  })
})

test_that("what was said beside an answer goes with the next one", {
  closed <- character()
  session <- list(
    userData = list2env(list(toasts = c("a", "b"))),
    sendNotification = function(type, id) closed <<- c(closed, id)
  )
  forget_notes(session)
  expect_identical(closed, c("a", "b"))
  expect_null(session$userData$toasts)
})

test_that("numbers of a list are shown in the words of the console", {
  list <- musl_partners(musl_human_model(), "ARID1A", n = 20)
  rows <- partner_rows(list)[-1]
  printed <- utils::capture.output(print(list, n = 20, width = 100))
  texts <- listed_numbers(rows)
  # As on the line of each partner.
  for (i in seq_len(nrow(rows))) {
    line <- grep(paste0(" ", rows$partner[[i]], " "), printed, value = TRUE)
    line <- line[[1]]
    expect_match(line, texts$order[[i]], fixed = TRUE)
    expect_match(line, texts$.pred_SL[[i]], fixed = TRUE)
  }
  # Sorted by the numbers, which no column shows.
  expect_identical(texts$sorts_order, rows$order)
  definitions <- column_definitions(names(texts), "partner", NULL)
  at <- match("order", names(texts))
  sorts <- definitions[[at]]$orderData + 1L
  expect_identical(names(texts)[[sorts]], "sorts_order")
  expect_false(definitions[[sorts]]$visible)
})
