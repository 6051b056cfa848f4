#include <algorithm>
#include <cmath>
#include <utility>

#include "expression/pair_sums.h"
#include "musl/pair_expression.h"

namespace musl {

namespace {

double* write_marginals(const PairRows& pair, double* out) {
  for (int m = 0; m < kMarginals; ++m) {
    const double x = pair.marginal_a(static_cast<Marginal>(m));
    const double y = pair.marginal_b(static_cast<Marginal>(m));
    *out++ = std::min(x, y);
    *out++ = std::max(x, y);
  }
  return out;
}

double codetected_pearson(const PairRows& pair, const FlagCounts& counts,
                          double pearson) {
  if (counts.both_detected == pair.n() && pair.n() >= 3) return pearson;
  return pair_sums().pearson(pair.profile_a(ProfileKind::standardised),
                             pair.profile_b(ProfileKind::standardised),
                             pair.flags_a(), pair.flags_b(), kDetected,
                             counts.both_detected, pair.n());
}

double* write_association(const PairRows& pair, const FlagCounts& counts,
                          double* out) {
  const double pearson = pair.product(ProfileKind::standardised);
  const TableAssociation table =
      associate(pair.joint_counts(), pair.bins(), pair.n());
  const double mean_a = pair.marginal_a(kMean), sd_a = pair.marginal_a(kSd);
  const double mean_b = pair.marginal_b(kMean), sd_b = pair.marginal_b(kSd);
  const double covariance = pearson * sd_a * sd_b;
  const double difference = mean_a - mean_b;
  *out++ = pearson;
  *out++ = pair.product(ProfileKind::ranked);
  *out++ = table.kendall;
  *out++ = pair.product(ProfileKind::biweight);
  *out++ = table.mutual_information;
  *out++ = ratio(table.mutual_information,
                 std::sqrt(table.entropy_rows * table.entropy_columns));
  *out++ = ratio(mean_a * mean_b + covariance,
                 std::hypot(mean_a, sd_a) * std::hypot(mean_b, sd_b));
  *out++ = ratio(2 * covariance,
                 sd_a * sd_a + sd_b * sd_b + difference * difference);
  *out++ = codetected_pearson(pair, counts, pearson);
  return out;
}

/// Log odds ratio of being low, with half a sample added to each cell.
double log_odds(double both, double only_a, double only_b, double neither) {
  return std::log((both + 0.5) * (neither + 0.5) /
                  ((only_a + 0.5) * (only_b + 0.5)));
}

double* write_cooccurrence(std::int64_t n_samples, const FlagCounts& counts,
                           double* out) {
  const auto n = static_cast<double>(n_samples);
  const auto low_a = static_cast<double>(counts.low_a);
  const auto low_b = static_cast<double>(counts.low_b);
  const auto both = static_cast<double>(counts.low_low);
  const double expected = low_a * low_b / n;
  const bool defined = low_a > 0 && low_b > 0;
  *out++ = both / n;
  *out++ = static_cast<double>(counts.high_high) / n;
  *out++ = static_cast<double>(counts.low_high + counts.high_low) / n;
  *out++ = std::log2((both + 0.5) / (expected + 0.5));
  *out++ = defined ? log_odds(both, low_a - both, low_b - both,
                              n - low_a - low_b + both)
                   : 0.0;
  *out++ = ratio(both * n - low_a * low_b,
                 std::sqrt(low_a * (n - low_a) * low_b * (n - low_b)));
  *out++ = ratio(both - expected, std::sqrt(expected * n));
  *out++ = ratio(static_cast<double>(counts.both_detected),
                 static_cast<double>(counts.detected_a + counts.detected_b -
                                     counts.both_detected));
  return out;
}

double* write_directional(const PairRows& pair, const FlagCounts& counts,
                          double* out) {
  const double root_n = std::sqrt(static_cast<double>(pair.n()));
  // Mean z-score of one gene over the samples where the other is low.
  const auto shift = [&](const float* of, const std::uint8_t* where,
                         std::int64_t n_low) {
    const double sum = pair_sums().flagged(of, where, kLow, pair.n());
    return ratio(sum * root_n, static_cast<double>(n_low));
  };
  const double of_b = shift(pair.profile_b(ProfileKind::standardised),
                            pair.flags_a(), counts.low_a);
  const double of_a = shift(pair.profile_a(ProfileKind::standardised),
                            pair.flags_b(), counts.low_b);
  *out++ = std::max(of_a, of_b);
  *out++ = std::min(of_a, of_b);
  const auto tail = [](std::int64_t both, std::int64_t a, std::int64_t b) {
    return ratio(static_cast<double>(both),
                 std::sqrt(static_cast<double>(a) * static_cast<double>(b)));
  };
  *out++ = tail(counts.low_low, counts.low_a, counts.low_b);
  *out++ = tail(counts.high_high, counts.high_a, counts.high_b);
  return out;
}

DescriptorValues own_descriptors(const PairRows& pair) {
  const FlagCounts counts =
      pair_sums().flags(pair.flags_a(), pair.flags_b(), pair.n());
  DescriptorValues values{};
  double* next = values.data();
  next = write_marginals(pair, next);
  next = write_association(pair, counts, next);
  next = write_cooccurrence(pair.n(), counts, next);
  write_directional(pair, counts, next);
  return values;
}

const DescriptorNames& own_names() {
  static const DescriptorNames names = {
      // Of either gene
      "mean_min", "mean_max", "sd_min", "sd_max", "cv_min", "cv_max",
      "skewness_min", "skewness_max", "kurtosis_min", "kurtosis_max",
      "detection_min", "detection_max", "median_min", "median_max",
      // Association
      "pearson", "spearman", "kendall", "biweight", "mutual_information",
      "normalised_mi", "cosine", "concordance", "pearson_codetected",
      // Co-occurrence
      "low_low", "high_high", "discordant", "low_low_ratio", "low_low_odds",
      "low_low_phi", "low_low_residual", "detection_jaccard",
      // Directional
      "shift_max", "shift_min", "tail_lower", "tail_upper"};
  return names;
}

}  // namespace

const DescriptorNames& descriptor_names(DescriptorSet set) {
  return set == DescriptorSet::paper ? paper_descriptor_names() : own_names();
}

DescriptorValues describe_pair(const ExpressionCohort& cohort, std::int32_t a,
                               std::int32_t b) {
  // One order of the genes, so that rounding is the same for (b, a).
  if (a > b) std::swap(a, b);
  const PairRows pair{cohort, cohort.row_of_gene[static_cast<std::size_t>(a)],
                      cohort.row_of_gene[static_cast<std::size_t>(b)]};
  return cohort.config.descriptors == DescriptorSet::paper
             ? paper_descriptors(pair)
             : own_descriptors(pair);
}

void pair_descriptors(const ExpressionCohort& cohort, std::int32_t a,
                      std::int32_t b, float* out) {
  if (!cohort.has_pair(a, b)) {
    std::fill(out, out + kDescriptors, 0.0f);
    return;
  }
  const DescriptorValues values = describe_pair(cohort, a, b);
  std::transform(values.begin(), values.end(), out,
                 [](double v) { return static_cast<float>(v); });
}

void descriptor_batch(const std::vector<ExpressionCohort>& cohorts,
                      const PairSet& pairs, float* out) {
  for (std::size_t pair = 0; pair < pairs.a.size(); ++pair) {
    for (const auto& cohort : cohorts) {
      pair_descriptors(cohort, pairs.a[pair], pairs.b[pair], out);
      out += kDescriptors;
    }
  }
}

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
