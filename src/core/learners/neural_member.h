#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/matrix.h"
#include "base/pair_set.h"
#include "io/archive.h"
#include "learners/logistic.h"
#include "store/gene_store.h"

namespace musl {

/// How to compute the per-gene inputs of the pair network: coordinates by
/// annotation, families, network and profiles, and a table.
///
/// Coordinates are meaningful only on the axes of one store, so they always
/// come from the store used in training; the table is read from any store.
struct NeuralInputs {
  /// Leading axes of a cohort's profiles, scaled; the cubes of the coordinates
  /// on each have a positive sum.
  struct Axes {
    std::string cohort;
    std::uint64_t profiles;  // a hash of the profiles; 0: not known
    Matrix axis;             // (columns of the profile, axes)
  };
  std::vector<Axes> cohorts;
  std::vector<std::string> column;     // of the table
  std::vector<float> mean, scale;      // of each column
  std::vector<float> lowest, highest;  // of standardised values that count
};

/// Axes, means and scales of a store: the same for cohorts in any order.
[[nodiscard]] NeuralInputs learn_neural_inputs(const GeneStore& store);

/// Limits columns of dependency, fitness and expression to the values of 99 %
/// of the genes of training, and their inputs (U, F).
void limit_neural_inputs(NeuralInputs* inputs, Matrix* genes);

/// F, the number of inputs per gene; `known` is the store used in training.
[[nodiscard]] std::int64_t neural_width(const NeuralInputs& inputs,
                                        const GeneStore& known);

/// Inputs (genes, F) of genes of `given`, 0 if unknown.
///
/// known    the store used in training; if it has no profiles, those of `given`
///          count if they are the same
/// gene_of  index of each gene of `given` in `known`, -1 for none; empty if the
///          two are the same
[[nodiscard]] Matrix neural_inputs(const NeuralInputs& inputs,
                                   const GeneStore& known,
                                   const GeneStore& given,
                                   const std::vector<std::int32_t>& gene_of,
                                   const std::vector<std::int32_t>& genes);

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

/// Stores a pair network as tensors and strings under `prefix`, an absent one
/// as nothing. Reading throws FormatError for parts that do not fit each other,
/// `n_columns` or the store.
void put_neural(const std::string& prefix, const NeuralMember& net,
                Archive* archive);
[[nodiscard]] NeuralMember read_neural(const std::string& prefix,
                                       std::int64_t n_columns,
                                       const GeneStore& store,
                                       const Archive& archive);

}  // namespace musl
