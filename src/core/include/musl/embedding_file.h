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

/// Reads the vectors of any safetensors file: one tensor per protein, D or 1 x
/// D, named by its id; or a single N x D tensor, which has no ids. F16, BF16
/// and F32 are exact, F64 is rounded to single precision.
///
/// FormatError for damage, vectors of unequal length and other types.
[[nodiscard]] EmbeddingTable read_embedding_tensors(const std::string& path);

}  // namespace musl
