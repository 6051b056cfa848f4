#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "expression/profile.h"
#include "expression/transform.h"
#include "musl/expression.h"

namespace musl {

/// Bins one assay of one gene after another, with zeros as the configuration
/// has them. The configuration must outlive it.
class RowBinner {
 public:
  explicit RowBinner(const ExpressionConfig& config) : config_(config) {}

  /// Writes codes and edges of row `row`.
  ///
  /// values  what is binned is their `logged`; zeros are those of `given`
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
