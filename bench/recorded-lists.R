# Partner lists of a network that learned recorded pairs alone, in each order of
# musl_partners(): textbook partners, hits of a screen, recorded partners of
# genes that were held out, and what the lists of ten anchors share. Prints
# markdown for bench/RESULTS.md.
#
#   MUSL_DATA=/path Rscript bench/recorded-lists.R [OPTION]...
#
#   --smoke              simulated pairs: does it all work?
#   --negatives a,b      some of given, degree_matched
#   --orders a,b         of score, relation, combined
#   --annotation NAME    of an OrgDb: its GO terms and Pfam are part of the data
#   --seeds 1,2          of the networks
#   --threads N          0 (the default) for all
#   --directory DIR      keeps models and answers
#
# MUSL_DATA holds the folders sl, ppi, expression, sequence and screens. Textbook
# pairs leave the training pairs; ranks are among 3,000 genes.
suppressPackageStartupMessages(library(MuSL))
file <- sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE))
for (part in c(
  "script", "read-data", "bench-scores", "demo-files", "quality-data",
  "screens-data", "screens-lists"
)) {
  source(file.path(dirname(file), paste0(part, ".R")))
}
if (is_smoke()) use_demo_files()
settings <- list(
  seeds = as.integer(option("seeds", "1")),
  directory = option("directory", NULL),
  threads = as.integer(option("threads", "0"))
)
annotation <- option("annotation", NULL)
orders <- option("orders", c("score", "relation", "combined"))
n_pool <- if (is_smoke()) 100 else 3000
cohorts <- c("tcga_crc", "gse33072", "sdy420")

cohorts <- lapply(set_names(cohorts), function(name) {
  read_matrix("expression", paste0(name, ".tsv.gz"))
})
pairs <- read_table("sl", "sl_pairs.tsv.gz")[c("gene_a", "gene_b", "label")]
pairs$label <- as.integer(pairs$label %in% c(1, "SL"))
key <- function(a, b) paste(pmin(a, b), pmax(a, b))
textbook <- if (is_smoke()) {
  as.matrix(utils::head(pairs[pairs$label == 1, 1:2], 6))
} else {
  do.call(rbind, textbook_pairs)
}
is_textbook <- key(pairs$gene_a, pairs$gene_b) %in%
  key(textbook[, 1], textbook[, 2])
data <- quietly(musl_data(cohorts,
  network = read_table("ppi", "string_v10.tsv.gz")[1:3],
  embeddings = read_matrix("sequence", "kmer_svd64.tsv.gz"),
  pairs = pairs[!is_textbook, ], scale = "log",
  evidence = if (!is.null(annotation)) {
    musl_evidence(annotations = musl_annotations(annotation))
  }
))
everywhere <- Reduce(intersect, lapply(cohorts, rownames))
everywhere <- intersect(everywhere, musl_genes(data))
pool <- withr::with_seed(1, sample(everywhere, min(n_pool, length(everywhere))))
anchors <- if (is_smoke()) unique(pairs$gene_a)[1:4] else popular_anchors

network_of <- function(negatives, seed) {
  if (negatives != "given") {
    data@pairs <- data@pairs[data@pairs$label %in% "SL", ]
    data <- quietly(musl_negatives(data, negatives, seed = seed))
  }
  quietly(musl_fit(data,
    scorers = if (!is.null(annotation)) "musl",
    control = musl_control(
      ensemble = 1, seed = seed, epochs = if (is_smoke()) 1 else 10,
      threads = settings$threads
    ),
    progress = FALSE
  ))
}

# Ranks of all candidates of one gene, in per cent from 0, by name.
ranks_of <- function(fit, gene, candidates, by) {
  list <- quietly(musl_partners(fit, gene,
    n = Inf, candidates = candidates, by = by, threads = settings$threads
  ))
  stats::setNames(100 * (list$rank - 1) / nrow(list), list$partner)
}

textbook_figures <- function(fit, by) {
  both <- rbind(textbook, textbook[, 2:1])
  above <- apply(both, 1, function(pair) {
    ranks_of(fit, pair[[1]], union(pair[[2]], pool), by)[[pair[[2]]]]
  })
  n <- nrow(textbook)
  c(
    "textbook there, %" = stats::median(above[1:n]),
    "back, %" = stats::median(above[-(1:n)]), "in first 1 %" = mean(above <= 1)
  )
}

# Partners that were recorded with genes of which training showed no pair.
held_out_figures <- function(fit, by) {
  seen <- musl_genes(fit)[fit@n_seen > 0]
  sl <- pairs[pairs$label == 1, ]
  swap <- sl$gene_b %in% seen & !sl$gene_a %in% seen
  sl[swap, c("gene_a", "gene_b")] <- sl[swap, c("gene_b", "gene_a")]
  sl <- sl[sl$gene_a %in% seen & !sl$gene_b %in% seen, ]
  asked <- sort(unique(sl$gene_a[stats::ave(seq_len(nrow(sl)), sl$gene_a,
    FUN = length
  ) >= 5]))
  asked <- withr::with_seed(1, sample(asked, min(40, length(asked))))
  found <- vapply(asked, function(gene) {
    ranks <- ranks_of(fit, gene, NULL, by)
    mean(ranks[intersect(sl$gene_b[sl$gene_a == gene], names(ranks))] <= 1)
  }, 0)
  c("held-out recorded, first 1 %" = mean(found, na.rm = TRUE))
}

# Hits of a genome-scale screen, per query.
screen_figures <- function(fit, by) {
  if (is_smoke()) {
    return(c("HAP1 AUROC" = NA, "first 1 %" = NA))
  }
  screen <- read_table("screens", "hap1_dev.tsv.gz")
  screen <- screen[screen$gene %in% musl_genes(fit), ]
  asked <- intersect(unique(screen$query), musl_genes(fit))
  each <- vapply(asked, function(query) {
    one <- screen[screen$query == query & screen$gene != query, ]
    ranks <- ranks_of(fit, query, one$gene, by)[one$gene]
    hit <- one$label == 1
    c(auroc(-ranks, as.integer(hit)), mean(ranks[hit] <= 1, na.rm = TRUE))
  }, c(0, 0))
  c("HAP1 AUROC" = mean(each[1, ]), "first 1 %" = mean(each[2, ]))
}

shared_figures <- function(fit, by) {
  lists <- quietly(musl_partners(fit, anchors,
    n = 100, candidates = everywhere, by = by
  ))
  known <- attr(lists, "candidates")
  degree <- known$degree[match(lists$partner, known$gene)]
  each <- split(lists$partner, lists$anchor)
  shared <- utils::combn(each, 2, function(two) length(Reduce(intersect, two)))
  first <- quietly(musl_partners(fit, anchors[[3]], n = Inf, by = by))
  c(
    "shared of 100" = mean(shared), "SL degree" = stats::median(degree),
    "above .5" = mean(first$.pred_SL > 0.5)
  )
}

judged <- list(
  textbook_figures, screen_figures, held_out_figures, shared_figures
)
figures_of <- function(negatives, by) {
  each <- lapply(settings$seeds, function(seed) {
    name <- paste(c("lists", annotation, negatives, seed), collapse = "-")
    kept(settings, paste(name, by, sep = "-"), {
      # The model's pointer does not survive saveRDS(); its bytes do.
      fit <- kept(settings, name, network_of(negatives, seed))
      unlist(lapply(judged, function(judge) judge(fit, by)))
    })
  })
  Reduce(`+`, each) / length(each)
}

asked <- expand.grid(
  by = orders, negatives = option("negatives", c("given", "degree_matched")),
  stringsAsFactors = FALSE
)
table <- t(mapply(figures_of, asked$negatives, asked$by))
cat(machine_line(), "; seeds ", toString(settings$seeds), "\n\n", sep = "")
cat(knitr::kable(
  cbind(asked[c("negatives", "by")], as.data.frame(round(table, 3))),
  format = "pipe", row.names = FALSE
), sep = "\n")
if (is_smoke()) {
  stopifnot(is.finite(table[, 1]), table[, "above .5"] <= 0.05)
  cat("\nSmoke run passed.\n")
}
