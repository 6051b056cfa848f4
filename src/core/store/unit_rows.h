#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "base/matrix.h"

namespace musl {

/// Rows of unit length stored as integers: the product of two rows is a sum of
/// integers, exact in any order, and a row uses a byte per column.
struct UnitRows {
  std::int64_t width = 0;         // 0: absent
  std::vector<std::int8_t> code;  // (G, width)
  std::vector<float> scale;       // (G) 0 where a gene has no row

  [[nodiscard]] bool empty() const { return width == 0; }
  [[nodiscard]] bool has(std::int32_t gene) const {
    return scale[static_cast<std::size_t>(gene)] > 0;
  }
  /// Cosine of two rows; NaN if one is absent.
  [[nodiscard]] float product(std::int32_t a, std::int32_t b) const;
  /// Adds the gene's row times `by` to `out` (width); nothing if it has none.
  void add_row(std::int32_t gene, float by, float* out) const;
  /// What gives the entries of a row a mean square of 1.
  [[nodiscard]] float unit_scale() const;
};

/// Rows of x (G, F) scaled to unit length; zero rows are absent. Entries are
/// integers of so many bits, the row's largest being the largest of these: with
/// 8 (127) cosines are accurate to .005, with 4 (7) to .1 at worst.
[[nodiscard]] UnitRows make_unit_rows(const Matrix& x, int bits = 8);

/// Vectors of genes by the kind of features that has them: kinds of columns
/// with no other data need no part of their own.
struct KindVectors : std::map<std::string, UnitRows> {
  template <class Self, class Visit>
  static void fields(Self& x, const Visit& visit) {
    visit.keys("vectors", x);
    for (auto& [name, rows] : x) visit("vectors/" + name, rows);
  }
};

}  // namespace musl
