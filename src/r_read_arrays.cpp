#include <Rcpp.h>

#include <algorithm>
#include <string>

#include "musl/embedding_file.h"
#include "musl/matrix_market.h"
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
Rcpp::List cpp_read_npy(std::string path) {
  return as_list(musl::read_npy(path));
}

// [[Rcpp::export(rng = false)]]
Rcpp::List cpp_read_embedding_tensors(std::string path) {
  return as_list(musl::read_embedding_tensors(path));
}

// A dgCMatrix in parts: p, i and x; n_rows and n_columns are the required size.
// [[Rcpp::export(rng = false)]]
Rcpp::List cpp_read_matrix_market(std::string path, int n_rows, int n_columns) {
  musl::TextFile file(path);
  const auto counts = musl::read_matrix_market(&file, n_rows, n_columns,
                                               musl_r::interrupt_tick());
  return Rcpp::List::create(Rcpp::Named("start") = counts.start,
                            Rcpp::Named("row") = counts.row,
                            Rcpp::Named("value") = counts.value);
}
