# Models and data that the explorer's tests look at.

explored_data <- function() {
  d <- once("screens", musl_simulate("small", seed = 1, screens = TRUE))
  d@cohorts[[1]]$samples$lineage <- rep(c("lung", "breast"), 60)
  d
}

# Of measured pairs: LibTorch is not needed.
explored_fit <- function() {
  once("explored", suppressMessages(musl_fit(
    explored_data(),
    control = musl_control(seed = 1, threads = 1), scorers = "features",
    progress = FALSE
  )))
}

explored <- function(data = NULL) new_explorer(explored_fit(), data)

# Two genes whose names would do harm in HTML, in a table, in a path.
hostile_names <- c(
  "<img src=x onerror=alert(1)>", "=cmd|' /C calc'!A0/../\"&amp;"
)

hostile_data <- function() {
  d <- tiny_data()
  renamed <- function(x) {
    at <- match(x, c("G01", "G02"))
    ifelse(is.na(at), x, hostile_names[at])
  }
  d@genes <- renamed(d@genes)
  d@pairs$gene_a <- renamed(d@pairs$gene_a)
  d@pairs$gene_b <- renamed(d@pairs$gene_b)
  x <- d@cohorts[[1]]$assays[[1]]
  rownames(x) <- renamed(rownames(x))
  d@cohorts[[1]]$assays[[1]] <- x
  rownames(d@embeddings) <- renamed(rownames(d@embeddings))
  d
}

own_request <- function(host = "127.0.0.1:8000", from = "127.0.0.1",
                        origin = NULL, query = "") {
  list(
    HTTP_HOST = host, REMOTE_ADDR = from, HTTP_ORIGIN = origin,
    QUERY_STRING = query, REQUEST_METHOD = "GET", PATH_INFO = "/"
  )
}

page_text <- function(tags) paste(as.character(tags), collapse = "\n")

# Files of fifty cell lines, of which ten lost ARID1A and need ARID1B; `x`: what
# read_depmap() makes of them, `table`: of musl_dependency().
own_world <- function() once("own world", new_own_world())

new_own_world <- function() {
  # Its files are those of the process, not of the file that asks first.
  world <- depmap_world(env = tiny_store)
  damaged <- 2 * (seq_along(world$lines) %in% world$lost)
  damaging <- in_world(world, "OmicsSomaticMutationsMatrixDamaging.csv")
  writeLines(c(
    paste(c("", paste0(world$genes, " (", world$entrez, ")")), collapse = ","),
    paste0(world$lines, ",", damaged, strrep(",0", length(world$genes) - 1))
  ), damaging)
  files <- c(in_world(world, c(
    "CRISPRGeneEffect.csv", "Model.csv",
    "OmicsExpressionTPMLogp1HumanProteinCodingGenes.csv"
  )), damaging)
  x <- suppressMessages(read_depmap(files[-2], model = files[[2]]))
  list(
    files = files, x = x,
    table = musl_dependency("ARID1A", x, loss = "damaging")
  )
}
