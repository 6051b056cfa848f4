# Plots the neighbourhood of two genes; see musl_explore().

neighbours_drawn <- 18L

# Edges of the network of `data`, strongest first, and of known pairs, without
# the non-hits of screens, which are most of the genome: from, to, kind.
explorer_edges <- function(fit, data, labels) {
  recorded <- pair_keys(labels) %in% pair_keys(fit@known)
  known <- labels[labels$label %in% "SL" | recorded, ]
  known <- known[!is.na(known$label), ]
  known <- known[order(known$label != "SL"), ]
  network <- if (!is.null(data)) data@network
  strongest <- order(-as.numeric(network$weight))
  genes <- if (!is.null(data)) data@genes
  tibble(
    from = c(genes[network$from[strongest]], known$gene_a),
    to = c(genes[network$to[strongest]], known$gene_b),
    kind = c(
      rep("network", length(strongest)),
      ifelse(known$label == "SL", "known SL", "known non-SL")
    )
  )
}

# list(nodes: gene, role, x, y; edges: from, to, kind): the two genes, their
# common neighbours, and the nearest neighbours of each.
pair_neighbourhood <- function(explorer, pair) {
  edges <- explorer$edges
  near <- edges[edges$from %in% pair | edges$to %in% pair, ]
  genes <- c(pair, chosen_neighbours(near, pair))
  within <- edges[edges$from %in% genes & edges$to %in% genes, ]
  abort_if(nrow(within) == 0, c(
    "Nothing is known around these two genes.",
    x = "There is no edge of a network and no pair with a known label.",
    i = "{.code musl_explore(fit, data = )} adds a network."
  ))
  list(nodes = placed_genes(genes, near, pair), edges = within)
}

neighbours_of <- function(gene, edges) {
  ends <- c(rbind(edges$from, edges$to))
  unique(ends[rep(edges$from == gene | edges$to == gene, each = 2)])
}

# Neighbours of the pair: some common ones, then equally many of each gene.
chosen_neighbours <- function(edges, pair) {
  of <- lapply(pair, function(gene) setdiff(neighbours_of(gene, edges), pair))
  both <- intersect(of[[1]], of[[2]])
  rest <- lapply(of, setdiff, both)
  both <- utils::head(both, neighbours_drawn %/% 3)
  each <- (neighbours_drawn - length(both)) %/% 2
  c(both, unlist(lapply(rest, utils::head, each)))
}

# The pair is left and right, common neighbours are between them, others
# outside.
placed_genes <- function(genes, edges, pair) {
  linked <- lapply(pair, function(one) genes %in% neighbours_of(one, edges))
  side <- linked[[2]] - linked[[1]]
  side[genes %in% pair] <- NA
  x <- y <- numeric(length(genes))
  x[1:2] <- c(-1, 1)
  for (one in -1:1) {
    at <- which(side %in% one)
    y[at] <- seq(1, -1, length.out = length(at) + 2)[seq_along(at) + 1]
    # Curved, so edges within a column are visible.
    x[at] <- if (one == 0) {
      0.25 * (-1)^seq_along(at)
    } else {
      one * (1.7 + 0.6 * (1 - y[at]^2))
    }
  }
  role <- ifelse(side == 0, "linked to both", "linked to one")
  role[genes %in% pair] <- "the pair"
  tibble(gene = genes, role = factor(role, names(role_colours)), x = x, y = y)
}

role_colours <- c(
  "the pair" = "#D55E00", "linked to both" = "#0072B2",
  "linked to one" = "grey75"
)
edge_colours <- c(
  "network" = "grey70", "known SL" = "#D55E00", "known non-SL" = "grey45"
)
edge_lines <- c(
  "network" = "solid", "known SL" = "solid", "known non-SL" = "dotted"
)

plot_neighbourhood <- function(around) {
  nodes <- around$nodes
  edges <- around$edges
  edges[c("x", "y")] <- nodes[match(edges$from, nodes$gene), c("x", "y")]
  edges[c("xend", "yend")] <- nodes[match(edges$to, nodes$gene), c("x", "y")]
  edges$kind <- factor(edges$kind, names(edge_colours))
  ggplot2::ggplot(nodes, ggplot2::aes(.data$x, .data$y)) +
    ggplot2::geom_segment(ggplot2::aes(
      xend = .data$xend, yend = .data$yend, colour = .data$kind,
      linetype = .data$kind
    ), edges) +
    ggplot2::geom_point(
      ggplot2::aes(fill = .data$role),
      shape = 21, size = 4, colour = "white"
    ) +
    ggplot2::geom_text(ggplot2::aes(
      label = .data$gene,
      fontface = ifelse(.data$role == "the pair", "bold", "plain")
    ), vjust = -0.9, size = 3) +
    ggplot2::scale_fill_manual(values = role_colours) +
    ggplot2::scale_colour_manual(values = edge_colours) +
    ggplot2::scale_linetype_manual(values = edge_lines) +
    ggplot2::scale_x_continuous(expand = ggplot2::expansion(0.12)) +
    ggplot2::scale_y_continuous(expand = ggplot2::expansion(0.1)) +
    ggplot2::guides(fill = ggplot2::guide_legend(order = 1)) +
    ggplot2::labs(x = NULL, y = NULL) +
    theme_musl() +
    theme_stacked() +
    ggplot2::theme(
      axis.text = ggplot2::element_blank(),
      panel.grid = ggplot2::element_blank()
    )
}
