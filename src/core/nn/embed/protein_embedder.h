#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "base/events.h"
#include "base/matrix.h"
#include "io/embedding_file.h"
#include "nn/base/tensor.h"
#include "protein/esm2.h"
#include "protein/esm2_folder.h"
#include "protein/protein_windows.h"

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

/// The windows of one batch as tokens, each between <cls> and <eos>, with the
/// weight of each token in the mean over its protein.
struct PackedBatch {
  PackedTokens tokens;
  Tensor weight;  // (T) float; 0 at both ends of a window
};

/// windows    those of the batch, equal lengths side by side
/// weights    residue_weights() of each
/// sequences  by ProteinWindow::protein
[[nodiscard]] PackedBatch pack_windows(
    const std::vector<ProteinWindow>& windows,
    const std::vector<const std::vector<float>*>& weights,
    const std::vector<std::string>& sequences, const Esm2Alphabet& alphabet,
    const std::string& device);

/// Weighted sums over the tokens of each window, (windows, D) on the CPU.
/// hidden (T, D)
[[nodiscard]] Tensor pool_windows(const Tensor& hidden,
                                  const PackedBatch& batch);

/// Progress of embedding, and requests to stop it. Any thread may advance it;
/// the thread that created it polls.
class EmbedWatch {
 public:
  explicit EmbedWatch(const EventSink& sink);

  /// Sets the total number of steps.
  void expect(std::int64_t steps) { all_ = steps; }
  /// Throws CancelledError once the sink has asked to stop.
  void advance(std::int64_t steps);
  /// Calls the sink, at most ten times a second.
  void poll();
  /// Advances by a step and polls, for work on the polling thread.
  void step() {
    poll();
    advance(0);
  }

 private:
  using Clock = std::chrono::steady_clock;

  const EventSink& sink_;
  const Clock::time_point start_ = Clock::now();
  Clock::time_point last_{};
  std::int64_t all_ = 0;
  std::atomic<std::int64_t> done_{0};
  std::atomic<bool> stop_{false};
};

/// The key of a sequence in the cache.
[[nodiscard]] std::string cache_key(const std::string& sequence);

/// Computes the embeddings of sequences that are not in the cache and adds them
/// to it: one row per sequence. After an exception the cache holds everything
/// finished before.
///
/// options  complete
/// cache    null for none
[[nodiscard]] Matrix compute_embeddings(
    const Esm2Folder& folder, const std::vector<std::string>& sequences,
    const EmbedOptions& options, EmbeddingCache* cache, EmbedWatch* watch);

/// Of model/backend.h.
[[nodiscard]] ProteinEmbeddings embed_proteins(
    const Esm2Folder& folder, const std::vector<std::string>& sequences,
    const EmbedOptions& options, const EventSink& sink);

}  // namespace musl::nn
