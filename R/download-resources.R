#' Public files that MuSL reads
#'
#' Lists public data sets of the field with their address, the function that
#' reads them and their licence.
#'
#' This function downloads nothing; [musl_download()] fetches a file by its
#' `name`.
#' Read the licence before you use a file: MuSL does not redistribute data.
#'
#' @returns A tibble with one row per file: `name`, `what`, `version` (`latest`
#'   if the content at the address changes), `url`, `direct` (`TRUE` if `url` is
#'   the file, `FALSE` if it is a page where you must choose it), `size` in
#'   bytes (`NA` if unknown or changing), `licence` as stated by the authors
#'   (`NA` if none is stated), `reader`.
#' @examples
#' musl_resources()[c("name", "version", "licence", "reader")]
#' @export
musl_resources <- function() {
  string <- "https://stringdb-downloads.org/download"
  string_file <- function(kind) {
    sprintf("%s/%s.v12.0/9606.%s.v12.0.txt.gz", string, kind, kind)
  }
  rows <- list(
    c("depmap", "expression, gene effect, copy number, Model.csv of cell lines",
      "latest", "https://depmap.org/portal/data_page/", "page", NA,
      "CC BY 4.0", "read_depmap()"),
    c("synlethdb_2", "human SL pairs (Human_SL.csv)", "2.0", paste0(
      "https://synlethdb.sist.shanghaitech.edu.cn/v2/static/download/SL/",
      "Human_SL.csv"), "file", NA, NA, "read_synlethdb()"),
    c("synlethdb_3", "human SL and non-SL pairs", "3.0",
      "https://doi.org/10.5281/zenodo.22843223", "page", NA, "CC BY 4.0",
      "read_synlethdb()"),
    c("slkb", "pairs of double-knockout screens", "latest",
      "https://slkb.osubmi.org/", "page", NA, NA, "read_slkb()"),
    c("string_links", "links of human proteins", "12.0",
      string_file("protein.links"), "file", NA, "CC BY 4.0", "read_string()"),
    c("string_detailed", "links of human proteins by channel", "12.0",
      string_file("protein.links.detailed"), "file", NA, "CC BY 4.0",
      "read_string()"),
    c("string_aliases", "names of human proteins, with Entrez ids", "12.0",
      string_file("protein.aliases"), "file", NA, "CC BY 4.0",
      "read_string()"),
    c("string_info", "preferred names of human proteins", "12.0",
      string_file("protein.info"), "file", NA, "CC BY 4.0", "read_string()"),
    c("biogrid", "interactions of all species, tab3", "latest", paste0(
      "https://downloads.thebiogrid.org/Download/BioGRID/Latest-Release/",
      "BIOGRID-ALL-LATEST.tab3.zip"), "file", NA, "MIT", "read_biogrid()"),
    c("hippie", "scored human interactions", "latest",
      "https://cbdm-01.zdv.uni-mainz.de/~mschaefer/hippie/hippie_current.txt",
      "file", NA, NA, "read_hippie()"),
    c("huri", "binary human interactions, two columns of Ensembl ids", "2020",
      "https://interactome-atlas.org/data/HuRI.tsv", "file", "1681536",
      "CC BY 4.0", "read_edges()"),
    c("uniprot_embeddings", "ProtT5 vectors of human proteins", "latest",
      paste0(
        "https://ftp.uniprot.org/pub/databases/uniprot/current_release/",
        "knowledgebase/embeddings/UP000005640_9606/per-protein.h5"
    ), "file", NA, "CC BY 4.0", "read_embeddings()"),
    c("hgnc", "human gene symbols, aliases and ids", "latest", paste0(
      "https://storage.googleapis.com/public-download-files/hgnc/tsv/tsv/",
      "hgnc_complete_set.txt"), "file", NA, NA, "musl_map_genes()")
  )
  field <- function(i) vapply(rows, function(row) as.character(row[[i]]), "")
  tibble(
    name = field(1), what = field(2), version = field(3), url = field(4),
    direct = field(5) == "file", size = as.numeric(field(6)),
    licence = field(7), reader = field(8)
  )
}
