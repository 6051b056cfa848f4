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
  as_tibble(utils::read.csv(
    package_file("resources.csv"), colClasses = c(version = "character")
  ))
}
