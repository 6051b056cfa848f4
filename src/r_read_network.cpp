#include <Rcpp.h>

#include <string>
#include <vector>

#include "musl/edge_table.h"
#include "musl/string_links.h"
#include "r_read.h"

namespace {

musl::StringRequest as_string_request(const Rcpp::List& how) {
  musl::StringRequest out;
  out.ends = musl_r::zero_based(how["ends"]);
  out.scores = musl_r::zero_based(how["scores"]);
  out.channels = Rcpp::as<std::vector<std::string>>(how["channels"]);
  out.points = Rcpp::as<double>(how["points"]);
  out.min = Rcpp::as<double>(how["min"]);
  out.missing = NA_REAL;
  return out;
}

}  // namespace

// [[Rcpp::export(rng = false)]]
double cpp_string_points(std::vector<double> scores) {
  return musl::string_points(scores);
}

// Links of STRING: the two ends and their score, 0 to 1.
// how  list(ends, scores: positions from 1, that of the combined score or of
//      the channels and then homology; channels, points, min)
// [[Rcpp::export(rng = false)]]
Rcpp::List cpp_string_links(std::string path, Rcpp::List how, int threads) {
  musl::TextFile file(path);
  const auto links = musl::read_string_links(&file, as_string_request(how),
                                             threads, musl_r::interrupt_tick());
  return Rcpp::List::create(
      Rcpp::Named("from") = musl_r::one_based(links.from),
      Rcpp::Named("to") = musl_r::one_based(links.to),
      Rcpp::Named("name") = musl_r::as_strings(links.name),
      Rcpp::Named("score") = links.score,
      Rcpp::Named("n_below") = static_cast<double>(links.n_below),
      Rcpp::Named("n_without") = static_cast<double>(links.n_without));
}

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
