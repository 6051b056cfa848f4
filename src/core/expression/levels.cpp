#include "expression/levels.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <utility>

#include "musl/binning.h"
#include "musl/half.h"

namespace musl {

namespace {

constexpr int kFewestLevels = 64;
constexpr std::size_t kMostLevels = 128;

/// Numbers of a gene, one a level.
using Table = std::array<double, kMostLevels>;

/// The logged value up to which a sample counts as not detected.
float undetected_up_to(bool linear) {
  return linear ? static_cast<float>(std::log10(0.01)) : 0.0f;
}

/// What each level of a row stands for: the middle of its part of the range,
/// but for the lowest, which stands for the minimum.
Table level_values(const ExpressionSource& source, std::int64_t row) {
  const auto r = static_cast<std::size_t>(row);
  const double lower = source.level_edges.lower[r];
  const double upper = source.level_edges.upper[r];
  Table values{};
  values[0] = lower;
  for (int l = 1; l < source.n_levels; ++l) {
    values[static_cast<std::size_t>(l)] =
        lower + (l + 0.5) * (upper - lower) / source.n_levels;
  }
  return values;
}

/// A gene's samples by level.
struct Counted {
  std::size_t n_levels = 0;
  Table value{};
  std::array<std::int64_t, kMostLevels> count{};
  std::int64_t n = 0;

  template <class Function>
  [[nodiscard]] double sum(const Function& of_level) const {
    double total = 0;
    for (std::size_t l = 0; l < n_levels; ++l) {
      if (count[l] > 0) total += static_cast<double>(count[l]) * of_level(l);
    }
    return total;
  }
};

/// Scales deviations to unit norm over the samples.
Table unit_norm(const Counted& levels, const Table& deviation) {
  const double norm = std::sqrt(
      levels.sum([&](std::size_t l) { return deviation[l] * deviation[l]; }));
  const double factor = norm > 0 && std::isfinite(norm) ? 1.0 / norm : 0.0;
  Table out{};
  for (std::size_t l = 0; l < levels.n_levels; ++l) {
    out[l] = deviation[l] * factor;
  }
  return out;
}

/// The median over the samples of a number that their level tells.
double median(const Counted& levels, const Table& number) {
  std::array<std::size_t, kMostLevels> order{};
  const auto end = order.begin() + static_cast<std::ptrdiff_t>(levels.n_levels);
  std::iota(order.begin(), end, std::size_t{0});
  std::sort(order.begin(), end, [&](std::size_t i, std::size_t j) {
    return number[i] < number[j];
  });
  const auto at = [&](std::int64_t rank) {  // from 0
    std::int64_t before = 0;
    for (const std::size_t l : order) {
      before += levels.count[l];
      if (rank < before) return number[l];
    }
    return number[order[levels.n_levels - 1]];
  };
  const double upper = at(levels.n / 2);
  return levels.n % 2 == 1 ? upper : (at(levels.n / 2 - 1) + upper) / 2;
}

Table biweight(const Counted& levels, const Table& standardised) {
  const double middle = median(levels, levels.value);
  Table distance{};
  for (std::size_t l = 0; l < levels.n_levels; ++l) {
    distance[l] = std::abs(levels.value[l] - middle);
  }
  const double mad = median(levels, distance);
  if (mad == 0) return standardised;
  Table deviation{};
  for (std::size_t l = 0; l < levels.n_levels; ++l) {
    const double u = (levels.value[l] - middle) / (9.0 * mad);
    const double weight = std::abs(u) < 1 ? (1 - u * u) * (1 - u * u) : 0.0;
    deviation[l] = (levels.value[l] - middle) * weight;
  }
  return unit_norm(levels, deviation);
}

Counted count_levels(const ExpressionSource& source, std::int64_t row) {
  Counted out;
  out.n_levels = static_cast<std::size_t>(source.n_levels);
  out.value = level_values(source, row);
  out.n = source.n_samples;
  const auto levels = source.levels.row(row);
  for (std::int64_t s = 0; s < out.n; ++s) ++out.count[levels(s)];
  return out;
}

/// Row `row` of `rows`, by its levels.
void expand(const ExpressionSource& source, std::int64_t row,
            const Table& of_level, Matrix* rows) {
  std::array<float, kMostLevels> rounded{};
  std::transform(of_level.begin(), of_level.end(), rounded.begin(),
                 [](double x) { return round_to_half(static_cast<float>(x)); });
  const auto levels = source.levels.row(row);
  auto out = rows->row(row);
  for (std::int64_t s = 0; s < source.n_samples; ++s) {
    out(s) = rounded[levels(s)];
  }
}

}  // namespace

int level_count(int bins) {
  int levels = 2 * bins;
  while (levels < kFewestLevels) levels *= 2;
  return levels;
}

void store_levels(const ProfileValues& values, std::int64_t row,
                  ExpressionSource* source) {
  const auto r = static_cast<std::size_t>(row);
  std::vector<float> logged(values.logged.size());
  std::transform(values.logged.begin(), values.logged.end(), logged.begin(),
                 to_finite_float);
  const auto ends = std::minmax_element(logged.begin(), logged.end());
  source->level_edges.lower[r] = *ends.first;
  source->level_edges.upper[r] = *ends.second;
  std::uint8_t* levels = source->levels.row(row).data();
  bin_by_value(logged.data(), static_cast<std::int64_t>(logged.size()),
               *ends.first, *ends.second, source->n_levels, levels);
  if (*ends.first > undetected_up_to(values.linear)) return;
  // What little is detected is not among the zeros of the lowest level.
  for (std::size_t s = 0; s < logged.size(); ++s) {
    if (levels[s] == 0 && values.given[s] > 0) levels[s] = 1;
  }
}

void values_of_levels(const ExpressionSource& source, std::int64_t row,
                      ProfileValues* out) {
  const Table value = level_values(source, row);
  const auto levels = source.levels.row(row);
  const float zero = undetected_up_to(source.linear);
  out->linear = source.linear;
  out->logged.resize(static_cast<std::size_t>(source.n_samples));
  out->given.resize(out->logged.size());
  for (std::size_t s = 0; s < out->logged.size(); ++s) {
    const double x = value[levels(static_cast<Eigen::Index>(s))];
    out->logged[s] = x;
    const bool detected = static_cast<float>(x) > zero;
    out->given[s] = detected || !source.linear ? x - zero : 0.0;
  }
}

void describe_levels(std::int64_t row, ExpressionSource* source) {
  const Counted levels = count_levels(*source, row);
  const double mean = levels.sum([&](std::size_t l) {
    return levels.value[l];
  }) / static_cast<double>(levels.n);
  const float zero = undetected_up_to(source->linear);
  Table deviation{}, rank{};
  std::array<std::uint8_t, kMostLevels> flags{};
  std::int64_t before = 0;
  bool constant = false;
  for (std::size_t l = 0; l < levels.n_levels; ++l) {
    deviation[l] = levels.value[l] - mean;
    constant = constant || levels.count[l] == levels.n;
    const std::int64_t doubled = 2 * before + levels.count[l] + 1;
    before += levels.count[l];
    rank[l] = static_cast<double>(doubled - (levels.n + 1));
    flags[l] = rank_flags(doubled, levels.n);
    if (static_cast<float>(levels.value[l]) > zero) flags[l] |= kDetected;
  }
  Table standardised{}, ranked{}, robust{};
  if (!constant) {
    standardised = unit_norm(levels, deviation);
    ranked = unit_norm(levels, rank);
    robust = biweight(levels, standardised);
  }
  expand(*source, row, standardised, &source->standardised);
  expand(*source, row, ranked, &source->ranked);
  expand(*source, row, robust, &source->biweight);
  const auto found = source->levels.row(row);
  auto out = source->flags.row(row);
  for (std::int64_t s = 0; s < levels.n; ++s) out(s) = flags[found(s)];
}

}  // namespace musl
