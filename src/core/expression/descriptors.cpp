#include "expression/descriptors.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "expression/contingency.h"
#include "expression/pair_sums.h"
#include "expression/paper_descriptors.h"

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

}  // namespace musl
