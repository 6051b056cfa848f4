#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace musl {

/// Most rows or columns of a table.
inline constexpr std::int64_t kMaxExtent = 2147483647;

/// One vector a row.
struct EmbeddingTable {
  std::vector<std::string> ids;  // of the rows; empty where the file has none
  std::int64_t rows = 0;
  std::int64_t columns = 0;
  std::vector<double> values;  // rows x columns, column-major
};

/// Vectors of a safetensors file by anybody: one tensor a protein, D or 1 x D,
/// called by its id; or a single tensor N x D, which has no ids. F16, BF16 and
/// F32 are exact, F64 is rounded to single precision.
///
/// FormatError for damage, vectors of several lengths, other types.
[[nodiscard]] EmbeddingTable read_embedding_tensors(const std::string& path);

/// A NumPy array of one or two dimensions (one: a single row), of <f2, <f4 or
/// <f8, in C or Fortran order. Arrays of objects are pickles and refused, and
/// so is what does not have the size its header announces.
[[nodiscard]] EmbeddingTable read_npy(const std::string& path);
/// The same of bytes in memory, called `name` in messages.
[[nodiscard]] EmbeddingTable parse_npy(const std::string& name,
                                       const std::uint8_t* data,
                                       std::size_t size);

}  // namespace musl
