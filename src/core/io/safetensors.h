#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "io/regular_file.h"
#include "musl/content_hash.h"

namespace musl {

/// A tensor in a safetensors file; `begin` and `end` count bytes from the start
/// of the data section.
struct StoredTensor {
  std::string dtype;
  std::vector<std::int64_t> shape;
  std::uint64_t begin = 0;
  std::uint64_t end = 0;

  [[nodiscard]] std::int64_t size() const;  // number of elements
};

using StoredTensors = std::map<std::string, StoredTensor>;

/// The tensors that a header describes.
///
/// text        the JSON header
/// data_bytes  size of the data section that follows
///
/// FormatError for text that is not a JSON object, repeats a name, lacks type,
/// shape or offsets, has shapes that overflow or disagree with the offsets, and
/// for tensors that overlap, leave gaps or overrun the file.
[[nodiscard]] StoredTensors parse_safetensors_header(const std::string& text,
                                                     std::uint64_t data_bytes);

/// Any safetensors file, opened for reading tensor by tensor: at most one
/// tensor is in memory besides the caller's copies.
class SafetensorsFile {
 public:
  /// FormatError, with the path, for a file that is unreadable or damaged.
  explicit SafetensorsFile(const std::string& path);

  [[nodiscard]] const StoredTensors& tensors() const { return tensors_; }

  /// Writes a tensor of this file to `out`, which has room for size() floats.
  /// F16, BF16 and F64 become float; FormatError for other types.
  void read_floats(const std::string& name, float* out) const;

  /// Adds every byte of the file to `hash`; calls `step` once per megabyte.
  void add_to(ContentHash* hash, const std::function<void()>& step) const;

 private:
  void read_header();
  [[noreturn]] void refuse(const std::string& what) const;

  std::string path_;
  RegularFile file_;
  std::uint64_t data_start_ = 0;
  StoredTensors tensors_;
};

}  // namespace musl
