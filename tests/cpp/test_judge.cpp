#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstring>
#include <string>
#include <utility>
#include <vector>

#include "base/error.h"
#include "base/rng.h"
#include "judge/intervals.h"
#include "judge/judge.h"

namespace musl {
namespace {

const float kNoLabel = std::nanf("");

std::vector<Metric> metrics_named(const std::vector<std::string>& names) {
  std::vector<Metric> metrics;
  for (const std::string& name : names) metrics.push_back(parse_metric(name));
  return metrics;
}

std::vector<Metric> every_metric() {
  return metrics_named({"auroc", "auprc", "auprc_trapezoid", "f1_max", "f1",
                        "brier", "ece", "auroc_per_anchor", "ndcg_3",
                        "precision_3", "recall_3", "map_3"});
}

/// Every pair of `n_genes` genes with chance 2/3; scores tied at `levels`.
ScoredPairs random_pairs(int n_genes, int levels, std::uint64_t seed) {
  Rng rng(seed);
  ScoredPairs out;
  for (int a = 0; a < n_genes; ++a) {
    for (int b = a + 1; b < n_genes; ++b) {
      if (rng.below(3) == 0) continue;
      const auto score =
          static_cast<double>(rng.below(static_cast<std::uint64_t>(levels)));
      const auto kind = rng.below(7);
      out.pairs.a.push_back(a);
      out.pairs.b.push_back(b);
      out.pairs.label.push_back(kind == 6 ? kNoLabel : kind < 2 ? 1.0f : 0.0f);
      out.score.push_back(score);
      out.probability.push_back((score + 0.5) / levels);
      out.called.push_back(score > levels / 2 ? 1.0f : 0.0f);
    }
  }
  return out;
}

/// Each gene as often as it was drawn, each copy with every pair of its own.
ScoredPairs expanded(const ScoredPairs& scored,
                     const std::vector<std::int32_t>& times) {
  std::vector<std::int32_t> first(times.size() + 1, 0);
  for (std::size_t g = 0; g < times.size(); ++g) {
    first[g + 1] = first[g] + times[g];
  }
  ScoredPairs out;
  for (std::size_t i = 0; i < scored.score.size(); ++i) {
    const auto a = static_cast<std::size_t>(scored.pairs.a[i]);
    const auto b = static_cast<std::size_t>(scored.pairs.b[i]);
    for (std::int32_t x = first[a]; x < first[a + 1]; ++x) {
      for (std::int32_t y = first[b]; y < first[b + 1]; ++y) {
        out.pairs.a.push_back(x);
        out.pairs.b.push_back(y);
        out.pairs.label.push_back(scored.pairs.label[i]);
        out.score.push_back(scored.score[i]);
        out.probability.push_back(scored.probability[i]);
        out.called.push_back(scored.called[i]);
      }
    }
  }
  return out;
}

TEST(Judge, AGeneDrawnTwiceIsTwoGenes) {
  for (std::uint64_t seed = 0; seed < 12; ++seed) {
    const int levels = seed % 2 == 0 ? 5 : 100000;
    const ScoredPairs scored = random_pairs(14, levels, seed);
    const Judge judge(scored, every_metric(), 14);
    const auto times = gene_multiplicity(14, 7, static_cast<int>(seed));
    const Judge plain(expanded(scored, times), every_metric(), 14);
    const std::vector<double> found = judge.measure(times);
    const std::vector<double> expected = plain.measure();
    for (std::size_t m = 0; m < found.size(); ++m) {
      EXPECT_NEAR(found[m], expected[m], 1e-12) << seed << " metric " << m;
    }
  }
}

TEST(Judge, MetricsPerAnchorAreMeansOverAnchorsWithBothLabels) {
  // Gene 0: partners 1 (SL), 2, 3; gene 4 has an SL partner alone.
  ScoredPairs scored;
  scored.pairs = {{0, 0, 0, 1, 4}, {1, 2, 3, 2, 3}, {1, 0, 0, 0, 1}};
  scored.score = {2, 3, 1, 1, 0};
  const Judge judge(scored,
                    metrics_named({"auroc_per_anchor", "ndcg_1", "precision_2",
                                   "brier", "f1"}),
                    6);
  const std::vector<double> found = judge.measure();
  // With both labels: 0 (half of its pairs won), 1 (won) and 3 (lost).
  EXPECT_DOUBLE_EQ(found[0], 0.5);
  EXPECT_DOUBLE_EQ(found[1], 1.0 / 3);
  EXPECT_DOUBLE_EQ(found[2], 0.5);
  EXPECT_TRUE(std::isnan(found[3]));
  EXPECT_TRUE(std::isnan(found[4]));
  EXPECT_EQ(judge.anchors().measured, 3);
  EXPECT_EQ(judge.anchors().left_out, 2);
}

TEST(Judge, CandidatesWithoutALabelDoNotCount) {
  ScoredPairs scored;
  scored.pairs = {{0, 0, 0}, {1, 2, 3}, {1, 0, kNoLabel}};
  scored.score = {2, 1, 3};
  const Judge judge(scored, metrics_named({"auroc", "precision_1"}), 4);
  EXPECT_EQ(judge.measure(), (std::vector<double>{1, 1}));
}

TEST(Judge, OneLabelLeavesNothingToRank) {
  for (const float label : {0.0f, 1.0f}) {
    ScoredPairs scored;
    scored.pairs = {{0, 1}, {1, 2}, {label, label}};
    scored.score = {1, 2};
    scored.probability = {0.25, 0.25};
    scored.called = {0, 1};
    const Judge judge(
        scored,
        metrics_named({"auroc", "auprc", "auprc_trapezoid", "f1_max", "f1",
                       "auroc_per_anchor", "ndcg_10", "brier"}),
        3);
    const std::vector<double> found = judge.measure();
    for (std::size_t m = 0; m < 7; ++m) EXPECT_TRUE(std::isnan(found[m])) << m;
    EXPECT_DOUBLE_EQ(found[7], label == 1.0f ? 0.5625 : 0.0625);
  }
  const Judge empty({}, every_metric(), 0);
  for (const double x : empty.measure()) EXPECT_TRUE(std::isnan(x));
}

TEST(Judge, RefusesWhatItCannotJudge) {
  const auto judge = [](PairSet pairs, std::vector<double> score) {
    return Judge({std::move(pairs), std::move(score), {}, {}}, {}, 3);
  };
  EXPECT_NO_THROW(judge({{0}, {1}, {1}}, {INFINITY}));
  EXPECT_THROW(judge({{0}, {1}, {1}}, {NAN}), InputError);
  EXPECT_THROW(judge({{0}, {3}, {1}}, {1}), GeneError);
  for (const char* name : {"", "auc", "ndcg", "ndcg_", "ndcg_0", "ndcg_x",
                           "auroc_10", "ndcg_10_sl", "map_-1"}) {
    EXPECT_THROW((void)parse_metric(name), InputError) << name;
  }
}

TEST(Bootstrap, ASampleHoldsAsManyGenesAndDependsOnItsNumberAlone) {
  const auto times = gene_multiplicity(50, 1, 3);
  int drawn = 0;
  for (const int t : times) drawn += t;
  EXPECT_EQ(drawn, 50);
  EXPECT_EQ(times, gene_multiplicity(50, 1, 3));
  EXPECT_NE(times, gene_multiplicity(50, 1, 4));
  EXPECT_NE(times, gene_multiplicity(50, 2, 3));
  EXPECT_TRUE(gene_multiplicity(0, 1, 1).empty());
}

TEST(Bootstrap, AGeneIsDrawnOnceOnAverageWithTheVarianceOfTheBinomial) {
  const int n = 40, samples = 2000;
  double sum = 0, squares = 0;
  for (int r = 0; r < samples; ++r) {
    const double t = gene_multiplicity(n, 5, r)[7];
    sum += t;
    squares += (t - 1) * (t - 1);
  }
  // Five standard errors: the variance is 1 - 1/n.
  EXPECT_NEAR(sum / samples, 1, 5 / std::sqrt(samples));
  EXPECT_NEAR(squares / samples, 1 - 1.0 / n, 5 * 1.8 / std::sqrt(samples));
}

TEST(Bootstrap, ReplicatesAreTheSameBitsForAnyNumberOfThreads) {
  const Judge judge(random_pairs(20, 8, 1), every_metric(), 20);
  const std::vector<double> one = node_bootstrap(judge, 25, 3, 1);
  const std::vector<double> three = node_bootstrap(judge, 25, 3, 3);
  ASSERT_EQ(one.size(), 25 * every_metric().size());
  EXPECT_EQ(std::memcmp(one.data(), three.data(), one.size() * 8), 0);
  const std::vector<double> last = judge.measure(gene_multiplicity(20, 3, 24));
  EXPECT_EQ(std::vector<double>(one.end() - 12, one.end()), last);
  EXPECT_TRUE(node_bootstrap(judge, 0, 3, 2).empty());
}

/// Pairs of the first genes as queries with all genes, either end first.
ScoredPairs directed_pairs(int n_queries, int n_genes, int levels) {
  Rng rng(5);
  ScoredPairs out;
  for (int query = 0; query < n_queries; ++query) {
    for (int gene = n_queries; gene < n_genes; ++gene) {
      const bool first = rng.below(2) == 0;
      out.pairs.a.push_back(first ? query : gene);
      out.pairs.b.push_back(first ? gene : query);
      out.pairs.label.push_back(rng.below(6) == 0 ? 1.0f : 0.0f);
      out.score.push_back(
          static_cast<double>(rng.below(static_cast<std::uint64_t>(levels))));
      out.query.push_back(query);
    }
  }
  return out;
}

const std::vector<std::string> kQueryMetrics = {
    "auroc_per_query", "auprc_per_query", "recall_1pct_per_query"};

TEST(Judge, MeasuresEachQuerysOwnList) {
  const int n_queries = 7, n_genes = 260;
  const ScoredPairs all = directed_pairs(n_queries, n_genes, 1000000);
  std::vector<double> sum(3, 0);
  for (int query = 0; query < n_queries; ++query) {
    std::vector<std::pair<double, float>> list;
    std::vector<double> score;
    std::vector<float> label;
    for (std::size_t i = 0; i < all.query.size(); ++i) {
      if (all.query[i] != query) continue;
      list.emplace_back(-all.score[i], all.pairs.label[i]);
      score.push_back(all.score[i]);
      label.push_back(all.pairs.label[i]);
    }
    std::sort(list.begin(), list.end());
    double hits = 0;
    for (const auto& entry : list) hits += entry.second;
    // 253 library genes: three places.
    const double top = list[0].second + list[1].second + list[2].second;
    sum[0] += auroc(score, label);
    sum[1] += auprc(score, label);
    sum[2] += top / hits;
  }
  const Judge judge(all, metrics_named(kQueryMetrics), n_genes);
  const std::vector<double> found = judge.measure();
  for (std::size_t m = 0; m < 3; ++m) {
    EXPECT_NEAR(found[m], sum[m] / n_queries, 1e-12);
  }
  EXPECT_EQ(judge.queries().measured, n_queries);
}

TEST(Judge, DrawsQueriesAndTheirPartners) {
  const int n_queries = 4, n_genes = 30;
  ScoredPairs all = directed_pairs(n_queries, n_genes, 5);
  const std::vector<Metric> metrics = metrics_named(kQueryMetrics);
  // Query 0 twice, query 1 never, gene 10 never.
  std::vector<std::int32_t> drawn(n_genes, 1);
  drawn[0] = 2;
  drawn[1] = 0;
  drawn[10] = 0;
  const auto kept = [&](std::int32_t query) {
    ScoredPairs out;
    for (std::size_t i = 0; i < all.query.size(); ++i) {
      if (all.query[i] != query || all.pairs.a[i] == 10 ||
          all.pairs.b[i] == 10) {
        continue;
      }
      out.pairs.a.push_back(all.pairs.a[i]);
      out.pairs.b.push_back(all.pairs.b[i]);
      out.pairs.label.push_back(all.pairs.label[i]);
      out.score.push_back(all.score[i]);
      out.query.push_back(query);
    }
    return Judge(out, metrics, n_genes).measure();
  };
  const std::vector<double> found = Judge(all, metrics, n_genes).measure(drawn);
  const auto q0 = kept(0), q2 = kept(2), q3 = kept(3);
  for (std::size_t m = 0; m < 3; ++m) {
    EXPECT_NEAR(found[m], (2 * q0[m] + q2[m] + q3[m]) / 4, 1e-12);
  }
}

TEST(Judge, KnowsNoQueryMetricWithoutQueries) {
  ScoredPairs none = directed_pairs(3, 20, 9);
  none.query.clear();
  const Judge judge(none, metrics_named(kQueryMetrics), 20);
  for (const double value : judge.measure()) EXPECT_TRUE(std::isnan(value));
  EXPECT_EQ(judge.queries().measured, 0);
}

TEST(StudyAgreement, IsTheRandomEffectsMeanOverPartners) {
  // Partner 0 by two comparisons: .8 with sd .05; partner 1: .6 with sd .1.
  const auto found =
      study_agreement({.7, .9, .6}, {.04, .06, .1}, {0, 0, 1}, 1, .65);
  const double v[] = {.0025, .01}, w[] = {400, 100};
  const double fixed = (w[0] * .8 + w[1] * .6) / 500;
  const double q =
      w[0] * (.8 - fixed) * (.8 - fixed) + w[1] * (.6 - fixed) * (.6 - fixed);
  const double tau = (q - 1) / (500 - (160000.0 + 10000) / 500);
  const double u[] = {1 / (v[0] + tau), 1 / (v[1] + tau)};
  const double mean = (u[0] * .8 + u[1] * .6) / (u[0] + u[1]);
  const double sd = std::sqrt(1 / (u[0] + u[1]));
  EXPECT_NEAR(found.estimate, mean, 1e-9);
  EXPECT_NEAR(found.lower, mean - 1.959964 * sd, 1e-6);
  EXPECT_NEAR(found.upper, std::min(1.0, mean + 1.959964 * sd), 1e-6);
}

TEST(StudyAgreement, WeightFallsFromTheLeastToWhereTheUpperBoundIsBelow) {
  const auto weight = [](double auroc, double sd, double judged) {
    return study_agreement({auroc}, {sd}, {0}, judged, .65).weight;
  };
  EXPECT_EQ(study_agreement({}, {}, {}, 0, .65).weight, 1);
  EXPECT_EQ(weight(.8, .05, 1), 1);
  EXPECT_EQ(weight(.65, .05, 1), 1);
  const double half = 1.959964 * .1;
  EXPECT_NEAR(weight(.65 - half / 4, .1, 1), .75, 1e-6);
  EXPECT_NEAR(weight(.65 - half, .1, 1), 0, 1e-6);
  EXPECT_EQ(weight(.3, .1, 1), 0);
  // A noisy estimate takes less off.
  EXPECT_GT(weight(.6, .1, 1), weight(.6, .03, 1));
}

TEST(StudyAgreement, LeavesOutOnlyWhatOthersCanAssess) {
  const auto weight = [](double judged) {
    return study_agreement({.3}, {.05}, {0}, judged, .65).weight;
  };
  EXPECT_EQ(weight(.5), 0);
  EXPECT_NEAR(weight(.25), .5, 1e-12);
  EXPECT_NEAR(weight(.02), .96, 1e-12);
}

}  // namespace
}  // namespace musl
