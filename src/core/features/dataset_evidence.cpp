#include "features/dataset_evidence.h"

#include <algorithm>

#include "base/numbers.h"
#include "base/parallel.h"
#include "expression/pair_sums.h"
#include "expression/profile.h"
#include "features/expression_evidence.h"

namespace musl {

namespace {

/// (G) each gene's mean percentile of mean expression; empty without cohorts.
std::vector<float> mean_levels(const std::vector<ExpressionCohort>& cohorts) {
  if (cohorts.empty()) return {};
  const std::size_t n_genes = cohorts.front().row_of_gene.size();
  std::vector<std::vector<float>> levels;
  for (const auto& cohort : cohorts) {
    std::vector<float> mean(n_genes, kFloatNaN);
    for (std::size_t g = 0; g < n_genes; ++g) {
      const auto row = cohort.row_of_gene[g];
      if (row >= 0) mean[g] = cohort.marginals(row, 0);
    }
    levels.push_back(percentiles(mean));
  }
  return known_means(levels, size_of(cohorts.front().row_of_gene),
                     static_cast<float>(kUnknownLevel));
}

}  // namespace

DatasetEvidence::DatasetEvidence(const Dataset& data,
                                 const GeneStore* annotation)
    : data_(data), network_(data.network), level_(mean_levels(data.cohorts)) {
  if (annotation != nullptr) {
    annotation_ = std::make_unique<StoreEvidence>(*annotation);
  }
}

double DatasetEvidence::correlation(std::int32_t a, std::int32_t b) const {
  double sum = 0, n = 0;
  for (const auto& cohort : data_.cohorts) {
    if (!has_profiles(cohort) || !cohort.has_pair(a, b)) continue;
    const auto row = [&](std::int32_t gene) {
      return profile_row(cohort, ProfileKind::standardised,
                         cohort.row_of_gene[at(gene)])
          .data();
    };
    sum += pair_sums().dot(row(a), row(b), cohort.n_samples);
    ++n;
  }
  return n > 0 ? sum / n : 0;
}

double DatasetEvidence::of_genes(std::int32_t a, std::int32_t b) const {
  if (level_.empty()) return 0;
  return kLevelEvidence * std::min(level_[at(a)], level_[at(b)]);
}

EvidenceValues DatasetEvidence::of(const PairSet& pairs, int threads,
                                   const std::function<bool()>& go_on) const {
  EvidenceValues out;
  for (auto* values : {&out.pair, &out.network, &out.correlation, &out.genes}) {
    values->resize(pairs.a.size());
  }
  if (annotation_) out.pair = annotation_->of(pairs, threads).pair;
  parallel_for(
      pairs.size(), threads,
      [&](std::int64_t k) {
        const auto i = at(k);
        const auto a = pairs.a[i], b = pairs.b[i];
        out.network[i] = network_.of(a, b);
        out.correlation[i] = correlation(a, b);
        const double positive = std::max(0.0, out.correlation[i]);
        out.pair[i] +=
            out.network[i] + kCorrelationEvidence * positive * positive;
        out.genes[i] = of_genes(a, b);
      },
      go_on);
  return out;
}

}  // namespace musl
