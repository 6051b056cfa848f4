# Constructs of a paired-guide library; see musl_experiment().

# Guides of genes that cells neither need nor express: cuts without an effect.
safe_genes <- c("OR10H3", "OR2T4", "OR52A5", "OR5I1")
essential_genes <- c("POLR2B", "PSMD1", "RPA1")
# Hits in three of four screens of paralogs (Ito, Parrish, Thompson, CHyMErA).
positive_pairs <- list(c("CNOT7", "CNOT8"), c("TLK1", "TLK2"))
n_nontargeting <- 10L

# Guides of the package, or a user's table: tibble gene, guide.
guide_library <- function(library) {
  own <- package_table("guides")$table
  if (is.null(library)) {
    return(as_tibble(own))
  }
  if (!is.data.frame(library)) {
    abort_argument("library", "a table of guides, or NULL", library)
  }
  at <- c(
    gene = find_column(names(library), id_column_names[-1]),
    guide = find_column(names(library), c(
      "guide", "guidesequence", "sequence", "sgrna", "sgrnasequence",
      "sgrnatargetsequence", "spacer", "protospacer", "grnasequence", "seq"
    ))
  )
  abort_if(anyNA(at), c(
    "{.arg library} must have the columns {.field gene} and {.field guide}.",
    x = "Its columns are {.field {few(names(library), 12)}}."
  ), argument = "library")
  mine <- tibble(
    gene = trimws(as.character(library[[at[["gene"]]]])),
    guide = raise_case(trimws(as.character(library[[at[["guide"]]]])))
  )
  bad <- !grepl("^[ACGT]{20}$", mine$guide)
  abort_if(any(bad), c(
    "{.arg library} must have guides of 20 bases, A, C, G and T.",
    x = "{sum(bad)} {?is/are} none: {.val {few(mine$guide[bad])}}."
  ), argument = "library")
  # Controls are ours where the user's table has none.
  more <- own[!own$gene %in% mine$gene, ]
  more <- more[more$gene %in% c(
    "CONTROL", safe_genes, essential_genes, unlist(positive_pairs)
  ), ]
  rbind(mine[!duplicated(mine), ], more[c("gene", "guide")])
}

# One row a construct: construct, gene_1, gene_2, guide_1, guide_2, kind.
experiment_constructs <- function(pairs, n, library) {
  per_gene <- split(library$guide, library$gene)
  own <- unique(c(pairs$gene_a, pairs$gene_b))
  safe <- setdiff(intersect(safe_genes, names(per_gene)), own)
  best <- function(gene) utils::head(per_gene[[gene]], n)
  cross <- function(a, b, kind) {
    both <- expand.grid(guide_2 = best(b), guide_1 = best(a))
    tibble(
      gene_1 = a, gene_2 = b, guide_1 = as.character(both$guide_1),
      guide_2 = as.character(both$guide_2), kind = kind
    )
  }
  positive <- Filter(function(pair) {
    !any(pair_key(pairs$gene_a, pairs$gene_b) %in% pair_key(pair[1], pair[2]))
  }, positive_pairs)
  doubles <- c(
    Map(cross, pairs$gene_a, pairs$gene_b, "pair"),
    lapply(positive, function(pair) cross(pair[1], pair[2], "positive_control"))
  )
  genes <- setdiff(unique(c(own, unlist(positive))), safe)
  out <- do.call(rbind, c(
    unname(doubles),
    lapply(genes, cross, safe[1], kind = "single"),
    lapply(essential_genes, cross, safe[1], kind = "essential_control"),
    lapply(safe[-1], cross, safe[1], kind = "safe_control"),
    list(nontargeting(per_gene$CONTROL))
  ))
  out <- out[!duplicated(out[c("guide_1", "guide_2")]), ]
  out$construct <- sprintf("C%04d", seq_len(nrow(out)))
  out[c("construct", "gene_1", "gene_2", "guide_1", "guide_2", "kind")]
}

nontargeting <- function(guides) {
  first <- utils::head(guides, 2 * n_nontargeting)
  odd <- seq_along(first) %% 2 == 1
  tibble(
    gene_1 = "CONTROL", gene_2 = "CONTROL", guide_1 = first[odd],
    guide_2 = first[!odd], kind = "nontargeting_control"
  )
}

# The columns that gimap reads beside the counts.
gimap_layout <- function(x) {
  control <- c(
    pair = "gene_gene", positive_control = "gene_gene", single = "gene_ctrl",
    essential_control = "gene_ctrl", safe_control = "ctrl_ctrl",
    nontargeting_control = "ctrl_ctrl"
  )
  flag <- c(
    pair = "double_targeting", positive_control = "double_targeting",
    single = "single_targeting", essential_control = "positive_control",
    safe_control = "negative_control", nontargeting_control = "negative_control"
  )
  tibble(
    pgRNA_id = x$construct, pgRNA_target = paste(x$gene_1, x$gene_2, sep = "_"),
    gRNA1_seq = x$guide_1, gRNA2_seq = x$guide_2, gene1_symbol = x$gene_1,
    gene2_symbol = x$gene_2, target_type = unname(control[x$kind]),
    norm_ctrl_flag = unname(flag[x$kind])
  )
}

# MAGeCK's library: one sequence a construct, a pair of genes as its gene.
mageck_layout <- function(x) {
  tibble(
    id = x$construct, sequence = paste0(x$guide_1, x$guide_2),
    gene = paste(x$gene_1, x$gene_2, sep = "|")
  )
}
