#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/pair_set.h"

namespace musl {

/// Pairs measured in screens, one row per pair, study, line and query.
struct MeasuredPairs {
  PairSet pairs;                    // with labels
  std::vector<std::int32_t> study;  // of `studies`
  std::vector<std::int32_t> line;   // of `lines`, -1 for none
  std::vector<std::int32_t> query;  // gene lost in all cells, -1 for none
  std::vector<float> weight;        // 0 to 1
  std::vector<float> effect;        // negative is lethal; NaN for none
  std::vector<std::string> studies, lines;

  [[nodiscard]] std::int64_t size() const { return pairs.size(); }
};

/// One row per pair and study, as learners read it.
struct TrainingRows {
  PairSet pairs;
  std::vector<std::int32_t> study;  // -1: a random pair
  std::vector<std::int32_t> query;  // the first of several, -1 for none
  std::vector<std::int32_t> group;  // number of the study's query
  std::vector<float> weight;        // mean 1; hits sum to the same as non-hits
  std::vector<std::uint8_t> drawn;  // 1: of a study whose non-hits are a sample
};

/// How measured pairs are weighted.
struct WeighingConfig {
  /// Largest number of non-hits of a study; a study with more is sampled, and
  /// the sample is weighted to represent all. Other studies do not change it.
  std::int64_t most_non_hits = 15000;
  double least_effect = 0.3;  // lowest weight of a hit by its effect
  double most_effect = 3.0;   // highest weight
  /// Non-hits that count for each hit, in a study's pairs without a query and
  /// in those with one; if there are more, each counts less.
  double non_hits_of_pairs = 30;
  double non_hits_of_queries = 75;
  double most_hits = 6000;  // that a study weighs
  /// Weight of random pairs and pairs of queries beside that of all pairs that
  /// were measured without a query: random pairs make up what is missing.
  double background = 1.0;
  double background_rate = 0.0135;  // share of hits among them
};

/// Averages rows of a pair and study over lines and queries, samples
/// non-hits, and computes weights.
///
/// A non-hit counts as often as it was measured, up to a number for each hit
/// (natural rates: a library's choice of pairs is part of what is learned, but
/// a study of few hits must not change what all others teach), a hit by the
/// size of its effect: |z| / 2 within least and most, z the standard score
/// among the study's pairs; if at most half of the non-hits have an effect,
/// |effect| over the median of the study's hits; 1 without an effect. All are
/// multiplied by `weight`; hits are then scaled to the total weight of all
/// non-hits. InputError without rows of both classes.
///
/// Random pairs of the genes that were measured without a query are added, each
/// as a hit of weight `background_rate` and a non-hit of the rest. A library of
/// chosen pairs, paralogs say, cannot show what its pairs have in common; its
/// higher rate of hits beside theirs does. Measured pairs are not drawn, so
/// that few are added where a screen crossed all of its genes, and none where
/// screens by query weigh as much, which chose no pairs.
[[nodiscard]] TrainingRows weigh_measured(const MeasuredPairs& measured,
                                          const WeighingConfig& config,
                                          std::int64_t n_genes,
                                          std::uint64_t seed);

/// How often a gene was a hit as partner in a line, relative to the
/// line's mean r: log((hits + 10 r) / (n + 10) / r); 0 if not measured.
struct PartnerRates {
  std::string name;              // of a study or a line
  std::vector<float> log_ratio;  // (G)
};
[[nodiscard]] std::vector<PartnerRates> partner_rates(
    const MeasuredPairs& measured, std::int64_t n_genes);

}  // namespace musl
