#pragma once

#include <cstdint>
#include <vector>

#include "musl/metrics.h"

namespace musl {

/// A ranking of genes beside what a screen measured of them.
struct ScreenedRanking {
  std::vector<double> score;     // of the ranking; the highest is first
  std::vector<double> strength;  // of the screen; the highest is strongest
  std::vector<float> hit;        // 1 called a hit by the screen, else 0
};

/// How a ranking agrees with a screen.
struct ScreenAgreement {
  double auroc;     // of the score for hits; NaN without both kinds
  double auprc;     // likewise
  double spearman;  // of score and strength; NaN where one does not vary
  /// At each depth, hits among the first places; what is to be expected when
  /// the order among ties is random.
  std::vector<double> hits;
  /// hits over what their share of all genes would bring; NaN without hits.
  std::vector<double> enrichment;
};

/// Measures one ranking under any multiplicity of its genes; sorts once.
class ScreenJudge {
 public:
  /// depths  places that count, each >= 1
  /// Throws ShapeError for vectors of different length, InputError for NaN, a
  /// hit that is neither 0 nor 1, or a depth below 1.
  ScreenJudge(ScreenedRanking ranking, std::vector<std::int64_t> depths);

  /// multiplicity  (n) how often each gene was drawn, or empty for once
  [[nodiscard]] ScreenAgreement measure(
      const std::vector<std::int32_t>& multiplicity = {}) const;

  /// (n) what ranking and screen say together of each gene, the highest first:
  /// the sum of two standard normal scores over sqrt(2), each that of the place
  /// (rank - 1/2) / n, ties at their mean. Neither scale matters, both weigh
  /// the same. Source: the sum of Stouffer et al. (1949), of scores in place of
  /// p-values.
  [[nodiscard]] std::vector<double> joint() const;

  [[nodiscard]] std::int64_t n_genes() const {
    return static_cast<std::int64_t>(ranking_.score.size());
  }
  [[nodiscard]] std::int64_t n_depths() const {
    return static_cast<std::int64_t>(depths_.size());
  }

 private:
  ScreenedRanking ranking_;
  std::vector<std::int64_t> depths_;
  ScoreOrder by_score_;
  ScoreOrder by_strength_;
};

/// The agreement of bootstrap samples of the genes: (replicates x (3 +
/// depths)), a replicate's auroc, auprc, spearman and enrichments side by side.
/// Same bits for any number of threads (0: all).
[[nodiscard]] std::vector<double> bootstrap_agreement(const ScreenJudge& judge,
                                                      std::int64_t replicates,
                                                      std::uint64_t seed,
                                                      int threads);

/// Hits among `drawn` of `n` genes of which `hits` are hits, drawn at random.
struct Hypergeometric {
  std::int64_t n;
  std::int64_t hits;
  std::int64_t drawn;

  /// Chance of at least `x` hits.
  [[nodiscard]] double upper_tail(std::int64_t x) const;
  /// The smallest number of hits that is not exceeded with chance `p`.
  [[nodiscard]] std::int64_t quantile(double p) const;

 private:
  [[nodiscard]] std::int64_t least() const;
  [[nodiscard]] std::int64_t most() const;
  [[nodiscard]] double chance(std::int64_t x) const;
};

}  // namespace musl
