#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/matrix.h"
#include "features/evidence.h"
#include "learners/logistic.h"
#include "learners/scorer_kind.h"

namespace musl {

/// The columns that relate the two genes, 1 or 0, of the first n.
[[nodiscard]] std::vector<std::uint8_t> pair_columns(
    const std::vector<EvidenceColumn>& columns, std::int64_t n);

/// Coefficients times columns.
class LinearPath : public StoreScorer {
 public:
  /// path     must outlive this
  /// columns  those of the input that it reads, the last of all
  /// of_pair  1 for each of them that relates the two genes
  LinearPath(const LogisticModel& path, Matrix ScorerInput::*columns,
             std::vector<std::uint8_t> of_pair);

  [[nodiscard]] ScorerOutput score(const ScorerInput& x, bool parts,
                                   int threads) const override;
  [[nodiscard]] std::vector<double> shares(const ScorerInput& x,
                                           int threads) const override;

 private:
  const LogisticModel& path_;
  Matrix ScorerInput::*columns_;
  std::vector<std::uint8_t> of_pair_;
};

template <class Visit, class Model>
void visit_logistic(const Visit& visit, const std::string& name, Model& model) {
  visit(name + "/intercept", model.intercept);
  visit(name + "/coefficient", model.coefficient);
}
/// FormatError unless it has n coefficients.
void check_logistic(const LogisticModel& model, std::int64_t n);

}  // namespace musl
