#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

#include "base/error.h"
#include "base/prediction.h"
#include "base/rng.h"
#include "io/archive.h"
#include "io/archive_file.h"
#include "learners/measured_archive.h"
#include "learners/measured_fit.h"
#include "learners/measured_model.h"
#include "learners/measured_scorer.h"
#include "learners/scorer_kind.h"
#include "learners/weigh_measured.h"
#include "store/gene_columns.h"
#include "store/gene_sets.h"

namespace musl {
namespace {

constexpr std::int64_t kGenes = 40;
const std::string kPrefix = "measured/";

/// Families of two: genes 2 k and 2 k + 1 are synthetic lethal.
GeneStore paired_genes(std::int32_t n_genes = kGenes) {
  EvidenceInput input;
  input.n_genes = n_genes;
  std::vector<float> fitness;
  for (std::int32_t gene = 0; gene < n_genes; ++gene) {
    input.part<SetInputs>().families.gene.push_back(gene);
    input.part<SetInputs>().families.set.push_back(gene / 2);
    fitness.push_back(static_cast<float>(gene % 7));
  }
  input.part<SetInputs>().families.branch_of_set.assign(
      static_cast<std::size_t>(n_genes / 2), 0);
  input.part<SetInputs>().families.branches = {"family"};
  input.part<GeneColumns>() = {{"fitness", "value", fitness}};
  return make_evidence_store(input, 1, 1);
}

/// All pairs, measured once.
MeasuredPairs all_pairs() {
  MeasuredPairs out;
  out.studies = {"study"};
  out.lines = {"line"};
  for (std::int32_t a = 0; a < kGenes; ++a) {
    for (std::int32_t b = a + 1; b < kGenes; ++b) {
      const bool hit = a / 2 == b / 2;
      out.pairs.a.push_back(a);
      out.pairs.b.push_back(b);
      out.pairs.label.push_back(hit ? 1 : 0);
      out.effect.push_back(hit ? -3.0F : 0.1F * static_cast<float>(b % 5));
    }
  }
  const auto n = out.pairs.a.size();
  out.study.assign(n, 0);
  out.line.assign(n, 0);
  out.query.assign(n, -1);
  out.weight.assign(n, 1);
  return out;
}

MeasuredModel fitted() {
  return fit_measured(paired_genes(), all_pairs(), {}, MeasuredConfig{}, 1, 1,
                      [] { return true; });
}

Prediction scores_of(const MeasuredModel& model,
                     std::vector<std::string> members = {}) {
  PredictOptions options;
  options.parts = true;
  options.scorers = std::move(members);
  options.threads = 1;
  return predict_measured(model, model.store, {}, all_pairs().pairs, options);
}

std::vector<std::uint8_t> bytes_of(const MeasuredModel& model) {
  Archive archive;
  put_measured(kPrefix, model, &archive);
  const auto bytes = write_archive(archive);
  return {bytes.begin(), bytes.end()};
}

TEST(MeasuredModel, RanksWhatItLearnedFirst) {
  const auto scored = scores_of(fitted());
  const auto pairs = all_pairs();
  double lowest_hit = INFINITY, highest_other = -INFINITY;
  for (std::size_t i = 0; i < scored.score.size(); ++i) {
    auto& bound = pairs.pairs.label[i] == 1 ? lowest_hit : highest_other;
    bound = pairs.pairs.label[i] == 1 ? std::min(bound, scored.score[i])
                                      : std::max(bound, scored.score[i]);
    // Exact to the rounding of the larger part.
    const double part = scored.relation[i], rest = scored.single_gene[i];
    EXPECT_NEAR(scored.score[i], part + rest,
                std::numeric_limits<double>::epsilon() *
                    std::max(std::abs(part), std::abs(rest)));
    EXPECT_EQ(scored.measured[i], pairs.pairs.label[i]);
  }
  EXPECT_GT(lowest_hit, highest_other);
}

/// How much higher pairs of a family score than other pairs, in the mean, by a
/// model of a library of all such pairs, a fifth of them hits.
double lead_of_families(double background) {
  constexpr std::int32_t kLibrary = 400;
  MeasuredPairs library;
  library.studies = {"library"};
  PairSet asked;
  for (std::int32_t a = 0; a < kLibrary; a += 2) {
    library.pairs.a.push_back(a);
    library.pairs.b.push_back(a + 1);
    library.pairs.label.push_back(a % 10 == 0 ? 1.0F : 0.0F);
    asked.a.insert(asked.a.end(), {a, a});
    asked.b.insert(asked.b.end(), {a + 1, (a + 3) % kLibrary});
  }
  const auto n = library.pairs.a.size();
  library.study.assign(n, 0);
  library.line.assign(n, -1);
  library.query.assign(n, -1);
  library.weight.assign(n, 1);
  library.effect.assign(n, NAN);
  MeasuredConfig config;
  config.weighing.background = background;
  const auto model = fit_measured(paired_genes(kLibrary), library, {}, config,
                                  1, 1, [] { return true; });
  PredictOptions options;
  options.parts = true;
  options.threads = 1;
  const auto scored = predict_measured(model, model.store, {}, asked, options);
  double lead = 0;
  for (std::size_t i = 0; i < scored.score.size(); i += 2) {
    lead += scored.score[i] - scored.score[i + 1];
  }
  return lead / static_cast<double>(n);
}

TEST(MeasuredModel, RandomPairsTellWhatThePairsOfALibraryHaveInCommon) {
  // Axes of families that are all alike have any direction: what is learned of
  // their cosine is chance, and differs between builds.
  EXPECT_LT(lead_of_families(0), 0.5);
  // Hits are log(.2 / .0135) = 2.7 more likely there, less the penalty.
  EXPECT_GT(lead_of_families(1), 1);
}

TEST(MeasuredModel, ScalesColumnsByTheStudiesThatWereReadAsAWhole) {
  // The study "few" measured all pairs of genes 0 to 3, whose fitness is 100;
  // of the study of all others, non-hits are drawn.
  constexpr std::int32_t kFew = 4;
  auto pairs = all_pairs();
  pairs.studies = {"few", "others"};
  std::size_t n = 0;
  for (std::size_t i = 0; i < pairs.study.size(); ++i) {
    const std::int32_t a = pairs.pairs.a[i], b = pairs.pairs.b[i];
    if (a < kFew && b >= kFew) continue;
    pairs.pairs.a[n] = a;
    pairs.pairs.b[n] = b;
    pairs.pairs.label[n] = pairs.pairs.label[i];
    pairs.effect[n] = pairs.effect[i];
    pairs.study[n] = a < kFew ? 0 : 1;
    ++n;
  }
  pairs.pairs.a.resize(n);
  pairs.pairs.b.resize(n);
  pairs.pairs.label.resize(n);
  for (auto* x : {&pairs.study, &pairs.line, &pairs.query}) x->resize(n);
  for (auto* x : {&pairs.effect, &pairs.weight}) x->resize(n);
  auto store = paired_genes();
  auto& fitness = store.part<GeneColumns>()[0].value;
  std::fill(fitness.begin(), fitness.begin() + kFew, 100.0F);
  MeasuredConfig config;
  config.weighing.most_non_hits = 50;
  const auto model = fit_measured(std::move(store), pairs, {}, config, 1, 1,
                                  [] { return true; });
  const auto column =
      std::find_if(model.columns.begin(), model.columns.end(),
                   [](const auto& x) { return x.name == "fitness_min"; });
  ASSERT_NE(column, model.columns.end());
  // Half of the reference are those pairs, half are random.
  const auto row = model.scores.quantile.row(column - model.columns.begin());
  EXPECT_LT(row[0], 7);
  EXPECT_EQ(row[NormalScores::kQuantiles * 6 / 10], 100);
}

TEST(MeasuredModel, ScoreIsTheMeanOfWhatLearnedMeasuredPairs) {
  auto model = fitted();
  ASSERT_EQ(scorer_names(model),
            (std::vector<std::string>{"linear", "boosting", "relation"}));
  model.weights["linear"] = 3;
  model.weights["boosting"] = 1;
  const auto scored = scores_of(model);
  for (std::size_t i = 0; i < scored.score.size(); ++i) {
    const auto of = scored.scorer_scores.row(static_cast<Eigen::Index>(i));
    const double learned = (3 * of[0] + of[1]) / 4;
    EXPECT_NEAR(scored.score[i], learned, 1e-5);
    // Lists have weights of their own, here without neural and recorded.
    EXPECT_NEAR(scored.list_order[i],
                (0.1 * of[0] + 0.3 * of[1]) / 0.4 + 2 * of[2], 1e-5);
  }
  const auto alone = scores_of(model, {"boosting"});
  EXPECT_EQ(alone.list_order, alone.score);
}

TEST(MeasuredModel, ScoresTheSameAfterSavingAndLoading) {
  const auto model = fitted();
  const auto bytes = bytes_of(model);
  const auto loaded =
      read_measured(kPrefix, read_archive(bytes.data(), bytes.size()));
  const auto before = scores_of(model), after = scores_of(loaded);
  EXPECT_EQ(before.score, after.score);
  EXPECT_EQ(before.probability, after.probability);
  EXPECT_EQ(before.relation, after.relation);
  EXPECT_EQ(before.measured, after.measured);
  EXPECT_EQ(bytes, bytes_of(loaded));
}

TEST(MeasuredModel, TheShareOfUnexplainedHitsIsAShare) {
  Archive whole;
  put_measured(kPrefix, fitted(), &whole);
  const auto with = [&](double share) {
    Archive out = whole;
    auto& members = out.metadata[kPrefix + "members"];
    auto json = nlohmann::json::parse(members);
    json["unexplained"] = share;
    members = json.dump();
    return out;
  };
  EXPECT_EQ(read_measured(kPrefix, with(0)).unexplained, 0);
  EXPECT_EQ(read_measured(kPrefix, with(0.5)).unexplained, 0.5);
  for (const double share : {-0.5, 1.0, 1.5}) {
    EXPECT_THROW((void)read_measured(kPrefix, with(share)), Error) << share;
  }
}

/// Some weights, none like another.
std::vector<float> some_weights(std::int64_t n) {
  std::vector<float> out;
  for (std::int64_t i = 0; i < n; ++i) {
    out.push_back(0.1F * static_cast<float>(i * 7 % 11) - 0.4F);
  }
  return out;
}

NormedLayer some_layer(std::int64_t out, std::int64_t in) {
  const auto weight = some_weights(out * in);
  return {Eigen::Map<const Matrix>(weight.data(), out, in), some_weights(out),
          some_weights(out), some_weights(out)};
}

/// With a neural member that learned nothing.
MeasuredModel fitted_with_neural() {
  MeasuredConfig config;
  config.train_neural = [](const NeuralTraining& training, std::uint64_t,
                           const std::function<bool()>&) {
    NeuralNet net;
    net.linear.intercept = 0.2;
    for (const float x : some_weights(training.columns.cols())) {
      net.linear.coefficient.push_back(x);
    }
    net.head.gene = some_layer(4, training.genes.cols());
    net.head.pair = some_layer(5, 12);
    net.head.score = some_weights(5);
    return net;
  };
  return fit_measured(paired_genes(), all_pairs(), {}, config, 1, 1,
                      [] { return true; });
}

TEST(MeasuredModel, SharesOfColumnsAndGenesAddUpToTheScore) {
  const auto model = fitted_with_neural();
  ASSERT_FALSE(model.part<NeuralMember>().empty());
  const auto pairs = all_pairs().pairs;
  const auto scored = scores_of(model);
  PredictOptions options;
  options.parts = true;
  options.threads = 1;
  const auto rest_of = [&](std::size_t i) {
    double rest = scored.score[i];
    for (const auto& share : MeasuredScorer(model, model.store, {})
                                 .explain(pairs.a[i], pairs.b[i], options)) {
      rest -= share.contribution;
    }
    return rest;
  };
  const double constant = rest_of(0);
  for (std::size_t i = 1; i < pairs.a.size(); i += 50) {
    EXPECT_NEAR(rest_of(i), constant, 1e-4) << i;
  }
}

}  // namespace
}  // namespace musl
