#include <Rcpp.h>

#include <algorithm>
#include <string>

#include "musl/embedding_file.h"
#include "r_read.h"

namespace {

Rcpp::List as_list(const musl::EmbeddingTable& table) {
  Rcpp::NumericMatrix values(static_cast<int>(table.rows),
                             static_cast<int>(table.columns));
  std::copy(table.values.begin(), table.values.end(), values.begin());
  return Rcpp::List::create(Rcpp::Named("ids") = musl_r::as_strings(table.ids),
                            Rcpp::Named("values") = values);
}

}  // namespace

// [[Rcpp::export(rng = false)]]
Rcpp::List cpp_read_embedding_tensors(std::string path) {
  return as_list(musl::read_embedding_tensors(path));
}
