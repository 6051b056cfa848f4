#include "learners/scorer_weights.h"

#include "learners/scorer_kind.h"

namespace musl {

namespace {

ScorerWeights weights_of_kinds(double ScorerKind::*weight) {
  ScorerWeights out;
  for (const auto& kind : scorer_kinds()) out[kind.name] = kind.*weight;
  return out;
}

}  // namespace

std::vector<std::string> all_scorer_names() {
  std::vector<std::string> out;
  for (const auto& kind : scorer_kinds()) out.push_back(kind.name);
  return out;
}

double ScorerWeights::of(const std::string& scorer) const {
  const auto found = find(scorer);
  return found == end() ? 0 : found->second;
}

ScorerWeights default_weights() {
  return weights_of_kinds(&ScorerKind::weight);
}

ScorerWeights list_weights() { return weights_of_kinds(&ScorerKind::of_lists); }

std::vector<double> used_weights(const ScorerWeights& known,
                                 const std::vector<std::string>& scorers,
                                 bool others) {
  double of_outcome = 0, all = 0;
  for (const auto& scorer : scorers) {
    all += known.of(scorer);
    if (scorer_kind(scorer).of_outcome) of_outcome += known.of(scorer);
  }
  const double unit = of_outcome > 0 ? of_outcome : all;
  std::vector<double> out;
  for (const auto& scorer : scorers) {
    const double weight = known.of(scorer);
    const bool scaled = of_outcome <= 0 || scorer_kind(scorer).of_outcome;
    const double beside = others ? weight : 0;
    out.push_back(scaled ? weight / unit : beside);
  }
  return out;
}

void keep_weights(const std::vector<std::string>& wanted,
                  ScorerWeights* weights) {
  for (auto& [name, weight] : *weights) {
    if (!is_wanted(wanted, name)) weight = 0;
  }
}

}  // namespace musl
