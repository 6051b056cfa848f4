# The explorer in a headless Chromium, by keyboard and by address.

skip_without_browser()
skip_if_not_installed("httpuv")

# The address of an explorer in a process of its own.
serve_explorer <- function(fit, data, env = parent.frame()) {
  file <- withr::local_tempfile(fileext = ".rds", .local_envir = env)
  saveRDS(list(fit = fit, data = data), file)
  port <- httpuv::randomPort()
  served <- callr::r_bg(function(file, port) {
    x <- readRDS(file)
    shiny::runApp(MuSL::musl_explore(x$fit, data = x$data, port = port))
  }, list(file = file, port = port), libpath = .libPaths())
  withr::defer(served$kill(), envir = env)
  url <- paste0("http://127.0.0.1:", port, "/")
  for (i in 1:300) {
    page <- tryCatch(readLines(url), condition = function(cnd) NULL)
    if (length(page) > 0) {
      return(url)
    }
    if (!served$is_alive()) break
    Sys.sleep(0.2)
  }
  stop("the explorer did not start")
}

# One of the explored model for the tests of this file.
explorer_url <- function() {
  once("explorer", serve_explorer(
    explored_fit(), explored_data(), testthat::teardown_env()
  ))
}

shows <- function(selector) {
  paste0("document.querySelector(\"", gsub("\"", "'", selector), "\")")
}

title_is <- function(id, text) {
  paste0(shows(paste0("#", id)), ".textContent === '", text, "'")
}

# What a page must have for those who do not see it.
expect_accessible <- function(browser) {
  expect_identical(ask_page(browser, "document.documentElement.lang"), "en")
  expect_identical(ask_page(browser, paste0(
    "[...document.images].filter(i => i.offsetParent && !i.alt).length"
  )), 0L)
  levels <- unlist(ask_page(browser, paste0(
    "[...document.querySelectorAll('h1,h2,h3,h4')]",
    ".filter(h => h.offsetParent).map(h => +h.tagName[1])"
  )))
  expect_identical(levels[[1]], 1L)
  expect_true(all(diff(levels) <= 1))
}

test_that("a pair is found by keyboard alone", {
  url <- explorer_url()
  browser <- local_browser()
  open_page(browser, url, shows(".musl-start a"))
  expect_accessible(browser)

  ask_page(browser, paste0(
    shows("#gene + .selectize-control input"), ".focus()"
  ))
  type_text(browser, "sim005")
  press_key(browser, "ArrowRight")
  wait_for(browser, shows(".selectize-dropdown-content [data-value=SIM005]"))
  press_key(browser, "Enter")
  wait_for(browser, title_is("partners_title", "Partners of lost SIM005"))
  wait_for(browser, shows("#partners-table tbody tr button"))
  wait_for(browser, shows("#partners_figure img"))
  expect_accessible(browser)

  # R searches; the rows that it leaves are shown.
  second <- musl_partners(explored_fit(), "SIM005", n = 2)$partner[[2]]
  ask_page(browser, paste0(
    "$('#partners-table input[type=search]').val('", second,
    "').trigger('input')"
  ))
  wait_for(browser, paste0(
    "document.querySelectorAll('#partners-table tbody tr').length === 1"
  ))
  ask_page(browser, paste0(shows("#partners-table tbody button"), ".focus()"))
  press_key(browser, "Enter")
  wait_for(browser, title_is("pair_title", paste("SIM005 and", second)))
  wait_for(browser, "document.activeElement.id === 'pair'")
  wait_for(browser, shows("#network img"))
  wait_for(browser, shows("#histogram img"))
  wait_for(browser, shows("#terms-table tbody tr"))
  wait_for(browser, paste0("location.search.includes('partner=", second, "')"))
  # The reasons in words come before charts and terms.
  expect_match(
    ask_page(browser, "document.querySelector('#pair_page .card').innerText"),
    paste("The model gives .* a probability of")
  )
  expect_accessible(browser)

  # Debian's DT lacks these styles.
  lacking <- "bootstrap4.extra.css|dataTables.bootstrap5.min.css"
  errors <- grep(lacking, page_errors(browser), invert = TRUE, value = TRUE)
  expect_identical(errors, character())
  urls <- asked_urls(browser)
  own <- startsWith(urls, url) | startsWith(urls, sub("^http", "ws", url)) |
    startsWith(urls, "data:") | urls == "about:blank"
  expect_identical(urls[!own], character())
})

test_that("an address restores each view, on a small screen too", {
  url <- explorer_url()
  views <- c(
    partners = paste0(
      "?tab=partners&gene=SIM007&n=50&by=relation&known=drop&ask=pairs"
    ),
    pair = paste0(
      "?tab=pair&gene=SIM007&partner=SIM011&n=20&by=auto&known=mark&ask=pairs"
    ),
    genes = paste0(
      "?tab=genes&n=20&by=auto&known=mark&ask=partners",
      "&genes=SIM001%2CSIM002%2CSIM003"
    )
  )
  found <- c(
    partners = "#partners-table tbody tr", pair = "#terms-table tbody tr",
    genes = "#list_figure img"
  )
  browser <- local_browser(400, 800)
  for (view in names(views)) {
    address <- paste0(url, views[[view]])
    open_page(browser, address, shows(found[[view]]))
    expect_identical(ask_page(browser, "location.href"), address)
    expect_accessible(browser)
    # Tables scroll, the page does not.
    expect_lte(ask_page(browser, "document.documentElement.scrollWidth"), 400)
  }
  expected <- musl_partners(
    explored_fit(), "SIM007",
    n = 50, by = "relation", known = "drop"
  )
  open_page(
    browser, paste0(url, views[["partners"]]), shows(found[["partners"]])
  )
  expect_identical(
    ask_page(browser, paste0(
      shows("#partners-table tbody button"), ".textContent"
    )), expected$partner[[1]]
  )
  expect_match(ask_page(browser, paste0(
    shows("#partners-table .dataTables_info"), ".textContent"
  )), "of 50 entries")
})

test_that("names of genes are text and nothing else", {
  data <- hostile_data()
  url <- serve_explorer(tiny_fit(data), data)
  browser <- local_browser()
  ends <- vapply(hostile_names, utils::URLencode, "", reserved = TRUE)
  open_page(
    browser, paste0(url, "?tab=pair&gene=", ends[[1]], "&partner=", ends[[2]]),
    shows("#network img")
  )
  expect_identical(
    ask_page(browser, "document.getElementById('pair_title').textContent"),
    paste(hostile_names, collapse = " and ")
  )
  open_page(
    browser, paste0(url, "?gene=", ends[[2]], "&n=100"),
    shows("#partners-table tbody tr")
  )
  # A name that the model lacks: a sentence.
  open_page(
    browser, paste0(url, "?gene=", ends[[1]], "x"),
    shows(".shiny-output-error-validation")
  )
  expect_match(ask_page(
    browser, paste0(shows(".shiny-output-error-validation"), ".textContent")
  ), paste0(hostile_names[[1]], "x"), fixed = TRUE)
  expect_identical(
    ask_page(browser, "document.querySelectorAll('img[src=x]').length"), 0L
  )
  dialogs <- Filter(function(event) {
    identical(event$method, "Page.javascriptDialogOpening")
  }, browser$events)
  expect_length(dialogs, 0)
})

# The human model, on a page of this width.
open_human <- function(browser, gene, env = parent.frame()) {
  url <- once("human explorer", serve_explorer(
    musl_human_model(), NULL, testthat::teardown_env()
  ))
  open_page(
    browser, paste0(url, "?gene=", gene), shows("#partners-table tbody tr")
  )
  wait_for(browser, shows("#partners_figure img"))
}

# With MUSL_SCREENSHOTS, a folder, the pictures are kept.
keep_screenshot <- function(browser, name) {
  folder <- Sys.getenv("MUSL_SCREENSHOTS")
  if (nzchar(folder)) {
    shot <- tell_browser(browser, "Page.captureScreenshot", format = "png")
    writeBin(
      jsonlite::base64_dec(shot$data), file.path(folder, paste0(name, ".png"))
    )
  }
}

test_that("lists of the human model fit wide and narrow screens", {
  for (width in c(1280, 390)) {
    browser <- local_browser(width, 900)
    for (gene in c("ARID1A", "KRAS")) {
      open_human(browser, gene)
      keep_screenshot(browser, paste0(gene, "-", width))
      expect_lte(
        ask_page(browser, "document.documentElement.scrollWidth"), width
      )
      heights <- unlist(ask_page(browser, paste0(
        "[...document.querySelectorAll('#partners-table tbody tr')]",
        ".map(tr => tr.getBoundingClientRect().height)"
      )))
      expect_length(heights, 15)
      expect_lte(max(heights), 90)
      # What the console says.
      list <- musl_partners(musl_human_model(), gene, n = 20)
      text <- ask_page(browser, "document.body.innerText")
      for (line in plain_words(head_lines(list, gene))) {
        expect_match(text, line, fixed = TRUE)
      }
      expect_no_match(text, "non-SL")
      expect_match(text, essential_rows(list)$partner[[1]], fixed = TRUE)
      expect_accessible(browser)
    }
    open <- ask_page(browser, "document.querySelector('.musl-more').open")
    expect_identical(open, width > 600)
    expect_identical(page_errors(browser), character())
  }
})

test_that("the page of a pair fits both screens, and names what it shares", {
  browser <- local_browser(1280, 900)
  open_human(browser, "STAG2")
  url <- sub("[?].*", "", ask_page(browser, "location.href"))
  for (width in c(1280, 390)) {
    size_browser(browser, width, 900)
    open_page(
      browser, paste0(url, "?tab=pair&gene=STAG2&partner=STAG1"),
      shows("#network img")
    )
    wait_for(browser, shows("#terms-table tbody tr"))
    keep_screenshot(browser, paste0("STAG2-STAG1-", width))
    expect_lte(
      ask_page(browser, "document.documentElement.scrollWidth"), width
    )
    text <- ask_page(browser, "document.body.innerText")
    expect_match(text, "Both in the cohesin complex", fixed = TRUE)
    expect_match(text, "STAG1 1 of 19,197 partners of lost STAG2", fixed = TRUE)
    expect_match(text, "Hit in 1 of 2 screens: HAP1", fixed = TRUE)
    pictures <- unlist(ask_page(browser, paste0(
      "[...document.querySelectorAll('.shiny-plot-output')]",
      ".filter(x => x.offsetParent)",
      ".map(x => x.getBoundingClientRect().width)"
    )))
    expect_lte(max(pictures), width)
    # Both names can be read.
    inputs <- unlist(ask_page(browser, paste0(
      "['gene', 'partner'].map(x => document.querySelector('#' + x)",
      ".parentElement.getBoundingClientRect().width)"
    )))
    expect_gte(min(inputs), 180)
    expect_accessible(browser)
  }
})

test_that("a name of several genes offers them", {
  skip_if_not_installed("org.Hs.eg.db")
  browser <- local_browser()
  open_human(browser, "STAG2")
  url <- sub("[?].*", "", ask_page(browser, "location.href"))
  open_page(browser, paste0(url, "?gene=MLL2"), shows(".musl-start a"))
  offered <- unlist(ask_page(
    browser, "[...document.querySelectorAll('.musl-start a')].map(a => a.text)"
  ))
  expect_identical(offered, c("KMT2B", "KMT2D"))
})

test_that("own cell lines are chosen in the browser, too large ones are not", {
  browser <- local_browser(390, 900)
  open_human(browser, "ARID1A")
  ask_page(browser, "document.querySelector('.musl-more').open = true")
  says <- function(text) {
    paste0("document.body.innerText.includes('", text, "')")
  }
  choose_files(browser, "#own", own_world()$files)
  wait_for(browser, says("50 cell lines and 60 genes are compared"))
  wait_for(browser, says("10 lines that lost ARID1A: effect -2.55"))
  expect_lte(ask_page(browser, "document.documentElement.scrollWidth"), 390)
  expect_accessible(browser)
  # Of a gigabyte and more, of which nothing is sent.
  large <- file.path(withr::local_tempdir(), "CRISPRGeneEffect.csv")
  skip_if(
    system2("truncate", c("-s", "1200000000", shQuote(large))) != 0,
    "there is no truncate"
  )
  choose_files(browser, "#own", large)
  wait_for(browser, says("A file must have at most 1000 MB"))
  expect_lte(ask_page(browser, "document.documentElement.scrollWidth"), 390)
  wait_for(browser, paste0("!", says("needed more in 10 lines")))
  expect_identical(page_errors(browser), character())
})
