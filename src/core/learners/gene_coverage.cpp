#include "learners/gene_coverage.h"

#include <cmath>

#include "base/numbers.h"
#include "learners/measured_scorer.h"
#include "store/cohorts.h"
#include "store/gene_sets.h"
#include "store/network.h"

namespace musl {

namespace {

using Counts = std::vector<std::int32_t>;

/// Entries of each row.
Counts row_sizes(const std::vector<std::int64_t>& offset, std::int64_t n) {
  Counts out(at(n), 0);
  for (std::size_t g = 0; g + 1 < offset.size(); ++g) {
    out[g] = static_cast<std::int32_t>(offset[g + 1] - offset[g]);
  }
  return out;
}

Counts count_cohorts(const GeneStore& store) {
  Counts out(at(store.n_genes), 0);
  for (const auto& cohort : store.part<Cohorts>()) {
    for (std::size_t g = 0; g < cohort.mean.size(); ++g) {
      if (!std::isnan(cohort.mean[g])) ++out[g];
    }
  }
  return out;
}

}  // namespace

GeneCoverage gene_coverage(const MeasuredModel& model) {
  const GeneStore& store = model.store;
  const std::int64_t n = store.n_genes;
  GeneCoverage out{count_cohorts(store),
                   row_sizes(store.part<Network>().graph.offset, n),
                   row_sizes(store.part<Terms>().sets.offset, n),
                   row_sizes(store.part<Families>().sets.offset, n),
                   row_sizes(store.part<Modules>().sets.offset, n),
                   Counts(at(n), 0),
                   Counts(at(n), 0)};
  const PairSet pairs = measured_pairs(model);
  for (std::size_t i = 0; i < pairs.a.size(); ++i) {
    for (const std::int32_t gene : {pairs.a[i], pairs.b[i]}) {
      ++out.measured[at(gene)];
      if (pairs.label[i] > 0.5F) ++out.hits[at(gene)];
    }
  }
  return out;
}

}  // namespace musl
