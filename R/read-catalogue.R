# Layouts of tables, declared: for each what its tool writes and where that is
# seen. A new layout is an entry; match_layout() reads all of them.

# A layout is a list of
#   source    the tool, and its file and lines or the files read
#   genes     pairs of names of the columns of the two genes
#   pair      names of the one column that holds both genes
#   columns   role = names of its column, in order of preference. A list of
#             several vectors: a later one counts if none of an earlier one is
#             there, and two columns of one vector are ambiguous
#   per_line  role = patterns of the names of its columns, one a line, whose
#             first group is the line; the first pattern that fits counts
#   key       roles that a table must have to be of this layout
#   optional  roles that it may lack; to lack another is an error
# and what else its reader needs. Names are squashed, patterns lower case.

# list(at = position of each role of `columns`, NA for none; lines = for each
# role of `per_line` the positions, named by line; lacks = roles; unclear = of
# a role with several columns, their positions; both named by role). Columns
# that are `taken`, by their positions, have no second role.
match_layout <- function(names, layout, taken = integer()) {
  given <- squash_name(names)
  names[taken] <- ""
  squashed <- squash_name(names)
  tiers <- lapply(layout$columns, function(x) if (is.list(x)) x else list(x))
  found <- lapply(tiers, function(tier) {
    hits <- lapply(tier, function(x) setdiff(match(x, squashed), NA))
    c(Filter(length, hits), list(integer()))[[1]]
  })
  at <- vapply(found, function(x) c(x, NA)[[1]], 1L)
  lines <- lapply(layout$per_line, line_positions, names = names)
  several <- vapply(names(found), function(role) {
    is.list(layout$columns[[role]]) && length(found[[role]]) > 1
  }, NA)
  here <- c(
    names(at)[!is.na(at)], names(lines)[lengths(lines) > 0],
    if (!is.null(find_both(given, layout$genes))) "genes",
    if (any(layout$pair %in% given)) "pair"
  )
  roles <- c(names(at), names(lines), layout$key)
  list(
    at = at, lines = lines, here = here, unclear = found[several],
    lacks = setdiff(roles, c(here, layout$optional))
  )
}

# The name of the first layout whose key is in these names, or NA.
recognise_layout <- function(names, layouts) {
  fits <- vapply(layouts, function(layout) {
    all(layout$key %in% match_layout(names, layout)$here)
  }, NA)
  names(layouts)[fits][1]
}

line_positions <- function(patterns, names) {
  folded <- fold_case(names)
  for (pattern in patterns) {
    found <- regexpr(pattern, folded, perl = TRUE)
    at <- which(found > 0)
    if (length(at) > 0) {
      # Folding keeps the places of letters.
      start <- attr(found, "capture.start")[at, 1]
      end <- start + attr(found, "capture.length")[at, 1] - 1
      return(set_names(at, substr(names[at], start, end)))
    }
  }
  integer()
}

# Positions of the first two of `styles` that are both present, or NULL.
find_both <- function(squashed, styles) {
  for (style in styles) {
    at <- match(style, squashed)
    if (!anyNA(at)) {
      return(at)
    }
  }
  NULL
}

# Position of the first of `accepted`, squashed names in order of preference,
# among the names of columns; NA if there is none.
find_column <- function(names, accepted) {
  found <- match(accepted, squash_name(names))
  found[!is.na(found)][1]
}

# The positions of a layout's columns; without one that must be there, an error
# that says what the tool calls it.
layout_places <- function(names, layout, path) {
  found <- match_layout(names, layout)
  wanted <- vapply(layout$columns[found$lacks], function(x) unlist(x)[[1]], "")
  abort_file_if(length(wanted) > 0, path, 1, c(
    x = "It has no column for {.field {found$lacks}}, named as {.val {wanted}}
         ({layout$source}).",
    x = "Its columns are {.field {few(names, 12)}}."
  ))
  found$at
}

# The two genes of a pair: names before ids.
pair_gene_names <- list(
  c("genea", "geneb"), c("gene1", "gene2"), c("geneaname", "genebname"),
  c("gene1name", "gene2name"), c("n1name", "n2name"), c("xname", "yname"),
  c("namea", "nameb"), c("name1", "name2"),
  c("geneasymbol", "genebsymbol"), c("gene1symbol", "gene2symbol"),
  c("genesymbola", "genesymbolb"), c("genesymbol1", "genesymbol2"),
  c("symbola", "symbolb"), c("symbol1", "symbol2"), c("hgnca", "hgncb"),
  c("genex", "geney"), c("proteina", "proteinb"), c("anchor", "partner"),
  c("sourcegenesymbol", "targetgenesymbol"), c("from", "to"),
  c("source", "target"), c("a", "b"), c("a1", "a2")
)
pair_id_names <- list(
  c("geneaidentifier", "genebidentifier"), c("n1identifier", "n2identifier"),
  c("xstartid", "yendid"), c("entreza", "entrezb"), c("entrez1", "entrez2"),
  c("geneaentrez", "genebentrez"), c("gene1entrez", "gene2entrez"),
  c("geneaentrezid", "genebentrezid"), c("geneaid", "genebid"),
  c("gene1id", "gene2id"), c("geneancbiid", "genebncbiid")
)
pair_joint_names <- c("genepair", "pair", "genepairs", "sortedgenepair")
pair_label_names <- c(
  "label", "slornot", "sl", "issl", "syntheticlethal", "syntheticlethality",
  "class", "y"
)

# Tables of genetic interactions.
gi_gene_names <- list(
  c("querygene", "librarygene"), c("query", "librarygene"), c("query", "gene"),
  c("query", "target"), c("targeta", "targetb"), c("target1", "target2"),
  c("paraloga", "paralogb")
)
gi_query_names <- c("querygene", "query")
gi_joint_names <- c(
  pair_joint_names, "paralogpair", "pgrnatarget", "genecombination", "genes"
)
# Names of a first column of pairs that has none of its own.
gi_index_names <- c("column1", "x", "x1", "1", "index", "unnamed0", "rowname")

# Beside what match_layout() needs: `hit` and `fdr`, below which a pair is a
# hit, `lethal`, the sign of lethal scores, `mark` between two genes of the
# first column. `score` of a layout with `mark` is in all other columns.
gi_layouts <- list(
  orthrus = list(
    source = "Orthrus, R/score.R: 382-395 and 937-946",
    genes = list(c("gene1", "gene2")), key = c("genes", "score"),
    per_line = list(
      score = "^differential_combn_vs_single_(.+)$",
      fdr = "^fdr1_combn_vs_single_(.+)$", fdr2 = "^fdr2_combn_vs_single_(.+)$",
      agree = "^orientation_agree_(.+)$", call = "^effect_type_(.+)$"
    ),
    optional = c("fdr2", "agree", "call"),
    hit = 0, fdr = 0.1, lethal = "negative"
  ),
  qgi = list(
    source = "qGI: csbio/GIN, Data Files/File_S7.xlsx (GENE_number_medium)",
    columns = list(
      gene_b = "librarygene", query = "queryname", score = "qgiscore",
      significance = "fdr"
    ),
    key = c("gene_b", "query"), optional = "significance",
    hit = 0, fdr = 0.1, lethal = "negative"
  ),
  zscore = list(
    source = "gnt, gnt/score.py: get_gene_residuals(); Najm et al. (2023), S3",
    genes = list(c("genea", "geneb")), key = "score",
    columns = list(
      score = "pairzscore", significance = "fdrbh", line = "condition"
    ),
    optional = "line", hit = 0, fdr = 0.1, lethal = "negative"
  ),
  per_line = list(
    source = "team113sanger/harle_dgCRISPR_paralogs, postprocessing/07_combine",
    genes = list(c("targeta", "targetb")), key = c("genes", "score"),
    columns = list(
      score = "meannormgi", significance = "fdr", line = "celllinelabel",
      label = "isbassikhit"
    ),
    optional = "label", hit = -0.5, fdr = 0.01, lethal = "negative"
  ),
  gimap = list(
    source = "gimap, R/05-calculate_gi.R: 310-350; R/plots-gi.R: 200; before it
              GI_mapping, calculate_GI_scores.Rmd: 412-449",
    pair = "pgrnatarget", key = c("pair", "score"),
    columns = list(score = c("giscore", "meangiscore"), significance = "fdr"),
    hit = -0.5, fdr = 0.1, lethal = "negative"
  ),
  parrish = list(
    source = "Parrish et al. (2021), Table S4, in gimap, poc_notebooks/;
              Benchmarking-GI-Scores, ParrishOnParrish.R, ParrishOnDede.R",
    pair = "paralogpair", key = c("pair", "fdr"),
    per_line = list(
      score = c("^(.+)_gi_score$", "^gi_score_(.+)$", "^(.+)$"),
      fdr = c("^(.+)_gi_fdr$", "^fdr[_.](.+)$", "^(.+)[_.]fdr$"),
      call = "^(.+)_gi_flag$"
    ),
    optional = "call", hit = -0.5, fdr = 0.1, lethal = "negative"
  ),
  slkb_scores = list(
    source = "SLKB, SLKB/__init__.py: query_result_table()",
    key = c("line", "method"),
    columns = list(line = c("celllineorigin", "cellline", "line", "context")),
    per_line = list(method = "^(.+)_sl_score")
  ),
  horlbeck = list(
    source = "Benchmarking-GI-Scores, Horlbeck Scripts; the cut-off of study
              30033366 in SLKB",
    key = "score", pair = gi_joint_names, genes = pair_gene_names,
    per_line = list(score = "^(.+)_sl_score$"),
    hit = -3, fdr = Inf, lethal = "negative"
  ),
  table = list(
    source = "tables of one row a pair and line, SLKB's among them",
    genes = c(pair_gene_names, gi_gene_names), pair = gi_joint_names,
    columns = list(
      score = list("score", c(
        "effect", "qgiscore", "giscore", "gi", "meannormgi", "pairzscore",
        "zscore", "zdlfc", "dlfc", "slscore", "geminiscore", "differential",
        "sensitivelethality", "stronglethality"
      )),
      significance = list(c("fdr", "fdr1"), c(
        "fdrbh", "qgifdr", "padj", "adjp", "pvaladj", "adjustedpvalue",
        "qvalue", "qval"
      )),
      line = list(c("context", "line", "cellline"), c(
        "celllinelabel", "celllinename", "celllineorigin"
      ), c("condition", "media", "medium", "sample")),
      label = list("label", c(
        "slornot", "sl", "issl", "syntheticlethal", "syntheticlethality",
        "hit", "ishit", "call", "gicall", "isbassikhit", "gitype", "giflag",
        "gistandard", "gitypestandard", "interactiontype", "effecttype"
      )),
      study = list(c("study", "studyorigin"), c("dataset", "screen", "source"))
    ),
    optional = c("score", "significance", "line", "label", "study"),
    hit = 0, fdr = 0.1
  ),
  gemini = list(
    source = "GEMINI, R/gemini_score.R: 57-110, written by write.csv()",
    mark = "[;:]", hit = -0.5, fdr = Inf, lethal = "positive"
  ),
  zdlfc = list(
    source = "Benchmarking-GI-Scores, zdLFC Scripts/zdLFC Output",
    mark = "_", z_scores = TRUE, hit = -3, fdr = Inf, lethal = "negative"
  )
)

# Tables of labelled pairs; all columns but the genes may lack. Those that list
# pairs of one label have `lists`.
pair_layouts <- list(
  synlethdb2 = list(
    source = "SynLethDB 2: Human_SL.csv, n1.name ... r.statistic_score; before
              it gene_a.name ... SL.statistic_score",
    key = "genes", lists = TRUE,
    genes = list(c("n1name", "n2name"), c("geneaname", "genebname")),
    columns = list(
      source = c("rsource", "slsource"), pubmed = c("rpubmedid", "slpubmedid"),
      cell_line = c("rcellline", "slcellline", "cellline"),
      score = c("rstatisticscore", "slstatisticscore")
    )
  ),
  synlethdb3 = list(
    source = "SynLethDB 3, Human.SL.detailed.tsv: x:START_ID x_type ... cancer",
    key = "genes", genes = list(c("xname", "yname")), lists = TRUE,
    columns = list(
      source = "relsource", cell_line = "cellline", pubmed = "pubmedid",
      cancer = "cancer", score = c("statisticscore", "score")
    )
  ),
  table = list(
    source = "tables of pairs in general, SLKB's among them",
    columns = list(
      source = c("source", "evidence"),
      cell_line = c("cellline", "celllineorigin"),
      pubmed = c("pubmedid", "pubmed", "pmid", "studyorigin"),
      cancer = c("cancer", "cancertype"),
      score = c("score", "slscore", "statisticscore", "rstatisticscore")
    )
  )
)

# Networks, which their readers recognise by the whole of these columns.
network_layouts <- list(
  string = list(
    source = "STRING: protein.links; STRINGdb, R/rstring.R: 365-372",
    key = c("from", "to", "score"),
    columns = list(from = "protein1", to = "protein2", score = "combinedscore")
  ),
  biogrid = list(
    source = "wiki.thebiogrid.org, biogrid_tab_version_2.0 and _3.0",
    key = c("symbol_a", "symbol_b", "type", "taxon_a", "taxon_b"),
    columns = list(
      symbol_a = "officialsymbolinteractora",
      symbol_b = "officialsymbolinteractorb",
      type = "experimentalsystemtype",
      taxon_a = c("organismidinteractora", "organisminteractora"),
      taxon_b = c("organismidinteractorb", "organisminteractorb")
    )
  ),
  mitab = list(
    source = "MSchaeferLab/HIPPIE, export_downloads.py: MITAB_HEADER",
    key = c("from", "to", "score"),
    columns = list(
      from = "genenameinteractora", to = "genenameinteractorb",
      score = "confidencevalue"
    )
  ),
  hippie = list(
    source = "MSchaeferLab/HIPPIE, export_downloads.py: TXT_HEADER",
    key = c("from", "to", "score", "accession"),
    columns = list(
      from = "entreza", to = "entrezb", score = "score",
      accession = "uniprotaccessiona"
    )
  )
)

# STRING's names of proteins.
string_name_layouts <- list(
  info = list(
    source = "STRING: protein.info; STRINGdb, R/rstring.R: 253-265",
    key = c("protein", "symbol"),
    columns = list(
      protein = c("stringproteinid", "proteinexternalid"),
      symbol = "preferredname"
    )
  ),
  aliases = list(
    source = "STRING: protein.aliases; STRINGdb, R/rstring.R: 298-320",
    key = c("protein", "alias", "source"),
    columns = list(
      protein = "stringproteinid", alias = "alias", source = "source"
    )
  )
)

# DepMap's: the columns of a matrix that are no gene; the table of models.
# Generic names of an index count in the first column alone, because genes may
# have them.
depmap_layouts <- list(
  matrix = list(
    source = "DepMap; broadinstitute/depmap_omics, constants.py: 615-690",
    columns = list(
      model = c("modelid", "depmapid"), default = "isdefaultentryformodel",
      index = c(
        "sequencingid", "profileid", "modelconditionid", "isdefaultentryformc",
        "celllinename", "celllinedisplayname", "strippedcelllinename",
        "cclename", "broadid", "arxspanid", paste0("lineage", c("", 1:6))
      )
    ),
    blank = c("", "x", "v1", "1", "unnamed0", "rowname", "gene", "genename",
      "symbol", "cellline", "id", "index"
    )
  ),
  models = list(
    source = "DepMap: Model.csv as in bhklab/synthLethal, data/; sample_info",
    key = "model_id",
    columns = list(
      model_id = c("modelid", "depmapid", "model"),
      cell_line_name = c(
        "celllinename", "celllinedisplayname", "strippedcelllinename",
        "cellline", "line"
      ),
      lineage = c("oncotreelineage", "lineage", "lineage1"),
      primary_disease = c(
        "oncotreeprimarydisease", "primarydisease", "disease"
      ),
      subtype = c("oncotreesubtype", "subtype", "lineagesubtype")
    ),
    optional = c("cell_line_name", "lineage", "primary_disease", "subtype")
  )
)

# Tables of genes: HGNC's, NCBI's gene_info, BioMart's under the names of its
# pages and of biomaRt, old and new, HGNChelper's, and those made from a GTF
# file. Approved symbols go before others, which are aliases then.
annotation_columns <- list(
  symbol = c(
    "approvedsymbol", "hgncsymbol", "symbol", "genesymbol", "genename",
    "externalgenename", "externalgeneid", "associatedgenename",
    "genenamesprimary", "suggestedsymbol"
  ),
  entrez = c(
    "entrez", "entrezid", "ncbigeneid", "ncbigeneformerlyentrezgeneid",
    "entrezgeneid", "entrezgene", "ncbigene", "ncbiid", "geneid"
  ),
  ensembl = c(
    "ensembl", "ensemblid", "ensemblgeneid", "genestableid",
    "genestableidversion", "ensemblgeneidversion"
  ),
  uniprot = c(
    "uniprot", "uniprotid", "uniprotids", "uniprotkb", "uniprotkbswissprotid",
    "uniprotswissprot", "uniprotswissprotid", "uniprotswissprotaccession",
    "uniprotaccession", "entry"
  ),
  alias = c(
    "alias", "aliases", "aliassymbol", "synonyms", "aliassymbols",
    "genesynonym", "externalsynonym"
  ),
  previous = c(
    "previous", "prevsymbol", "previoussymbol", "previoussymbols", "prevsymbols"
  ),
  status = "status", xrefs = "dbxrefs", taxon = "taxid"
)
