#include "expression/row_binner.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "expression/profile.h"
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

void bin_row(const ExpressionConfig& config, const std::vector<double>& values,
             const std::optional<BinRange>& range, std::int64_t row,
             AssayFeatures* out) {
  std::vector<float> x(values.size());
  std::transform(values.begin(), values.end(), x.begin(), to_finite_float);
  std::uint8_t* codes = out->codes.row(row).data();
  const auto n = static_cast<std::int64_t>(x.size());
  if (config.binning == BinMethod::rank) {
    bin_by_rank(x.data(), n, config.bins, codes);
    return;
  }
  BinRange ends = range.value_or(BinRange{});
  if (!range && n > 0) {
    const auto found = std::minmax_element(x.begin(), x.end());
    ends = {*found.first, *found.second};
  }
  out->edges.lower[static_cast<std::size_t>(row)] = ends.lower;
  out->edges.upper[static_cast<std::size_t>(row)] = ends.upper;
  bin_by_value(x.data(), n, ends.lower, ends.upper, config.bins, codes);
}

}  // namespace musl
