#include <algorithm>
#include <cmath>
#include <utility>

#include "base/numbers.h"
#include "features/feature_group.h"
#include "learners/feature_learner.h"
#include "learners/gene_places.h"
#include "learners/measured_columns.h"
#include "musl/error.h"
#include "musl/measured_model.h"

namespace musl {

namespace {

struct ClassMass {
  double sl = 0, other = 0;
};

ClassMass count_classes(const PairSet& recorded) {
  ClassMass out;
  for (const float label : recorded.label)
    ++(label > 0.5F ? out.sl : out.other);
  if (out.sl == 0 || out.other == 0) {
    throw InputError("Recorded pairs must be of both classes.");
  }
  return out;
}

/// All but those that help where pairs are measured and not where they are
/// recorded (bench/RESULTS.md).
std::vector<EvidenceColumn> columns_of_recorded(const EvidenceStore& store) {
  auto out = evidence_columns(store);
  out.erase(std::remove_if(out.begin(), out.end(),
                           [](const auto& x) { return x.of_measured; }),
            out.end());
  return out;
}

}  // namespace

std::vector<float> weigh_recorded(const PairSet& recorded, std::int64_t n_genes,
                                  double hub) {
  const ClassMass mass = count_classes(recorded);
  const auto degree = pair_degree(recorded, n_genes, /*positives_only=*/true);
  std::vector<double> weight(recorded.label.size(), 1.0);
  double sum = 0;
  for (std::size_t i = 0; i < weight.size(); ++i) {
    if (recorded.label[i] <= 0.5F) continue;
    const auto known =
        std::max(degree[at(recorded.a[i])], degree[at(recorded.b[i])]);
    weight[i] = std::pow(static_cast<double>(known), -hub);
    sum += weight[i];
  }
  std::vector<float> out;
  for (std::size_t i = 0; i < weight.size(); ++i) {
    const double by = recorded.label[i] > 0.5F ? mass.sl / sum : 1.0;
    out.push_back(static_cast<float>(weight[i] * by));
  }
  return out;
}

MeasuredModel fit_recorded(EvidenceStore store, const PairSet& recorded,
                           const RecordedConfig& config, int threads,
                           const std::function<bool()>& go_on) {
  check_pairs(recorded, store.n_genes);
  const ClassMass mass = count_classes(recorded);
  // Like the scorers of measured pairs, gives the log-odds at equal shares.
  const double at_half = std::log(mass.sl / mass.other);
  const auto weight = weigh_recorded(recorded, store.n_genes, config.hub);
  MeasuredModel out;
  out.store = std::move(store);
  out.columns = columns_of_recorded(out.store);
  out.weights = {0, 0, 0, 1, 0, 0};
  const Matrix all = ModelColumns(out.columns, out.store).of(recorded, threads);
  out.recorded =
      fit_boosting(all.leftCols(count_raw(out.columns)), recorded.label, weight,
                   config.boosting, threads, go_on);
  out.recorded.base -= at_half;
  if (gene_places_width(out.store) > 0 && is_wanted(config.scorers, "terms")) {
    out.weights.recorded = config.recorded;
    out.weights.terms = 1 - config.recorded;
    out.terms = fit_logistic(gene_places(out.store, {}, recorded),
                             recorded.label, weight, config.terms, threads);
    out.terms.intercept -= at_half;
    keep_weights(config.scorers, &out.weights);
  }
  return out;
}

}  // namespace musl
