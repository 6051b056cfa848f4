# The explorer in a headless Chromium, by keyboard and by address.
# MUSL_SCREENSHOTS names a folder to leave pictures of the pages in.

skip_without_browser()
skip_if_not_installed("httpuv")

# The address of an explorer in a process of its own.
serve_explorer <- function(fit, data, env = parent.frame()) {
  file <- withr::local_tempfile(fileext = ".rds", .local_envir = env)
  saveRDS(list(fit = fit, data = data), file)
  port <- httpuv::randomPort()
  served <- callr::r_bg(function(file, port) {
    x <- readRDS(file)
    MuSL::musl_explore(x$fit, data = x$data, launch = TRUE, port = port)
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

leave_picture <- function(browser, name) {
  folder <- Sys.getenv("MUSL_SCREENSHOTS")
  if (nzchar(folder)) save_page(browser, file.path(folder, name))
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
  unnamed <- paste0(
    "[...document.querySelectorAll('button,a,input,select,textarea')]",
    ".filter(e => e.offsetParent && !e.textContent.trim() && ",
    "!(e.labels && e.labels.length) && !e.getAttribute('aria-label')).length"
  )
  expect_identical(ask_page(browser, unnamed), 0L)
}

test_that("a pair is found by keyboard alone, and Back goes back", {
  data <- explored_data()
  url <- serve_explorer(explored_fit(), data)
  browser <- local_browser()
  open_page(browser, url, shows(".musl-start"))
  expect_accessible(browser)
  leave_picture(browser, "start.png")

  ask_page(browser, "document.getElementById('gene_name').focus()")
  type_text(browser, "sim005")
  wait_for(browser, shows("#gene_names option[value='SIM005']"))
  press_key(browser, "Enter")
  wait_for(browser, title_is("partners_title", "Partners of SIM005"))
  wait_for(browser, shows("#partners-table tbody tr"))
  wait_for(browser, shows("#partners_figure-plot img"))
  expect_accessible(browser)
  leave_picture(browser, "partners.png")

  # A sorted table keeps the focus.
  ask_page(browser, paste0(shows("#partners-table thead button"), ".focus()"))
  press_key(browser, "Enter")
  wait_for(browser, shows("#partners-table th[aria-sort='descending']"))
  wait_for(browser, "document.activeElement.dataset.muslValue === 'rank'")

  best <- musl_partners(explored_fit(), "SIM005", n = 1)$partner
  ask_page(browser, paste0(
    "[...document.querySelectorAll('#partners-table tbody button')]",
    ".find(b => b.textContent === '", best, "').focus()"
  ))
  press_key(browser, "Enter")
  wait_for(browser, title_is("pair_title", paste("SIM005 and", best)))
  wait_for(browser, "document.activeElement.id === 'pair-title'")
  wait_for(browser, shows("#network-plot img"))
  wait_for(browser, shows("#histogram-plot img"))
  wait_for(browser, shows("#terms-table tbody tr"))
  wait_for(browser, paste0("location.search.includes('partner=", best, "')"))
  expect_accessible(browser)
  leave_picture(browser, "pair.png")

  ask_page(browser, "history.back()")
  wait_for(browser, shows("#partners-table tbody tr button"))
  wait_for(browser, "document.querySelector('[data-value=partners].active')")
  wait_for(browser, "!location.search.includes('partner=')")

  expect_identical(page_errors(browser), character())
  urls <- asked_urls(browser)
  own <- startsWith(urls, url) | startsWith(urls, sub("^http", "ws", url)) |
    startsWith(urls, "data:") | urls == "about:blank"
  expect_identical(urls[!own], character())
})

test_that("an address restores each view, on a small screen too", {
  url <- serve_explorer(explored_fit(), explored_data())
  views <- c(
    partners = "?gene=SIM007&n=50&by=specific&known=hide",
    pair = "?tab=pair&gene=SIM007&partner=SIM011",
    contexts = "?tab=contexts&gene=SIM007",
    genes = "?tab=genes&genes=SIM001%2CSIM002%2CSIM003&ask=partners"
  )
  found <- c(
    partners = "#partners-table tbody tr", pair = "#terms-table tbody tr",
    contexts = "#agreement-table tbody tr", genes = "#list_figure-plot img"
  )
  browser <- local_browser(400, 800)
  for (view in names(views)) {
    address <- paste0(url, views[[view]])
    open_page(browser, address, shows(found[[view]]))
    expect_identical(ask_page(browser, "location.href"), address)
    expect_accessible(browser)
    # Tables scroll, the page does not.
    expect_lte(ask_page(browser, "document.documentElement.scrollWidth"), 400)
    leave_picture(browser, paste0(view, "-400.png"))
  }
  open_page(browser, paste0(url, views[["partners"]]), shows("#by"))
  expect_identical(ask_page(browser, paste0(
    "['n', 'by', 'new_only'].map(id => document.getElementById(id))",
    ".map(e => e.type === 'checkbox' ? String(e.checked) : e.value).join()"
  )), "50,specific,true")
  expect_identical(page_errors(browser), character())
})

test_that("names of genes are text and nothing else", {
  data <- hostile_data()
  url <- serve_explorer(tiny_fit(data), data)
  browser <- local_browser()
  ends <- vapply(hostile_names, utils::URLencode, "", reserved = TRUE)
  open_page(
    browser, paste0(url, "?tab=pair&gene=", ends[[1]], "&partner=", ends[[2]]),
    shows("#network-plot img")
  )
  expect_identical(
    ask_page(browser, "document.getElementById('pair_title').textContent"),
    paste(hostile_names, collapse = " and ")
  )
  leave_picture(browser, "hostile.png")
  open_page(
    browser, paste0(url, "?gene=", ends[[2]], "&n=100"),
    shows("#partners-table tbody tr")
  )
  ask_page(browser, "document.getElementById('gene_name').value = ''")
  ask_page(browser, "document.getElementById('gene_name').focus()")
  type_text(browser, "<img src")
  wait_for(browser, shows("#gene_names option"))
  expect_identical(
    ask_page(browser, "document.querySelector('#gene_names option').value"),
    hostile_names[[1]]
  )
  open_page(
    browser, paste0(url, "?gene=", ends[[1]], "x"), shows(".musl-start")
  )
  expect_identical(
    ask_page(browser, "document.querySelectorAll('img[src=x]').length"), 0L
  )
  dialogs <- Filter(function(event) {
    identical(event$method, "Page.javascriptDialogOpening")
  }, browser$events)
  expect_length(dialogs, 0)
  expect_identical(page_errors(browser), character())
})

test_that("the explorer refuses other names of this machine", {
  url <- serve_explorer(explored_fit(), NULL)
  other <- url(url, headers = c(Host = "evil.example"))
  withr::defer(close(other))
  refused <- tryCatch(readLines(other), condition = conditionMessage)
  expect_match(refused, "403")
})
