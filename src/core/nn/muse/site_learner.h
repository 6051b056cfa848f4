#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "musl/config.h"
#include "musl/interactions.h"
#include "nn/base/layers.h"
#include "nn/learn/learner.h"
#include "nn/muse/node_stages.h"

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

/// Training data of a network of sites; members must outlive the learner.
struct SiteProblem {
  const ControlConfig& control;
  const SiteData& data;
  const SiteChains& chains;
};

/// A network of sites trained on labels of residues by cross-entropy. Items are
/// training chains; validation items are the labelled residues of the others.
class SiteLearner : public Learner {
 public:
  SiteLearner(SiteNet net, const SiteProblem& problem);

  [[nodiscard]] torch::nn::Module& module() override { return *net_; }
  [[nodiscard]] const std::vector<Phase>& phases() const override {
    return phases_;
  }
  [[nodiscard]] std::int64_t n_items() const override {
    return static_cast<std::int64_t>(training_.size());
  }
  /// Number of chains with about `batch_size` labelled residues, at least four.
  [[nodiscard]] std::int64_t batch_items(int batch_size) const override;
  /// Half a batch.
  [[nodiscard]] std::int64_t chunk_size() const override;
  [[nodiscard]] ChunkLoss chunk_loss(const Chunk& chunk) const override;

  [[nodiscard]] std::int64_t n_validation() const override {
    return static_cast<std::int64_t>(judged_.size());
  }
  [[nodiscard]] std::vector<double> score(std::int64_t first, std::int64_t n,
                                          const Tick& tick) const override;
  [[nodiscard]] Evaluation validate(
      const std::vector<double>& score) const override;

 private:
  mutable SiteNet net_;
  SiteProblem problem_;
  std::vector<Phase> phases_;
  std::vector<std::int64_t> training_, validation_;  // chains
  std::vector<float> judged_;  // labels of the validation chains
  double mean_labelled_ = 1;   // residues of a training chain
};

}  // namespace musl::nn
