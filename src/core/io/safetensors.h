#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "base/os.h"
#include "io/file.h"
#include "io/regular_file.h"

// What archives share with any safetensors file, and their types.

namespace musl::archive {

inline constexpr std::size_t kLengthBytes = 8;
inline constexpr std::uint64_t kMaxHeader =
    std::uint64_t{100} * 1000 * 1000;  // the format's
inline constexpr char kMetadata[] = "__metadata__";

/// The header length that a file of `size` bytes announces, which begins with
/// `start` (kLengthBytes + 1, as far as there are any). FormatError, one
/// clause, if it is no safetensors file or shorter than its header.
[[nodiscard]] std::uint64_t header_length(const std::uint8_t* start,
                                          std::uint64_t size);

/// Bytes of one element of any type of the format, 0 for an unknown one.
[[nodiscard]] std::int64_t element_size(const std::string& dtype);

/// Number of elements, or -1 for a negative dimension or an overflow.
[[nodiscard]] std::int64_t element_count(
    const std::vector<std::int64_t>& shape);

}  // namespace musl::archive

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

/// Parses the JSON object at the start of a safetensors file. FormatError, one
/// clause without a full stop, for text that is not an object.
[[nodiscard]] nlohmann::json parse_json_header(const std::string& text);

/// The tensors that a header describes, before a data section of `data_bytes`.
///
/// FormatError, likewise a clause, if type, shape or offsets are missing, for
/// shapes that overflow or disagree with the offsets, for tensors that overlap,
/// leave gaps or overrun the file, and for a zero byte in a name, which would
/// end there in R.
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
