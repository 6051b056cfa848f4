#include "r_nodes.h"

#include <string>
#include <vector>

namespace musl_r {

musl::Matrix as_float_matrix(SEXP matrix) {
  const Rcpp::NumericMatrix x(matrix);
  return musl::RMatrixView(x.begin(), x.nrow(), x.ncol()).cast<float>();
}

musl::NodeSet as_nodes(const Rcpp::List& fields) {
  musl::NodeSet nodes;
  nodes.kind = musl::node_kind(Rcpp::as<std::string>(fields["kind"]));
  const SEXP features = fields["features"];
  if (!Rf_isNull(features)) nodes.features = as_float_matrix(features);
  nodes.text = Rcpp::as<std::vector<std::string>>(fields["text"]);
  const Rcpp::List coordinates = fields["coordinates"];
  for (R_xlen_t i = 0; i < coordinates.size(); ++i) {
    nodes.coordinates.push_back(as_float_matrix(coordinates[i]));
  }
  const Rcpp::List columns = fields["columns"];
  for (R_xlen_t i = 0; i < columns.size(); ++i) {
    nodes.columns.push_back(as_float_matrix(columns[i]));
  }
  return nodes;
}

}  // namespace musl_r
