# Recorded pairs alone: the network, or members without one, if musl_fit() may
# choose.

# The network reads no annotations; if there are some, the validation part
# decides. Without LibTorch the members are used.
fit_recorded <- function(task, call = caller_env()) {
  wants_network <- isTRUE(task$network) || !is.null(task$init) ||
    !is.null(task$BPPARAM)
  if (wants_network || number_of_annotations(task$data) == 0) {
    tell_unread_annotations(task$data)
    return(keep_annotation(fit_network(task, call), task, call))
  }
  if (is.null(task$split)) {
    task$data <- with_default_negatives(task$data, task$control$seed)
  }
  store <- wide_store(task$data, task$control, call)
  network <- network_unless_absent(fit_network(task, call))
  if (is.null(network)) {
    return(fit_members_alone(task, store, call))
  }
  auprc <- c(
    network = validation_auprc(network),
    members = members_auprc(task, store, call)
  )
  better <- isTRUE(auprc[["members"]] > auprc[["network"]])
  tell_choice(better, auprc)
  if (better) {
    return(fit_members_alone(task, store, call))
  }
  keep_annotation(network, task, call, store)
}

# The network's model with what its partner lists read of the annotation.
keep_annotation <- function(model, task, call, store = NULL) {
  if (has_list_annotation(task$data)) {
    store <- store %||%
      evidence_store(task$data, threads = task$control$threads, call = call)
    model@annotation <- with_core(cpp_annotation_pack(store), call = call)
  }
  model
}

fit_members_alone <- function(task, store, call = caller_env()) {
  members <- fit_recorded_members(
    task$data, task$split, task$fold, task$control, store,
    call = call
  )
  measured_only_model(task, members)
}

# AUPRC of the first network, at its best epoch.
validation_auprc <- function(model) {
  history <- model@history
  kept <- history[history$member == 1 & history$best, ]
  utils::tail(kept$valid_auprc, 1)
}

# AUPRC of members that learned from the first network's training part, on its
# validation part. A pair with a gene without any data comes last.
members_auprc <- function(task, store, call = caller_env()) {
  data <- task$data
  sets <- training_sets(
    data, task$split, task$fold, task$control$seed, task$control$members,
    task$keep_genes,
    call = call
  )[[1]]
  input <- lapply(sets, function(pairs) {
    pair_input(pairs[c("gene_a", "gene_b", "label")], data@genes)
  })
  threads <- task$control$threads
  score <- with_core(
    {
      bytes <- cpp_recorded_fit(store, input$training, threads)
      cpp_measured_predict(
        cpp_measured_scorer(cpp_measured_load(bytes), NULL, integer()),
        input$validation,
        list(
          members = character(), rates = character(), threads = threads,
          prior = screen_prior, parts = FALSE
        )
      )$score
    },
    call = call
  )
  score[is.na(score)] <- -Inf
  with_core(cpp_auprc(score, input$validation$label), call = call)
}

tell_choice <- function(better, auprc) {
  shown <- formatC(auprc, format = "f", digits = 3)
  inform_musl(
    if (better) {
      c(
        "The model has members without a network: they rank the validation part
         better, with an AUPRC of {shown[['members']]} against the network's
         {shown[['network']]}.",
        i = "{.code network = TRUE} keeps the network."
      )
    } else {
      c(
        "The network ranks the validation part at least as well as members that
         read the annotations in {.arg data}: an AUPRC of {shown[['network']]}
         against {shown[['members']]}.",
        i = "{.code network = FALSE} keeps those members."
      )
    },
    "choice"
  )
}
