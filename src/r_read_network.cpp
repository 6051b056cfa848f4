#include <Rcpp.h>

#include <string>
#include <vector>

#include "musl/edge_table.h"
#include "r_read.h"

// from, to  positions from 1 in node_of
// weight    one a row, or none: all 1
// node_of   node of each name, from 1, NA for none
// returns list(from, to, weight, n_rows, one an edge; n_unmapped, n_loops)
// [[Rcpp::export(rng = false)]]
Rcpp::List cpp_merge_edges(Rcpp::IntegerVector from, Rcpp::IntegerVector to,
                           std::vector<double> weight,
                           Rcpp::IntegerVector node_of) {
  const auto edges =
      musl::merge_edges(musl_r::zero_based(from), musl_r::zero_based(to),
                        weight, musl_r::zero_based(node_of));
  return Rcpp::List::create(
      Rcpp::Named("from") = musl_r::one_based(edges.from),
      Rcpp::Named("to") = musl_r::one_based(edges.to),
      Rcpp::Named("weight") = edges.weight,
      Rcpp::Named("n_rows") = edges.n_rows,
      Rcpp::Named("n_unmapped") = static_cast<double>(edges.n_unmapped),
      Rcpp::Named("n_loops") = static_cast<double>(edges.n_loops));
}
