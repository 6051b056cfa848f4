#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "base/events.h"
#include "base/matrix.h"

namespace musl {

/// The sizes of an ESM2 model, from `config.json` in its folder.
struct Esm2Config {
  std::int64_t width = 0;         // hidden_size
  std::int64_t inner_width = 0;   // intermediate_size
  std::int64_t layers = 0;        // num_hidden_layers
  std::int64_t heads = 0;         // num_attention_heads
  std::int64_t vocabulary = 0;    // vocab_size
  std::int64_t max_residues = 0;  // max_position_embeddings less 4
  double norm_epsilon = 1e-5;     // layer_norm_eps
  bool token_dropout = true;
  bool norm_before = false;  // emb_layer_norm_before
};

/// Token numbers of residues and of both ends, from `vocab.txt`.
class Esm2Alphabet {
 public:
  /// FormatError unless the 20 amino acids and the special tokens each occur
  /// once.
  explicit Esm2Alphabet(const std::vector<std::string>& tokens);

  [[nodiscard]] std::int64_t size() const { return size_; }
  [[nodiscard]] std::int64_t start() const { return start_; }  // <cls>
  [[nodiscard]] std::int64_t end() const { return end_; }      // <eos>
  /// X, U, B, Z, O, `-` and `.` have separate tokens; other letters and `*` are
  /// <unk>, as in the reference.
  [[nodiscard]] std::int64_t residue(char letter) const {
    return residue_[static_cast<unsigned char>(letter)];
  }

 private:
  std::int64_t size_;
  std::int64_t start_;
  std::int64_t end_;
  std::array<std::int64_t, 256> residue_{};
};

/// A folder as Hugging Face distributes ESM2: `config.json`, `vocab.txt`, and
/// `model.safetensors` or `model.safetensors.index.json` with its shards.
struct Esm2Folder {
  std::string path;
  Esm2Config config;
  Esm2Alphabet alphabet;
  std::vector<std::string> weight_files;  // paths, each once
};

/// Opens a folder without reading the weights. FormatError, with file and
/// remedy, for a missing or damaged file and for a model that is not an ESM2.
[[nodiscard]] Esm2Folder open_esm2(const std::string& path);

struct EmbedOptions {
  std::string device = "cpu";         // resolved
  std::string precision = "float32";  // or "bfloat16"
  int threads = 0;                    // 0: all; CPU only
  std::int64_t batch_tokens = 0;      // 0: chosen for the device
  std::string cache;                  // directory, or empty for none
};

struct ProteinEmbeddings {
  Matrix values;                     // (proteins, width)
  std::int64_t n_cached = 0;         // distinct sequences found in the cache
  std::int64_t n_computed = 0;       // distinct sequences computed now
  std::vector<std::string> damaged;  // cache files that were ignored
};

/// Part of a protein that a model reads at once.
struct ProteinWindow {
  std::int64_t protein = 0;
  std::int64_t begin = 0;   // first residue
  std::int64_t length = 0;  // residues
};

/// The windows of proteins of these lengths, in their order.
///
/// A protein of up to `window` residues is one window. A longer one has the
/// fewest evenly spaced windows of `window` residues whose neighbours overlap
/// by at least `overlap`, which is below `window`.
[[nodiscard]] std::vector<ProteinWindow> plan_windows(
    const std::vector<std::int64_t>& lengths, std::int64_t window,
    std::int64_t overlap);

/// For each window the weight of each of its residues in the mean over the
/// protein: 1 / (residues of the protein * windows that hold the residue).
[[nodiscard]] std::vector<std::vector<float>> residue_weights(
    const std::vector<ProteinWindow>& windows,
    const std::vector<std::int64_t>& lengths);

/// Batches of windows as indices, longest first, so that lengths within a batch
/// are similar. A batch holds at most `budget` tokens, including two ends per
/// window, or one window.
[[nodiscard]] std::vector<std::vector<std::int64_t>> plan_batches(
    const std::vector<ProteinWindow>& windows, std::int64_t budget);

}  // namespace musl
