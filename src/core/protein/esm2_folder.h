#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

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

}  // namespace musl
