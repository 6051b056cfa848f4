#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace musl {

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

struct AttributionOptions {
  int first_steps = 32;  // of the path; doubled until the error is small
  int most_steps = 4096;
  double tolerance = 0.005;  // of the error, as a share of what is explained
};

}  // namespace musl
