#include "expression/transform.h"

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

}  // namespace musl
