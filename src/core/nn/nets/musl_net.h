#pragma once

#include <memory>
#include <string>
#include <vector>

#include "nn/base/layers.h"
#include "nn/encoders/encoder.h"
#include "nn/nets/fusion.h"

namespace musl::nn {

/// Names of the outputs of several branches: the fused logit, and the logits of
/// all fused branches.
inline constexpr char kFused[] = "fused";
inline constexpr char kBranches[] = "branches";

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

  /// Applies modality dropout if batch.rng is set (keeps at least one present
  /// modality). A pair without any modality gets logit = head(0).
  NetOutput forward(const PairBatch& batch);

  /// Runs one branch: (B) logits of modality `index` (phases of one encoder).
  Tensor branch_forward(int index, const PairBatch& batch);

  [[nodiscard]] const ArchitectureConfig& config() const { return config_; }
  [[nodiscard]] const InputSizes& sizes() const { return sizes_; }
  [[nodiscard]] const std::vector<std::shared_ptr<Encoder>>& encoders() const {
    return encoders_;
  }
  /// The encoders with a per-gene stage, in the order of their columns.
  [[nodiscard]] std::vector<Encoder*> gene_encoders() const;
  /// Dg, the number of columns of all per-gene stages.
  [[nodiscard]] std::int64_t gene_width() const;
  /// (M) 1 for the encoders that are fused, 0 for late ones.
  [[nodiscard]] const std::vector<float>& fused_encoders() const {
    return fused_;
  }
  [[nodiscard]] const Tensor& fused_mask() const { return fused_mask_; }
  /// Inputs of forward(), or of branch_forward() for a branch.
  [[nodiscard]] WantedInputs wanted(int branch = -1) const;
  /// Whether pairs have maps. Work per pair is small without them.
  [[nodiscard]] bool reads_maps() const;
  /// Whether the branch (-1: the network) reads gene vectors.
  [[nodiscard]] bool reads_genes(int branch) const;
  /// Index of the branch of this encoder.
  [[nodiscard]] int branch_of(const std::string& encoder) const;

 private:
  void add_modalities();
  /// Inputs of fuse(), each M x (B, ...).
  struct Parts {
    std::vector<Tensor> vectors, logits, masks;
  };
  void skip_late(std::size_t m, const PairBatch& batch, NetOutput* out,
                 Parts* parts) const;
  void fuse(const Parts& parts, ChunkRng* rng, NetOutput* out);

  ArchitectureConfig config_;
  InputSizes sizes_;
  std::vector<std::shared_ptr<Encoder>> encoders_;
  std::vector<float> fused_;  // of fused_encoders()
  Tensor fused_mask_;         // the same
  std::vector<Adapter> adapters_;
  std::vector<BranchHead> branches_;
  std::vector<Mlp> projectors_;
  CrossAttention attention_{nullptr};
  GatedFusion gate_{nullptr};
  Mlp head_{nullptr};
};
TORCH_MODULE(MuslNet);

/// A separate network with the same weights, on `device`.
[[nodiscard]] MuslNet copy_net(const MuslNet& net, torch::Device device);

}  // namespace musl::nn
