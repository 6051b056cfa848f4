# Edges that are genetic interactions: they reveal the labels to be predicted.
# A column of flags may have the word in its name.
is_genetic <- function(attributes) {
  names <- names2(attributes)
  words <- !vapply(attributes, is.numeric, NA)
  evidence <- words & grepl(network_evidence, squash_name(names))
  named <- is_genetic_text(names)
  genetic <- Map(function(text, evidence, named) {
    each_once(as.character(text), function(text) {
      flag <- unname(label_words[label_word(text)])
      flags <- named && !anyNA(flag[!is_missing_text(text)])
      (evidence & is_genetic_text(text)) | (flags & flag %in% "SL")
    })
  }, attributes[evidence | named], evidence[evidence | named],
  named[evidence | named])
  if (length(genetic) == 0) FALSE else Reduce(`|`, genetic)
}

# In squashed names of columns.
network_evidence <- paste0(
  "system|evidence|type|relation|interaction$|interactions$|method|predicate|",
  "assay|category|class$|kind|label|mode|action|effect|group|network|source|",
  "database|^db|dataset|experiment|detection|qualifier|annotation|ontology|",
  "term|edge|sign|psimi|miid|description"
)

# Words of BioGRID, Biolink, SynLethDB and the Gene Ontology's kin; "GI" and
# "SR" mean other things within a sentence.
is_genetic_text <- function(text) {
  parted <- gsub("([a-z])([A-Z])", "\\1 \\2", valid_text(text))
  words <- gsub("[-_.:/\"()[:space:]]+", " ", fold_case(parted))
  pattern <- paste0(
    "\\b(((?<!non )(?<!not )genetic(?!s)|synthetic|synleth|epista(sis|tic))|(",
    "(non ?)?sl|sdl|ggi|(co ?)?lethal(ity)?|aggravating|alleviating|",
    paste(c(genetic_systems, genetic_codes), collapse = "|"), ")\\b)|",
    "(^|[;,|] ?)(gis?|sr)( interactions?| gsr g)?( ?[;,|]|$)"
  )
  grepl(pattern, words, perl = TRUE)
}

# BioGRID's genetic systems whose names have none of the words "genetic" and
# "synthetic".
genetic_systems <- c(
  "dosage growth defect", "dosage rescue", "phenotypic enhancement",
  "phenotypic suppression"
)

# PSI-MI's genetic interactions, genetic interference and BioGRID's systems;
# "genetically interacts with" of the Relation Ontology.
genetic_codes <- c(
  "mi 0(208|254|441|79[4-9]|80[0-2]|93[0-5])", "mi 23(6[89]|7[0-8])",
  "ro 0002435"
)
