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

std::vector<std::string> measured_members(const MeasuredModel& model) {
  std::vector<std::string> out;
  if (model.has_measured()) out = {"linear", "boosting"};
  if (!model.neural.empty()) out.emplace_back("neural");
  if (model.has_recorded()) out.emplace_back("recorded");
  if (model.has_measured()) out.emplace_back("evidence");
  if (model.has_terms()) out.emplace_back("terms");
  return out;
}

double member_weight(const MemberWeights& weights, const std::string& member) {
  if (member == "linear") return weights.linear;
  if (member == "boosting") return weights.boosting;
  if (member == "neural") return weights.neural;
  if (member == "recorded") return weights.recorded;
  if (member == "terms") return weights.terms;
  return weights.evidence;
}

}  // namespace musl
