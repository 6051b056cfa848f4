#include "expression/row_binner.h"

#include <algorithm>

namespace musl {

void RowBinner::bin(const ProfileValues& values,
                    const std::optional<BinRange>& range, std::int64_t row,
                    AssayFeatures* out) {
  values_.resize(values.logged.size());
  std::transform(values.logged.begin(), values.logged.end(), values_.begin(),
                 to_finite_float);
  std::uint8_t* codes = out->codes.row(row).data();
  if (config_.zeros != ZeroPolicy::own_bin) {
    bin_values(range, row, config_.bins, codes, out);
    return;
  }
  // Zeros remain in bin 0; the rest is binned separately above it.
  values_.clear();
  for (std::size_t s = 0; s < values.given.size(); ++s) {
    if (values.given[s] != 0) {
      values_.push_back(to_finite_float(values.logged[s]));
    }
  }
  nonzero_codes_.resize(values_.size());
  bin_values(range, row, config_.bins - 1, nonzero_codes_.data(), out);
  std::size_t next = 0;
  for (std::size_t s = 0; s < values.given.size(); ++s) {
    const bool zero = values.given[s] == 0;
    codes[s] = zero ? std::uint8_t{0}
                    : static_cast<std::uint8_t>(nonzero_codes_[next++] + 1);
  }
}

void RowBinner::bin_values(const std::optional<BinRange>& range,
                           std::int64_t row, int bins, std::uint8_t* codes,
                           AssayFeatures* out) const {
  const auto n = static_cast<std::int64_t>(values_.size());
  if (config_.binning == BinMethod::rank) {
    bin_by_rank(values_.data(), n, bins, codes);
    return;
  }
  BinRange ends = range.value_or(BinRange{});
  if (!range && n > 0) {
    const auto found = std::minmax_element(values_.begin(), values_.end());
    ends = {*found.first, *found.second};
  }
  out->edges.lower[static_cast<std::size_t>(row)] = ends.lower;
  out->edges.upper[static_cast<std::size_t>(row)] = ends.upper;
  bin_by_value(values_.data(), n, ends.lower, ends.upper, bins, codes);
}

}  // namespace musl
