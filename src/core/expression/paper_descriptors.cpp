#include "expression/paper_descriptors.h"

#include <algorithm>
#include <cmath>

#include "expression/contingency.h"
#include "expression/descriptors.h"
#include "expression/pair_sums.h"

namespace musl {

namespace {

/// The smaller and the larger of two values, one for either gene.
double* write_both(double x, double y, double* out) {
  *out++ = std::min(x, y);
  *out++ = std::max(x, y);
  return out;
}

/// Mean and sd of the two genes.
struct Spread {
  double mean_a, mean_b, sd_a, sd_b;
  explicit Spread(const PairRows& pair)
      : mean_a(pair.marginal_a(kMean)),
        mean_b(pair.marginal_b(kMean)),
        sd_a(pair.marginal_a(kSd)),
        sd_b(pair.marginal_b(kSd)) {}
  [[nodiscard]] double shift() const { return mean_a - mean_b; }
  [[nodiscard]] bool has_both() const { return sd_a > 0 && sd_b > 0; }
};

double* write_correlations(const PairRows& pair, const Spread& spread,
                           const TableAssociation& table,
                           const TableComparison& margins, double* out) {
  const double pearson = pair.product(ProfileKind::standardised);
  const double covariance = pearson * spread.sd_a * spread.sd_b;
  *out++ = pearson;
  *out++ = pair.product(ProfileKind::ranked);
  *out++ = table.kendall;
  *out++ = pair.product(ProfileKind::biweight);
  *out++ = ratio(spread.mean_a * spread.mean_b + covariance,
                 std::hypot(spread.mean_a, spread.sd_a) *
                     std::hypot(spread.mean_b, spread.sd_b));
  *out++ = ratio(2 * covariance, spread.sd_a * spread.sd_a +
                                     spread.sd_b * spread.sd_b +
                                     spread.shift() * spread.shift());
  out = write_both(margins.ratio_rows, margins.ratio_columns, out);
  *out++ = margins.cramer_v;
  return out;
}

double* write_information(const TableAssociation& table, double* out) {
  const double mutual = table.mutual_information;
  const double of_a = table.entropy_rows, of_b = table.entropy_columns;
  const double joint = of_a + of_b - mutual;
  *out++ = mutual;
  *out++ = ratio(mutual, std::sqrt(of_a * of_b));
  out = write_both(of_a, of_b, out);
  *out++ = joint;
  // The remaining entropy of a gene is below 0 only by rounding.
  out = write_both(std::max(0.0, of_a - mutual), std::max(0.0, of_b - mutual),
                   out);
  out = write_both(ratio(mutual, of_a), ratio(mutual, of_b), out);
  *out++ = ratio(std::max(0.0, joint - mutual), joint);
  return out;
}

/// log(1 + divergence) of the normal distribution of one gene from another's.
double normal_divergence(double sd, double other_sd, double shift) {
  const double divergence =
      std::log(other_sd / sd) +
      (sd * sd + shift * shift) / (2 * other_sd * other_sd) - 0.5;
  return std::log1p(std::max(0.0, divergence));
}

double normal_hellinger(const Spread& spread) {
  const double variances =
      spread.sd_a * spread.sd_a + spread.sd_b * spread.sd_b;
  const double apart = spread.sd_a - spread.sd_b;
  const double log_overlap = 0.5 * std::log1p(-apart * apart / variances) -
                             spread.shift() * spread.shift() / (4 * variances);
  return std::sqrt(std::max(0.0, -std::expm1(log_overlap)));
}

double* write_divergences(const Spread& spread, const TableComparison& margins,
                          double* out) {
  out = write_both(margins.kl_rows, margins.kl_columns, out);
  *out++ = margins.jensen_shannon;
  *out++ = margins.hellinger;
  *out++ = margins.total_variation;
  *out++ = margins.kolmogorov;
  *out++ = margins.wasserstein;
  if (!spread.has_both()) return std::fill_n(out, 3, 0.0);
  out = write_both(normal_divergence(spread.sd_a, spread.sd_b, spread.shift()),
                   normal_divergence(spread.sd_b, spread.sd_a, spread.shift()),
                   out);
  *out++ = normal_hellinger(spread);
  return out;
}

double* write_distances(const PairRows& pair, const Spread& spread,
                        double* out) {
  constexpr auto kKind = ProfileKind::standardised;  // z over the root of n
  const Distances apart = pair_sums().distances(
      pair.profile_a(kKind), pair.profile_b(kKind), pair.n());
  const auto n = static_cast<double>(pair.n());
  const double difference = spread.sd_a - spread.sd_b;
  *out++ = std::sqrt(apart.squared);
  *out++ = apart.absolute / std::sqrt(n);
  *out++ = apart.largest * std::sqrt(n);
  *out++ = apart.relative / n;
  *out++ = ratio(apart.absolute, apart.size);
  *out++ = std::sqrt(spread.shift() * spread.shift() + difference * difference +
                     spread.sd_a * spread.sd_b * apart.squared);
  return out;
}

}  // namespace

DescriptorValues paper_descriptors(const PairRows& pair) {
  const std::uint32_t* const counts = pair.joint_counts();
  const TableAssociation table = associate(counts, pair.bins(), pair.n());
  const TableComparison margins =
      compare_margins(counts, pair.bins(), pair.n());
  const Spread spread(pair);
  DescriptorValues values{};
  double* next = values.data();
  next = write_correlations(pair, spread, table, margins, next);
  next = write_information(table, next);
  next = write_divergences(spread, margins, next);
  write_distances(pair, spread, next);
  return values;
}

const DescriptorNames& paper_descriptor_names() {
  static const DescriptorNames names = {
      // Correlations
      "pearson", "spearman", "kendall", "biweight", "cosine", "concordance",
      "correlation_ratio_min", "correlation_ratio_max", "cramer_v",
      // Information
      "mutual_information", "normalised_mi", "entropy_min", "entropy_max",
      "joint_entropy", "conditional_entropy_min", "conditional_entropy_max",
      "uncertainty_min", "uncertainty_max", "information_distance",
      // Divergences of the margins
      "kl_min", "kl_max", "jensen_shannon", "hellinger", "total_variation",
      "kolmogorov", "wasserstein", "kl_normal_min", "kl_normal_max",
      "hellinger_normal",
      // Distances
      "euclidean", "manhattan", "chebyshev", "canberra", "bray_curtis",
      "euclidean_values"};
  return names;
}

}  // namespace musl
