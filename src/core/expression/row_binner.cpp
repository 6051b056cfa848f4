#include "expression/row_binner.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "musl/error.h"

namespace musl {

namespace {

constexpr double kDeviations = 3.0;  // on either side of the mean

}  // namespace

std::vector<Transform> parse_transforms(const std::vector<std::string>& names) {
  if (names == std::vector<std::string>{"none"}) return {};
  std::vector<Transform> out;
  for (const auto& name : names) {
    if (name == "z") {
      out.push_back(Transform::z);
    } else if (name == "log") {
      out.push_back(Transform::log);
    } else if (name == "z_log") {
      out.push_back(Transform::z_log);
    } else {
      throw InputError(
          "Transforms must be \"none\" or some of \"z\", \"log\" and "
          "\"z_log\", not \"" +
          name + "\".");
    }
  }
  return out;
}

std::vector<double> transform_values(const std::vector<double>& given,
                                     Transform how) {
  if (how == Transform::z) return given;
  std::vector<double> out(given.size());
  std::transform(given.begin(), given.end(), out.begin(), [](double x) {
    return std::copysign(std::log1p(std::abs(x)), x);
  });
  return out;
}

BinRange standard_range(const std::vector<double>& values) {
  const auto n = static_cast<double>(values.size());
  const double mean = std::accumulate(values.begin(), values.end(), 0.0) / n;
  double squares = 0;
  bool constant = true;
  for (const double x : values) {
    squares += (x - mean) * (x - mean);
    constant = constant && x == values[0];
  }
  const double reach = constant ? 0.0 : kDeviations * std::sqrt(squares / n);
  return {to_finite_float(mean - reach), to_finite_float(mean + reach)};
}

bool is_standardised(Transform how) { return how != Transform::log; }

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
