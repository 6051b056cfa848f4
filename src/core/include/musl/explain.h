#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace musl {

/// The values of one input that a network read of a pair, and what each added
/// to the score.
struct AttributedInput {
  std::string name;               // of nn/inputs, "gene_a", "gene_b"
  std::vector<std::string> term;  // (n) names; "" where there are none
  /// (n) as the network reads it; of histograms, shares of the samples, channel
  /// by channel of each source (raw_channels()), rows along gene a
  std::vector<double> value;
  std::vector<double> reference;     // (n) of the pair it is compared with
  std::vector<double> contribution;  // (n) log-odds
};

/// What a branch says of a pair and how much that counts in the score.
struct AttributedBranch {
  std::string name;  // "fused", an encoder, or "constant"
  double logit = 0, weight = 0;
  double gate = 0;  // in the fused branch; 0 for "fused" and "constant"
};

/// What one known partner of a gene, or one neighbour in the network, adds.
struct AttributedGene {
  std::int32_t gene = 0;     // of the pair
  std::int32_t partner = 0;  // of the gene
  bool is_sl = false;        // of a known partner
  double contribution = 0;   // log-odds
};

/// Why a pair scores what it scores: contributions of all inputs add up to
/// score - reference_score, and weight x logit of all branches to the score.
///
/// Means over the members of an ensemble. Genes are in canonical order, a <= b.
struct Attribution {
  double score = 0;            // log-odds
  double reference_score = 0;  // of the pair it is compared with
  /// Steps of the path, and the largest difference that they left between the
  /// contributions' sum and score - reference_score.
  int steps = 0;
  double error = 0;
  std::vector<AttributedInput> inputs;
  std::vector<AttributedBranch> branches;
  std::vector<AttributedGene> partners;    // known partners of either gene
  std::vector<AttributedGene> neighbours;  // in the network, of either gene
};

struct AttributionOptions {
  int first_steps = 32;  // of the path; doubled until the error is small
  int most_steps = 1024;
  double tolerance = 0.005;  // of the error, as a share of what is explained
};

}  // namespace musl
