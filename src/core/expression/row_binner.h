#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "expression/profile.h"
#include "expression/transform.h"
#include "musl/expression.h"

namespace musl {

/// Bins an assay gene by gene, with zeros treated as configured. The
/// configuration must outlive this.
class RowBinner {
 public:
  explicit RowBinner(const ExpressionConfig& config) : config_(config) {}

  /// Writes codes and edges of row `row`.
  ///
  /// values  bins `logged`; zeros are those of `given`
  /// range   of value binning; none: that of the values
  void bin(const ProfileValues& values, const std::optional<BinRange>& range,
           std::int64_t row, AssayFeatures* out);

 private:
  void bin_values(const std::optional<BinRange>& range, std::int64_t row,
                  int bins, std::uint8_t* codes, AssayFeatures* out) const;

  const ExpressionConfig& config_;
  std::vector<float> values_;
  std::vector<std::uint8_t> nonzero_codes_;
};

}  // namespace musl
