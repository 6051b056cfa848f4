# Several DepMap tables on their common genes and lines; the table of lines.

join_depmap_parts <- function(parts) {
  keys <- depmap_keys(parts)
  whole <- setdiff(names(parts), if (length(parts) > 1) sparse_kinds)
  genes <- Reduce(intersect, keys[whole])
  lines <- Reduce(intersect, lapply(parts, `[[`, "models"))
  check_common(genes, lines, parts)
  of_parts <- function(column, values, kinds = names(parts)) {
    bind_each(kinds, function(kind) {
      found <- as.character(values(parts[[kind]], keys[[kind]]))
      set_names(tibble(rep(kind, length(found)), found), c("assay", column))
    })
  }
  list(
    values = Map(function(part, key, kind) {
      at <- list(match(genes, key), match(lines, part$models))
      if (!kind %in% whole) {
        return(filled_rows(part$values, at))
      }
      # Large tables are copied only if something is left out or moved.
      whole <- identical(lengths(at), dim(part$values)) &&
        !any(vapply(at, is.unsorted, NA))
      if (whole) part$values else part$values[at[[1]], at[[2]], drop = FALSE]
    }, parts, keys, names(parts)),
    # Ids of a gene that one file lacks may be in another.
    genes = Reduce(fill_ids, Map(function(part, key) {
      part$genes[match(genes, key), ]
    }, parts[whole], keys[whole])),
    lines = lines,
    report = list(
      not_default = of_parts("model_id", function(p, key) p$not_default),
      without_default = of_parts("model_id", function(p, key) {
        p$without_default
      }),
      ignored = of_parts("label", function(p, key) p$ignored),
      dropped_genes = of_parts("label", function(p, key) {
        p$labels[!key %in% genes]
      }, whole),
      dropped_lines = of_parts("model_id", function(p, key) {
        setdiff(p$models, lines)
      }),
      duplicated_genes = of_parts("label", function(p, key) {
        p$labels[duplicated(key)]
      })
    )
  )
}

# Tables that leave out the genes without any value but 0.
sparse_kinds <- "hotspot"

# Rows and columns of a table; rows that it lacks are 0.
filled_rows <- function(values, at) {
  out <- values[at[[1]], at[[2]], drop = FALSE]
  out[is.na(at[[1]]), ] <- 0
  out
}

# Genes are matched by Entrez id if each file has them, else by symbol or
# Ensembl id: symbols change between releases. Of one file all are kept.
depmap_keys <- function(parts) {
  if (length(parts) == 1) {
    return(lapply(parts, `[[`, "labels"))
  }
  share <- function(column) {
    min(vapply(parts, function(p) mean(!is.na(p$genes[[column]])), 1))
  }
  columns <- c("entrez", "symbol", "ensembl")
  shares <- vapply(columns, share, 1)
  column <- columns[[which.max(shares >= 0.5 * max(shares))]]
  lapply(parts, function(p) {
    key <- p$genes[[column]]
    ifelse(is.na(key), paste0("label:", p$genes$label), key)
  })
}

check_common <- function(genes, lines, parts) {
  examples <- vapply(parts, function(p) {
    paste0(p$labels[[1]], " in ", p$models[[1]])
  }, "")
  abort_if(length(genes) == 0 || length(lines) == 0, c(
    "Files in {.arg path} must share genes and cell lines.",
    x = "They share {length(genes)} gene{?s} and {length(lines)} line{?s}.",
    x = "The first value is of {examples}.",
    i = "Are they of the same kind of identifier?"
  ), "gene", argument = "path")
}

# The table of the cell lines, one row for each of `models`, in their order.
line_table <- function(models, model, parts) {
  none <- tibble(model_id = character())
  if (is.null(model)) {
    return(list(table = told_lines(models, parts), unknown = none))
  }
  table <- read_model(model)
  at <- match(models, table$model_id)
  abort_if(all(is.na(at)), c(
    "{.arg model} must describe the cell lines that were read.",
    x = "It has none of {.val {few(models)}}."
  ), argument = "model")
  described <- table[at, ]
  described$model_id <- models
  list(table = described, unknown = tibble(model_id = models[is.na(at)]))
}

# What the tables themselves tell of the lines, the first that does.
told_lines <- function(models, parts) {
  out <- tibble(model_id = models)
  for (part in parts) {
    at <- match(models, part$models)
    for (column in setdiff(names(part$lines), names(out))) {
      out[[column]] <- part$lines[[column]][at]
    }
  }
  out
}

read_model <- function(model) {
  is_path <- is_string(model)
  file <- if (is_path) check_file(model, "model") else "model"
  table <- if (is_path) {
    read_all_text(file)
  } else if (is.data.frame(model)) {
    as_tibble(set_names(model, named_columns(names(model), file, NULL)))
  } else {
    abort_argument("model", "a file or a data frame", model)
  }
  at <- layout_places(names(table), depmap_layouts$models, file)
  id <- trimws(as.character(table[[at[["model_id"]]]]))
  check_named_once(id, "model", file, NULL, "Keep one row per model.")
  text <- vapply(table, is.character, TRUE)
  table[text] <- lapply(table[text], missing_to_na)
  canonical <- lapply(at[names(at) != "model_id"], function(i) {
    if (is.na(i)) rep(NA_character_, nrow(table)) else table[[i]]
  })
  table <- table[setdiff(names(table), c("model_id", names(canonical)))]
  as_tibble(c(list(model_id = id), canonical, table))
}
