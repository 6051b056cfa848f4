#include <Rcpp.h>

#include <numeric>
#include <string>
#include <vector>

#include "musl/descriptors.h"
#include "musl/expression.h"
#include "musl/histogram.h"
#include "musl/pair_set.h"

namespace {

/// One source whose row r is gene r.
musl::ExpressionSource as_source(const std::vector<Rcpp::NumericMatrix>& assays,
                                 bool linear,
                                 const musl::ExpressionConfig& config) {
  musl::ExpressionInput input;
  input.name = "expression";
  input.linear = linear;
  for (const auto& x : assays) {
    input.assays.emplace_back(x.begin(), x.nrow(), x.ncol());
  }
  input.gene_of_row.resize(static_cast<std::size_t>(assays.at(0).nrow()));
  std::iota(input.gene_of_row.begin(), input.gene_of_row.end(), 0);
  return musl::make_expression_source(input, config, assays.at(0).nrow(),
                                      /*known=*/nullptr, /*compact=*/false,
                                      /*threads=*/0);
}

}  // namespace

// Maps of the pair of the two rows of each assay: bins * bins * channels
// values, the bin of the second gene changing fastest, then that of the first.
// [[Rcpp::export(rng = false)]]
Rcpp::NumericVector cpp_histogram(std::vector<Rcpp::NumericMatrix> assays,
                                  bool linear, int bins, std::string binning,
                                  std::string zeros, double smooth,
                                  bool scaled) {
  const auto source =
      as_source(assays, linear,
                {bins, musl::parse_bin_method(binning),
                 musl::parse_zero_policy(zeros), smooth});
  std::vector<float> maps(
      static_cast<std::size_t>(musl::raw_channels(source) * bins * bins));
  if (scaled) {
    musl::pair_histogram(source, 0, 1, maps.data());
  } else {
    musl::pair_counts(source, 0, 1, maps.data());
  }
  return Rcpp::wrap(maps);
}

// Descriptors of pairs of rows (0-based), the descriptor changing fastest.
// [[Rcpp::export(rng = false)]]
Rcpp::NumericVector cpp_descriptors(Rcpp::NumericMatrix assay, bool linear,
                                    int bins, std::vector<int> a,
                                    std::vector<int> b) {
  musl::ExpressionConfig config;
  config.bins = bins;
  const std::vector<musl::ExpressionSource> sources = {
      as_source({assay}, linear, config)};
  const musl::PairSet pairs{a, b, {}};
  musl::check_pairs(pairs, assay.nrow());
  std::vector<float> values(a.size() * musl::kDescriptors);
  musl::descriptor_batch(sources, pairs, 0, pairs.size(), values.data());
  return Rcpp::wrap(values);
}

// [[Rcpp::export(rng = false)]]
std::vector<std::string> cpp_descriptor_names() {
  const auto& names = musl::descriptor_names();
  return {names.begin(), names.end()};
}
