#include <Rcpp.h>

#include <algorithm>
#include <numeric>
#include <string>
#include <vector>

#include "base/pair_set.h"
#include "data/dataset.h"
#include "expression/descriptors.h"
#include "expression/expression.h"
#include "expression/histogram_maps.h"
#include "r_convert.h"

namespace {

/// One cohort whose row r is gene r.
musl::ExpressionInput as_input(const std::vector<Rcpp::NumericMatrix>& assays,
                               bool linear) {
  musl::ExpressionInput input;
  input.name = "expression";
  input.linear = linear;
  for (const auto& x : assays) {
    input.assays.emplace_back(x.begin(), x.nrow(), x.ncol());
  }
  input.gene_of_row.resize(static_cast<std::size_t>(assays.at(0).nrow()));
  std::iota(input.gene_of_row.begin(), input.gene_of_row.end(), 0);
  return input;
}

musl::ExpressionConfig as_config(const Rcpp::List& how) {
  musl::ArchitectureConfig config;
  config.bins = Rcpp::as<int>(how["bins"]);
  config.binning = Rcpp::as<std::string>(how["binning"]);
  config.smooth = Rcpp::as<double>(how["smooth"]);
  config.transforms = Rcpp::as<std::vector<std::string>>(how["transforms"]);
  return musl::expression_config(config);
}

musl::ExpressionConfig config_of_set(const std::string& set, int bins) {
  musl::ArchitectureConfig config;
  config.bins = bins;
  config.descriptors = set;
  return musl::expression_config(config);
}

}  // namespace

// Maps of the pair of the two rows of each assay: bins * bins * channels
// values, the bin of the second gene changing fastest, then that of the first.
// `how` is list(bins, binning, smooth, transforms, scaled).
// [[Rcpp::export(rng = false)]]
Rcpp::NumericVector cpp_histogram(std::vector<Rcpp::NumericMatrix> assays,
                                  bool linear, Rcpp::List how) {
  const auto config = as_config(how);
  const auto cohort = musl::make_expression_cohort(
      as_input(assays, linear), config, 2, /*known=*/nullptr,
      /*compact=*/false, /*threads=*/1);
  std::vector<float> maps(static_cast<std::size_t>(musl::raw_channels(cohort) *
                                                   config.bins * config.bins));
  musl::pair_histogram(cohort, 0, 1, Rcpp::as<bool>(how["scaled"]),
                       maps.data());
  return Rcpp::wrap(maps);
}

// Descriptors of pairs of rows (0-based), the descriptor changing fastest.
// `set` is that of an architecture.
// [[Rcpp::export(rng = false)]]
Rcpp::NumericVector cpp_descriptors(Rcpp::NumericMatrix assay, bool linear,
                                    int bins, std::string set,
                                    std::vector<int> a, std::vector<int> b) {
  const auto cohort = musl::make_expression_cohort(
      as_input({assay}, linear), config_of_set(set, bins), assay.nrow(),
      /*known=*/nullptr, /*compact=*/false, /*threads=*/0);
  const musl::PairSet pairs{a, b, {}};
  musl::check_pairs(pairs, assay.nrow());
  Rcpp::NumericVector out(pairs.size() * musl::kDescriptors);
  auto next = out.begin();
  for (std::size_t i = 0; i < a.size(); ++i) {
    const auto values = musl::describe_pair(cohort, a[i], b[i]);
    next = std::copy(values.begin(), values.end(), next);
  }
  return out;
}

// [[Rcpp::export(rng = false)]]
std::vector<std::string> cpp_descriptor_names(std::string set) {
  return musl::descriptor_names(config_of_set(set, 32).descriptors);
}
