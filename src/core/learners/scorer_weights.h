#pragma once

#include <map>
#include <string>
#include <vector>

namespace musl {

/// Weights of scorers by name.
struct ScorerWeights : std::map<std::string, double> {
  using map::map;
  /// 0 for others.
  [[nodiscard]] double of(const std::string& scorer) const;
};

/// Weight of each scorer in the score. Those that learn the outcome from all
/// columns are scaled to sum to 1; beside them the others, which cost accuracy
/// on screens, have none.
[[nodiscard]] ScorerWeights default_weights();

/// Weights that order the partners of one gene. Chosen on held-out queries of a
/// screen and textbook pairs, both of which are ranked better by them than by
/// the default weights.
[[nodiscard]] ScorerWeights list_weights();

/// Names of all scorers of features that a model may have, in order.
[[nodiscard]] std::vector<std::string> all_scorer_names();

/// Weights of the scorers used. Those that learned the outcome sum to 1; beside
/// them others have no weight, or with `others` the known one.
[[nodiscard]] std::vector<double> used_weights(
    const ScorerWeights& known, const std::vector<std::string>& scorers,
    bool others = false);

/// Takes the weight of all but those wanted, if any are named.
void keep_weights(const std::vector<std::string>& wanted,
                  ScorerWeights* weights);

}  // namespace musl
