#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "base/error.h"
#include "base/pair_set.h"
#include "judge/intervals.h"

namespace musl {

/// Evidence of pairs and its parts, and the part from single genes, by pair.
struct EvidenceValues {
  std::vector<double> pair, network, correlation, genes;
};

/// What is known of two genes as synthetic lethal partners, without learning
/// from labels: do they share neighbours, terms, sequences, and do cells
/// express both?
///
/// The weights were chosen on development screens and textbook pairs.
class PartnerEvidence : public Interface {
 public:
  [[nodiscard]] virtual std::int64_t n_genes() const = 0;
  /// Whether nothing is known of any pair.
  [[nodiscard]] virtual bool is_empty() const = 0;
  /// pair is network + 3 max(0, r)^2 of the genes' correlation r, and a quarter
  /// of the evidence of annotation; 0 where these are unknown. genes is 3 times
  /// the lower of the genes' percentiles of mean expression, one half where
  /// unknown; 0 without cohorts. (b, a) has the bits of (a, b).
  ///
  /// go_on  asked now and then; CancelledError if it returns false
  [[nodiscard]] virtual EvidenceValues of(
      const PairSet& pairs, int threads,
      const std::function<bool()>& go_on = {}) const = 0;
};

inline constexpr double kCorrelationEvidence = 3, kLevelEvidence = 3;
inline constexpr double kUnknownLevel = .5;

/// AUROC of pair evidence and of its parts between SL pairs and the same genes
/// paired anew, with intervals of `kTellingQuantile` standard errors.
struct EvidenceTest {
  AurocInterval pair{}, network{}, correlation{};

  /// Whether evidence tells these pairs beyond what their genes are, and no
  /// part says the opposite. False without values.
  [[nodiscard]] bool tells() const {
    return pair.lower > .5 && !(network.upper < .5) &&
           !(correlation.upper < .5);
  }
};

inline constexpr double kTellingQuantile = 3;

/// At most 5,000 pairs of each kind; NaN for fewer than 100 SL pairs or without
/// evidence.
///
/// sl  SL pairs; no new pair is one of them
[[nodiscard]] EvidenceTest test_evidence(const PartnerEvidence& evidence,
                                         const PairSet& sl, std::uint64_t seed,
                                         int threads);

}  // namespace musl
