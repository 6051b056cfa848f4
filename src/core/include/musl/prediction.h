#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "musl/matrix.h"

namespace musl {

/// What a model says of N pairs, in their order. A scorer leaves what it does
/// not know empty.
struct Prediction {
  std::vector<double> score;  // (N) logit; NaN: no input of the pair at all
  /// Of the MuSL network: (M) encoders; gates (N, M) that sum to 1, 0 where
  /// masked; logits of the branches (N, M); on request, vectors of the pairs
  /// (N, members * fusion width).
  std::vector<std::string> encoders;
  Matrix gates, branch_scores, embedding;
  Matrix logits;  // (N, 1 + M) fused and branch logits of one network
  /// Of scorers that read features: what to rank partners of one gene by, and
  /// the probability of a hit at the prior, without rates.
  std::vector<double> list_order, probability;
  /// With `parts`, score = relation + gene_effect: from features that relate
  /// the two genes, and from either gene and constants.
  std::vector<double> relation, gene_effect;
  std::vector<std::int8_t> measured;  // 1 hit, 0 non-hit, -1 not measured
  std::vector<std::string> scorers;   // used, in order
  Matrix scorer_scores;               // (N, scorers)
};

/// How pairs are scored. A scorer does not read what is not for it.
struct PredictOptions {
  std::string device = "auto";
  int threads = 0;
  int micro_batch = 0;  // pairs at once; 0: chosen automatically
  bool parts = false;   // what the score is made of
  bool embedding = false;
  /// Encoders of the MuSL network; the others are masked. Empty: all.
  std::vector<std::string> encoders;
  /// "linear", "boosting", "pair_net", "recorded", "relation", "terms"; empty:
  /// all of the model.
  std::vector<std::string> scorers;
  std::vector<std::string> rates;  // names of PartnerRates to add, any number
  double prior = 0.0135;           // share of hits that probabilities assume
  std::int32_t line = -1;  // of the store's lines: cells asked for; -1: any
};

/// Work done and total work, in pairs times networks; false cancels.
using Tick = std::function<bool(std::int64_t, std::int64_t)>;

}  // namespace musl
