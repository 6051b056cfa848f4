# Several DepMap tables on their common genes and lines; the table of lines.

join_depmap_parts <- function(parts) {
  of_parts <- function(name, column) {
    bind_kinds(parts, column, function(kind) parts[[kind]]$report[[name]])
  }
  report <- list(
    not_default = of_parts("not_default", "model_id"),
    without_default = of_parts("without_default", "model_id"),
    ignored = of_parts("ignored", "label"),
    dropped_genes = tibble(assay = character(), label = character()),
    dropped_lines = tibble(assay = character(), model_id = character()),
    duplicated_genes = tibble(assay = character(), label = character())
  )
  first <- parts[[1]]
  if (length(parts) == 1) {
    return(list(
      values = lapply(parts, `[[`, "values"), genes = first$genes,
      lines = first$models, report = report
    ))
  }
  keys <- depmap_keys(parts)
  genes <- Reduce(intersect, keys)
  lines <- Reduce(intersect, lapply(parts, `[[`, "models"))
  check_common(genes, lines, parts)
  report$dropped_genes <- bind_kinds(parts, "label", function(kind) {
    parts[[kind]]$labels[!keys[[kind]] %in% genes]
  })
  report$dropped_lines <- bind_kinds(parts, "model_id", function(kind) {
    setdiff(parts[[kind]]$models, lines)
  })
  report$duplicated_genes <- bind_kinds(parts, "label", function(kind) {
    parts[[kind]]$labels[duplicated(keys[[kind]])]
  })
  values <- lapply(set_names(names(parts)), function(kind) {
    part <- parts[[kind]]
    part$values[match(genes, keys[[kind]]), match(lines, part$models),
      drop = FALSE
    ]
  })
  list(
    # Ids of a gene that one file lacks may be in another.
    values = values, genes = Reduce(fill_ids, lapply(names(parts), function(i) {
      parts[[i]]$genes[match(genes, keys[[i]]), ]
    })),
    lines = lines, report = report
  )
}

# Genes are matched by Entrez id if each file has them, else by symbol or
# Ensembl id: symbols change between releases.
depmap_keys <- function(parts) {
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
  if (length(genes) > 0 && length(lines) > 0) {
    return(invisible())
  }
  examples <- vapply(parts, function(p) {
    paste0(p$labels[[1]], " in ", p$models[[1]])
  }, "")
  abort_musl(c(
    "Files in {.arg path} must share genes and cell lines.",
    x = "They share {length(genes)} gene{?s} and {length(lines)} line{?s}.",
    x = "The first value is of {examples}.",
    i = "Are they of the same kind of identifier?"
  ), "gene", argument = "path")
}

bind_kinds <- function(parts, column, values) {
  bind_each(names(parts), function(kind) {
    found <- as.character(values(kind))
    set_names(tibble(rep(kind, length(found)), found), c("assay", column))
  })
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
  twice <- unique(id[duplicated(id)])
  abort_file_if(length(twice) > 0, file, NULL, c(
    x = "{length(twice)} model{?s} {?is/are} repeated: {.val {few(twice)}}.",
    i = "Keep one row per model."
  ))
  text <- vapply(table, is.character, TRUE)
  table[text] <- lapply(table[text], missing_to_na)
  canonical <- lapply(at[names(at) != "model_id"], function(i) {
    if (is.na(i)) rep(NA_character_, nrow(table)) else table[[i]]
  })
  table <- table[setdiff(names(table), c("model_id", names(canonical)))]
  as_tibble(c(list(model_id = id), canonical, table))
}
