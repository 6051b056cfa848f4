# The policies by which non-SL pairs are chosen.

split_policies <- c(
  "random", "degree_matched", "gene_balanced", "expression", "dependency"
)

# list(name) and, for policies by correlation, `order`, `profiles` (genes x
# samples) and `gene`, the position in `data` of each row.
new_policy <- function(name, data, source = NULL, dependency = NULL,
                       call = caller_env()) {
  policy <- list(name = name)
  if (name == "expression") {
    policy$profiles <- expression_profiles(data, source, call)
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

check_policy_inputs <- function(policy, source, dependency, tested = NULL,
                                arg = "policy", call = caller_env()) {
  needs <- c(
    source = "expression", dependency = "dependency", tested = "tested"
  )
  given <- !c(is.null(source), is.null(dependency), is.null(tested))
  idle <- needs[given & needs != (policy %||% "")]
  if (length(idle) > 0) {
    wanted <- paste0(arg, " = \"", idle[[1]], "\"")
    abort_without_effect(names(idle)[[1]], wanted, call)
  }
}

split_policy <- function(negatives, data, source, dependency,
                         call = caller_env()) {
  negatives <- check_choice(
    negatives, split_policies,
    call = call, allow_null = TRUE
  )
  check_policy_inputs(
    negatives, source, dependency,
    arg = "negatives", call = call
  )
  if (!is.null(negatives)) new_policy(negatives, data, source, dependency, call)
}

expression_profiles <- function(data, source, call) {
  abort_if(length(data@sources) == 0, c(
    "{.arg data} must hold expression for the policy {.val expression}.",
    x = "It has no source."
  ), argument = "policy", call = call)
  source <- source %||% names(data@sources)[[1]]
  check_choice(source, names(data@sources), call = call)
  source_profiles(data@sources[[source]])
}

# The first assay, on the log scale.
source_profiles <- function(source) {
  x <- source$assays[[1]]
  values <- dense_rows(x, seq_len(nrow(x)))
  rownames(values) <- rownames(x)
  if (source$scale == "linear") log2(values + 1) else values
}

dependency_profiles <- function(data, dependency, call) {
  if (is_string(dependency)) {
    check_choice(dependency, names(data@sources), call = call)
    return(source_profiles(data@sources[[dependency]]))
  }
  ok <- is.matrix(dependency) && is_plain_number(dependency) &&
    !is.null(rownames(dependency))
  abort_if(!ok, c(
    "{.arg dependency} must be a numeric matrix of genes x cell lines with
     gene names, or the name of a source, for the policy {.val dependency}.",
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
  given <- lapply(data@sources, function(x) c(x$name, names(x$assays)))
  is_dependency <- vapply(given, function(names) {
    any(grepl(dependency_names, fold_case(names)))
  }, TRUE)
  seen <- names(data@sources)[switch(name,
    expression = !is_dependency,
    dependency = is_dependency,
    FALSE
  )]
  warn_if(length(seen) > 0, c(
    "Negatives of the policy {.val {name}} are circular for a model that reads
     {cli::qty(length(seen))}source{?s} {.val {seen}}.",
    x = "Their correlation there distinguishes them from SL pairs.",
    i = "Evaluate on {.val degree_matched} negatives, or drop that source."
  ), "circular", policy = name, sources = seen)
}
