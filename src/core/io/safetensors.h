#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
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

/// A name as messages show it: at most 40 bytes, quoted, control bytes as "?".
[[nodiscard]] std::string show_field(std::string_view field);

/// Parses the JSON object at the start of a safetensors file.
///
/// FormatError, one clause without a full stop, for text that is not an object,
/// repeats a key (the format does not define which one counts), has a zero byte
/// in a key (names end there in R) or is nested deeper than the format.
[[nodiscard]] nlohmann::json parse_json_header(const std::string& text);

/// The tensors that a header describes, before a data section of `data_bytes`.
///
/// FormatError, likewise a clause, if type, shape or offsets are missing, for
/// shapes that overflow or disagree with the offsets, and for tensors that
/// overlap, leave gaps or overrun the file.
[[nodiscard]] StoredTensors stored_tensors(const nlohmann::json& header,
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
