#pragma once

#include <cstdint>
#include <vector>

#include "judge/metrics.h"

namespace musl {

/// A ranking of genes and a screen's measurements of them.
struct ScreenedRanking {
  std::vector<double> score;     // of the ranking; the highest is first
  std::vector<double> strength;  // of the screen; the highest is strongest
  std::vector<float> hit;        // 1 called a hit by the screen, else 0
};

/// Agreement of a ranking with a screen.
struct ScreenAgreement {
  double auroc;     // of the score for hits; NaN without both kinds
  double auprc;     // likewise
  double spearman;  // of score and strength; NaN if either is constant
  /// At each depth, hits among the first ranks, expected under random order of
  /// ties.
  std::vector<double> hits;
  /// hits over those expected from their share of all genes; NaN without hits.
  std::vector<double> enrichment;
};

/// Evaluates one ranking under any multiplicity of its genes; sorts once.
class ScreenJudge {
 public:
  /// depths  numbers of top ranks, each >= 1
  /// InputError for NaN.
  ScreenJudge(ScreenedRanking ranking, std::vector<std::int64_t> depths);

  /// multiplicity  (n) how often each gene was sampled; empty: once
  [[nodiscard]] ScreenAgreement measure(
      const std::vector<std::int32_t>& multiplicity = {}) const;

  /// (n) joint score of each gene by ranking and screen, high is best: the sum
  /// of two standard normal scores over sqrt(2), each of the quantile (rank -
  /// 1/2) / n, ties at their mean. The scales do not matter and both have equal
  /// weight. Source: the sum of Stouffer et al. (1949), with scores in place of
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

/// Agreement in bootstrap samples of the genes: (replicates, 3 + depths)
/// row-major, each row auroc, auprc, spearman and enrichments. The bits do not
/// depend on `threads` (0: all).
[[nodiscard]] std::vector<double> bootstrap_agreement(const ScreenJudge& judge,
                                                      std::int64_t replicates,
                                                      std::uint64_t seed,
                                                      int threads);

}  // namespace musl
