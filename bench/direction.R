# Whether lists of partners know the sign: of the anchors that cell lines lost,
# how many of the first ten partners do these lines need more or less, and where
# pairs stand whose sign is known; with what the human model knows of lines and
# without. Prints markdown for bench/RESULTS.md.
#
#   MUSL_DATA=/path Rscript bench/direction.R [OPTION]...
#
#   --smoke           without MUSL_DATA, by the model's own differences
#   --parts a,b       some of lists (the first ten, pairs), textbook (textbook
#                     pairs, in a fit without them), own (a user's table on a
#                     model that knows no lines)
#   --threads N       0 (the default) for all
#   --directory DIR   keeps finished fits: a killed run goes on there
#
# RNA interference (DEMETER2) judges lists of differences that leave it out.
suppressPackageStartupMessages(library(MuSL))
file <- sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE))
for (part in c(
  "script", "read-data", "bench-scores", "screens-data", "screens-fit",
  "screens-judge", "screens-lists", "human-data", "human-direction",
  "direction-own"
)) {
  source(file.path(dirname(file), paste0(part, ".R")))
}
parts <- option("parts", c("lists", "textbook", "own"))
settings <- list(
  seeds = 1L, directory = option("directory", NULL),
  threads = as.integer(option("threads", "0"))
)
cat(machine_line(), "\n\n")
model <- musl_human_model()

# Lists of all candidates, by anchor.
lists_of <- function(model, anchors, ...) {
  list <- quietly(musl_partners(model, anchors, n = Inf, ...))
  split(as.data.frame(list), list$anchor)
}

# RNA interference as z, less what covariates explain; list(z, model).
rnai_judge <- function() {
  groups <- direction_groups()
  tables <- direction_inputs(groups)
  names <- colnames(tables$g)
  about <- tables$about[match(names, tables$about$context), ]
  explained <- vapply(names, function(name) {
    x <- category_differences(tables, name)
    x$plain - x$adjusted
  }, tables$g[, 1])
  z <- calibrated(rnai_scores(tables$rnai, explained, about))
  rownames(z) <- tables$genes
  list(z = z, model = MuSL:::with_direction(model, human_direction(FALSE)))
}

smoke_judge <- function() {
  known <- musl_direction(model)
  z <- with(known, tapply(z, list(partner, alteration), mean))
  list(z = z, model = model)
}

# Mean over anchors of shares of the first ten.
first_ten <- function(lists, calls, z, group_of) {
  each <- vapply(names(lists), function(anchor) {
    first <- utils::head(lists[[anchor]]$partner, 10)
    call <- calls[[anchor]]
    call <- as.character(call$direction)[match(first, call$partner)]
    rnai <- z[match(first, rownames(z)), group_of[[anchor]]]
    c(
      `rescued or not needed` = mean(call %in% c("needed_less", "not_needed")),
      `needed more` = mean(call %in% "needed_more"),
      `RNAi z > 2` = mean((rnai > 2) %in% TRUE),
      `RNAi z < -2` = mean((rnai < -2) %in% TRUE)
    )
  }, double(4))
  rowMeans(each)
}

known_signs <- c(
  "RB1-SKP2", "RB1-E2F3", "MLH1-WRN", "PTEN-PIK3CB", "MTAP-PRMT5", "MTAP-WDR77",
  "MTAP-MAT2A", "SMARCA4-SMARCA2", "KEAP1-NFE2L2", "PRMT5-MTAP", "TP53-MDM2",
  "RB1-CDK4", "PTEN-IGF1R"
)

report_signs <- function() {
  known <- musl_direction(model)
  anchors <- unique(known$anchor)
  if (is_smoke()) anchors <- anchors[1:2]
  group_of <- set_names(known$alteration[match(anchors, known$anchor)], anchors)
  judge <- if (is_smoke()) smoke_judge() else kept(settings, "rnai", rnai_judge())
  with <- lists_of(model, anchors)
  without <- lists_of(model, anchors, dependency = FALSE)
  by_crispr <- lists_of(judge$model, anchors)
  table <- rbind(
    without = first_ten(without, with, judge$z, group_of),
    with = first_ten(with, with, judge$z, group_of),
    `without RNAi` = first_ten(by_crispr, with, judge$z, group_of)
  )
  print_table(table, paste(length(anchors), "lost anchors, first ten"), 3, "lists")
  report_pairs()
}

report_pairs <- function() {
  if (is_smoke()) known_signs <- known_signs[1:2]
  ends <- strsplit(known_signs, "-")
  anchors <- unique(vapply(ends, `[[`, "", 1))
  with <- lists_of(model, anchors)
  without <- lists_of(model, anchors, dependency = FALSE)
  rank <- function(lists) {
    vapply(ends, function(pair) {
      list <- lists[[pair[[1]]]]
      list$rank[match(pair[[2]], list$partner)]
    }, 1L)
  }
  status <- vapply(ends, function(pair) {
    list <- with[[pair[[1]]]]
    as.character(list$status[match(pair[[2]], list$partner)])
  }, "")
  table <- data.frame(
    pair = known_signs, without = rank(without), with = rank(with),
    status = status
  )
  cat("\nPairs, rank\n\n")
  cat(knitr::kable(table, format = "pipe"), sep = "\n")
}

# Ranks of textbook pairs in both directions, by one fit that learned none.
report_known <- function() {
  fit <- if (is_smoke()) {
    model
  } else {
    kept(settings, "textbook", {
      inputs <- human_inputs()
      textbook_fit(inputs, 1L, settings)
    })
  }
  pairs <- do.call(rbind, textbook_pairs)
  both <- rbind(pairs, pairs[, 2:1])
  both <- both[both[, 1] %in% musl_genes(fit) & both[, 2] %in% musl_genes(fit), ]
  if (is_smoke()) both <- both[1:3, ]
  figures <- function(...) {
    lists <- lists_of(fit, unique(both[, 1]), ...)
    rank <- apply(both, 1, function(pair) {
      list <- lists[[pair[[1]]]]
      list$rank[list$partner == pair[[2]]]
    })
    c(
      median = stats::median(rank), `first 10` = mean(rank <= 10),
      `first 50` = mean(rank <= 50)
    )
  }
  print_table(
    rbind(without = figures(dependency = FALSE), with = figures()),
    paste(nrow(both), "textbook lists"), 3, "lists"
  )
}

if ("lists" %in% parts) report_signs()
if ("textbook" %in% parts) report_known()
if ("own" %in% parts) report_own_tables()
