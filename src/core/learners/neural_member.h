#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/matrix.h"
#include "learners/logistic.h"
#include "learners/neural_inputs.h"

namespace musl {

/// y = max(0, scale * norm(W x + b) + shift); norm subtracts the mean of the
/// row and divides by its standard deviation.
struct NormedLayer {
  static constexpr float kEpsilon = 1e-5F;
  Matrix weight;                          // (out, in)
  std::vector<float> bias, scale, shift;  // (out)
};

/// Maps two genes to a log-odds: each gene's vector z, then [z_a + z_b, |z_a -
/// z_b|, z_a z_b], hidden units, their weighted sum.
struct GeneHead {
  NormedLayer gene;          // (D, F)
  NormedLayer pair;          // (hidden, 3 D)
  std::vector<float> score;  // (hidden)
  float intercept = 0;
};

/// One trained network.
struct NeuralNet {
  LogisticModel linear;  // on linear_columns()
  GeneHead head;
};

/// Training data of the pair network: n pairs of U genes.
struct NeuralTraining {
  Matrix genes;                    // (U, F)
  std::vector<std::int32_t> a, b;  // (n) rows of `genes`
  Matrix columns;                  // (n, C)
  std::vector<float> label, weight;
  std::vector<std::int32_t> group;  // pairs are ranked within a group
};

/// Networks trained on measured pairs; their mean is the score.
/// Scoring needs no LibTorch.
struct NeuralMember {
  NeuralInputs inputs;
  LogisticModel linear;         // mean of the networks'
  std::vector<GeneHead> heads;  // none: there is no pair network

  [[nodiscard]] bool empty() const { return heads.empty(); }
};

/// The heads of a pair network on some genes: what does not depend on the pair
/// is computed once.
class NeuralHeads {
 public:
  /// net     must outlive this
  /// genes   (U, F)
  NeuralHeads(const NeuralMember& net, const Matrix& genes, int threads);
  /// Mean score of pairs over the heads. The bits are the same for (a, b) and
  /// (b, a), any order and number of pairs and genes, and any `threads`.
  ///
  /// a, b  (n) rows of `genes`
  [[nodiscard]] std::vector<double> of(const std::vector<std::int32_t>& a,
                                       const std::vector<std::int32_t>& b,
                                       int threads) const;

 private:
  class OnGenes;
  std::vector<std::shared_ptr<const OnGenes>> heads_;
};

}  // namespace musl
