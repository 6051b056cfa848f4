#include "judge/normal_scores.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>
#include <string>
#include <vector>

#include "base/parallel.h"

namespace musl {

namespace {

constexpr int kLast = NormalScores::kQuantiles - 1;
constexpr Eigen::Index kWorthAMemo = 1024;  // rows

/// The quantiles of the values present, linear between order statistics.
void write_quantiles(const Matrix& x, Eigen::Index column, float* out) {
  std::vector<float> values;
  for (Eigen::Index i = 0; i < x.rows(); ++i) {
    if (!std::isnan(x(i, column))) values.push_back(x(i, column));
  }
  if (values.empty()) {
    std::fill(out, out + kLast + 1, std::numeric_limits<float>::quiet_NaN());
    return;
  }
  std::sort(values.begin(), values.end());
  const auto last = static_cast<double>(values.size() - 1);
  for (int q = 0; q <= kLast; ++q) {
    const double place = last * q / kLast;
    const auto low = static_cast<std::size_t>(place);
    const auto high = std::min(low + 1, values.size() - 1);
    const double share = place - static_cast<double>(low);
    out[q] =
        static_cast<float>((1 - share) * values[low] + share * values[high]);
  }
}

/// Position of a value between quantiles, 0 to kLast.
double place_of(const float* quantile, float value) {
  const float* end = quantile + kLast + 1;
  const float* low = std::lower_bound(quantile, end, value);
  const float* high = std::upper_bound(low, end, value);
  if (low != high) {  // equal to some: the middle of them
    return static_cast<double>((low - quantile) + (high - 1 - quantile)) / 2;
  }
  if (low == quantile) return 0;
  if (low == end) return kLast;
  const double step = static_cast<double>(*low) - *(low - 1);
  return static_cast<double>(low - 1 - quantile) + (value - *(low - 1)) / step;
}

float score_of(const float* quantile, float value) {
  if (std::isnan(value) || std::isnan(quantile[0])) return 0;
  // A constant column carries no information.
  if (!(quantile[0] < quantile[kLast])) return 0;
  const double share = place_of(quantile, value) / kLast;
  constexpr double kClip = NormalScores::kClip;
  if (share <= 0) return -kClip;
  if (share >= 1) return kClip;
  return static_cast<float>(std::clamp(normal_quantile(share), -kClip, kClip));
}

/// Cache of score_of() for recent values, with the same bits: columns of pairs
/// repeat values of their genes, and most pairs share nothing.
class ScoreMemo {
 public:
  explicit ScoreMemo(const float* quantile)
      : quantile_(quantile), entry_(kSlots) {}

  float operator()(float value) {
    std::uint32_t bits = 0;
    std::memcpy(&bits, &value, sizeof(bits));
    // The upper bits of a product depend on all bits of its factor.
    Entry& entry = entry_[(bits * 2654435769U) >> (32 - kSlotBits)];
    if (!entry.known || entry.bits != bits) {
      entry = {bits, score_of(quantile_, value), true};
    }
    return entry.score;
  }

 private:
  static constexpr int kSlotBits = 12;
  static constexpr std::size_t kSlots = std::size_t{1} << kSlotBits;
  struct Entry {
    std::uint32_t bits = 0;
    float score = 0;
    bool known = false;
  };

  const float* quantile_;
  std::vector<Entry> entry_;
};

/// Of the highest power first.
template <std::size_t n>
double polynomial(const std::array<double, n>& coefficients, double x) {
  double value = 0;
  for (const double c : coefficients) value = value * x + c;
  return value;
}

double tail_quantile(double p) {
  constexpr std::array<double, 6> kOver = {
      -7.784894002430293e-03, -3.223964580411365e-01, -2.400758277161838e+00,
      -2.549732539343734e+00, 4.374664141464968e+00,  2.938163982698783e+00};
  constexpr std::array<double, 5> kUnder = {
      7.784695709041462e-03, 3.224671290700398e-01, 2.445134137142996e+00,
      3.754408661907416e+00, 1};
  const double q = std::sqrt(-2 * std::log(p));
  return polynomial(kOver, q) / polynomial(kUnder, q);
}

double middle_quantile(double p) {
  constexpr std::array<double, 6> kOver = {
      -3.969683028665376e+01, 2.209460984245205e+02,  -2.759285104469687e+02,
      1.383577518672690e+02,  -3.066479806614716e+01, 2.506628277459239e+00};
  constexpr std::array<double, 6> kUnder = {
      -5.447609879822406e+01, 1.615858368580409e+02,  -1.556989798598866e+02,
      6.680131188771972e+01,  -1.328068155288572e+01, 1};
  const double q = p - 0.5;
  const double r = q * q;
  return polynomial(kOver, r) * q / polynomial(kUnder, r);
}

}  // namespace

double normal_quantile(double p) {
  constexpr double kTail = 0.02425;
  constexpr double kRootTwoPi = 2.5066282746310002;
  double x = 0;
  if (p < kTail) {
    x = tail_quantile(p);
  } else if (p > 1 - kTail) {
    x = -tail_quantile(1 - p);
  } else {
    x = middle_quantile(p);
  }
  const double error = 0.5 * std::erfc(-x / std::sqrt(2.0)) - p;
  const double u = error * kRootTwoPi * std::exp(x * x / 2);
  return x - u / (1 + x * u / 2);
}

NormalScores fit_normal_scores(const Matrix& x) {
  NormalScores out;
  out.quantile.resize(x.cols(), NormalScores::kQuantiles);
  for (Eigen::Index j = 0; j < x.cols(); ++j) {
    write_quantiles(x, j, out.quantile.row(j).data());
  }
  return out;
}

Matrix normal_scores(const NormalScores& scores, const Matrix& x, int threads) {
  Matrix out(x.rows(), x.cols());
  parallel_for(x.cols(), threads, [&](std::int64_t j) {
    const float* quantile = scores.quantile.row(j).data();
    if (x.rows() < kWorthAMemo) {
      for (Eigen::Index i = 0; i < x.rows(); ++i) {
        out(i, j) = score_of(quantile, x(i, j));
      }
      return;
    }
    ScoreMemo memo(quantile);
    for (Eigen::Index i = 0; i < x.rows(); ++i) out(i, j) = memo(x(i, j));
  });
  return out;
}

}  // namespace musl
