#include "expression/profile.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <vector>

#include "base/matrix.h"

namespace musl {

namespace {

using Values = std::vector<double>;

double mean_of(const Values& x) {
  const double sum = std::accumulate(x.begin(), x.end(), 0.0);
  return sum / static_cast<double>(x.size());
}

/// Mean of the p-th powers of the deviations.
double central_moment(const Values& x, double mean, int p) {
  double sum = 0;
  for (const double v : x) {
    const double d = v - mean;
    double power = d;
    for (int i = 1; i < p; ++i) power *= d;
    sum += power;
  }
  return sum / static_cast<double>(x.size());
}

bool is_constant(const Values& x) {
  return std::all_of(x.begin(), x.end(), [&](double v) { return v == x[0]; });
}

/// A finite number within half precision; 0 for values that overflowed.
float tame(double x) {
  if (!std::isfinite(x)) return 0.0f;
  return static_cast<float>(
      std::clamp<double>(x, -static_cast<double>(kHalfMax), kHalfMax));
}

/// Median of x, which is reordered.
double median_in_place(Values* x) {
  const auto half = static_cast<std::ptrdiff_t>(x->size() / 2);
  const auto middle = x->begin() + half;
  std::nth_element(x->begin(), middle, x->end());
  if (x->size() % 2 == 1) return *middle;
  return (*std::max_element(x->begin(), middle) + *middle) / 2;
}

/// Scales x to unit norm; zeros when the norm is zero or not finite.
void to_unit_norm(const Values& x, std::vector<float>* out) {
  const double norm =
      std::sqrt(std::inner_product(x.begin(), x.end(), x.begin(), 0.0));
  const double factor = norm > 0 && std::isfinite(norm) ? 1.0 / norm : 0.0;
  out->resize(x.size());
  std::transform(x.begin(), x.end(), out->begin(),
                 [&](double v) { return static_cast<float>(v * factor); });
}

/// Twice the mid-ranks (1 .. S), so that they are whole numbers.
std::vector<std::int64_t> doubled_midranks(const Values& x) {
  const std::size_t n = x.size();
  std::vector<std::size_t> order(n);
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(),
            [&](std::size_t i, std::size_t j) { return x[i] < x[j]; });
  std::vector<std::int64_t> ranks(n);
  for (std::size_t first = 0; first < n;) {
    std::size_t end = first + 1;
    while (end < n && x[order[end]] == x[order[first]]) ++end;
    for (std::size_t i = first; i < end; ++i) {
      ranks[order[i]] = static_cast<std::int64_t>(first + 1 + end);
    }
    first = end;
  }
  return ranks;
}

void fill_flags(const std::vector<std::int64_t>& ranks, const Values& given,
                std::vector<std::uint8_t>* flags) {
  const auto n = static_cast<std::int64_t>(ranks.size());
  flags->resize(ranks.size());
  for (std::size_t i = 0; i < ranks.size(); ++i) {
    (*flags)[i] = rank_flags(ranks[i], n);
    if (given[i] > 0) (*flags)[i] |= kDetected;
  }
}

void fill_biweight(const Values& x, double median, Profile* out) {
  Values deviation(x.size());
  std::transform(x.begin(), x.end(), deviation.begin(),
                 [&](double v) { return std::abs(v - median); });
  const double mad = median_in_place(&deviation);
  if (mad == 0) {
    out->biweight = out->standardised;
    return;
  }
  for (std::size_t i = 0; i < x.size(); ++i) {
    const double u = (x[i] - median) / (9.0 * mad);
    const double weight = std::abs(u) < 1 ? (1 - u * u) * (1 - u * u) : 0.0;
    deviation[i] = (x[i] - median) * weight;
  }
  to_unit_norm(deviation, &out->biweight);
}

double linear_cv(const ProfileValues& values) {
  Values linear = values.given;
  if (!values.linear) {
    // 2^500 squares without overflow.
    for (double& v : linear) {
      v = std::max(std::exp2(std::min(v, 500.0)) - 1.0, 0.0);
    }
  }
  const double mean = mean_of(linear);
  if (!(mean > 0)) return 0;
  return std::sqrt(central_moment(linear, mean, 2)) / mean;
}

void fill_marginals(const ProfileValues& values, double median, bool constant,
                    Profile* out) {
  const Values& x = values.logged;
  const double mean = mean_of(x);
  const auto detected = std::count_if(values.given.begin(), values.given.end(),
                                      [](double v) { return v > 0; });
  out->marginals.fill(0.0f);
  out->marginals[kMean] = tame(mean);
  out->marginals[kMedian] = tame(median);
  out->marginals[kDetection] =
      tame(static_cast<double>(detected) / static_cast<double>(x.size()));
  if (constant) return;
  const double variance = central_moment(x, mean, 2);
  out->marginals[kSd] = tame(std::sqrt(variance));
  out->marginals[kCv] = tame(linear_cv(values));
  out->marginals[kSkewness] =
      tame(central_moment(x, mean, 3) / std::pow(variance, 1.5));
  out->marginals[kKurtosis] =
      tame(central_moment(x, mean, 4) / (variance * variance) - 3.0);
}

/// The rows that a thread has looked up last.
template <class Value>
class LookedUp {
 public:
  /// table  the values of the row's steps
  const Value* row(const ExpressionCohort& cohort, int kind, std::int64_t row,
                   const Value* table) {
    ++clock_;
    const std::uint64_t id = cohort.tables->id;
    for (auto& kept : kept_) {
      if (kept.id != id || kept.kind != kind || kept.row != row) continue;
      kept.asked = clock_;
      return kept.values.data();
    }
    Kept& oldest = *std::min_element(
        kept_.begin(), kept_.end(),
        [](const Kept& x, const Kept& y) { return x.asked < y.asked; });
    oldest.id = 0;  // while it is filled
    const auto steps = cohort.steps.row(row);
    oldest.values.resize(static_cast<std::size_t>(cohort.n_samples));
    std::transform(steps.data(), steps.data() + cohort.n_samples,
                   oldest.values.begin(),
                   [table](std::uint8_t step) { return table[step]; });
    oldest.id = id;
    oldest.kind = kind;
    oldest.row = row;
    oldest.asked = clock_;
    return oldest.values.data();
  }

 private:
  struct Kept {
    std::uint64_t id = 0;  // of the tables; 0: none
    int kind = 0;
    std::int64_t row = 0;
    std::uint64_t asked = 0;
    std::vector<Value> values;
  };
  std::array<Kept, kKeptRows> kept_;
  std::uint64_t clock_ = 0;
};

/// Of a cohort or of its tables.
template <class Rows>
const Matrix& numbers(const Rows& rows, ProfileKind kind) {
  if (kind == ProfileKind::standardised) return rows.standardised;
  return kind == ProfileKind::ranked ? rows.ranked : rows.biweight;
}

}  // namespace

float to_finite_float(double x) {
  return static_cast<float>(std::clamp(x, -1e38, 1e38));
}

std::uint8_t rank_flags(std::int64_t doubled_rank, std::int64_t n) {
  // (rank - 1/2) / n < 1/5 in integers, so that rounding has no effect.
  const std::int64_t scaled = 5 * (doubled_rank - 1);
  if (scaled < 2 * n) return kLow;
  return scaled > 8 * n ? kHigh : std::uint8_t{0};
}

void describe_flags(const ProfileValues& values, Profile* out) {
  fill_flags(doubled_midranks(values.logged), values.given, &out->flags);
}

void describe_marginals(const ProfileValues& values, Profile* out) {
  Values sorted = values.logged;
  const double median = median_in_place(&sorted);
  fill_marginals(values, median, is_constant(values.logged), out);
}

void describe_profile(const ProfileValues& values, Profile* out) {
  const Values& x = values.logged;
  const bool constant = is_constant(x);
  Values sorted = x;
  const double median = median_in_place(&sorted);
  fill_marginals(values, median, constant, out);

  const auto ranks = doubled_midranks(x);
  fill_flags(ranks, values.given, &out->flags);
  if (constant) {
    for (auto* row : {&out->standardised, &out->ranked, &out->biweight}) {
      row->assign(x.size(), 0.0f);
    }
    return;
  }
  const double mean = mean_of(x);
  Values deviation(x.size());
  std::transform(x.begin(), x.end(), deviation.begin(),
                 [&](double v) { return v - mean; });
  to_unit_norm(deviation, &out->standardised);
  const auto mean_rank = static_cast<double>(x.size() + 1);
  std::transform(
      ranks.begin(), ranks.end(), deviation.begin(),
      [&](std::int64_t r) { return static_cast<double>(r) - mean_rank; });
  to_unit_norm(deviation, &out->ranked);
  fill_biweight(x, median, out);
}

Eigen::Map<const Eigen::RowVectorXf> profile_row(const ExpressionCohort& cohort,
                                                 ProfileKind kind,
                                                 std::int64_t row) {
  if (cohort.tables == nullptr) {
    return {numbers(cohort, kind).row(row).data(), cohort.n_samples};
  }
  thread_local LookedUp<float> kept;
  return {kept.row(cohort, static_cast<int>(kind), row,
                   numbers(*cohort.tables, kind).row(row).data()),
          cohort.n_samples};
}

const std::uint8_t* flag_row(const ExpressionCohort& cohort, std::int64_t row) {
  if (cohort.tables == nullptr) return cohort.flags.row(row).data();
  thread_local LookedUp<std::uint8_t> kept;
  return kept.row(cohort, 0, row, cohort.tables->flags.row(row).data());
}

}  // namespace musl
