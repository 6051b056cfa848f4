#' Simulated data with known mechanisms of synthetic lethality
#'
#' Makes a complete [MuslData][MuSL-classes] (expression, network, embeddings
#' and labelled pairs) in which the cause of each synthetic lethal (SL) pair is
#' known.
#'
#' Four mechanisms, each visible to one modality: `co_loss`, genes on opposite
#' sides of a complex are never low in the same sample (histogram and
#' descriptors see it); `band`, the middle of the joint distribution is an
#' X-shaped band (only the histogram); `pathway`, parallel pathways share their
#' interface partners in the network; `paralog`, genes of one family are close
#' in the embeddings.
#'
#' SL pairs are recorded with a Zipf-distributed popularity of genes (study
#' bias), non-SL pairs uniformly.
#'
#' Data of [musl_interactions()] are simulated, too. `"interactions"`: nodes in
#' communities, of which 1 and 2, and 3 and 4, are partners; features are the
#' community (one column each) and noise; a pair is positive if its nodes are
#' from partner communities, and 1 label in 20 is wrong. `"sites"`: compact
#' chains with a patch of residues within 9 Angstrom of a residue far from the
#' centre, whose amino acids are W, F, Y, L, M or I in three of five cases.
#'
#' @param scenario `"default"` (2,000 genes, 300 samples, 6,000 + 6,000 pairs),
#'   `"small"` (200 genes, 120 samples, 400 + 400 pairs; for examples and
#'   tests), `"interactions"` or `"sites"`.
#' @param ... Further arguments, by name. Scenarios of genes: `n_genes` (80 to
#'   5,000), `n_samples` (>= 20) and `n_pairs` (of each class, >= 40) in place
#'   of those of the scenario; `flip = 0.13` (the share of labels that
#'   contradict the truth, 0 to 0.4), `embedding_dim = 64` (>= 8) and `screens =
#'   FALSE`, see _Screens_.
#'
#'   Scenarios of interactions and sites: `n_nodes = 200` (>= 8; with two types,
#'   of each), `n_pairs = 1000` (>= 10, at most half of all possible), `task =
#'   "binary"` ("multilabel": labels `partner`, and `same`, both nodes from one
#'   community; "affinity": 1 for partners, else 0, plus normal noise of sd .3)
#'   and `types = 1` (or 2, of nodes); `n_proteins = 40` (>= 3) and `n_residues
#'   = 120` (>= 10, of the longest chain; the shortest has half as many).
#' @param seed One whole number, or `NULL` to draw one from R's generator. With
#'   a seed, R's generator is left unchanged.
#' @returns A `MuslData` with one log-scale cohort `"simulated"`, a weighted
#'   network, embeddings and labelled pairs. `as.list(d)$truth` is its truth: a
#'   list of
#'   * `pairs`: tibble `gene_a`, `gene_b`, `label`, `sl` (the truth),
#'     `mechanism` (`NA` without one), `block` (the mechanism, or a random one
#'     for pairs without, so that each block is balanced), `flipped`;
#'   * `oracle`: tibble `block`, `auroc` of the truth against the labels (the
#'     bound for any predictor), `n_pairs`, with a last row `"all"`;
#'   * `genes`: tibble of each gene's complex, side, band, pathway, family and
#'     popularity;
#'   * with `screens`, `screens`: tibble of the measured pairs: `gene_a`,
#'     `gene_b`, `sl` (the truth), `cause` ("paralog", "complex", "gene", `NA`
#'     without one) and `effect` (without noise); and `screen_genes`: tibble of
#'     each gene's `duo` (of paralogs), `complex`, `pathway`, `needed` and
#'     `fitness`;
#'   * `seed`.
#'
#'   For interactions, a list of `pairs` (tibble `from`, `to`, labels, `split`:
#'   60 % train, 20 % validation, 20 % test), `nodes` (a matrix, or a list of
#'   two) and `truth` (named vector, the community of each node). For sites, a
#'   list of `sites` (tibble `protein`, `residue`, `label`, `split`: the same
#'   shares of the proteins; of three or four, one is in each of the last two)
#'   and `nodes` (a [musl_nodes()] with coordinates).
#' @section Screens:
#'   `screens = TRUE` adds three double-knockout screens: two libraries of
#'   chosen pairs (`library_A` in two lines, `library_B`), and one of twelve
#'   queries against all genes (`directed`), as [measured pairs][musl_data()].
#'   Their hits come from paralogs, some pairs of one complex, and genes that
#'   cells need; a hit is an effect below -1.5, with noise. Families, complexes,
#'   pathways and fitness are added as evidence.
#' @section Errors:
#'   `musl_error_input` for a number out of range, or if there are too few genes
#'   for so many pairs.
#' @examples
#' d <- musl_simulate("small", seed = 1)
#' as.list(d)$truth$oracle
#' musl_simulate("interactions", n_nodes = 20, n_pairs = 40, seed = 1)$pairs
#' @export
musl_simulate <- function(scenario = c(
                            "default", "small", "interactions", "sites"
                          ), ..., seed = NULL) {
  scenario <- check_choice(
    scenario, c("default", "small", "interactions", "sites")
  )
  seed <- draw_seed(seed)
  switch(scenario,
    interactions = simulate_interactions(seed, ...),
    sites = simulate_sites(seed, ...),
    simulate_data(seed, scenario == "small", ...)
  )
}

simulate_data <- function(seed, small, ..., n_genes = if (small) 200 else 2000,
                          n_samples = if (small) 120 else 300,
                          n_pairs = if (small) 400 else 6000, flip = 0.13,
                          embedding_dim = 64, screens = FALSE) {
  check_dots_empty()
  check_whole(n_genes, 80, 5000)
  check_whole(n_samples, 20)
  check_whole(n_pairs, 40)
  check_number(flip, 0, 0.4)
  check_whole(embedding_dim, 8)
  check_flag(screens)
  with_seed_kept(seed, {
    genes <- simulate_genes(as.integer(n_genes))
    cohorts <- list(
      simulated = simulate_expression(genes, as.integer(n_samples))
    )
    network <- simulate_network(genes)
    embeddings <- simulate_embeddings(genes, embedding_dim)
    pairs <- simulate_pairs(genes, n_pairs, flip)
    recorded <- pairs[c("gene_a", "gene_b", "label")]
    # Drawn last: the other data are the same with and without screens.
    screened <- if (screens) simulate_screens(genes)
  })
  new_musl_data(
    genes = genes$gene,
    cohorts = cohorts,
    network = network,
    embeddings = embeddings,
    pairs = if (screens) {
      bind_pairs(tibble(recorded, study = "database"), screened$pairs)
    } else {
      recorded
    },
    evidence = screened$evidence,
    id_type = "other",
    report = list(),
    truth = c(
      list(
        pairs = pairs, oracle = simulation_oracle(pairs), genes = genes,
        seed = seed
      ),
      if (screens) list(screens = screened$truth, screen_genes = screened$genes)
    )
  )
}

mechanisms <- c("co_loss", "band", "pathway", "paralog")

# Number of band types: a quarter of the pairs share theirs.
n_bands <- 4L

# Genes -----------------------------------------------------------------------

# Balanced random membership: every group has the same number of genes, give or
# take one.
draw_groups <- function(n, n_groups) sample(rep_len(seq_len(n_groups), n))

simulate_genes <- function(n_genes) {
  gene <- sprintf("SIM%0*d", nchar(n_genes), seq_len(n_genes))
  n_pathways <- 2L * max(2L, as.integer(round(n_genes / 100)))
  tibble::tibble(
    gene = gene,
    complex = draw_groups(n_genes, max(2L, as.integer(round(n_genes / 125)))),
    side = draw_groups(n_genes, 2L),
    band = draw_groups(n_genes, n_bands),
    pathway = draw_groups(n_genes, n_pathways),
    family = draw_groups(n_genes, max(4L, as.integer(round(n_genes / 40)))),
    popularity = sample(seq_len(n_genes))^-1.5
  )
}

# Expression ------------------------------------------------------------------

# Every gene has the same set of values, in an order that carries the signal:
# the lowest fifth may only fall where the gene's side of its complex is open,
# and over the middle three fifths the distance from the median follows a hidden
# cycle, shifted by the gene's band type. Two genes of one type then lie on an
# X; a shift between them moves the X and changes no other statistic.
simulate_expression <- function(genes, n_samples) {
  cycle <- sample((seq_len(n_samples) - 0.5) / n_samples)
  open_side <- vapply(
    seq_len(max(genes$complex)),
    function(i) sample(rep_len(1:2, n_samples)), integer(n_samples)
  )
  places <- vapply(seq_len(nrow(genes)), function(i) {
    simulate_profile(
      open_side[, genes$complex[i]] == genes$side[i],
      cycle + genes$band[i] / n_bands
    )
  }, numeric(n_samples))
  # The same values for every gene, or marginals would distinguish genes and
  # thus how often each was recorded. Steps are powers of two about a whole
  # mean, so that moments have no rounding, which boosting could read.
  step <- 2^-floor(log2(n_samples / 1.5))
  values <- 6 + step * (2 * t(places) - n_samples - 1)
  samples <- sprintf("sample%0*d", nchar(n_samples), seq_len(n_samples))
  dimnames(values) <- list(genes$gene, samples)
  list(
    name = "simulated", assays = list(logcounts = values), scale = "log",
    samples = data.frame(row.names = samples)
  )
}

# Ranks of one gene's values, one per sample.
simulate_profile <- function(may_be_low, cycle) {
  n <- length(cycle)
  n_low <- round(0.2 * n)
  low <- sample_some(which(may_be_low), n_low)
  high <- sample_some(setdiff(seq_len(n), low), n_low)
  middle <- setdiff(seq_len(n), c(low, high))
  place <- integer(n)
  place[low] <- seq_along(low)
  place[high] <- n - length(high) + seq_along(high)
  place[middle] <- length(low) + place_middle(cycle[middle])
  place
}

# Places 1 .. n of the middle samples: the nearer to the median, the earlier in
# the cycle; above or below the median at random.
place_middle <- function(cycle) {
  n <- length(cycle)
  width <- 1 / (2 * n_bands)
  moment <- (cycle + stats::runif(n, -width, width)) %% 1
  distance <- abs(seq_len(n) - (n + 1) / 2)
  by_distance <- order(distance, stats::runif(n))
  place <- integer(n)
  place[order(moment)] <- by_distance
  place
}

# Network and embeddings ------------------------------------------------------

# Pathways 2k - 1 and 2k are parallel: members are linked to some of their own
# pathway, and to most of the interface genes that the two pathways share.
simulate_network <- function(genes, n_own = 3L, n_interface = 12L,
                             n_shared = 6L) {
  n <- nrow(genes)
  twin <- (genes$pathway + 1L) %/% 2L
  # No gene is the interface of two pairs of pathways.
  interface_of <- matrix(sample.int(n, n_interface * max(twin)), n_interface)
  edges <- lapply(seq_len(max(twin)), function(k) {
    members <- which(twin == k)
    interface <- interface_of[, k]
    own <- lapply(split(members, genes$pathway[members]), function(group) {
      cbind(
        rep(group, each = n_own), sample(group, n_own * length(group), TRUE)
      )
    })
    shared <- vapply(
      members, function(i) sample_some(interface, n_shared), integer(n_shared)
    )
    rbind(do.call(rbind, own), cbind(rep(members, each = n_shared), c(shared)))
  })
  noise <- matrix(sample.int(n, n + n %% 2L, replace = TRUE), ncol = 2L)
  edges <- rbind(do.call(rbind, edges), noise)
  from <- pmin(edges[, 1L], edges[, 2L])
  to <- pmax(edges[, 1L], edges[, 2L])
  kept <- from != to & !duplicated(from * (n + 1) + to)
  list(
    from = from[kept], to = to[kept],
    weight = round(stats::runif(sum(kept), 0.4, 1), 3)
  )
}

simulate_embeddings <- function(genes, dim, noise = 0.6) {
  centers <- matrix(stats::rnorm(max(genes$family) * dim), ncol = dim)
  own <- matrix(stats::rnorm(nrow(genes) * dim, sd = noise), ncol = dim)
  out <- centers[genes$family, ] + own
  rownames(out) <- genes$gene
  out
}
