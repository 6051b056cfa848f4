#pragma once

#include <cstdint>
#include <vector>

#include "musl/prediction.h"
#include "nn/infer/predictor.h"

namespace musl::nn {

/// Integrated gradients of one network's score of one pair, in evaluation mode.
///
/// The path is a straight line from a reference pair to the pair. The reference
/// pair has the histograms of two independent genes with the same marginals,
/// the gene vectors of the average gene (or, if the dataset has node features
/// and the network reads rows of them, its features and their propagated
/// copies), and zeros in all standardised columns, their means over the
/// training pairs. Masks and seen genes are those of the pair. Source:
/// Sundararajan et al. (2017), Axiomatic attribution for deep networks, ICML,
/// eq. 1; by midpoints, doubling the steps until the sum of the contributions
/// is within the tolerance.
class Attributor {
 public:
  /// All of these must outlive it.
  Attributor(MuslNet net, const InputContext& context, const Batcher& batcher,
             const GeneStage& genes);

  /// stack  as ScoreRequest::stack
  /// a <= b; InputError for a pair without any modality.
  [[nodiscard]] Attribution attribute(std::int32_t a, std::int32_t b,
                                      const Tensor& stack,
                                      const AttributionOptions& options) const;

 private:
  /// Inputs changed along the path, each (1, ...).
  struct Leaf {
    std::string name;
    Tensor value, reference;
  };
  struct Path;
  void add_leaves(std::int32_t a, std::int32_t b, Path* path) const;
  void add_genes(std::int32_t a, std::int32_t b, Path* path) const;
  [[nodiscard]] Leaf histogram_leaf(std::int32_t a, std::int32_t b) const;
  [[nodiscard]] PairBatch batch_of(const Path& path,
                                   const std::vector<Tensor>& at) const;
  [[nodiscard]] Tensor score(const Path& path,
                             const std::vector<Tensor>& at) const;
  void integrate(const AttributionOptions& options, Path* path) const;
  void add_partners(const Path& path, Attribution* out) const;
  void add_neighbours(const Path& path, Attribution* out) const;

  mutable MuslNet net_;
  const InputContext& context_;
  const Batcher& batcher_;
  const GeneStage& genes_;
};

/// Mean over the members of an ensemble, which read the same inputs.
[[nodiscard]] Attribution mean_attribution(
    const std::vector<Attribution>& of_members);

}  // namespace musl::nn
