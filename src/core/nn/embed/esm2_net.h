#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "nn/base/tensor.h"
#include "protein/esm2_folder.h"

namespace musl::nn {

/// Weight (out, in) and bias (out) of a linear layer, or (D) of a layer norm.
struct Esm2Step {
  Tensor weight, bias;
};

/// Weights of one layer; query, key and value are stacked by rows in one
/// matrix.
struct Esm2Layer {
  Esm2Step attention_norm, qkv, out, norm, up, down;
};

struct Esm2Weights {
  Tensor tokens;    // (vocabulary, D)
  Esm2Step before;  // undefined without norm_before
  std::vector<Esm2Layer> layers;
  Esm2Step after;
};

/// Sequences of one length, side by side in a packed batch.
struct PackedRun {
  std::int64_t first = 0;   // token
  std::int64_t n = 0;       // sequences
  std::int64_t length = 0;  // tokens of each, both ends included
};

/// The T tokens of several sequences, concatenated without padding. Runs cover
/// them in order.
struct PackedTokens {
  Tensor tokens;     // (T) int64
  Tensor positions;  // (T) int64, from 0 in each sequence
  std::vector<PackedRun> runs;
};

/// The transformer of ESM2 in evaluation mode.
///
/// Pre-layer-norm blocks; rotary position embedding of queries and keys; exact
/// GELU; a last layer norm. Linear layers see all tokens of a batch at once,
/// attention only those of one sequence. Source: Lin et al. 2023, Science
/// 379:1123; Su et al. 2021, arXiv 2104.09864.
class Esm2Net {
 public:
  /// weights  on the device and of the type to compute with; modified
  Esm2Net(const Esm2Config& config, Esm2Weights weights);

  /// Output of the last layer after the final norm, (T, D).
  ///
  /// after_half  called after each half layer; may throw to stop
  [[nodiscard]] Tensor forward(const PackedTokens& batch,
                               const std::function<void()>& after_half) const;

 private:
  struct Rotary {
    Tensor cosine, sine;  // (T, 1, hd / 2)
  };
  [[nodiscard]] Rotary rotary(const Tensor& positions) const;
  [[nodiscard]] Tensor attend(const Tensor& qkv, const Rotary& rotary,
                              const PackedTokens& batch) const;
  [[nodiscard]] Tensor norm(const Tensor& x, const Esm2Step& step) const;

  Esm2Config config_;
  Esm2Weights weights_;
  Tensor frequencies_;  // (hd / 2)
  std::int64_t most_scores_;
};

/// Reads the weights of a folder onto a device.
///
/// precision  "float32" or "bfloat16"
/// step       called after each tensor; may throw to stop
///
/// FormatError, with the tensor's name, if a tensor is missing or its shape
/// does not match the config. Tensors of heads (lm_head, contact_head) and any
/// others are ignored.
[[nodiscard]] Esm2Weights load_esm2_weights(const Esm2Folder& folder,
                                            const std::string& device,
                                            const std::string& precision,
                                            const std::function<void()>& step);

}  // namespace musl::nn
