#pragma once

#include <memory>
#include <string>
#include <vector>

#include "nn/base/layers.h"
#include "nn/encoders/encoder.h"
#include "nn/fuse/cross_attention.h"
#include "nn/fuse/gated_fusion.h"

namespace musl::nn {

struct NetOutput {
  Tensor logit;          // (B)
  Tensor branch_logits;  // (B, M), from each modality's own head, whether or
                         // not dropout took it; 0 where the pair lacks it
  Tensor gates;          // (B, M)
  Tensor fused;          // (B, fusion width)
  Tensor present;    // (B, M) masks of what is fused, after modality dropout
  Tensor available;  // (B, M) masks of all branches
  std::vector<Tensor> projected;  // M x (B, P), only when alignment > 0
};

/// Encoders, fusion and heads of a MuSL network.
///
/// Sub-modules are registered as "encoder.<name>", "adapter.<name>" (D ->
/// fusion width, LayerNorm), "branch.<name>" (auxiliary head), "project.<name>"
/// (contrastive head), "attention", "gate", "head"; parameters are addressed by
/// these names in archives and in training phases.
class MuslNetImpl : public torch::nn::Module {
 public:
  MuslNetImpl(const ArchitectureConfig& config, const InputSizes& sizes);

  /// Modality dropout happens here when batch.rng is set (at least one present
  /// modality is kept). A pair without any modality gets logit = head(0).
  NetOutput forward(const PairBatch& batch);

  /// Only one branch: (B) logits of modality `index` (phases of one encoder).
  Tensor branch_forward(int index, const PairBatch& batch);

  [[nodiscard]] const ArchitectureConfig& config() const { return config_; }
  [[nodiscard]] const InputSizes& sizes() const { return sizes_; }
  [[nodiscard]] const std::vector<std::shared_ptr<Encoder>>& encoders() const {
    return encoders_;
  }
  /// The encoders with a per-gene stage, in the order of their columns.
  [[nodiscard]] std::vector<Encoder*> gene_encoders() const;
  /// Dg, columns of all per-gene stages.
  [[nodiscard]] std::int64_t gene_width() const;
  /// (M) 1 for the encoders that are fused, 0 for late ones.
  [[nodiscard]] std::vector<float> fused_encoders() const;
  /// Union of the encoders' input names and their masks.
  [[nodiscard]] std::vector<std::string> input_names() const;

 private:
  void add_modalities();
  void skip_late(std::size_t m, const PairBatch& batch, NetOutput* out,
                 std::vector<Tensor>* vectors, std::vector<Tensor>* logits,
                 std::vector<Tensor>* masks) const;

  ArchitectureConfig config_;
  InputSizes sizes_;
  std::vector<std::shared_ptr<Encoder>> encoders_;
  std::vector<Adapter> adapters_;
  std::vector<BranchHead> branches_;
  std::vector<Mlp> projectors_;
  CrossAttention attention_{nullptr};
  GatedFusion gate_{nullptr};
  Mlp head_{nullptr};
};
TORCH_MODULE(MuslNet);

/// A network of its own with the same weights, on `device`.
[[nodiscard]] MuslNet copy_net(const MuslNet& net, torch::Device device);

/// Initialises all parameters from `seed` alone, in name order, independent of
/// torch's global generator, which is left as found: Kaiming uniform with
/// half-width 1 / sqrt(fan in) for matrices and sqrt(6 / fan in) for kernels,
/// zero biases, LayerNorm 1/0. Source: He et al. (2015), arXiv 1502.01852.
void initialise(torch::nn::Module& module, std::uint64_t seed);

}  // namespace musl::nn
