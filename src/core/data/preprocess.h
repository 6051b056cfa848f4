#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "base/pair_set.h"
#include "data/dataset.h"

namespace musl {

/// Column-wise standardisation, learned on training pairs or genes.
struct Scaler {
  std::vector<float> mean;
  std::vector<float> scale;  // sd, 1 if a column is constant

  /// Standardises x (n, F) in place; clamps to +-clip.
  void apply(float* x, std::int64_t n, float clip = 6.0f) const;
};

/// Scalers of a model. Rows that a modality lacks do not count.
struct Preprocess {
  /// Scalers of pair inputs, by name: "descriptors", "topology", ... as learned
  /// by the inputs of core/nn/inputs.
  std::map<std::string, Scaler> pair_scalers;
  std::vector<Scaler> blocks;  // one a node block, over present rows of the
                               // genes of the training pairs
  std::vector<std::string> block_names;  // as many
  /// Of the node features propagated once, over all genes. Empty: no network.
  std::vector<Scaler> propagated;

  /// The scaler of the pair input of this name; an empty one if there is none.
  [[nodiscard]] const Scaler& pair_scaler(const std::string& name) const;
  /// The scaler of this node block; ShapeError if there is none.
  [[nodiscard]] const Scaler& block_scaler(const std::string& name) const;
};

/// Learns the scalers of genes: blocks on the measured rows of the genes of all
/// training pairs, propagated copies on all rows. The bits do not depend on
/// `threads`.
[[nodiscard]] Preprocess fit_preprocess(const Dataset& data,
                                        const PairSet& training, int threads);

/// Mean and sd of the descriptors, n_cohorts * kDescriptors columns, over
/// training pairs that the cohort has; of topology, kTopology columns, over
/// those with both genes in the network. Uses at most 20,000 evenly spaced
/// pairs. The bits do not depend on `threads`.
[[nodiscard]] Scaler fit_descriptor_scaler(const Dataset& data,
                                           const PairSet& training,
                                           int threads);
[[nodiscard]] Scaler fit_topology_scaler(const Dataset& data,
                                         const PairSet& training, int threads);

/// Standardised node blocks side by side in the order of the scalers,
/// (G, sum F), each rounded to one of 255 values: in steps of .001 near the
/// mean and of a twentieth of the value far from it. Rows neither measured nor
/// filled are 0, and so are the columns of a block that the data lacks. Throws
/// ShapeError for a block without a scaler or with another number of columns.
[[nodiscard]] Matrix node_features(const Dataset& data,
                                   const Preprocess& preprocess);

/// A node block as bytes, (G, F): 128 plus the codes to which node_features()
/// rounds its values; a row of zeros is neither measured nor filled.
[[nodiscard]] ByteMatrix block_codes(const NodeBlock& block,
                                     const Scaler& scaler);
/// A block whose values node_features() rounds to these bytes.
[[nodiscard]] NodeBlock block_of_codes(const std::string& name,
                                       const ByteMatrix& codes,
                                       std::vector<std::uint8_t> present,
                                       const Scaler& scaler);

/// The pairs that scalers are learned on: at most 20,000, evenly spaced,
/// without labels.
[[nodiscard]] PairSet scaler_sample(const PairSet& pairs);

}  // namespace musl
