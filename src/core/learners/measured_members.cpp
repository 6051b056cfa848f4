#include <cstdint>
#include <string>

#include "musl/measured_model.h"

namespace musl {

PairSet measured_pairs(const MeasuredModel& model) {
  PairSet out;
  for (std::size_t i = 0; i < model.measured_key.size(); ++i) {
    const std::int64_t key = model.measured_key[i];
    out.a.push_back(static_cast<std::int32_t>(key / model.store.n_genes));
    out.b.push_back(static_cast<std::int32_t>(key % model.store.n_genes));
    out.label.push_back(model.measured_hit[i] != 0 ? 1.0F : 0.0F);
  }
  return out;
}

std::vector<std::string> scorer_names(const MeasuredModel& model) {
  std::vector<std::string> out;
  const auto add = [&](bool fitted, const char* name) {
    if (fitted && scorer_weight(model.weights, name) > 0) {
      out.emplace_back(name);
    }
  };
  add(model.has_measured(), "linear");
  add(model.has_measured(), "boosting");
  add(!model.neural.empty(), "pair_net");
  add(model.has_recorded(), "recorded");
  add(model.has_measured(), "relation");
  add(model.has_terms(), "terms");
  return out;
}

double& scorer_weight(ScorerWeights& weights, const std::string& scorer) {
  if (scorer == "linear") return weights.linear;
  if (scorer == "boosting") return weights.boosting;
  if (scorer == "pair_net") return weights.pair_net;
  if (scorer == "recorded") return weights.recorded;
  if (scorer == "terms") return weights.terms;
  return weights.relation;
}

double scorer_weight(const ScorerWeights& weights, const std::string& scorer) {
  ScorerWeights copy = weights;
  return scorer_weight(copy, scorer);
}

}  // namespace musl
