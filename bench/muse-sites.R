# Sites of bench/muse.R: residues of protein interfaces, published training and
# test chains, and a logistic regression that reads the means of neighbours.

site_parts <- c("Train_335", "Test_60", "Test_315", "UBtest_31")

# list(nodes, sites): one musl_nodes, and its residues with `set`; a share of
# the training chains is the validation part.
interface_set <- function(share = 0.15) {
  x <- muse_table("graphppis", "residues.tsv.gz")
  x$protein <- paste(x$set, x$chain, sep = ":")
  x$split <- "test"
  chains <- unique(x$protein[x$set == "Train_335"])
  drawn <- withr::with_seed(1, sample(chains, round(share * length(chains))))
  x$split[x$set == "Train_335"] <- "train"
  x$split[x$protein %in% drawn] <- "validation"
  rows <- split(seq_len(nrow(x)), factor(x$protein, unique(x$protein)))
  dssp <- cbind(
    as.matrix(x[c("sin_phi", "sin_psi", "cos_phi", "cos_psi", "rsa")]),
    outer(x$ss, strsplit("HBEGITSC-", "")[[1]], "==")
  )
  place <- as.matrix(x[c("x", "y", "z")])
  nodes <- musl_nodes(
    vapply(rows, function(i) paste(x$aa[i], collapse = ""), ""),
    coordinates = lapply(rows, function(i) place[i, , drop = FALSE]),
    columns = lapply(rows, function(i) dssp[i, , drop = FALSE])
  )
  sites <- data.frame(
    protein = x$protein, residue = x$pos, label = x$label, split = x$split,
    set = x$set
  )
  list(nodes = nodes, sites = sites)
}

simulated_sites <- function() {
  d <- musl_simulate("sites", n_proteins = 12, n_residues = 60, seed = 1)
  d$sites$set <- d$sites$split
  d
}

# The proteins of some rows.
site_part <- function(d, use) {
  names <- unique(d$sites$protein[use])
  list(
    nodes = MuSL:::some_nodes(d$nodes, names),
    sites = d$sites[use, c("protein", "residue", "label", "split")]
  )
}

# A column an amino acid and a column of the nodes, then their means over the
# residues within 8 and 14 Angstrom.
neighbour_columns <- function(nodes) {
  letters <- strsplit("ACDEFGHIKLMNPQRSTVWY", "")[[1]]
  blocks <- lapply(seq_along(nodes$text), function(i) {
    text <- strsplit(nodes$text[[i]], "")[[1]]
    own <- cbind(outer(text, letters, "=="), nodes$columns[[i]])
    away <- as.matrix(stats::dist(nodes$coordinates[[i]]))
    means <- lapply(c(8, 14), function(radius) {
      near <- !is.na(away) & away <= radius
      near %*% own / pmax(rowSums(near), 1)
    })
    cbind(own, do.call(cbind, means))
  })
  do.call(rbind, blocks)
}

# Scores of the rows of `test` by what those of `train` tell.
logistic_scores <- function(train, test) {
  x <- neighbour_columns(train$nodes)
  fit <- suppressWarnings(stats::glm.fit(
    cbind(1, x), train$sites$label,
    family = stats::binomial()
  ))
  weight <- replace(fit$coefficients, is.na(fit$coefficients), 0)
  drop(cbind(1, neighbour_columns(test$nodes)) %*% weight)
}

site_control <- function(settings) {
  musl_control(
    ensemble = if (is_smoke()) 1 else settings$ensemble,
    epochs = settings$site_epochs, patience = settings$site_epochs, seed = 1,
    batch_size = 1000, learning_rate = 1e-3, threads = settings$threads
  )
}

# Rows set, scorer, auroc, auprc, residues, seconds.
judge_sites <- function(d, settings) {
  started <- proc.time()
  learned <- site_part(d, d$sites$split != "test")
  fit <- quietly(musl_interactions(
    learned$sites, learned$nodes,
    task = "site", shape = c(dropout = 0.4), control = site_control(settings),
    progress = FALSE
  ))
  spent <- (proc.time() - started)[["elapsed"]]
  parts <- setdiff(unique(d$sites$set), "Train_335")
  found <- lapply(c("validation", parts), function(part) {
    use <- if (part == "validation") {
      d$sites$split == part
    } else {
      d$sites$set == part & d$sites$split == "test"
    }
    own <- site_part(d, use)
    if (nrow(own$sites) == 0) {
      return(NULL)
    }
    found <- musl_metrics(fit, own$nodes, own$sites)
    found$seconds <- ifelse(found$scorer == "MuSL", spent, 0)
    train <- if (part == "validation") "train" else c("train", "validation")
    started <- proc.time()
    score <- logistic_scores(
      site_part(d, d$sites$split %in% train), own
    )
    simple <- c(
      auroc = auroc(score, own$sites$label),
      auprc = average_precision(score, own$sites$label)
    )
    rbind(cbind(run = part, found), data.frame(
      run = part, scorer = "logistic, neighbour means", .metric = names(simple),
      .estimate = unname(simple), n_residues = nrow(own$sites),
      n_positive = sum(own$sites$label),
      seconds = (proc.time() - started)[["elapsed"]]
    ))
  })
  do.call(rbind, found)
}

average_precision <- function(score, label) {
  order <- order(-score)
  hit <- label[order] == 1
  mean((cumsum(hit) / seq_along(hit))[hit])
}

report_sites <- function(d, settings) {
  cat("| set | scorer | AUROC | AP | residues | seconds |\n|", sep = "")
  cat(strrep("---|", 6), "\n", sep = "")
  found <- judge_sites(d, settings)
  for (run in unique(found$run)) {
    for (scorer in unique(found$scorer)) {
      one <- found[found$run == run & found$scorer == scorer, ]
      if (nrow(one) == 0) next
      value <- one$.estimate[match(c("auroc", "auprc"), one$.metric)]
      stopifnot("a metric is missing" = !is.na(value))
      cat(
        "|", paste(c(
          run, scorer, sprintf("%.4f", value), one$n_residues[[1]],
          sprintf("%.0f", one$seconds[[1]])
        ), collapse = " | "), "|\n"
      )
    }
  }
  cat("\n")
}
