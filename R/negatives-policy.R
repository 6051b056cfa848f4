# The policies by which non-SL pairs are chosen.

split_policies <- c(
  "random", "degree_matched", "gene_balanced", "expression", "dependency"
)

# list(name) and, for policies by correlation, `order`, `profiles` (genes x
# samples) and `gene`, the position in `data` of each row.
new_policy <- function(name, data, cohort = NULL, dependency = NULL,
                       call = caller_env()) {
  policy <- list(name = name)
  if (name == "expression") {
    policy$profiles <- expression_profiles(data, cohort, call)
    policy$order <- "lowest"
  } else if (name == "dependency") {
    policy$profiles <- dependency_profiles(data, dependency, call)
    policy$order <- "largest_absolute"
  }
  if (!is.null(policy$profiles)) {
    known <- rownames(policy$profiles) %in% data@genes
    policy$profiles <- policy$profiles[known, , drop = FALSE]
    policy$gene <- match(rownames(policy$profiles), data@genes)
  }
  warn_circular(name, data)
  policy
}

check_policy_inputs <- function(policy, cohort, dependency, tested = NULL,
                                arg = "policy", call = caller_env()) {
  needs <- c(
    cohort = "expression", dependency = "dependency", tested = "tested"
  )
  given <- !c(is.null(cohort), is.null(dependency), is.null(tested))
  idle <- needs[given & needs != (policy %||% "")]
  if (length(idle) > 0) {
    wanted <- paste0(arg, " = \"", idle[[1]], "\"")
    abort_without_effect(names(idle)[[1]], wanted, call)
  }
}

split_policy <- function(negatives, data, cohort, dependency,
                         call = caller_env()) {
  negatives <- check_choice(
    negatives, split_policies,
    call = call, allow_null = TRUE
  )
  check_policy_inputs(
    negatives, cohort, dependency,
    arg = "negatives", call = call
  )
  if (!is.null(negatives)) new_policy(negatives, data, cohort, dependency, call)
}

expression_profiles <- function(data, cohort, call) {
  abort_if(length(data@cohorts) == 0, c(
    "{.arg data} must hold expression for the policy {.val expression}.",
    x = "It has no cohort."
  ), argument = "policy", call = call)
  cohort <- cohort %||% names(data@cohorts)[[1]]
  check_choice(cohort, names(data@cohorts), call = call)
  cohort_profiles(data@cohorts[[cohort]])
}

# The first assay, on the log scale.
cohort_profiles <- function(cohort) {
  x <- cohort$assays[[1]]
  values <- dense_rows(x, seq_len(nrow(x)))
  rownames(values) <- rownames(x)
  if (cohort$scale == "linear") log2(values + 1) else values
}

dependency_profiles <- function(data, dependency, call) {
  if (is_string(dependency)) {
    check_choice(dependency, names(data@cohorts), call = call)
    return(cohort_profiles(data@cohorts[[dependency]]))
  }
  ok <- is.matrix(dependency) && is_plain_number(dependency) &&
    !is.null(rownames(dependency))
  abort_if(!ok, c(
    "{.arg dependency} must be a numeric matrix of genes x cell lines with
     gene names, or the name of a cohort, for the policy {.val dependency}.",
    x = "Found {describe_value(dependency)}."
  ), argument = "dependency", call = call)
  bad <- rowSums(!is.finite(dependency)) > 0
  if (any(bad)) {
    genes <- rownames(dependency)[bad]
    abort_musl(c(
      "{.arg dependency} must hold finite values.",
      x = "{length(genes)} gene{?s} with missing or infinite values:
           {.val {utils::head(genes, 3)}}.",
      i = "Leave these genes or cell lines out, or impute them."
    ), argument = "dependency", genes = genes, call = call)
  }
  check_gene_names(rownames(dependency), "the dependency matrix", call)
  storage.mode(dependency) <- "double"
  dependency
}

dependency_names <- "depend|effect|crispr|chronos|ceres|demeter"

# A model that reads the data by which its negatives were chosen learns the
# choice.
warn_circular <- function(name, data) {
  given <- lapply(data@cohorts, function(x) c(x$name, names(x$assays)))
  is_dependency <- vapply(given, function(names) {
    any(grepl(dependency_names, fold_case(names)))
  }, TRUE)
  seen <- names(data@cohorts)[switch(name,
    expression = !is_dependency,
    dependency = is_dependency,
    FALSE
  )]
  warn_if(length(seen) > 0, c(
    "Negatives of the policy {.val {name}} are circular for a model that reads
     {cli::qty(length(seen))}cohort{?s} {.val {seen}}.",
    x = "Their correlation there distinguishes them from SL pairs.",
    i = "Evaluate on {.val degree_matched} negatives, or drop that cohort."
  ), "circular", policy = name, cohorts = seen)
}
