#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <string>
#include <vector>

#include "base/matrix.h"

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
  /// With `parts`, score = relation + single_gene: from features that relate
  /// the two genes, and from either gene and constants.
  std::vector<double> relation, single_gene;
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

/// The values of one input for a pair, and the contribution of each to the
/// score.
struct AttributedInput {
  std::string name;  // of nn/inputs, "gene_a", "gene_b", a group of features
  std::vector<std::string> term;  // (n) names; "" where there are none
  /// (n) as the network reads it; for histograms, shares of the samples,
  /// channel by channel of each cohort (raw_channels()), rows follow gene a
  std::vector<double> value;
  std::vector<double> reference;     // (n) of the pair it is compared with
  std::vector<double> contribution;  // (n) log-odds
  std::vector<double> order{};  // (n) to Attribution::order; empty: unknown
  /// (n) 1 where the value is out of what training pairs have, so that the
  /// contribution is that of the border; empty: nowhere.
  std::vector<std::uint8_t> beyond{};
  std::vector<std::string> words{};  // (n) what features say; else empty
};

/// A branch's logit for a pair and its weight in the score.
struct AttributedBranch {
  std::string name;  // "fused", an encoder, "constant", or a scorer
  double logit = 0, weight = 0;
  double gate = 0;  // in the fused branch; 0 for "fused" and "constant"; NaN
                    // for scorers of features
};

/// Contribution of one known partner of a gene, or of one network neighbour.
struct AttributedGene {
  std::int32_t gene = 0;     // of the pair
  std::int32_t partner = 0;  // of the gene
  bool is_sl = false;        // of a known partner
  double contribution = 0;   // log-odds
};

/// Explains the score of a pair: the contributions of all inputs sum to score -
/// reference_score; weight x logit of all branches sum to the score.
///
/// Means over the members of an ensemble. Genes are in canonical order, a <= b.
struct Attribution {
  double score = 0;  // log-odds
  /// What ranks lists of partners; NaN: not known.
  double order = std::numeric_limits<double>::quiet_NaN();
  /// Of the pair it is compared with; NaN: the score less all contributions.
  double reference_score = 0;
  /// Steps of the path, and the largest remaining difference between the sum of
  /// the contributions and score - reference_score.
  int steps = 0;
  double error = 0;
  std::vector<AttributedInput> inputs;
  std::vector<AttributedBranch> branches;
  std::vector<AttributedGene> partners;    // known partners of either gene
  std::vector<AttributedGene> neighbours;  // in the network, of either gene
};

}  // namespace musl
