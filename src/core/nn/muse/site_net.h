#pragma once

#include <memory>
#include <string>
#include <vector>

#include "muse/interactions.h"
#include "muse/node_set.h"
#include "nn/base/layers.h"
#include "nn/learn/learner.h"
#include "nn/muse/residue_stage.h"
#include "nn/muse/residue_vectors.h"
#include "nn/muse/sequence_stage.h"

namespace musl::nn {

/// Sizes of a network of sites.
struct SiteShape {
  NodeKind kind = NodeKind::residues;
  int columns = 0;  // of each residue, besides those of its kind
  int width = 128;  // D
  double dropout = 0.2;
};

/// Chains as a network of sites reads them: graphs if there are coordinates,
/// else sequences.
struct SiteChains {
  const std::vector<ResidueGraph>& graphs;
  const std::vector<std::string>& sequences;
};

/// A label for each residue: the stage of nn/nodes of the chains' kind, and a
/// perceptron over each residue's vector. Parameters are named "stage." and
/// "head.".
class SiteNetImpl : public torch::nn::Module {
 public:
  explicit SiteNetImpl(const SiteShape& shape);
  /// The n chosen chains, R residues in total, concatenated -> (R) logits. rng
  /// null in evaluation.
  [[nodiscard]] Tensor forward(const SiteChains& chains,
                               const std::vector<std::int64_t>& chosen,
                               ChunkRng* rng);

 private:
  std::shared_ptr<ResidueStage> residues_;
  std::shared_ptr<SequenceStage> sequence_;
  Mlp head_{nullptr};
};
TORCH_MODULE(SiteNet);

/// Logits of each residue of each chain, in evaluation mode. CancelledError if
/// `tick` returns false.
[[nodiscard]] ResidueValues score_sites(SiteNet net, const SiteChains& chains,
                                        const std::vector<std::int64_t>& chosen,
                                        int threads, const Tick& tick);

}  // namespace musl::nn
