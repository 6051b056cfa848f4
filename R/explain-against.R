# What is specific to a pair: compares its explanation with explanations of the
# same two genes with other genes; see musl_explain().

against_seed <- 22L

# `n` unlabelled pairs of each gene with other genes: `gene_a`, `gene_b`, and
# `instead`, the gene names that make their terms match those of the pair.
other_pairs <- function(object, pair, n) {
  known <- model_labels(object, unlist(pair))
  known <- known[!is.na(known$label), ]
  rows <- lapply(c("gene_a", "gene_b"), function(kept) {
    gene <- pair[[kept]]
    other <- setdiff(c("gene_a", "gene_b"), kept)
    labelled <- c(
      known$gene_b[known$gene_a == gene], known$gene_a[known$gene_b == gene]
    )
    pool <- against_genes(object, like = pair[[other]])
    pool <- setdiff(pool, c(labelled, unlist(pair)))
    with <- utils::head(pool, n)
    ends <- order_pair(rep(gene, length(with)), with)
    tibble(
      gene_a = ends$a, gene_b = ends$b,
      instead = lapply(seq_along(with), function(i) {
        names <- list(gene_a = ends$a[[i]], gene_b = ends$b[[i]])
        names[names == with[[i]]] <- pair[[other]]
        names
      })
    )
  })
  rbind(rows[[1]], rows[[2]])
}

# Genes in an order common to all pairs; genes with the same seen status as
# `like` come first, since networks read this status.
against_genes <- function(object, like) {
  genes <- with_seed_kept(against_seed, sample(object@genes))
  seen <- genes %in% trained_genes(object)
  genes[order(seen != (like %in% genes[seen]))]
}

# Adds `usual`, the mean contribution in the other pairs, and `specific`, the
# difference from it. Missing terms contribute 0.
held_against <- function(terms, others, n) {
  if (n == 0) {
    return(terms)
  }
  all <- do.call(rbind, c(list(terms), others))
  all <- all[!duplicated(term_keys(all)), ]
  all$contribution <- terms$contribution[match_terms(all, terms)]
  all$contribution[is.na(all$contribution)] <- 0
  all$value[is.na(match_terms(all, terms))] <- NA_real_
  usual <- lapply(others, function(other) {
    of_other <- other$contribution[match_terms(all, other)]
    ifelse(is.na(of_other), 0, of_other)
  })
  n_others <- length(others)
  all$usual <- if (n_others > 0) Reduce(`+`, usual) / n_others else NA_real_
  all$specific <- all$contribution - all$usual
  all
}

term_keys <- function(terms) paste(terms$component, terms$term, sep = "\t")

match_terms <- function(x, table) match(term_keys(x), term_keys(table))

# Sums by origin of the terms. Whole gene vectors mix all origins.
group_sums <- function(terms) {
  group <- term_group(terms$component, terms$term)
  columns <- intersect(c("contribution", "usual", "specific"), names(terms))
  sums <- rowsum(as.matrix(terms[columns]), group, reorder = FALSE)
  out <- tibble(group = rownames(sums), !!!as.list(as.data.frame(sums)))
  out[explained_order(out, out$group == "reference"), ]
}

term_group <- function(component, term) {
  of_gene <- component %in% c("genes", "neighbours")
  made_of <- function(pattern) of_gene & grepl(paste0(", ", pattern), term)
  group <- component
  group[component %in% c("histogram", "descriptors") |
    made_of("(coexpression|marginals):")] <- "expression"
  group[component == "topology" | made_of("(spectral|degree)\\b")] <- "network"
  group[made_of("embedding\\b")] <- "embedding"
  group
}

# The reference last; otherwise by `specific`, if known.
explained_order <- function(rows, last) {
  order(last, -abs(rows[["specific"]] %||% rows$contribution))
}
