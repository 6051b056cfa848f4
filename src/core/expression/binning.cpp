#include "musl/binning.h"

#include <algorithm>
#include <numeric>

#include "musl/error.h"

namespace musl {

BinMethod parse_bin_method(const std::string& name) {
  if (name == "value") return BinMethod::value;
  if (name == "rank") return BinMethod::rank;
  throw InputError("The binning must be \"value\" or \"rank\", not \"" + name +
                   "\".");
}

void bin_by_value(const float* x, std::int64_t n, float lower, float upper,
                  int bins, std::uint8_t* out) {
  const double range = static_cast<double>(upper) - lower;
  const double per_unit = range > 0 ? bins / range : 0.0;
  const double last = bins - 1;
  for (std::int64_t i = 0; i < n; ++i) {
    const double bin = (static_cast<double>(x[i]) - lower) * per_unit;
    out[i] = static_cast<std::uint8_t>(std::clamp(bin, 0.0, last));
  }
}

void bin_by_rank(const float* x, std::int64_t n, int bins, std::uint8_t* out) {
  std::vector<std::int64_t> order(static_cast<std::size_t>(n));
  std::iota(order.begin(), order.end(), std::int64_t{0});
  std::sort(order.begin(), order.end(),
            [x](std::int64_t i, std::int64_t j) { return x[i] < x[j]; });
  const auto value = [&](std::int64_t position) {
    return x[order[static_cast<std::size_t>(position)]];
  };

  std::int64_t minimum_ties = 0;
  while (minimum_ties < n && value(minimum_ties) == value(0)) ++minimum_ties;
  // Many ties at the minimum fill bin 0 alone; the rest share the other bins.
  const bool heap = minimum_ties * bins > n && minimum_ties < n;
  const std::int64_t skipped = heap ? minimum_ties : 0;
  const std::int64_t first_bin = heap ? 1 : 0;

  std::int64_t group = 0;  // first position of the current group of ties
  for (std::int64_t i = 0; i < n; ++i) {
    if (value(i) != value(group)) group = i;
    const std::int64_t bin =
        group < skipped ? 0
                        : first_bin + (group - skipped) * (bins - first_bin) /
                                          (n - skipped);
    out[order[static_cast<std::size_t>(i)]] = static_cast<std::uint8_t>(bin);
  }
}

}  // namespace musl
