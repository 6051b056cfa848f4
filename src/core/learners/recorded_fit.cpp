#include "learners/recorded_fit.h"

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include "base/error.h"
#include "base/numbers.h"
#include "learners/measured_model.h"
#include "learners/measured_scorer.h"
#include "learners/model_columns.h"
#include "learners/scorer_kind.h"
#include "learners/scorer_weights.h"

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
std::vector<EvidenceColumn> columns_of_recorded(const GeneStore& store) {
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

MeasuredModel fit_recorded(GeneStore store, const PairSet& recorded,
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
  const Matrix all = ModelColumns(out.columns, out.store).of(recorded, threads);
  const Matrix raw = all.leftCols(count_raw(out.columns));
  const RecordedFit from{recorded, config,  raw,  weight,
                         at_half,  threads, go_on};
  double sum = 0;
  for (const auto& kind : scorer_kinds()) {
    if (kind.fit_recorded != nullptr) kind.fit_recorded(from, &out);
    sum += out.weights.of(kind.name);
  }
  for (auto& [name, weight_of] : out.weights) weight_of /= sum;
  keep_weights(config.scorers, &out.weights);
  return out;
}

}  // namespace musl
