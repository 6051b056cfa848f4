# Scores of the members that learned from measured pairs.

has_network <- function(object) {
  length(object@bytes) > 0
}

has_measured_members <- function(object) {
  !is.null(object@measured)
}

# Whether the members learned from a screen, not from recorded pairs alone.
learned_screens <- function(object) {
  has_measured_members(object) && "linear" %in% member_table(object)$member
}

# Genes of at least one training pair.
trained_genes <- function(object) {
  object@genes[object@n_seen > 0]
}

# The core's members behind the bytes.
live_members <- function(object) members_of(object)

# What `load` makes in the core, kept in the model's cache; see live_model().
live_pointer <- function(object, name, load) {
  pointer_in(object@cache, name, load)
}

# Whether the members keep the expression of samples, individual-level data.
keeps_member_profiles <- function(object) {
  has_measured_members(object) &&
    with_core(cpp_measured_info(live_members(object)))$profiles
}

# Members that learned from expression whose profiles were left out.
lacks_member_profiles <- function(object) {
  has_measured_members(object) && length(object@sources) > 0 &&
    !keeps_member_profiles(object)
}

# Said once per model.
tell_lost_profiles <- function(object) {
  if (is.null(object@cache$told) && lacks_member_profiles(object)) {
    assign("told", TRUE, envir = object@cache)
    inform_musl(c(
      "The model keeps no expression profiles ({.code keep = \"none\"}): its
       scores treat correlations as missing.",
      i = "With {.arg data} they are those of the whole model."
    ), "profiles")
  }
}

# Bytes of members as `keep` of musl_fit() asks for.
members_to_keep <- function(bytes, keep) {
  if (!identical(keep, "none")) {
    return(bytes)
  }
  with_core(cpp_measured_strip(cpp_measured_load(bytes)))
}

# One row per member that can be used, and its weight in the score.
member_table <- function(object) {
  info <- if (has_measured_members(object)) {
    with_core(cpp_measured_info(live_members(object)))
  }
  network <- if (has_network(object)) "network"
  tibble(
    member = c(network, info$members),
    weight = c(
      if (has_network(object)) if (is.null(info)) 1 else 0, info$weights
    )
  )
}

# Whether the network predicts, or the members for measured pairs.
asks_network <- function(object, members, encoders) {
  !has_measured_members(object) || identical(members, "network") ||
    (!is.null(encoders) && is.null(members))
}

# Checks the encoders or members to use, and the studies named.
check_hearing <- function(object, encoders, members, measured_in,
                          call = caller_env()) {
  check_heard(encoders, object, call)
  check_heard_members(members, object, encoders, call)
  check_measured_in(measured_in, object, members, encoders, call)
}

check_heard_members <- function(members, object, encoders,
                                call = caller_env()) {
  if (!is.null(members) && !is.character(members)) {
    abort_argument("members", "names of members", members, call)
  }
  known <- member_table(object)$member
  bad <- !is.null(members) && (length(members) == 0 ||
    anyDuplicated(members) > 0 || !all(members %in% known))
  if (bad) {
    abort_musl(c(
      "{.arg members} must name members of the model, each once.",
      x = "Found {.val {members}}.",
      i = "The model has {.val {known}}."
    ), argument = "members", call = call)
  }
  if (length(members) > 1 && "network" %in% members) {
    abort_musl(c(
      "{.val network} must be used alone.",
      x = "It learned from recorded pairs, the others from measured ones: their
           scores are not on one scale.",
      i = "{.val recorded} is the member of recorded pairs to use with others."
    ), argument = "members", call = call)
  }
  if (!is.null(encoders) && !asks_network(object, members, encoders)) {
    abort_musl(c(
      "{.arg encoders} belong to the member {.val network}.",
      x = "{.arg members} asks for {.val {members}}."
    ), argument = "encoders", call = call)
  }
  if (!has_network(object) && asks_network(object, members, encoders)) {
    abort_musl(c(
      "The model has no network, hence no {.arg encoders}.",
      i = "{.code network = TRUE} in {.fn musl_fit} trains one on recorded
           pairs; it needs LibTorch."
    ), argument = "encoders", call = call)
  }
}

check_measured_in <- function(measured_in, object, members, encoders,
                              call = caller_env()) {
  if (is.null(measured_in)) {
    return(invisible())
  }
  known <- if (!asks_network(object, members, encoders)) {
    with_core(cpp_measured_info(live_members(object)))$rates
  }
  if (!is.character(measured_in) || length(measured_in) == 0 ||
    anyDuplicated(measured_in) > 0 || !all(measured_in %in% known)) {
    abort_musl(c(
      "{.arg measured_in} must name distinct studies or contexts of the measured
       pairs that the model learned from.",
      x = "Found {describe_value(measured_in)}.",
      i = if (length(known) > 0) {
        "It has {.val {known}}."
      } else if (asks_network(object, members, encoders)) {
        "The member {.val network} learned from none."
      } else {
        "It learned from none."
      }
    ), argument = "measured_in", call = call)
  }
}

# As score_pairs(), with probability, relation, gene_effect and members
# (matrix).
score_measured <- function(object, pairs, data = NULL, context = NULL,
                           members = NULL, measured_in = NULL, prior = NULL,
                           threads = NULL, call = caller_env(),
                           evidence = NULL, parts = TRUE, drift = TRUE) {
  check_whole(threads, 0, allow_null = TRUE, call = call)
  threads <- as.integer(threads %||% object@control$threads)
  evidence <- evidence %||%
    scored_universe(object, data, context, threads, call, drift)
  unknown <- setdiff(c(pairs$gene_a, pairs$gene_b), evidence$genes)
  scorable <- which(
    pairs$gene_a %in% evidence$genes & pairs$gene_b %in% evidence$genes &
      pairs$gene_a != pairs$gene_b
  )
  out <- with_core(
    cpp_measured_predict(
      evidence$scorer,
      pair_input(pairs[scorable, c("gene_a", "gene_b")], evidence$genes),
      list(
        members = as.character(members), rates = as.character(measured_in),
        threads = threads, prior = prior %||% screen_prior, parts = parts,
        line = evidence$line
      )
    ),
    call = call
  )
  spread <- function(x) {
    full <- rep(NA_real_, nrow(pairs))
    full[scorable] <- x
    full
  }
  member_score <- out$members
  untold <- if (!parts) c("relation", "gene_effect")
  out <- lapply(out[setdiff(names(out), c("members", untold))], spread)
  out$members <- apply(member_score, 2, spread, simplify = FALSE)
  out$n_unseen <- count_unseen(pairs, object@genes, object@n_seen)
  out$unknown <- unknown
  out$genes <- evidence$genes
  out$is_unknown <- pairs$gene_a %in% unknown | pairs$gene_b %in% unknown
  out
}

# list(genes, store, gene_of, line); store NULL means the model's inputs, line
# is the number of a cell line of the store, -1 for none.
measured_universe <- function(object, data, context, threads, call,
                              drift = TRUE) {
  line <- context_line(object, data, context, call)
  samples <- if (is.null(line)) context
  inputs <- measured_inputs(object, data, samples, call, drift)
  make <- function() measured_store(object, inputs, threads, call, line)
  store <- if (!is.null(data)) last_asked(object, data, context, "store", make)
  out <- list(
    genes = inputs$genes, store = store, gene_of = inputs$gene_of, line = -1L
  )
  if (!is.null(line)) {
    out$line <- line_number(object, store, line, inputs$genes)
  }
  out
}

# The cell line of the evidence that a context names, or NULL.
context_line <- function(object, data, context, call) {
  if (!is_string(context)) {
    return(NULL)
  }
  known <- with_core(cpp_line_names(live_members(object), NULL))
  samples <- character()
  if (!is.null(data)) {
    samples <- unlist(lapply(data@sources, function(source) {
      colnames(source$assays[[1]])
    }))
    known <- c(colnames(data@evidence$lines), known)
  }
  if (context %in% samples) {
    return(NULL)
  }
  found <- known[match_lines(context, known)]
  if (length(known) > 0 && is.na(found)) {
    near <- near_lines(context, c(samples, known))
    abort_musl(c(
      "{.arg context} must name samples of {.arg data} or a cell line of the
       evidence.",
      x = "Found {.val {context}}.",
      i = "Names near to it: {.val {near}}."
    ), argument = "context", call = call)
  }
  if (length(known) > 0) found
}

# Its number in the store, and a message of genes without a level there.
line_number <- function(object, store, line, genes) {
  members <- live_members(object)
  number <- match(line, with_core(cpp_line_names(members, store))) - 1L
  unknown <- genes[with_core(cpp_unknown_in_line(members, store, number))]
  if (length(unknown) > 0) {
    inform_musl(c(
      "{length(unknown)} gene{?s} {?has/have} no known expression in {line}:
       {few(unknown)}.",
      i = "For pairs with {cli::qty(length(unknown))}{?it/them} the share of
           lines counts that express the genes."
    ), "context", genes = unknown)
  }
  number
}

# The same with `scorer`, of pairs of these genes.
scored_universe <- function(object, data, context, threads, call,
                            drift = TRUE) {
  found <- measured_universe(object, data, context, threads, call, drift)
  make <- function() {
    with_core(
      cpp_measured_scorer(live_members(object), found$store, found$gene_of),
      call = call
    )
  }
  # That of the model's own inputs is kept with the model.
  found$scorer <- if (is.null(data)) {
    live_pointer(object, "scorer", make)
  } else {
    last_asked(object, data, context, "scorer", make)
  }
  found
}

# The genes that can be scored: list(genes, data, gene_of); `data` NULL means
# the model's inputs. Without `drift` the data's distribution is not checked.
measured_inputs <- function(object, data, context, call, drift = TRUE) {
  if (is.null(data)) {
    check_no_context(context, call)
    tell_lost_profiles(object)
    return(list(genes = object@genes, data = NULL, gene_of = integer()))
  }
  data <- asked_data(object, data, context, drift, call)
  genes <- unique_bytes(c(data@genes, object@genes))
  list(genes = genes, data = data, gene_of = gene_index(genes, object@genes))
}

# The core's columns of measured_inputs(); NULL for those of the model.
measured_store <- function(object, inputs, threads, call, line = NULL) {
  if (is.null(inputs$data)) {
    return(NULL)
  }
  fresh <- evidence_store(
    inputs$data, inputs$genes,
    threads = threads, line = line, call = call
  )
  with_core(
    cpp_measured_complete(live_members(object), fresh, inputs$gene_of),
    call = call
  )
}

# Which of the pairs a screen of the training pairs measured.
were_measured <- function(object, pairs) {
  if (!has_measured_members(object)) {
    return(rep(FALSE, nrow(pairs)))
  }
  measured <- measured_record(object, object@genes)
  # Keys of all pairs of a genome-scale screen would take seconds.
  known_numbers(object, pairs) %in%
    pair_numbers(measured$a, measured$b, object)
}

# One number per pair of indices into the model's genes, in either order; NA for
# other genes.
pair_numbers <- function(a, b, object) {
  as.double(pmin(a, b)) * length(object@genes) + pmax(a, b)
}

known_numbers <- function(object, pairs) {
  pair_numbers(
    match(pairs$gene_a, object@genes), match(pairs$gene_b, object@genes), object
  )
}

measured_columns <- function(scored) {
  list(
    .score = scored$score, .pred_SL = scored$probability,
    # A gene without any data is not one that training left unseen.
    n_unseen = replace(scored$n_unseen, scored$is_unknown, NA_integer_)
  )
}

# Further columns of predict().
measured_further <- function(scored, type, columns, threshold, screens,
                             call = caller_env()) {
  switch(type,
    prob = list(),
    class = list(.pred_class = predicted_class(columns$.pred_SL, threshold)),
    parts = c(
      # Lists of recorded pairs alone are ordered by more than their members.
      if (screens) list(.list_order = scored$list_order),
      scored[c("relation", "gene_effect")],
      set_names(scored$members, paste0(".member_", names(scored$members)))
    ),
    abort_musl(c(
      "{.code type = {.val {type}}} needs the network.",
      x = "Members without a network do not provide it.",
      i = "Pass {.code members = \"network\"}, if the model has one."
    ), argument = "type", call = call)
  )
}
