#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "musl/measured_model.h"

namespace musl {

/// One member's scores of pairs, and their part that relates the two genes,
/// empty unless asked for.
struct Heard {
  std::vector<double> score, of_pair;
};

/// Inputs of the members for pairs, computed once for all members used.
struct Asked {
  Matrix raw, scaled;  // the model's columns
  Matrix linear;       // of linear_columns(); empty if no linear path is used
  std::vector<double> heads;  // the part of `neural` from single genes, if used
  Matrix places;              // of gene_places(); empty if `terms` is not used
};

/// The members of a model, which must outlive this.
class Ensemble {
 public:
  Ensemble(const MeasuredModel& model, int threads);

  /// x      (B, columns)
  /// heads, places  of the same pairs; empty unless their members are used
  [[nodiscard]] Asked asked(const std::vector<std::string>& members,
                            const Matrix& x, std::vector<double> heads,
                            Matrix places) const;

  /// Contribution of each column of a pair to a member's score.
  [[nodiscard]] std::vector<double> shares(const std::string& member,
                                           const Asked& asked) const;

  /// The score is the same with and without the parts.
  [[nodiscard]] Heard hear(const std::string& member, const Asked& asked,
                           bool parts) const;

 private:
  [[nodiscard]] const BoostedTrees& trees_of(const std::string& member) const;
  [[nodiscard]] const LogisticModel& path_of(const std::string& member) const;

  const MeasuredModel& model_;
  int threads_;
  Eigen::Index n_raw_;
  std::vector<std::uint8_t> of_pair_, raw_of_pair_;
};

/// Weights of the members used, in the score and in the log-odds.
struct HeardWeights {
  std::vector<double> score, log_odds;
};

[[nodiscard]] HeardWeights heard_weights(
    const ScorerWeights& known, const std::vector<std::string>& members);

[[nodiscard]] bool holds(const std::vector<std::string>& members,
                         const std::string& name);

/// `members`, or all of the model if there are none; InputError for one that
/// the model does not have.
[[nodiscard]] std::vector<std::string> scorers_asked(
    const MeasuredModel& model, const std::vector<std::string>& members);

/// Whether a scorer is among those asked for, all if there are none; and takes
/// the weight of others.
[[nodiscard]] bool is_asked(const std::vector<std::string>& asked,
                            const std::string& scorer);
void keep_weights(const std::vector<std::string>& asked,
                  ScorerWeights* weights);

/// Coordinates of the genes of pairs for `terms`; empty if it is not used.
[[nodiscard]] Matrix heard_places(const MeasuredModel& model,
                                  const std::vector<std::string>& members,
                                  const std::vector<std::int32_t>& gene_of,
                                  const PairSet& pairs);

}  // namespace musl
