# Plots the neighbourhood of two genes; see musl_explore().

neighbours_drawn <- 18L

# list(nodes: gene, role, x, y; edges: from, to, kind): the two genes, their
# common neighbours, and the nearest neighbours of each, by the network of
# `data` and the pairs with known labels.
pair_neighbourhood <- function(explorer, pair) {
  edges <- rbind(
    network_edges_of(explorer$data, pair), known_edges_of(explorer$drawn, pair)
  )
  chosen <- chosen_neighbours(edges, pair)
  genes <- c(pair, chosen)
  within <- rbind(
    network_edges_of(explorer$data, genes, TRUE),
    known_edges_of(explorer$drawn, genes, TRUE)
  )
  if (nrow(within) == 0) {
    abort_musl(c(
      "Nothing is known around these two genes.",
      x = "There is no edge of a network and no pair with a known label.",
      i = "{.code musl_explore(fit, data = )} adds a network."
    ))
  }
  list(nodes = placed_genes(genes, edges, pair), edges = within)
}

no_edges <- function() {
  tibble(from = character(), to = character(), kind = character())
}

# Edges of at least one of the genes or, if `inside`, between two of them.
network_edges_of <- function(data, genes, inside = FALSE) {
  if (is.null(data) || is.null(data@network)) {
    return(no_edges())
  }
  network <- data@network
  at <- match(genes, data@genes)
  kept <- which(touched(network$from, network$to, at, inside))
  kept <- kept[order(-network$weight[kept])]
  tibble(
    from = data@genes[network$from[kept]], to = data@genes[network$to[kept]],
    kind = rep("network", length(kept))
  )
}

# Without the non-hits of screens, which are most of the genome.
drawn_labels <- function(labels, fit) {
  recorded <- pair_keys(labels) %in% pair_keys(fit@known)
  labels[labels$label %in% "SL" | recorded, ]
}

known_edges_of <- function(labels, genes, inside = FALSE) {
  known <- labels[!is.na(labels$label), ]
  known <- known[touched(known$gene_a, known$gene_b, genes, inside), ]
  order <- order(known$label != "SL")
  tibble(
    from = known$gene_a, to = known$gene_b,
    kind = ifelse(known$label == "SL", "known SL", "known non-SL")
  )[order, ]
}

touched <- function(from, to, genes, inside) {
  ends <- list(from %in% genes, to %in% genes)
  if (inside) ends[[1]] & ends[[2]] else ends[[1]] | ends[[2]]
}

# Neighbours of the pair: some common ones, then equally many of each gene.
chosen_neighbours <- function(edges, pair) {
  of <- lapply(pair, function(gene) {
    touches <- edges$from == gene | edges$to == gene
    ends <- c(rbind(edges$from[touches], edges$to[touches]))
    setdiff(unique(ends), pair)
  })
  both <- intersect(of[[1]], of[[2]])
  rest <- lapply(of, setdiff, both)
  both <- utils::head(both, neighbours_drawn %/% 3)
  each <- (neighbours_drawn - length(both)) %/% 2
  c(both, unlist(lapply(rest, utils::head, each)))
}

# The pair is left and right, common neighbours are between them, others
# outside.
placed_genes <- function(genes, edges, pair) {
  stands_with <- function(gene) {
    touches <- edges$from == gene | edges$to == gene
    genes %in% c(edges$from[touches], edges$to[touches])
  }
  side <- stands_with(pair[[2]]) - stands_with(pair[[1]])
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
  from <- match(edges$from, nodes$gene)
  to <- match(edges$to, nodes$gene)
  edges$x <- nodes$x[from]
  edges$y <- nodes$y[from]
  edges$xend <- nodes$x[to]
  edges$yend <- nodes$y[to]
  edges$kind <- factor(edges$kind, names(edge_colours))
  ggplot2::ggplot(nodes, ggplot2::aes(.data$x, .data$y)) +
    ggplot2::geom_segment(
      ggplot2::aes(
        xend = .data$xend, yend = .data$yend, colour = .data$kind,
        linetype = .data$kind
      ), edges
    ) +
    ggplot2::geom_point(
      ggplot2::aes(fill = .data$role),
      shape = 21, size = 4, colour = "white"
    ) +
    ggplot2::geom_text(
      ggplot2::aes(
        label = .data$gene,
        fontface = ifelse(.data$role == "the pair", "bold", "plain")
      ),
      vjust = -0.9, size = 3
    ) +
    ggplot2::scale_fill_manual(values = role_colours) +
    ggplot2::scale_colour_manual(values = edge_colours) +
    ggplot2::scale_linetype_manual(values = edge_lines) +
    ggplot2::scale_x_continuous(expand = ggplot2::expansion(0.12)) +
    ggplot2::scale_y_continuous(expand = ggplot2::expansion(0.1)) +
    ggplot2::guides(fill = ggplot2::guide_legend(order = 1)) +
    theme_musl() +
    ggplot2::theme(
      axis.text = ggplot2::element_blank(),
      axis.title = ggplot2::element_blank(),
      panel.grid = ggplot2::element_blank(), legend.box = "vertical",
      legend.margin = ggplot2::margin(0, 0, 0, 0),
      legend.spacing.y = ggplot2::unit(0, "pt")
    )
}

neighbourhood_text <- function(around) {
  roles <- table(around$nodes$role)
  kinds <- table(factor(around$edges$kind, names(edge_colours)))
  paste0(
    "Network of ", nrow(around$nodes), " genes around ",
    paste(utils::head(around$nodes$gene, 2), collapse = " and "), ": ",
    roles[["linked to both"]], " linked to both; ",
    paste(kinds, names(kinds), collapse = ", "), " edges."
  )
}
