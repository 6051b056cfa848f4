# Two scales that err on different genes, and few labels: data that show the
# benefit of training the scales separately and letting them teach each other;
# see musl_simulate().

# Pairs of each class are n_pairs for training; these are all of a part.
imbalance_pairs <- c(validation = 100L, test = 2000L, unlabelled = 3000L)

# Genes of these communities are partners.
partner_of <- c(2L, 1L, 4L, 3L)

simulate_imbalance <- function(size, noise, embedding_dim, seed) {
  with_seed_kept(seed, {
    genes <- simulate_communities(size$n_genes)
    sources <- list(simulated = simulate_factors(
      if (noise == "pair") shuffled(genes$expressed) else genes$expressed,
      genes$gene, size$n_samples
    ))
    wired <- if (noise == "network") shuffled(genes$wired) else genes$wired
    network <- simulate_community_network(wired)
    embeddings <- simulate_community_features(wired, genes$gene, embedding_dim)
    pairs <- simulate_partner_pairs(genes, size$n_pairs)
  })
  known <- pairs$part != "unlabelled"
  new_musl_data(
    genes = genes$gene, sources = sources, network = network,
    embeddings = embeddings,
    pairs = pairs[known, c("gene_a", "gene_b", "label")],
    id_type = "other", report = list(),
    truth = list(
      pairs = pairs, oracle = imbalance_oracle(pairs), genes = genes,
      seed = seed
    )
  )
}

shuffled <- function(x) x[sample.int(length(x))]

# A gene's community, and the community that each scale sees: the scales err on
# different genes, so that together they know more than each alone.
simulate_communities <- function(n_genes, expressed_wrong = 0.12,
                                 wired_wrong = 0.08) {
  community <- draw_groups(n_genes, 4L)
  tibble::tibble(
    gene = sprintf("SIM%0*d", nchar(n_genes), seq_len(n_genes)),
    community = community,
    expressed = mistaken(community, expressed_wrong),
    wired = mistaken(community, wired_wrong)
  )
}

# A share of the genes in one of the other three communities.
mistaken <- function(community, share) {
  n <- length(community)
  wrong <- sample.int(n, round(share * n))
  community[wrong] <-
    (community[wrong] - 1L + sample.int(3L, length(wrong), TRUE)) %% 4L + 1L
  community
}

# Partners have correlation -loading, genes of one community +loading, others 0,
# and every gene the same set of values: only a pair's histogram is informative,
# a gene's values are not.
simulate_factors <- function(community, gene, n_samples, loading = 0.25) {
  factor <- matrix(stats::rnorm(2 * n_samples), 2)
  sign <- rbind(c(1, 0), c(-1, 0), c(0, 1), c(0, -1))[community, ]
  own <- matrix(stats::rnorm(length(gene) * n_samples), length(gene))
  drawn <- sqrt(loading) * sign %*% factor + sqrt(1 - loading) * own
  normal <- stats::qnorm((seq_len(n_samples) - 0.5) / n_samples)
  values <- 6 + t(apply(drawn, 1, function(x) normal[rank(x)]))
  samples <- sprintf("sample%0*d", nchar(n_samples), seq_len(n_samples))
  dimnames(values) <- list(gene, samples)
  list(
    name = "simulated", assays = list(logcounts = values), scale = "log",
    samples = data.frame(row.names = samples)
  )
}

# Independent edges, twenty times as likely within a community.
simulate_community_network <- function(community, degree = 12, within = 20) {
  n <- length(community)
  ends <- which(upper.tri(diag(n)), arr.ind = TRUE)
  chance <- ifelse(community[ends[, 1]] == community[ends[, 2]], within, 1)
  chance <- chance * degree * n / (2 * sum(chance))
  kept <- stats::runif(nrow(ends)) < chance
  list(
    from = unname(ends[kept, 1]), to = unname(ends[kept, 2]),
    weight = rep(1, sum(kept))
  )
}

# The community in the first four columns, noise in all.
simulate_community_features <- function(community, gene, dim, noise = 0.7) {
  n <- length(community)
  out <- matrix(stats::rnorm(n * dim, sd = noise), n)
  out[, 1:4] <- out[, 1:4] + diag(4)[community, ]
  rownames(out) <- gene
  out
}

# Half of the pairs of each part are from partner communities, the truth; labels
# of unlabelled pairs are also the truth, and hidden.
simulate_partner_pairs <- function(genes, n_pairs, call = caller_env(2)) {
  ends <- which(upper.tri(diag(nrow(genes))), arr.ind = TRUE)
  sl <- genes$community[ends[, 2]] == partner_of[genes$community[ends[, 1]]]
  n <- c(train = 2L * n_pairs, imbalance_pairs)
  half <- sum(n) / 2
  if (half > min(sum(sl), sum(!sl))) {
    abort_musl(c(
      "{.arg n_pairs} can't be drawn from so few genes.",
      x = "{half} pairs of each class requested of {min(sum(sl), sum(!sl))}.",
      i = "Use more genes or fewer pairs."
    ), call = call)
  }
  part <- rep(names(n), n / 2)
  rows <- c(sample_some(which(sl), half), sample_some(which(!sl), half))
  pairs <- tibble::tibble(
    gene_a = genes$gene[ends[rows, 1]],
    gene_b = genes$gene[ends[rows, 2]],
    label = factor(rep(c("SL", "non_SL"), each = half), c("SL", "non_SL")),
    sl = sl[rows],
    part = rep(part, 2L)
  )
  pairs[sample.int(nrow(pairs)), ]
}

imbalance_oracle <- function(pairs) {
  tibble::tibble(block = "all", auroc = 1, n_pairs = nrow(pairs))
}
