# Seconds that a reader of musl_explore() waits for, and those of the processor:
# the page, a list of partners, a pair; a model of measured pairs, made-up genes.
#   Rscript bench/explore.R [--smoke] [genes]
file <- sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE))
source(file.path(dirname(file), "script.R"))
suppressMessages(library(MuSL))
n <- number_given(1L, 18000L, 300L)

# A network of ten edges a gene, and measured pairs, at random.
random_data <- function(n) {
  genes <- sprintf("G%05d", seq_len(n))
  draw <- function(size) {
    ends <- data.frame(
      a = sample.int(n, size, TRUE), b = sample.int(n, size, TRUE)
    )
    ends <- unique(ends[ends$a < ends$b, ])
    data.frame(gene_a = genes[ends$a], gene_b = genes[ends$b])
  }
  pairs <- draw(4000)
  pairs$label <- factor(
    sample(c("SL", "non_SL"), nrow(pairs), TRUE, c(0.2, 0.8)),
    c("SL", "non_SL")
  )
  pairs$source <- "screen"
  pairs$measured <- TRUE
  values <- matrix(stats::rnorm(n * 40), n, dimnames = list(genes, 1:40))
  musl_data(values, network = draw(20L * n), pairs = pairs, scale = "log")
}

quietly <- function(expr) suppressWarnings(suppressMessages(expr))
data <- withr::with_seed(1, quietly(random_data(n)))
fit <- quietly(musl_fit(
  data,
  control = musl_control(seed = 1, threads = 1), network = FALSE,
  progress = FALSE
))
gene <- musl_genes(fit)[[7]]
app <- musl_explore(fit, data = data, launch = FALSE)
request <- list2env(list(
  REQUEST_METHOD = "GET", PATH_INFO = "/", HTTP_HOST = "127.0.0.1",
  REMOTE_ADDR = "127.0.0.1", QUERY_STRING = paste0("?gene=", gene)
))
seconds <- function(expr) {
  spent <- system.time(expr)
  c(spent[["elapsed"]], spent[["user.self"]] + spent[["sys.self"]])
}
first <- musl_partners(fit, gene, n = 1)
times <- cbind(
  "the page" = seconds(page <- app$httpHandler(request)),
  "20 partners" = seconds(list <- musl_partners(fit, gene, n = 20)),
  "250 partners" = seconds(musl_partners(fit, gene, n = 250)),
  "a pair" = seconds(why <- musl_explain(fit, gene, first$partner))
)
stopifnot(
  page$status == 200, any(grepl(gene, page$content, fixed = TRUE)),
  nrow(list) == 20, nrow(why) > 1
)
cat(sprintf(
  "| %d | %s | %.2f | %.2f |\n", n, colnames(times), times[1, ], times[2, ]
), sep = "")
