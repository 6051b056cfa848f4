#include <Rcpp.h>

#include <algorithm>
#include <cstdint>
#include <vector>

#include "musl/bootstrap.h"
#include "musl/reliability.h"

// Multiplicity of each gene in bootstrap replicates: genes x replicates.
// [[Rcpp::export(rng = false)]]
Rcpp::IntegerMatrix cpp_gene_multiplicity(double n_genes, int replicates,
                                          double seed) {
  Rcpp::IntegerMatrix out(static_cast<int>(n_genes), replicates);
  for (int r = 0; r < replicates; ++r) {
    const auto times =
        musl::gene_multiplicity(static_cast<std::int64_t>(n_genes),
                                static_cast<std::uint64_t>(seed), r);
    std::copy(times.begin(), times.end(), out.column(r).begin());
  }
  return out;
}

// [[Rcpp::export(rng = false)]]
double cpp_node_bootstrap_error(std::vector<double> value, std::vector<int> a,
                                std::vector<int> b, double n_genes,
                                int replicates, double seed) {
  return musl::node_bootstrap_error(
      value, a, b, static_cast<std::int64_t>(n_genes), replicates,
      static_cast<std::uint64_t>(seed));
}
