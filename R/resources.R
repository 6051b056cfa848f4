#' Public files that MuSL reads
#'
#' Lists public data sets of the field with their address, the function that
#' reads them and their licence.
#'
#' This function downloads nothing.
#' `BiocFileCache::bfcrpath(BiocFileCache::BiocFileCache(), address)` downloads
#' a file once, keeps it and returns its path.
#' Read the licence before you use a file: MuSL does not redistribute data.
#'
#' @returns A tibble with one row per file: `name`, `what`, `version` (`latest`
#'   if the content at the address changes), `address`, `direct` (`TRUE` if
#'   `address` is the file, `FALSE` if it is a page where you must choose it),
#'   `format`, `licence` as stated by the authors (`NA` if none is stated),
#'   `reader`.
#' @examples
#' files <- musl_resources()
#' files[c("name", "version", "licence", "reader")]
#' string <- files[files$name == "string_info", ]
#' \dontrun{
#' path <- BiocFileCache::bfcrpath(
#'   BiocFileCache::BiocFileCache(), string$address
#' )
#' }
#' @export
musl_resources <- function() {
  string <- function(name, what, kind = name) {
    address <- sprintf(
      "https://stringdb-downloads.org/download/%s.v12.0/9606.%s.v12.0.txt.gz",
      kind, kind
    )
    resource(
      paste0("string_", name), what, address, "read_network()",
      version = "12.0", format = "txt.gz", licence = "CC BY 4.0"
    )
  }
  rbind(
    resource(
      "depmap", "expression, gene effect, copy number, Model.csv of cell lines",
      "https://depmap.org/portal/data_page/", "read_depmap()",
      direct = FALSE, format = "csv", licence = "CC BY 4.0"
    ),
    resource(
      "synlethdb_2", "human SL pairs (Human_SL.csv)", paste0(
        "https://synlethdb.sist.shanghaitech.edu.cn/v2/static/download/SL/",
        "Human_SL.csv"
      ), "read_pairs()",
      version = "2.0", format = "csv"
    ),
    resource(
      "synlethdb_3", "human SL and non-SL pairs",
      "https://doi.org/10.5281/zenodo.22843223", "read_pairs()",
      version = "3.0", direct = FALSE, format = "csv", licence = "CC BY 4.0"
    ),
    resource(
      "slkb", "pairs of double-knockout screens", "https://slkb.osubmi.org/",
      "read_pairs()",
      direct = FALSE, format = "csv"
    ),
    string("links", "links of human proteins", "protein.links"),
    string(
      "detailed", "links of human proteins by channel", "protein.links.detailed"
    ),
    string(
      "aliases", "names of human proteins, with Entrez ids", "protein.aliases"
    ),
    string("info", "preferred names of human proteins", "protein.info"),
    resource(
      "biogrid", "interactions of all species", paste0(
        "https://downloads.thebiogrid.org/Download/BioGRID/Latest-Release/",
        "BIOGRID-ALL-LATEST.tab3.zip"
      ), "read_network()",
      format = "tab3.zip", licence = "MIT"
    ),
    resource(
      "hippie", "scored human interactions",
      "https://cbdm-01.zdv.uni-mainz.de/~mschaefer/hippie/hippie_current.txt",
      "read_network()",
      format = "txt"
    ),
    resource(
      "huri", "binary human interactions, two columns of Ensembl ids",
      "https://interactome-atlas.org/data/HuRI.tsv", "read_network()",
      version = "2020", format = "tsv", licence = "CC BY 4.0"
    ),
    resource(
      "uniprot_embeddings", "ProtT5 vectors of human proteins", paste0(
        "https://ftp.uniprot.org/pub/databases/uniprot/current_release/",
        "knowledgebase/embeddings/UP000005640_9606/per-protein.h5"
      ), "read_embeddings()",
      format = "h5", licence = "CC BY 4.0"
    ),
    resource(
      "hgnc", "human gene symbols, aliases and ids", paste0(
        "https://storage.googleapis.com/public-download-files/hgnc/tsv/tsv/",
        "hgnc_complete_set.txt"
      ), "musl_map_genes()",
      format = "txt"
    )
  )
}

resource <- function(name, what, address, reader, version = "latest",
                     direct = TRUE, format, licence = NA_character_) {
  tibble(
    name = name, what = what, version = version, address = address,
    direct = direct, format = format, licence = licence, reader = reader
  )
}
