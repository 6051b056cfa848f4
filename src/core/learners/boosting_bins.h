#pragma once

#include <cstdint>
#include <vector>

#include "musl/matrix.h"

namespace musl {

/// With one code for missing values, all codes fit in a byte.
inline constexpr int kMostBins = 254;

/// The columns of a table as codes: value <= cut[c] has a code of at most c.
/// Codes of a column begin at 0; the code after that of the highest values
/// means missing.
struct BinnedTable {
  std::int64_t n_rows = 0;
  std::vector<std::vector<float>> cuts;  // F, each ascending
  std::vector<std::uint8_t> codes;       // F columns of n_rows

  [[nodiscard]] std::int64_t n_features() const {
    return static_cast<std::int64_t>(cuts.size());
  }
  [[nodiscard]] const std::uint8_t* column(std::int64_t feature) const {
    return codes.data() + feature * n_rows;
  }
  [[nodiscard]] int missing_code(std::int64_t feature) const {
    return static_cast<int>(cuts[static_cast<std::size_t>(feature)].size()) + 1;
  }
};

/// Bins each column at midpoints between its values: at all midpoints if there
/// are at most `bins` values, else so that bins have about the same number of
/// rows. Throws InputError for an infinite value.
[[nodiscard]] BinnedTable bin_table(const Matrix& x, int bins, int threads);

}  // namespace musl
