# Assembles the tiles into one HDF5 file, under a temporary name until it is
# complete.

# Side of an HDF5 chunk in cells: a row of the matrix spans few chunks, and each
# chunk is small.
chunk_side <- 128L

# One process writes the file and another checks it before it replaces the
# tiles. If HDF5 can't close a file, as on a full disk, the next access to any
# file crashes the process: it must not be this one.
assemble_atlas <- function(job) {
  old <- list.files(job$directory, "^atlas[.]h5[.]tmp", full.names = TRUE)
  unlink(old)
  temporary <- paste0(job$file, ".tmp-", Sys.getpid())
  on.exit(unlink(temporary))
  job$about <- atlas_about(job)
  job <- job[setdiff(names(job), c("inputs", "own"))]
  tryCatch(
    {
      written <- run_in_process("write_atlas", job, temporary)
      run_in_process("check_atlas", job, temporary, written)
    },
    musl_error = function(cnd) stop(cnd),
    error = function(cnd) {
      abort_unwritten(job$file, conditionMessage(cnd))
    }
  )
  with_core(cpp_publish_file(temporary, job$file))
}

# list(codes; small: what was written besides the tiles, by name)
write_atlas <- function(job, path) {
  # Once HDF5Array has been used, rhdf5 reports errors only if told to.
  rhdf5::h5errorHandling("normal")
  rhdf5::h5createFile(path)
  codes <- storage_codes(job)
  # The core's list of the best pairs; it indexes the universe.
  plan <- job$plan
  top <- with_core(cpp_top_pairs(
    job$settings$keep_top,
    # Genes that are both rows and columns: their pairs with each other have
    # two cells.
    tabulate(intersect(plan$rows, plan$cols) + 1L, length(plan$universe)),
    gene_tiers(job$about$facts)
  ))
  n_scored <- write_matrix(job, path, codes, top)
  rhdf5::h5createGroup(path, "top")
  small <- small_parts(atlas_record(job, codes, n_scored), top)
  small$mean_score <- job$means
  for (name in names(small)) {
    rhdf5::h5write(small[[name]], path, name)
  }
  list(codes = codes, small = small)
}

small_parts <- function(record, top) {
  provenance <- jsonlite::toJSON(
    record$provenance,
    auto_unbox = TRUE, null = "null", digits = NA
  )
  best <- with_core(cpp_top_pairs_sorted(top))
  names(best) <- paste0("top/", names(best))
  c(best, list(
    record = values_to_json(record), genes = record$genes,
    rows = record$genes[record$rows], cols = record$genes[record$cols],
    provenance = as.character(provenance)
  ))
}

# How each layer, the scores and, unless they order lists, what does, is stored
# in the file: list(type, offset, step, error). Code 0 stands for a missing
# value, code k for offset + k * step.
storage_codes <- function(job) {
  is_float <- job$settings$storage == "float"
  layers <- c("score", if (!is.null(job$means)) "order")
  # The ranges of each layer in each tile, NULL where it has no value.
  ranges <- if (!is_float) lapply(job$plan$tiles$number, function(i) {
    lapply(read_tile(job, i)[layers], function(x) {
      x <- x[is.finite(x)]
      if (length(x) > 0) range(x)
    })
  })
  lapply(stats::setNames(nm = layers), function(name) {
    if (is_float) {
      return(list(type = "float", offset = 0, step = 1, error = 0))
    }
    given <- unlist(lapply(ranges, `[[`, name))
    uint16_codes(if (length(given) > 0) range(given) else c(0, 0))
  })
}

uint16_codes <- function(range) {
  step <- max(diff(range) / most_codes, .Machine$double.eps)
  list(type = "uint16", offset = range[1] - step, step = step, error = step / 2)
}

most_codes <- 65534

encode_scores <- function(score, codes) {
  if (codes$type == "float") {
    return(score)
  }
  code <- round((score - codes$offset) / codes$step)
  code <- pmin(pmax(code, 1), most_codes + 1)
  code[is.na(code)] <- 0
  storage.mode(code) <- "integer"
  code
}

create_scores <- function(path, name, dims, codes) {
  is_float <- codes$type == "float"
  rhdf5::h5createDataset(
    path, name, dims,
    chunk = pmin(chunk_side, dims),
    storage.mode = if (is_float) "double" else "integer",
    H5type = if (is_float) "H5T_IEEE_F32LE" else "H5T_STD_U16LE",
    fillValue = if (is_float) NaN else 0L,
    level = 0
  )
}

write_matrix <- function(job, path, codes, top) {
  plan <- job$plan
  dims <- c(length(plan$rows), length(plan$cols))
  for (name in names(codes)) {
    create_scores(path, name, dims, codes[[name]])
  }
  count <- 0
  for (i in plan$tiles$number) {
    tile <- plan$tiles[i, ]
    values <- read_tile(job, i)
    score <- values$score
    with_core(cpp_top_pairs_add(top, plan_tile(plan, i), score))
    cells <- tile_cells(tile)
    for (name in names(codes)) {
      coded <- encode_scores(values[[name]], codes[[name]])
      rhdf5::h5write(coded, path, name, index = cells)
      if (tile$mirrored) {
        rhdf5::h5write(t(coded), path, name, index = rev(cells))
      }
    }
    # A tile on the diagonal holds both cells of a pair.
    diagonal <- tile$row_first == tile$col_first &&
      tile$row_first <= plan$n_both
    n_scored <- sum(is.finite(score))
    count <- count + if (diagonal) n_scored / 2 else n_scored
  }
  count
}

# list(rows, cols), 1-based.
tile_cells <- function(tile) {
  list(seq(tile$row_first, tile$row_last), seq(tile$col_first, tile$col_last))
}

# What reading the atlas needs besides its scores.
atlas_record <- function(job, codes, n_scored) {
  plan <- job$plan
  record <- c(list(
    format = atlas_format, kind = plan$kind, genes = plan$universe,
    rows = plan$rows + 1L, cols = plan$cols + 1L, n_pairs = plan$n_pairs,
    n_scored = n_scored, keep_top = job$settings$keep_top,
    codes = codes$score, order = codes$order
  ), job$about)
  record$provenance$storage <- codes$score
  record
}

# What of the model enters the record.
atlas_about <- function(job) {
  object <- job$inputs$object
  list(
    hits = if (!job$inputs$asked$backend) {
      list(
        unexplained = features_info(object)$unexplained,
        rates = rates_of_genes(job)
      )
    },
    seen = trained_genes(object),
    known = as_tibble(as.list(object@known)[c("gene_a", "gene_b", "label")]),
    measured = if (has_archive(object, "features")) {
      measured_record(object, job$plan$universe)
    },
    calibration = object@calibration,
    facts = job$inputs$facts,
    id_type = object@id_type,
    provenance = c(who_scored(job), list(
      trained = object@versions, seed_of_model = object@seed,
      made = format(Sys.time(), "%Y-%m-%dT%H:%M:%SZ", tz = "UTC")
    ))
  )
}

# What the studies asked for add to scores by gene, NULL for none.
rates_of_genes <- function(job) {
  object <- job$inputs$object
  at <- match(job$plan$universe, object@genes)
  terms <- lapply(job$inputs$options$rates, function(name) {
    with_core(cpp_rate_terms(live_features(object), name))[at]
  })
  if (length(terms) > 0) {
    rowSums(do.call(cbind, terms), na.rm = TRUE)
  }
}

# Who scored: the network's encoders, or scorers of features.
who_scored <- function(job) {
  object <- job$inputs$object
  asked <- job$inputs$asked
  network <- asked$backend
  who <- if (network) asked$encoders else asked$scorers
  if (length(who) == 0) {
    who <- if (network) {
      object@architecture$encoders
    } else {
      setdiff(scorer_table(object)$scorer, "musl")
    }
  }
  list(
    model = rlang::hash(list(object@archives[[asked$archive]], object@genes)),
    scorers = if (network) "musl" else as.character(who),
    encoders = if (network) as.character(who) else character(),
    measured_in = job$inputs$options$rates,
    scored = if (network) fit_versions() else r_versions()
  )
}
