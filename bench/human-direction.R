# What the human model knows of the sign: how much more or less cell lines with a
# lost or activated gene need others, from tables of MUSL_DATA. The script sources
# script.R, read-data.R and screens-data.R first.
#
# The differences of DepMap 26Q1 measure; the categories of 22Q1, which are known
# of each line, say what part of a difference lineage, mutation burden,
# microsatellite instability and drivers explain; RNA interference (DEMETER2)
# votes with a quarter. Standard errors of each are calibrated over genes.

# Group of lines, its genes, what happened to them and how that reads.
direction_text <- "
alteration, genes, state, event
apc, APC, lost, that lost APC
arid1a, ARID1A, lost, that lost ARID1A
brca, BRCA1;BRCA2, lost, with mutated BRCA1 or BRCA2
cdkn2ab_del, CDKN2A;CDKN2B, lost, that lost CDKN2A
crebbp, CREBBP, lost, that lost CREBBP
ep300, EP300, lost, that lost EP300
fbxw7, FBXW7, lost, that lost FBXW7
nrf2_pathway, KEAP1, lost, that lost KEAP1 or with activated NFE2L2
nrf2_pathway, NFE2L2, activated, that lost KEAP1 or with activated NFE2L2
kmt2b, KMT2B, lost, that lost KMT2B
kmt2c, KMT2C, lost, that lost KMT2C
kmt2d, KMT2D, lost, that lost KMT2D
lrp1b, LRP1B, lost, that lost LRP1B
msi_high, MLH1;MSH2;MSH6;PMS2, lost, with microsatellite instability
mtap_del, MTAP, lost, that lost MTAP
nf1_loss, NF1, lost, that lost NF1
pten_loss, PTEN, lost, that lost PTEN
rb1_loss, RB1, lost, that lost RB1
smad4_loss, SMAD4, lost, that lost SMAD4
smarca4, SMARCA4, lost, that lost SMARCA4
kras_stk11, STK11, lost, that lost STK11 (among those with mutated KRAS)
tp53, TP53, lost, that lost TP53
bcr_abl, ABL1, activated, with BCR-ABL1
alk, ALK, activated, with activated ALK
braf, BRAF, activated, with activated BRAF
ccnd1_amp, CCND1, activated, with amplified CCND1
ccne1_amp, CCNE1, activated, with amplified CCNE1
cdk4_amp, CDK4, activated, with amplified CDK4
ctnnb1, CTNNB1, activated, with activated CTNNB1
egfr_amp, EGFR, activated, with amplified EGFR
erbb2_amp, ERBB2, activated, with amplified ERBB2
ews_fusion, EWSR1, activated, with a fusion of EWSR1
hras, HRAS, activated, with activated HRAS
kmt2a_fusion, KMT2A, activated, with a fusion of KMT2A
kras, KRAS, activated, with activated KRAS
mdm2_amp, MDM2, activated, with amplified MDM2
met_amp, MET, activated, with amplified MET
myc_amp, MYC, activated, with amplified MYC
mycn_amp, MYCN, activated, with amplified MYCN
nras, NRAS, activated, with activated NRAS
pik3ca, PIK3CA, activated, with activated PIK3CA
tert, TERT, activated, with a mutated promoter of TERT
"

# Drivers whose presence may explain a difference, by their groups of lines. A
# driver is left out for its own group, and for those of its pathway that are no
# drivers themselves.
direction_drivers <- c(
  "tp53", "kras", "braf", "pik3ca", "pten_loss", "cdkn2ab_del", "rb1_loss", "apc"
)
driver_pathways <- list(
  c("kras", "nras", "braf", "nf1_loss"), c("apc", "ctnnb1"),
  c("cdkn2ab_del", "mtap_del")
)

# For musl_evidence(direction = ): genes of DepMap, differences of |z| >= 2.
# `rnai = FALSE` leaves RNA interference out.
human_direction <- function(rnai = TRUE) {
  groups <- direction_groups()
  tables <- direction_inputs(groups)
  z <- direction_scores(tables, groups, rnai)
  place <- gene_places_of(tables$genes)
  differences <- do.call(rbind, lapply(seq_len(nrow(groups)), function(i) {
    name <- groups$alteration[[i]]
    own <- without_neighbours(z[, name], groups[i, ], place)
    x <- alteration_differences(tables, own, name)
    x$alteration <- rep(group_names(groups)[[i]], nrow(x))
    x
  }))
  list(
    alterations = direction_alterations(groups, tables),
    differences = differences
  )
}

# One group of lines that lost a gene or gained another is two alterations: the
# neighbours of each gene differ.
group_names <- function(groups) {
  again <- duplicated(groups$alteration)
  paste0(groups$alteration, ifelse(again, paste0("_", groups$state), ""))
}

direction_groups <- function() {
  utils::read.csv(text = direction_text, strip.white = TRUE)
}

direction_alterations <- function(groups, tables) {
  genes <- strsplit(groups$genes, ";")
  row <- rep(seq_along(genes), lengths(genes))
  n <- tables$about$n_altered[match(groups$alteration, tables$about$context)]
  together <- c(cdkn2ab_del = "mtap_del", mtap_del = "cdkn2ab_del")
  data.frame(
    alteration = group_names(groups)[row], gene = unlist(genes),
    state = groups$state[row], event = groups$event[row], n_lines = n[row],
    together = unname(together[groups$alteration[row]])
  )
}

# ---- Tables ----

number_matrix <- function(...) {
  x <- utils::read.delim(data_file(...), na.strings = c("", "NA"),
    check.names = FALSE, quote = ""
  )
  out <- as.matrix(x[-1])
  rownames(out) <- x[[1]]
  out
}

# list(g, altered, other, rnai: genes x groups; category: genes x lines, lines:
# their facts, about: of the groups)
direction_inputs <- function(groups) {
  names <- unique(groups$alteration)
  means <- number_matrix("dependency", "contexts_26q1_means.tsv.gz")
  g <- number_matrix("dependency", "contexts_26q1.tsv.gz")
  category <- number_matrix("dependency", "crispr_category_22q1.tsv.gz")
  lines <- direction_lines_table(colnames(category), names)
  genes <- intersect(rownames(g), rownames(category))
  rnai <- number_matrix("dependency", "contexts_demeter2.tsv.gz")
  column <- function(end) {
    x <- means[genes, paste0(names, end)]
    colnames(x) <- names
    x
  }
  list(
    g = g[genes, names], altered = column(".altered"), other = column(".other"),
    rnai = rnai[match(genes, rownames(rnai)), names], genes = genes,
    category = filled(category[genes, lines$line]), lines = lines,
    about = read_table("dependency", "contexts_26q1_about.tsv")
  )
}

# Of .02 % of the cells nothing is known: the gene's mean changes nothing.
filled <- function(x) {
  unknown <- which(is.na(x), arr.ind = TRUE)
  x[unknown] <- rowMeans(x, na.rm = TRUE)[unknown[, 1]]
  x
}

# One row a line whose alterations are known: line, lineage, burden, is its
# burden unknown, microsatellite instability, and `altered`, a column a group.
direction_lines_table <- function(ids, names) {
  altered <- read_table("dependency", "contexts_26q1_lines.tsv.gz")
  altered <- altered[altered$in_crispr == 1, ]
  models <- read_table("dependency", "contexts_26q1_models.tsv.gz")
  tested <- read_table("genes", "lof_models.tsv.gz")$model
  ids <- ids[ids %in% c(models$line, tested)]
  samples <- read_table("expression", "samples.tsv.gz")
  samples <- samples[samples$table == "crispr_category_22q1", ]
  lineage <- samples$context[match(ids, samples$sample)]
  n <- table(read_table("genes", "lof_mutations.tsv.gz")$model)[ids]
  out <- data.frame(
    line = ids, lineage = ifelse(is.na(lineage), "", lineage),
    burden = log1p(ifelse(is.na(n), 0, as.vector(n))),
    unknown = as.double(!ids %in% tested)
  )
  out$altered <- vapply(union(names, direction_drivers), function(name) {
    as.double(ids %in% altered$line[altered$context == name])
  }, double(length(ids)))
  out
}

# ---- Statistics ----

# Divides columns by their robust spread where that is above 1.
calibrated <- function(z) {
  spread <- apply(z, 2, stats::mad, na.rm = TRUE)
  sweep(z, 2, pmax(spread, 1), "/")
}

# What else sets the lines of a group apart.
direction_covariates <- function(lines, name) {
  family <- unlist(driver_pathways[vapply(driver_pathways, `%in%`, NA, x = name)])
  own <- if (name %in% direction_drivers) name else c(name, family)
  if (name == "kras_stk11") own <- c(own, "kras", "braf")
  x <- cbind(
    stats::model.matrix(~lineage, lines), lines$burden, lines$unknown,
    lines$altered[, setdiff(direction_drivers, own)]
  )
  msi <- lines$altered[, "msi_high"]
  if (name == "msi_high") x else cbind(x, msi, msi * lines$burden)
}

# Of the categories: plain, the plain difference of means, adjusted, that of a
# regression with the covariates, and z, that over its standard error, whose
# residual has a spread of .2 more.
category_differences <- function(tables, name) {
  lines <- tables$lines
  used <- rep(TRUE, nrow(lines))
  if (name == "kras_stk11") used <- lines$altered[, "kras"] == 1
  lines <- lines[used, ]
  y <- tables$category[, used]
  x <- lines$altered[, name]
  known <- qr(direction_covariates(lines, name), tol = 1e-7)
  q <- qr.Q(known)[, seq_len(known$rank)]
  rest <- drop(x - q %*% crossprod(q, x))
  size <- sum(rest^2)
  adjusted <- drop(y %*% rest) / size
  left <- rowSums(y^2) - rowSums((y %*% q)^2) - adjusted^2 * size
  variance <- pmax(left, 0) / (length(x) - known$rank - 1)
  list(
    plain = rowMeans(y[, x == 1]) - rowMeans(y[, x == 0]), adjusted = adjusted,
    z = -adjusted / sqrt((variance + 0.2^2) / size)
  )
}

# Categories rise as effects fall: by how much for each gene, shrunk towards that
# of all genes.
category_scale <- function(plain, difference, n) {
  weight <- n$altered * n$other / (n$altered + n$other)
  weight <- weight / mean(weight)
  square <- drop(plain^2 %*% weight)
  product <- drop(-(plain * difference) %*% weight)
  prior <- stats::median(square)
  (product + prior * sum(product) / sum(square)) / (square + prior)
}

# (genes x groups) standard scores.
direction_scores <- function(tables, groups, rnai) {
  names <- colnames(tables$g)
  about <- tables$about[match(names, tables$about$context), ]
  n <- list(altered = about$n_altered, other = about$n_others)
  of_lines <- lapply(stats::setNames(nm = names), category_differences,
    tables = tables
  )
  matrix_of <- function(what) vapply(of_lines, `[[`, tables$g[, 1], what)
  explained <- matrix_of("plain") - matrix_of("adjusted")
  spread <- apply(
    abs((tables$altered - tables$other) / tables$g), 1,
    function(x) stats::median(x[is.finite(x)])
  )
  difference <- tables$g * spread
  scale <- category_scale(matrix_of("plain"), difference, n)
  error <- sqrt(1 / n$altered + 1 / n$other)
  measured <- (difference + scale * explained) / sqrt(spread^2 + 0.1^2)
  z <- calibrated(sweep(measured, 2, error, "/")) +
    calibrated(matrix_of("z")) / 4
  if (rnai) {
    votes <- calibrated(rnai_scores(tables$rnai, explained, about)) / 4
    z <- z + ifelse(is.na(votes), 0, votes)
  }
  z <- calibrated_by_effect(calibrated(z), rowMeans(tables$other, na.rm = TRUE))
  without_instability(z, about)
}

# Less what the covariates explain of the categories.
rnai_scores <- function(g, explained, about) {
  z <- sweep(g, 2, sqrt(1 / about$n_altered_rnai + 1 / about$n_others_rnai), "/")
  for (j in seq_len(ncol(z))) {
    z[!is.na(z[, j]), j] <- stats::residuals(stats::lm(z[, j] ~ explained[, j]))
  }
  z
}

# Screens differ in strength, which shows in genes that all cells need.
calibrated_by_effect <- function(z, effect) {
  bins <- cut(effect, c(-Inf, -1, -0.5, -0.2, Inf))
  for (bin in levels(bins)) {
    rows <- which(bins == bin)
    z[rows, ] <- calibrated(z[rows, , drop = FALSE])
  }
  z
}

# Where many lines of a group have instability, what that explains is its.
without_instability <- function(z, about) {
  msi <- z[, "msi_high"]
  strong <- abs(msi) >= 4
  for (name in setdiff(colnames(z), "msi_high")) {
    if (!about$share_msi[about$context == name] %in% NA &&
      about$share_msi[about$context == name] >= 0.15) {
      same <- strong & sign(z[, name]) == sign(msi) & abs(msi) > abs(z[, name])
      z[which(same), name] <- 0
    }
  }
  z
}

# Neither the altered genes nor what is lost or amplified with them.
without_neighbours <- function(z, group, place) {
  reach <- if (grepl("_amp$", group$alteration)) 40e6 else 10e6
  for (gene in strsplit(group$genes, ";")[[1]]) {
    at <- place[place$gene == gene, ]
    near <- place$gene[place$chromosome %in% at$chromosome &
      abs(place$start - at$start[1]) <= reach]
    z[names(z) %in% c(gene, near)] <- NA
  }
  z
}

gene_places_of <- function(genes) {
  org <- getExportedValue("org.Hs.eg.db", "org.Hs.eg.db")
  found <- suppressWarnings(suppressMessages(AnnotationDbi::select(
    org, genes, c("CHRLOC"), "SYMBOL"
  )))
  found <- found[!is.na(found$CHRLOC) & !grepl("_", found$CHRLOCCHR), ]
  found <- found[!duplicated(found$SYMBOL), ]
  data.frame(
    gene = found$SYMBOL, chromosome = found$CHRLOCCHR, start = abs(found$CHRLOC)
  )
}

# Rows of one group for the model, on grids that half precision holds: |z| of 3
# or more, and of 2 where lines need the gene, which moves it in lists. Of these,
# what no call reads is coarser or left out.
alteration_differences <- function(tables, z, name) {
  needed <- ifelse(
    z < 0, tables$altered[, name] <= -0.15, tables$other[, name] <= -0.05
  )
  kept <- which(abs(z) >= 3 | (abs(z) >= 2 & needed))
  altered <- tables$lines$altered[, name] == 1
  called <- abs(z[kept]) >= 3
  share <- function(lines) {
    x <- rowMeans(tables$category[kept, lines, drop = FALSE] >= 1)
    ifelse(called, on_grid(x, 1 / 128), NA)
  }
  step <- ifelse(called, 1 / 32, 1 / 8)
  data.frame(
    alteration = name, partner = tables$genes[kept],
    z = on_grid(z[kept], ifelse(called, 1 / 8, 1 / 4)),
    effect_size = ifelse(called, on_grid(tables$g[kept, name], 1 / 16), NA),
    mean_altered = on_grid(tables$altered[kept, name], step),
    mean_other = on_grid(tables$other[kept, name], step),
    share_altered = share(altered), share_other = share(!altered)
  )
}
