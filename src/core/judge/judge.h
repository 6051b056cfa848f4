#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "base/matrix.h"
#include "base/pair_set.h"
#include "judge/metrics.h"

namespace musl {

enum class MetricKind {
  auroc,
  auprc,
  auprc_trapezoid,
  f1_max,
  f1,
  mcc,
  brier,
  ece,
  auroc_per_query,
  auprc_per_query,
  recall_1pct_per_query,
  auroc_per_anchor,
  ndcg,
  precision,
  recall,
  map
};

/// A metric by name: "auroc", "ndcg_10".
struct Metric {
  MetricKind kind;
  std::int64_t k = 0;  // top ranks that count; 0: no cut-off

  [[nodiscard]] bool is_ranked() const { return kind >= MetricKind::ndcg; }
  [[nodiscard]] bool is_per_query() const {
    return kind >= MetricKind::auroc_per_query &&
           kind <= MetricKind::recall_1pct_per_query;
  }
  [[nodiscard]] bool is_per_anchor() const {
    return kind >= MetricKind::auroc_per_anchor;
  }
};

/// Throws InputError for an unknown name.
[[nodiscard]] Metric parse_metric(const std::string& name);

/// Scored pairs to evaluate. Every vector is as long as `pairs` or, where
/// stated, empty.
struct ScoredPairs {
  PairSet pairs;              // label 1, 0 or NaN (a candidate without a label)
  std::vector<double> score;  // no NaN; infinite scores are allowed
  std::vector<double> probability;  // 0..1, or empty
  std::vector<float> called;        // 1 called positive, or empty
  /// In a directed screen, the gene of the pair that is the query, or -1 for
  /// none; empty if no pair has one.
  std::vector<std::int32_t> query;
};

/// Number of anchors that a metric averages, and number left out.
struct AnchorCount {
  std::int64_t measured = 0;
  std::int64_t left_out = 0;
};

/// Computes metrics of scored pairs under any multiplicity of their genes. Work
/// that does not depend on the multiplicity, mainly sorting, is done once.
///
/// Each gene of a pair is an anchor. Metrics per anchor are means over the
/// anchors with a positive and a negative; partners without a label do not
/// count. Metrics per query are means over the queries with a positive and a
/// negative; a query's list is the pairs in which it is the query. Metrics that
/// rank positives above negatives are NaN if either is missing; those of
/// probabilities are NaN without probabilities.
class Judge {
 public:
  /// Throws GeneError for a gene outside the universe, InputError for NaN
  /// scores.
  Judge(ScoredPairs scored, std::vector<Metric> metrics, std::int64_t n_genes);

  /// One number for each of metrics(), in order.
  ///
  /// multiplicity  (n_genes) how often each gene was sampled; empty: once. A
  ///               pair counts as the product of its genes' multiplicities, an
  ///               anchor as its multiplicity, and each partner in its list as
  ///               the partner's.
  [[nodiscard]] std::vector<double> measure(
      const std::vector<std::int32_t>& multiplicity = {}) const;

  /// Of the metrics per anchor, and of those per query, with multiplicities of
  /// 1.
  [[nodiscard]] AnchorCount anchors() const { return count(lists_); }
  [[nodiscard]] AnchorCount queries() const { return count(query_lists_); }

  [[nodiscard]] const std::vector<Metric>& metrics() const { return metrics_; }
  [[nodiscard]] std::int64_t n_genes() const { return n_genes_; }

 private:
  void measure_pairs(const std::vector<double>& weight,
                     std::vector<double>* out) const;
  /// Means of the wanted metrics over the lists of all genes.
  void measure_lists(const AnchorLists& lists,
                     const std::vector<std::int32_t>& multiplicity,
                     const std::function<bool(const Metric&)>& wanted,
                     std::vector<double>* out) const;
  [[nodiscard]] AnchorCount count(const AnchorLists& lists) const;

  ScoredPairs scored_;
  std::vector<Metric> metrics_;
  std::int64_t n_genes_;
  ScoreOrder by_score_;
  ScoreOrder by_probability_;
  AnchorLists lists_;
  AnchorLists query_lists_;
  std::int64_t depth_ = 0;  // largest rank that any metric reads
};

/// An area under the ROC curve with its confidence interval.
struct AurocInterval {
  double auroc;  // ties count one half; NaN when a class is missing
  double sd;     // DeLong's standard deviation; NaN with one pair of a class
  double lower;  // auroc - z sd, not below 0
  double upper;  // auroc + z sd, not above 1
};

/// The normal interval of DeLong, in O(n log n) by midranks.
///
/// score (n) any real, label (n) 0/1, z > 0 the normal quantile (1.96 for 95
/// %). Throws InputError for NaN. Source: DeLong et al. (1988), Biometrics
/// 44:837; Sun and Xu (2014), IEEE Signal Process Lett 21:1389.
[[nodiscard]] AurocInterval auroc_interval(const std::vector<double>& score,
                                           const std::vector<float>& label,
                                           double z);

/// How well a study agrees with others that measured some of its pairs.
struct Agreement {
  double estimate;      // mean area under the ROC curve; NaN without others
  double lower, upper;  // of its interval of 95 %, within 0 and 1
  double weight;        // 0 to 1
};

/// Pools the areas of a study's comparisons: those with the same partner by
/// their mean, as they share their pairs, then partners by a random-effects
/// mean (DerSimonian and Laird (1986), Control Clin Trials 7:177).
///
/// The weight is 1 where the mean is at least `least`, 0 where the upper bound
/// is not, and linear in the mean between. Where others can assess less than
/// half of the study, they take off as much less: 2 `judged` times that.
///
/// auroc, sd  of each comparison; partner  number of the other study
[[nodiscard]] Agreement study_agreement(
    const std::vector<double>& auroc, const std::vector<double>& sd,
    const std::vector<std::int32_t>& partner, double judged, double least);

/// How often each of `n_genes` genes occurs in a bootstrap sample of n_genes
/// genes. It depends only on the seed and the replicate number, so scorers,
/// parts and runs over the same genes share samples and allow paired
/// comparison.
[[nodiscard]] std::vector<std::int32_t> gene_multiplicity(
    std::int64_t n_genes, std::uint64_t seed, std::int64_t replicate);

/// Node bootstrap: the metrics with both genes of each pair resampled.
///
/// Resampling pairs would treat the pairs of one gene as independent and give
/// intervals that are too narrow; a gene sampled twice contributes all its
/// pairs twice. Returns (replicates, metrics) row-major, NaN if a replicate
/// leaves nothing to measure. The bits do not depend on `threads` (0: all).
/// Source: Snijders and Borgatti (1999), Connections 22:61, the vertex
/// bootstrap; a gene has no pair with its copy.
[[nodiscard]] std::vector<double> node_bootstrap(const Judge& judge,
                                                 std::int64_t replicates,
                                                 std::uint64_t seed,
                                                 int threads);

/// Share of a screen's hits that are false, 0 to 1, by its negative controls,
/// pairs with a gene that cells do not express: the controls' rate of hits over
/// the rate r of the other pairs, with half a hit among 1 / (2 r) pairs added
/// to the former. NaN without controls or without hits among the others.
[[nodiscard]] double false_hit_share(double control_hits, double controls,
                                     double hits, double pairs);

/// The "SL degree" baseline: log((1 + d_a) (1 + d_b)), d the number of training
/// positives a gene is in. It reads the popularity of genes and no biology.
///
/// Adding 1 ranks pairs with one unseen gene (d = 0) by the other gene.
/// training  labelled pairs
[[nodiscard]] std::vector<double> degree_score(const PairSet& training,
                                               const PairSet& pairs,
                                               std::int64_t n_genes);

/// The "gene log-odds" baseline: the sum over both genes of
/// log((p + s q) / (n + s (1 - q))) - log(q / (1 - q)), with p and n the
/// training positives and negatives of a gene and q the share of positives
/// among all training pairs. A gene without a training pair adds 0.
///
/// training   labelled pairs of both classes
/// smoothing  s, pseudo-pairs a gene, > 0
[[nodiscard]] std::vector<double> log_odds_score(const PairSet& training,
                                                 const PairSet& pairs,
                                                 std::int64_t n_genes,
                                                 double smoothing);

/// Columns of degree_features(): min and max of the two SL degrees, and the sum
/// of their log1p.
inline constexpr int kDegreeFeatures = 3;

/// SL degrees as features of a learner, (B, kDegreeFeatures).
struct DegreeFeatures {
  Matrix training;  // of the training pairs, counted out of fold
  Matrix pairs;     // of the pairs to score
};

/// Counts SL degrees without using a pair's label: training pairs are split
/// into `folds`, and the degrees of a pair are counted over the other folds.
/// Degrees of `pairs` are counted over all folds and scaled by (folds - 1) /
/// folds. Counting the pair would give positives degrees of at least 1, and
/// leaving out only that pair would make a positive's degree one lower than a
/// negative's: both leak the label.
///
/// training  labelled pairs
/// folds     >= 2
[[nodiscard]] DegreeFeatures degree_features(const PairSet& training,
                                             const PairSet& pairs,
                                             std::int64_t n_genes, int folds,
                                             std::uint64_t seed);

/// Mean and standard deviation (divided by S) of each gene over the samples.
struct GeneMoments {
  std::vector<double> mean;
  std::vector<double> sd;
};

/// x (R, S) genes x samples; linear values are logged first: log10(x + 0.01).
[[nodiscard]] GeneMoments gene_moments(const RMatrixView& x, bool linear);

/// Mean Pearson correlation (R) of each gene with the other genes that vary.
/// NaN for a constant gene, and if no other gene varies. O(R S).
[[nodiscard]] std::vector<double> mean_correlations(const RMatrixView& x,
                                                    bool linear);

/// How far the distribution of a sample has moved from a reference.
struct Stability {
  double index = 0;  // population stability index
  double noise = 0;  // exceeded by the index of two samples of one cohort in
                     // 1 of 1,000 cases
};

/// Population stability index sum (q - p) log(q / p) over the bins between the
/// reference's deciles; a repeated decile is a separate bin. Half a value is
/// added to each count.
///
/// NaN are left out; both members are NaN unless both samples have values.
/// Source: Siddiqi (2006), Credit Risk Scorecards; noise: under equal
/// distributions the index is (1/n + 1/m) times chi-squared with bins - 1
/// degrees of freedom (Yurdakul and Naranjo 2020, J Risk Model Valid 14:89);
/// its quantile uses the approximation of Wilson and Hilferty (1931).
[[nodiscard]] Stability stability_index(std::vector<double> reference,
                                        std::vector<double> values);

/// Median over the genes of |new mean - mean| / sd; genes with sd 0 are left
/// out. NaN without a gene. mean, sd, new_mean (R).
[[nodiscard]] double location_shift(const std::vector<double>& mean,
                                    const std::vector<double>& sd,
                                    const std::vector<double>& new_mean);

/// Stability indices due to the choice of samples alone.
struct SamplingNoise {
  double sd = 0;          // two sets of n
  double sd_of_part = 0;  // all samples and a set of n
  double correlation = 0;
};

/// Largest indices of the standard deviations and of mean_correlations()
/// between two disjoint random sets of n columns of x (R, at least 2 n), and
/// of the standard deviations between all columns and the first set, over
/// `repeats` random draws. Standard deviations are compared as whole multiples
/// of `unit` (> 0), as a model stores them: equal ones stay equal. The bits do
/// not depend on `threads` (0: all).
[[nodiscard]] SamplingNoise sampling_noise(const RMatrixView& x, bool linear,
                                           std::int64_t n, int repeats,
                                           double unit, std::uint64_t seed,
                                           int threads = 1);

}  // namespace musl
