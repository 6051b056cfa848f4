#include "judge/power.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

#include "base/error.h"

namespace musl {
namespace {

double upper_normal(double x) { return 0.5 * std::erfc(x / std::sqrt(2.0)); }

// The x with P(T > x) = p, by halving.
double t_threshold(double p, double df) {
  double low = 0;
  double high = 1;
  if (p >= 0.5) {
    low = -1;
    high = 0;
    while (upper_tail_t(low, df, 0) < p) low *= 2;
  }
  while (upper_tail_t(high, df, 0) > p) high *= 2;
  for (int i = 0; i < 45; ++i) {
    const double middle = (low + high) / 2;
    (upper_tail_t(middle, df, 0) > p ? low : high) = middle;
  }
  return (low + high) / 2;
}

void check_plan(const ScreenPlan& plan) {
  const bool fits =
      plan.n_pairs >= 1 && plan.share_hits >= 0 && plan.share_hits <= 1 &&
      std::isfinite(plan.effect) && plan.sd > 0 && std::isfinite(plan.sd) &&
      plan.n_constructs >= 1 && plan.df >= 1 && plan.fdr > 0 && plan.fdr < 1;
  if (!fits) throw InputError("The plan of the screen is out of range.");
}

// Probabilities of how many of n others lie below a threshold.
std::vector<double> binomial(int n, double p) {
  std::vector<double> out(static_cast<std::size_t>(n) + 1, 0.0);
  for (int k = 0; k <= n; ++k) {
    const double choose =
        std::lgamma(n + 1.0) - std::lgamma(k + 1.0) - std::lgamma(n - k + 1.0);
    const double log_p = choose + (k > 0 ? k * std::log(p) : 0) +
                         (n > k ? (n - k) * std::log1p(-p) : 0);
    out[static_cast<std::size_t>(k)] = std::exp(log_p);
  }
  return out;
}

// Each of those below a threshold is below the next with probability `stay`.
std::vector<double> thinned(const std::vector<double>& counts, double stay) {
  std::vector<double> out(counts.size(), 0.0);
  for (std::size_t n = 0; n < counts.size(); ++n) {
    if (counts[n] < 1e-14) continue;
    double share = std::pow(stay, static_cast<double>(n));
    for (std::size_t lost = 0; lost <= n; ++lost) {
      out[n - lost] += counts[n] * share;
      const auto left = static_cast<double>(n - lost);
      share *= left / static_cast<double>(lost + 1) * (1 - stay) / stay;
    }
  }
  return out;
}

}  // namespace

// T = (Z + ncp) / s, s^2 a chi-square over its degrees of freedom; the density
// of s is integrated by Simpson's rule and scaled to 1.
double upper_tail_t(double x, double df, double ncp) {
  constexpr int kSteps = 120;
  const double reach = 9 / std::sqrt(2 * df);
  const double low = std::max(0.0, 1 - reach);
  const double width = (1 + reach - low) / kSteps;
  double sum = 0;
  double total = 0;
  for (int i = 0; i <= kSteps; ++i) {
    const double s = low + width * i;
    double log_density = -df * (s * s - 1) / 2;
    if (df > 1) log_density += (df - 1) * std::log(std::max(s, 1e-300));
    const double rule = i == 0 || i == kSteps ? 1 : (i % 2 == 1 ? 4 : 2);
    const double weight = rule * std::exp(log_density);
    total += weight;
    sum += weight * upper_normal(x * s - ncp);
  }
  return sum / total;
}

// The step-up rule rejects the k lowest p-values, k the largest with at least k
// of them below fdr k / n. An interaction is rejected with k if k - 1 of the
// others are below that threshold, while for no larger k enough are.
double screen_power(const ScreenPlan& plan) {
  check_plan(plan);
  const int n = plan.n_pairs;
  const double ncp = plan.effect * std::sqrt(plan.n_constructs) / plan.sd;
  std::vector<double> hit(static_cast<std::size_t>(n) + 1);
  std::vector<double> any(static_cast<std::size_t>(n) + 1);
  for (int k = 1; k <= n; ++k) {
    const double p = plan.fdr * k / n;
    const auto at = static_cast<std::size_t>(k);
    hit[at] = upper_tail_t(t_threshold(p, plan.df), plan.df, ncp);
    any[at] = (1 - plan.share_hits) * p + plan.share_hits * hit[at];
  }
  std::vector<double> below = binomial(n - 1, any[static_cast<std::size_t>(n)]);
  double power = 0;
  for (auto k = static_cast<std::size_t>(n); k >= 1; --k) {
    // All who are left have fewer than the thresholds above ask for.
    power += hit[k] * below[k - 1];
    below[k - 1] = 0;
    if (k > 1) below = thinned(below, any[k - 1] / any[k]);
  }
  return power;
}

}  // namespace musl
