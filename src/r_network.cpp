#include <Rcpp.h>

#include <cstdint>
#include <vector>

#include "musl/csr_graph.h"
#include "musl/matrix.h"

namespace {

Rcpp::NumericMatrix as_double_matrix(const musl::Matrix& matrix) {
  Rcpp::NumericMatrix out(static_cast<int>(matrix.rows()),
                          static_cast<int>(matrix.cols()));
  Eigen::Map<Eigen::MatrixXd>(out.begin(), matrix.rows(), matrix.cols()) =
      matrix.cast<double>();
  return out;
}

}  // namespace

// [[Rcpp::export(rng = false)]]
Rcpp::NumericMatrix cpp_topology(std::vector<int> from, std::vector<int> to,
                                 std::vector<float> weight, double n_nodes,
                                 std::vector<int> a, std::vector<int> b) {
  const musl::CsrGraph graph =
      musl::make_graph(static_cast<std::int64_t>(n_nodes), from, to, weight);
  Rcpp::NumericMatrix out =
      as_double_matrix(musl::topology_matrix(graph, {a, b, {}}, /*threads=*/0));
  Rcpp::colnames(out) = Rcpp::wrap(musl::topology_names());
  return out;
}

// [[Rcpp::export(rng = false)]]
Rcpp::NumericMatrix cpp_spectral(std::vector<int> from, std::vector<int> to,
                                 std::vector<float> weight, double n_nodes,
                                 int rank, double seed, int threads) {
  const musl::CsrGraph graph =
      musl::make_graph(static_cast<std::int64_t>(n_nodes), from, to, weight);
  return as_double_matrix(musl::spectral_embedding(
      graph, rank, static_cast<std::uint64_t>(seed), threads));
}
