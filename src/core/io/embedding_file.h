#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/matrix.h"

namespace musl {

/// One vector a row.
struct EmbeddingTable {
  std::vector<std::string> ids;  // of the rows; empty where the file has none
  Matrix values;
};

/// Reads the vectors of any safetensors file: one tensor per protein, D or 1 x
/// D, named by its id; or a single N x D tensor, which has no ids. F16, BF16
/// and F32 are exact, F64 is rounded to single precision.
///
/// FormatError for damage, vectors of unequal length and other types.
[[nodiscard]] EmbeddingTable read_embedding_tensors(const std::string& path);

/// Embeddings on disk by the hash of their sequence, one folder per model.
///
/// Each flush writes one archive, completely or not at all, named by its
/// content: processes may share a folder, and a kill loses only what was not
/// yet flushed.
class EmbeddingCache {
 public:
  /// Reads every file of `directory`/`fingerprint`, which is created if
  /// missing. FormatError if that fails.
  EmbeddingCache(const std::string& directory, const std::string& fingerprint,
                 std::int64_t width);

  /// `width` values, valid until the next add(); null if there are none.
  [[nodiscard]] const float* find(const std::string& key) const;
  void add(const std::string& key, const float* values);
  /// Writes what was added since the last flush.
  void flush();

  /// Ignored files: damaged, or of another width.
  [[nodiscard]] const std::vector<std::string>& damaged() const {
    return damaged_;
  }

 private:
  void read_part(const std::string& path);
  void keep(const std::string& key, const float* values);

  std::string directory_;
  std::int64_t width_;
  std::unordered_map<std::string, std::size_t> row_;
  std::vector<float> values_;
  std::vector<std::string> unsaved_;
  std::vector<std::string> damaged_;
};

}  // namespace musl
