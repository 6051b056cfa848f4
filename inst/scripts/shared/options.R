# Options of a command: their types, help, defaults and values.

# Type: "." is that of the argument of this name of a function that the command
# calls; file, named (FILE or NAME=FILE), directory, text, words (split at
# commas), out (a table; "-" is the standard output), saved (another file to
# write), plot, folder (to write into), whole, number, flag, or a/b for choices.
# "+": may be given several times. What only one command means by an option
# has the command before its name. Without help: what is asked of a list, in the
# words of R/partners-words-head.R.
option_table <- utils::read.table(
  sep = "|", quote = "", strip.white = TRUE, colClasses = "character",
  col.names = c("option", "type", "help"), text = "
pairs | file | pairs of genes; labelled ones to train and evaluate
label | text | label column; or SL or non_SL as the label of all pairs
gi-screen | file+ | measured pairs of a double-knockout screen
gi-line | text | column of a screen with the cell line
gi-lines | each/mean | use each cell line of a screen, or their mean
expression | file+ | genes x samples: table or GCT
scale | log/linear | scale of the expression values
samples | file | table of samples, their names first, for --expression
depmap | named+ | DepMap tables; write effect=FILE if a header is not known
lines | file | DepMap's Model.csv, for --depmap
network | file | edges: two genes [, weight], or STRING links
aliases | file | STRING's aliases file
info | file | STRING's protein.info file
min-score | number | minimum score of an edge
embeddings | file | table: gene, then one column per dimension
annotations | text | table: gene and term; .gmt; or a package: org.Hs.eg.db
pathways | file | table: gene and pathway; or .gmt
families | file | table: gene and family; or .gmt
gene-table | file | table: gene and numbers, such as fitness
modules | file | table: gene and module
proteins | file | FASTA file of proteins, named by gene
tables | named+ | numbers of pairs: two genes and columns of numbers
scorers | words | scorers to fit: musl, features or single ones
preset | . | network architecture
encoders | words | encoders to use
checkpoint | saved | file from which an interrupted run resumes
device | text | auto, cpu, cuda or cuda:<i>
transforms | words | further scales of the histograms
bins | whole | bins per axis of a histogram
threads | whole | 0 for all
seed | whole | random seed
setting | . | what folds hold out
fold | whole | fold to train or evaluate on
negatives | degree_matched/random | sample non-SL pairs
keep-gene | text+ | gene that is never held out for validation
keep | . | codes: keep binned expression, so that predicting needs no data
model | file | model from musl fit; default the human model
evaluate model | file | model from musl fit
embed model | directory | folder of an ESM2 model
predict scorers | words | scorers, or encoders of the network, to use
partners scorers | words | scorers, or encoders of the network, to use
explain scorers | words | scorers, or encoders of the network, to use
atlas scorers | words | scorers, or encoders of the network, to use
measured-in | text+ | study or cell line of the screens to predict for
context | text+ | cell line of the model; or COLUMN=VALUE of samples
prior | number |
anchor | text+ |
cohort cohort | text | table of mutations (MAF, cBioPortal), or a TCGA cohort
cohort anchor | text+ | lost gene to ask; default the drivers lost most often
cohort loss | words | what counts as loss: truncating, splice, deletion, ...
cohort n | . | partners of each lost gene
min-share | number | share of patients who lost a gene, at least
patients | whole | number of patients, if some have no mutation
drugs | file | table of gene, drug, phase, direction
replicates | whole | replicates of each construct
guides | whole | guides per gene
cell-lines | text+ | lineage, name or DepMap id of cell lines
experiment n | whole | partners of each gene to test; default 20
power | number | power to reach
library | file | table of gene and guide, 20 bases
layout | guides/gimap/mageck | columns of the constructs
format | table/tsv/json | tsv: with all digits; json: for programs
screen anchor | text+ | gene lost in some lines
compare anchor | text | gene that the screened cells lack
report anchor | text+ | gene whose partners are shown
n | . |
explain n | whole | terms to show, the largest; default all
map gene | text+ | symbol, alias or id, also of several kinds
annotation | file | table of genes: symbol and other names or ids
lists | flag | only the lists of --anchor, without the model
all | flag |
exclude | text+ |
by | . |
lethal | . |
dependency | file |
state | . |
atlas | directory | folder from musl atlas
metrics | words | metrics to compute
interval | number | coverage of bootstrap intervals, such as 0.95
quick | flag | skip the trained baselines
scores | out | file for the scores of all test pairs
loss | expression/damaging/deletion/hotspot/amplification+ | what counts as loss
covariates | text+ | column of --lines that may explain a difference
groups | file | instead of --loss, a table: line, lost [, anchor]
screen | file | table of MAGeCK, DrugZ, BAGEL, or with the columns below
predictions | file | table from musl partners or predict
condition | text | condition in a MAGeCK MLE table
gene | text | column of genes
strength | text | column of fitness loss
hit | text | column of hits, TRUE or FALSE, or 1 and 0
joint | out | file for the compared genes and their joint rank
gene-a | text | one gene of the pair
gene-b | text | the other gene
nearest | . | nearest training pairs to find
budget | whole | number of genes to choose
candidate | text+ | gene to choose from; default all
diversity | . | penalty for similarity to genes chosen before
title | text | title of the page
port | whole | default a free one
weight | text | column of edge weights
fasta | file | protein sequences
kmers | whole | instead of --model: shares of k-mers of N residues
genes | file | table of protein and gene: one row per gene
header | flag | read genes from the FASTA headers
cache | text | folder to cache results in
list | flag | list the known files and their licences
name | text | name in the list, or address
plot | plot | picture, .png, .pdf or .svg
out | out | table, .csv or .tsv [.gz]
quickstart out | text | folder for the results
quickstart anchor | text |
no-training | flag | only the list by the human model
fit out | saved | file for the model
report out | saved | file for the page, .html
convert out | saved | graph, .graphml
atlas out | folder | folder for the atlas
"
)

# Told after the help of an option.
line_names <- c(
  "LC-1/sq-SF", "NCI-H1395", "Colo 794", "NZM11", "RT4", "SNU-283", "KKU-213"
)
option_table$help[option_table$option == "context"] <- paste0(
  "cell line that the model knows (of the human one ",
  paste(line_names, collapse = ", "),
  "), or COLUMN=VALUE: only these samples"
)

# Options whose arguments in R have other names.
argument_of <- list(
  `keep-gene` = "keep_genes", pairs = "new_pairs", anchor = "anchors",
  candidate = "candidates", model = "object", fasta = "x",
  kmers = "k", `cell-lines` = "lines", atlas = "directory", out = "directory"
)

as_argument <- function(option) gsub("-", "_", option, fixed = TRUE)

# NULL if no one has words.
help_of <- function(help, name) {
  if (!is.na(help) && nzchar(help)) {
    return(help)
  }
  words <- MuSL:::list_options
  if (name %in% names(words)) shell_words(words[[name]], character())
}

# "model!" is required.
make_options <- function(words, command = "", calls = list()) {
  names <- sub("!$", "", words)
  defaults <- defaults_of(calls)
  ranges <- field_ranges(calls)
  made <- lapply(names, function(name) {
    rows <- match(c(paste(command, name), name), option_table$option)
    row <- option_table[rows[!is.na(rows)][1L], ]
    type <- row$type
    argument <- as_argument(name)
    default <- defaults[[argument]]
    many <- grepl("[+]$", type)
    list(
      type = if (type %in% c(".", NA)) {
        type_of(default)
      } else {
        strsplit(sub("[+]$", "", type), "/", fixed = TRUE)[[1L]]
      },
      help = c(help_of(row$help, name), ranges[[argument]]),
      shown = if (!many) utils::head(default, 1L),
      default = switch(name, out = if (type == "out") "-", seed = 1),
      required = FALSE, many = many
    )
  })
  names(made) <- names
  for (name in names[endsWith(words, "!")]) made[[name]]$required <- TRUE
  made
}

# The constants among the defaults of functions.
defaults_of <- function(calls) {
  arguments <- do.call(c, lapply(calls, function(f) as.list(formals(f))))
  arguments <- arguments[!vapply(arguments, is.symbol, NA)]
  is_choice <- vapply(arguments, function(value) {
    is.call(value) && identical(value[[1L]], quote(c))
  }, NA)
  arguments[is_choice] <- lapply(arguments[is_choice], eval, baseenv())
  Filter(is.atomic, arguments)
}

# Of the fields of the core's configurations.
field_ranges <- function(calls) {
  arguments <- unlist(lapply(calls, function(f) names(formals(f))))
  fields <- do.call(c, unname(MuSL:::cpp_config_fields()))
  rules <- lapply(fields[names(fields) %in% arguments], `[[`, "rule")
  lapply(Filter(function(rule) !is.null(rule$low), rules), function(rule) {
    paste(rule$low, "to", format(rule$high, scientific = FALSE))
  })
}

type_of <- function(default) {
  if (length(default) > 1L) {
    return(default)
  }
  switch(typeof(default),
    logical = "flag", integer = "whole", double = "number", "text"
  )
}

# The command itself is wrong: exit status 2.
stop_usage <- function(...) {
  stop(structure(
    class = c("usage_error", "error", "condition"),
    list(message = paste0(...), call = NULL)
  ))
}

# Words before the first option, as values of these options; the last of them
# takes the rest.
named_words <- function(words, plain) {
  first <- cumsum(startsWith(words, "-")) == 0
  if (length(plain) == 0L || !any(first)) {
    return(words)
  }
  options <- plain[pmin(seq_len(sum(first)), length(plain))]
  c(rbind(paste0("--", options), words[first]), words[!first])
}

# Values of the given options and of those with a default of ours. Options are
# written `--name value` or `--name=value`; a unique prefix is enough.
parse_options <- function(words, known) {
  found <- list()
  while (length(words) > 0L) {
    name <- option_name(words[[1L]], names(known))
    option <- known[[name]]
    if (!option$many && name %in% names(found)) {
      stop_usage("--", name, " is given twice")
    }
    inline <- grepl("=", words[[1L]], fixed = TRUE)
    used <- if (inline || identical(option$type, "flag")) 1L else 2L
    if (inline && identical(option$type, "flag")) {
      stop_usage("--", name, " takes no value")
    }
    if (used > length(words)) stop_usage("--", name, " needs a value")
    text <- if (inline) sub("^[^=]*=", "", words[[1L]]) else words[[used]]
    found[[name]] <- c(found[[name]], convert_option(text, name, option$type))
    words <- words[-seq_len(used)]
  }
  check_given(found, known)
  values <- lapply(known, `[[`, "default")
  values <- values[!vapply(values, is.null, NA)]
  values[names(found)] <- found
  check_streams(values, known)
  structure(values, class = "command_options")
}

# By the full name: `$` of a list matches partially, `$keep` --keep-gene and
# `$fold` --folds.
`$.command_options` <- function(x, name) unclass(x)[[name]]

option_name <- function(word, names) {
  stem <- sub("^--([^=]*).*$", "\\1", word)
  at <- if (grepl("^--.", word)) pmatch(stem, names) else NA
  if (!is.na(at)) {
    return(names[[at]])
  }
  like <- nearest(stem, names)
  stop_usage(
    "unknown argument '", sub("=.*$", "", word), "'",
    if (length(like) > 0L) {
      paste0("; did you mean --", like, "?")
    } else if (!startsWith(word, "-")) {
      "; write a value after its option, as in --out FILE"
    }
  )
}

# The nearest name at an edit distance of at most two, if there is one.
nearest <- function(word, names) {
  names <- names[nchar(names) > 2L]
  away <- drop(utils::adist(word, names))
  utils::head(names[away <= 2 & away == min(away)], 1L)
}

check_given <- function(found, known) {
  needed <- vapply(known, `[[`, NA, "required")
  lacking <- setdiff(names(known)[needed], names(found))
  if (length(lacking) > 0L) {
    stop_usage(
      paste0("--", lacking, collapse = ", "),
      if (length(lacking) > 1L) " are needed" else " is needed"
    )
  }
}

# Two tables in one stream could not be told apart.
check_streams <- function(values, known) {
  out <- names(known)[vapply(known, function(x) identical(x$type, "out"), NA)]
  printed <- vapply(out, function(name) identical(values[[name]], "-"), NA)
  if (sum(printed) > 1L) {
    stop_usage(
      paste0("--", out[printed], collapse = " and "),
      " can't both be the standard output: give one a file"
    )
  }
}

# Options that only say how to read another; without it they are a mistake.
read_with <- list(
  label = "pairs", `gi-line` = "gi-screen", `gi-lines` = "gi-screen",
  scale = "expression", samples = "expression", lines = "depmap",
  aliases = "network", info = "network", `min-score` = "network"
)

check_companions <- function(options) {
  for (name in intersect(names(read_with), names(options))) {
    others <- read_with[[name]]
    if (!any(others %in% names(options))) {
      stop_usage("--", name, " needs ", paste0("--", others, collapse = " or "))
    }
  }
}

# Options of folds without a fold, or of a model without one.
check_unused <- function(options, names, lacking) {
  unused <- intersect(names, names(options))
  if (length(unused) > 0L) {
    stop_usage(
      paste0("--", unused, collapse = ", "),
      if (length(unused) > 1L) " have" else " has", " no effect without --",
      lacking
    )
  }
}
