#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/prediction.h"
#include "learners/measured_archive.h"
#include "learners/measured_fit.h"
#include "learners/measured_model.h"
#include "learners/measured_scorer.h"
#include "learners/scorer_kind.h"
#include "learners/start_model.h"
#include "learners/weigh_measured.h"
#include "store/gene_columns.h"
#include "store/gene_sets.h"
#include "store/line_expression.h"

namespace musl {
namespace {

/// Ten genes with a number each.
GeneStore some_store() {
  EvidenceInput input;
  input.n_genes = 10;
  GeneColumn column{"length", "gene", {}};
  for (int g = 0; g < 10; ++g) {
    column.value.push_back(static_cast<float>(g));
    input.part<SetInputs>().families.gene.push_back(g);
    input.part<SetInputs>().families.set.push_back(g / 2);
  }
  input.part<SetInputs>().families.branch_of_set.assign(5, 0);
  input.part<SetInputs>().families.branches = {"family"};
  input.part<GeneColumns>() = {column};
  return make_evidence_store(input, 1, 1);
}

/// Pairs of neighbours are hits; 0-1 once without weight, once as no hit.
MeasuredPairs some_measured() {
  MeasuredPairs out;
  out.studies = {"study"};
  const auto add = [&](std::int32_t a, std::int32_t b, bool hit, float weight) {
    out.pairs.a.push_back(a);
    out.pairs.b.push_back(b);
    out.pairs.label.push_back(hit ? 1.0F : 0.0F);
    out.weight.push_back(weight);
  };
  for (std::int32_t a = 0; a < 8; ++a) {
    for (std::int32_t b = a + 1; b < 8; ++b) add(a, b, b == a + 1, 1);
  }
  add(2, 0, true, 1);   // in another line, as a hit
  add(3, 0, true, 0);   // whose label does not count
  add(8, 0, true, 0);   // measured so alone
  add(9, 0, false, 0);  // the same
  add(0, 9, true, 0);
  const auto n = out.weight.size();
  out.study.assign(n, 0);
  out.line.assign(n, -1);
  out.query.assign(n, -1);
  out.effect.assign(n, std::nanf(""));
  return out;
}

MeasuredModel fitted() {
  MeasuredConfig config;
  config.boosting.trees = 5;
  config.weighing.background = 0;
  return fit_measured(some_store(), some_measured(), {}, config, 1, 1, {});
}

PredictOptions one_thread() {
  PredictOptions out;
  out.parts = true;
  out.threads = 1;
  return out;
}

TEST(HitProbability, IsThatOfTheOddsAndThePrior) {
  for (const double prior : {.0135, .3}) {
    const double odds = prior / (1 - prior);
    EXPECT_NEAR(hit_probability(0, prior, 0), prior, 1e-12);
    const double told = 4 * odds / (1 + 4 * odds);
    EXPECT_NEAR(hit_probability(std::log(4), prior, 0), told, 1e-12);
    EXPECT_NEAR(hit_probability(std::log(4), prior, .25),
                .75 * told + .25 * prior, 1e-12);
  }
}

TEST(MeasuredScorer, TellsWhatWasMeasured) {
  const MeasuredModel model = fitted();
  const PairSet pairs{
      {0, 1, 0, 2, 3, 0, 8, 9, 8}, {1, 0, 2, 0, 0, 4, 0, 0, 9}, {}};
  const auto scored =
      predict_measured(model, model.store, {}, pairs, one_thread());
  EXPECT_EQ(scored.measured,
            (std::vector<std::int8_t>{1, 1, 1, 1, 0, 0, 1, 1, -1}));
  const PairSet all = measured_pairs(model);
  EXPECT_EQ(all.size(), 28 + 2);
  const auto keys = pair_keys(all, 10);
  EXPECT_EQ(keys, model.measured_key);
  EXPECT_TRUE(std::is_sorted(keys.begin(), keys.end()));
}

TEST(MeasuredScorer, ReadsGenesByTheirPlaceInTheModel) {
  MeasuredModel model = fitted();
  for (std::size_t g = 0; g < 10; ++g) {
    model.rates[0].log_ratio[g] = .1F * static_cast<float>(g);
  }
  // Two genes that the model does not have, then its genes 9 to 0.
  std::vector<std::int32_t> gene_of{-1, -1};
  for (std::int32_t g = 9; g >= 0; --g) gene_of.push_back(g);
  const auto moved = remap_evidence(model.store, gene_of);
  PredictOptions options = one_thread();
  options.rates = {"study"};
  const PairSet here{{0, 3, 2}, {1, 9, 5}, {}};
  const PairSet there{{11, 8, 9}, {10, 2, 6}, {}};
  const auto one = predict_measured(model, model.store, {}, here, options);
  const auto two = predict_measured(model, moved, gene_of, there, options);
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_NEAR(one.score[i], two.score[i], 1e-9);
    EXPECT_NEAR(one.list_order[i], two.list_order[i], 1e-9);
    EXPECT_EQ(one.measured[i], two.measured[i]);
  }
  // A gene that the model does not have has no rate, and was not measured.
  const PairSet unknown{{0, 1, 11}, {11, 0, 1}, {}};
  const auto with = predict_measured(model, moved, gene_of, unknown, options);
  const auto without =
      predict_measured(model, moved, gene_of, unknown, one_thread());
  EXPECT_EQ(with.measured, (std::vector<std::int8_t>{-1, -1, -1}));
  EXPECT_NEAR(with.score[0], without.score[0], 1e-12);
  EXPECT_NEAR(with.score[1], without.score[1], 1e-12);
}

TEST(MeasuredScorer, GivesManyPairsWhatItGivesEach) {
  const MeasuredModel model = fitted();
  PairSet pairs;
  for (std::int32_t i = 0; i < 16384 + 300; ++i) {
    pairs.a.push_back(i % 10);
    pairs.b.push_back((i + 1 + i / 10 % 9) % 10);
  }
  const auto all =
      predict_measured(model, model.store, {}, pairs, one_thread());
  for (const std::size_t i : {0, 16383, 16384, 16683}) {
    const PairSet one{{pairs.a[i]}, {pairs.b[i]}, {}};
    const auto alone =
        predict_measured(model, model.store, {}, one, one_thread());
    EXPECT_EQ(all.score[i], alone.score[0]) << i;
    EXPECT_EQ(all.list_order[i], alone.list_order[0]) << i;
    EXPECT_EQ(all.relation[i], alone.relation[0]) << i;
    const auto row = static_cast<Eigen::Index>(i);
    EXPECT_EQ(all.scorer_scores.row(row), alone.scorer_scores.row(0)) << i;
    EXPECT_EQ(all.probability[i],
              hit_probability(alone.score[0], .0135, model.unexplained));
  }
}

TEST(MeasuredScorer, RefusesWhatTheModelDoesNotHave) {
  const MeasuredModel model = fitted();
  const auto refuses = [&](const PredictOptions& options) {
    try {
      (void)predict_measured(model, model.store, {}, {{0}, {1}, {}}, options);
      return false;
    } catch (const InputError&) {
      return true;
    }
  };
  PredictOptions options = one_thread();
  EXPECT_FALSE(refuses(options));
  options.rates = {"other"};
  EXPECT_TRUE(refuses(options));
  options = one_thread();
  options.scorers = {"linear", "pair_net"};
  EXPECT_TRUE(refuses(options));
}

TEST(ScoreWeights, AreSharesOfWhatLearnedTheOutcome) {
  MeasuredModel model = fitted();
  model.weights = {{"linear", .2},
                   {"boosting", .6},
                   {"pair_net", .7},
                   {"recorded", .1},
                   {"relation", .3}};
  const auto of = [&](const std::vector<std::string>& members) {
    return score_weights(model, members);
  };
  const auto near = [](const std::vector<double>& x,
                       const std::vector<double>& y) {
    ASSERT_EQ(x.size(), y.size());
    for (std::size_t i = 0; i < x.size(); ++i) EXPECT_NEAR(x[i], y[i], 1e-12);
  };
  near(of({"linear", "boosting", "relation"}), {.25, .75, 0});
  near(of({"relation", "boosting"}), {0, 1});
  near(of({"relation"}), {1});
  EXPECT_THROW((void)of({"recorded"}), InputError);
}

NormedLayer some_layer(Eigen::Index out, Eigen::Index in) {
  const std::vector<float> ones(static_cast<std::size_t>(out), 1);
  return {Matrix::Ones(out, in), ones, ones, ones};
}

TEST(NeuralMember, IsTheNetworkThatIsTrained) {
  MeasuredConfig config;
  config.boosting.trees = 2;
  config.weighing.background = 0;
  config.train_neural = [](const NeuralTraining& training, std::uint64_t,
                           const std::function<bool()>&) {
    NeuralNet net;
    net.linear.intercept = 3;
    net.linear.coefficient.assign(
        static_cast<std::size_t>(training.columns.cols()), 2);
    net.head.gene = some_layer(2, training.genes.cols());
    net.head.pair = some_layer(2, 6);
    net.head.score = {1, 1};
    net.head.intercept = 4;
    return net;
  };
  const MeasuredModel model =
      fit_measured(some_store(), some_measured(), {}, config, 1, 1, {});
  ASSERT_EQ(model.part<NeuralMember>().heads.size(), 1);
  EXPECT_EQ(model.part<NeuralMember>().heads[0].intercept, 4);
  EXPECT_EQ(model.part<NeuralMember>().linear.intercept, 3);
  for (const double x : model.part<NeuralMember>().linear.coefficient)
    EXPECT_EQ(x, 2);
}

TEST(MeasuredWeights, AreSharesOfTheMembersThatLearnFromAllColumns) {
  MeasuredConfig config;
  config.boosting.trees = 2;
  config.weights = {{"linear", .2},
                    {"boosting", .6},
                    {"pair_net", 5},
                    {"recorded", .1},
                    {"relation", .3}};  // there is no neural member
  const auto weights =
      fit_measured(some_store(), some_measured(), {}, config, 1, 1, {}).weights;
  EXPECT_NEAR(weights.of("linear"), .25, 1e-12);
  EXPECT_NEAR(weights.of("boosting"), .75, 1e-12);
  EXPECT_EQ(weights.of("pair_net"), 0);
  EXPECT_EQ(weights.of("recorded"), .1);
  EXPECT_EQ(weights.of("relation"), .3);
}

TEST(MeasuredModel, LevelsEachMemberAtTheRateOfRandomPairs) {
  MeasuredConfig config;
  config.boosting.trees = 20;
  config.weighing.background_rate = .05;
  const MeasuredPairs all = some_measured();
  // Without a third of the non-hits, so that there are pairs to draw.
  MeasuredPairs fewer;
  fewer.studies = all.studies;
  for (std::size_t i = 0; i < all.pairs.a.size(); ++i) {
    const auto a = all.pairs.a[i], b = all.pairs.b[i];
    if (b != a + 1 && (a + b) % 3 == 0) continue;
    fewer.pairs.a.push_back(a);
    fewer.pairs.b.push_back(b);
    fewer.pairs.label.push_back(all.pairs.label[i]);
    fewer.weight.push_back(all.weight[i]);
  }
  const auto n = fewer.weight.size();
  fewer.study.assign(n, 0);
  fewer.line.assign(n, -1);
  fewer.query.assign(n, -1);
  fewer.effect.assign(n, std::nanf(""));
  const MeasuredModel level =
      fit_measured(some_store(), fewer, {}, config, 1, 1, {});
  PairSet random;
  const auto drawn = weigh_measured(fewer, config.weighing, 10, 1);
  for (std::size_t i = 0; i < drawn.study.size(); ++i) {
    if (drawn.study[i] >= 0 || drawn.pairs.label[i] > .5F) continue;
    random.a.push_back(drawn.pairs.a[i]);
    random.b.push_back(drawn.pairs.b[i]);
  }
  ASSERT_GT(random.size(), 3);
  for (const char* member : {"linear", "relation", "boosting"}) {
    PredictOptions options = one_thread();
    options.scorers = {member};
    options.prior = .05;
    const auto scored =
        predict_measured(level, level.store, {}, random, options);
    double mean = 0;
    for (const double x : scored.score) {
      mean += hit_probability(x, .05, 0) / static_cast<double>(random.size());
    }
    EXPECT_NEAR(mean, .05, 1e-6) << member;
  }
}

TEST(MeasuredScorer, TakesOffWhatIsNotExpressed) {
  MeasuredModel model = fitted();
  const PairSet pairs{{0, 1}, {1, 2}, {}};
  const auto before =
      predict_measured(model, model.store, {}, pairs, one_thread());
  model.store.part<LineExpression>() = {std::vector<float>(10, 1), {"x"}, {}};
  model.store.part<LineExpression>().expressed[2] = 0;
  model.store.part<LineExpression>().code.assign(10, 1);  // the level 0
  PredictOptions options = one_thread();
  const auto after = predict_measured(model, model.store, {}, pairs, options);
  const double by[]{.25 * std::log(1.02), .25 * std::log(.02)};
  for (std::size_t i = 0; i < 2; ++i) {
    EXPECT_NEAR(after.score[i], before.score[i] + by[i], 1e-9);
    EXPECT_NEAR(after.list_order[i], before.list_order[i] + by[i], 1e-9);
    EXPECT_NEAR(after.single_gene[i], before.single_gene[i] + by[i], 1e-9);
    EXPECT_EQ(after.relation[i], before.relation[i]);
  }
  options.line = 0;
  const auto here = predict_measured(model, model.store, {}, pairs, options);
  const double none = .5 * std::log(.02 + 1 / (1 + std::exp(3.)));
  EXPECT_NEAR(here.score[0], before.score[0] + none, 1e-6);
  const auto shares =
      MeasuredScorer(model, model.store, {}).explain(0, 1, options);
  const auto gate = std::find_if(
      shares.begin(), shares.end(),
      [](const ColumnShare& x) { return x.name == "expressed_here"; });
  ASSERT_NE(gate, shares.end());
  EXPECT_EQ(gate->value, 0);
  EXPECT_NEAR(gate->contribution, none, 1e-6);
}

TEST(MeasuredScorer, CountsTheBorderBeyondItsReach) {
  EvidenceInput input;
  input.n_genes = 10;
  // Gene 9, which no screen measures, is needed by more lines than all others.
  input.part<GeneColumns>() = {
      {"share", "dependent", {0, .1F, .2F, .3F, .4F, .5F, .6F, .7F, .7F, 1}}};
  MeasuredConfig config;
  config.weighing.background = 0;
  MeasuredPairs measured = some_measured();
  measured.weight.resize(28);
  for (auto* x : {&measured.pairs.a, &measured.pairs.b, &measured.study,
                  &measured.line, &measured.query}) {
    x->resize(28);
  }
  measured.pairs.label.resize(28);
  measured.effect.resize(28);
  const MeasuredModel model = fit_measured(make_evidence_store(input, 1, 1),
                                           measured, {}, config, 1, 1, {});
  ASSERT_EQ(model.reach.highest.size(), 2u);
  EXPECT_EQ(model.reach.lowest[0], 0);  // share_min
  EXPECT_EQ(model.reach.highest[0], .6F);
  EXPECT_EQ(model.reach.lowest[1], .1F);  // share_max
  EXPECT_EQ(model.reach.highest[1], .7F);
  const PairSet pairs{{0, 0}, {8, 9}, {}};
  const auto scored =
      predict_measured(model, model.store, {}, pairs, one_thread());
  EXPECT_EQ(scored.score[0], scored.score[1]);
  EXPECT_EQ(scored.probability[0], scored.probability[1]);
  for (const std::int32_t partner : {8, 9}) {
    const auto shares = MeasuredScorer(model, model.store, {})
                            .explain(0, partner, one_thread());
    EXPECT_EQ(shares[1].name, "share_max");
    EXPECT_EQ(shares[1].beyond, partner == 9);
    EXPECT_EQ(shares[1].value, partner == 9 ? 1 : .7F);
  }
}

// ---- A model that starts from another one ----

/// Starts from fitted(), whose universe it has from the last gene to the first,
/// without gene 9.
MeasuredModel started() {
  MeasuredConfig config;
  config.boosting.trees = 3;
  config.weighing.background = 0;
  config.start.model = std::make_shared<const MeasuredModel>(fitted());
  config.start.gene_of = {-1, 8, 7, 6, 5, 4, 3, 2, 1, 0};
  return fit_measured(some_store(), some_measured(), {}, config, 2, 1, {});
}

PairSet some_asked() { return {{1, 2, 9, 0, 5}, {2, 7, 4, 3, 6}, {}}; }

/// What fitted() says of some_asked(): of gene 0, which it lacks, by the store
/// of started(), of all others by its own, where gene i is 9 - i.
Prediction by_fitted(const MeasuredModel& model) {
  const PairSet pairs = some_asked();
  PairSet there = pairs;
  for (std::size_t i = 0; i < pairs.a.size(); ++i) {
    there.a[i] = 9 - pairs.a[i];
    there.b[i] = 9 - pairs.b[i];
  }
  const MeasuredModel& start = *model.start.model;
  Prediction out =
      predict_measured(start, start.store, {}, there, one_thread());
  const Prediction lacking = predict_measured(
      start, model.store, model.start.gene_of, pairs, one_thread());
  for (std::size_t i = 0; i < pairs.a.size(); ++i) {
    if (std::min(pairs.a[i], pairs.b[i]) > 0) continue;
    out.score[i] = lacking.score[i];
    out.list_order[i] = lacking.list_order[i];
  }
  return out;
}

TEST(StartModel, ScoresAreAveragedByTheNumberOfHits) {
  const MeasuredModel model = started();
  const PairSet pairs = some_asked();
  PredictOptions own = one_thread();
  own.scorers = scorer_names(model);
  const auto alone = predict_measured(model, model.store, {}, pairs, own);
  const auto start = by_fitted(model);
  const auto both =
      predict_measured(model, model.store, {}, pairs, one_thread());
  // Seven pairs of neighbours and 2-0 are hits.
  const double w = 50.0 / 58.0;
  for (std::size_t i = 0; i < both.score.size(); ++i) {
    EXPECT_NEAR(both.score[i], w * start.score[i] + (1 - w) * alone.score[i],
                1e-12);
    EXPECT_NEAR(both.score[i], both.relation[i] + both.single_gene[i], 1e-12);
    EXPECT_NEAR(both.probability[i],
                hit_probability(both.score[i], .0135, model.unexplained),
                1e-12);
  }
}

TEST(StartModel, ListsFarFromItsOwnPairsStayAsTheStartHasThem) {
  MeasuredModel model = started();
  const PairSet pairs = some_asked();
  PredictOptions own = one_thread();
  own.scorers = scorer_names(model);
  const auto start = by_fitted(model);
  // Of 0 and 1 one pair was measured, of 2 two.
  model.measured_key = {pair_key(0, 2, model.store.n_genes),
                        pair_key(1, 2, model.store.n_genes)};
  model.measured_hit = {1, 1};
  const auto both =
      predict_measured(model, model.store, {}, pairs, one_thread());
  for (std::size_t i = 1; i < pairs.a.size(); ++i) {
    EXPECT_EQ(both.list_order[i], start.list_order[i]) << i;
    EXPECT_NE(both.score[i], start.score[i]) << i;
  }
  // The pair 1-2: 2 / (2 + 10) of what the own scorers change.
  model.start.weight = 1e-12;
  const auto alone = predict_measured(model, model.store, {}, pairs, own);
  MeasuredModel without = model;
  without.start = {};
  const auto by_own =
      predict_measured(without, model.store, {}, pairs, one_thread());
  const auto near =
      predict_measured(model, model.store, {}, pairs, one_thread());
  EXPECT_NEAR(
      near.list_order[0],
      start.list_order[0] + (by_own.list_order[0] - start.list_order[0]) / 6,
      1e-9);
  EXPECT_NEAR(near.score[0], alone.score[0], 1e-9);
}

/// 120 pairs of which every second is a hit, as a column says.
TEST(StartModel, WhatRanksBestOutOfFoldHasTheWeight) {
  const std::int64_t n = 120;
  TrainingRows rows;
  Matrix x(n, 1);
  std::vector<double> wrong, right;
  for (std::int64_t i = 0; i < n; ++i) {
    const bool hit = i % 2 == 0;
    rows.pairs.a.push_back(static_cast<std::int32_t>(i));
    rows.pairs.b.push_back(static_cast<std::int32_t>(n + i));
    rows.pairs.label.push_back(hit ? 1.0F : 0.0F);
    rows.study.push_back(0);
    rows.weight.push_back(1);
    x(i, 0) = static_cast<float>(hit ? 1 : -1);
    wrong.push_back(hit ? -9 : 9);
    right.push_back(hit ? 9 : -9);
  }
  MeasuredConfig config;
  config.boosting.trees = 3;
  config.boosting.min_leaf = 5;
  // 60 hits: 6/11 of what is found, 5/11 of 6/11.
  const double known = 60.0 / 110;
  EXPECT_NEAR(start_weight({rows, x, x, wrong}, config, 1, 1),
              1 - (known + (1 - known) * known), 1e-12);
  EXPECT_NEAR(start_weight({rows, x, x, right}, config, 1, 1),
              1 - (1 - known) * known, 1e-12);
  // Too few to see it.
  config.weights["linear"] = config.weights["boosting"] = 0;
  EXPECT_NEAR(start_weight({rows, x, x, right}, config, 1, 1), 1 - known,
              1e-12);
}

TEST(StartModel, PairsThatItMeasuredCountAsMeasured) {
  MeasuredModel model = started();
  model.measured_key.clear();
  model.measured_hit.clear();
  const auto said =
      predict_measured(model, model.store, {}, some_asked(), one_thread());
  // 1-2 and 5-6 are 8-7 and 4-3 there, 0 is unknown.
  EXPECT_EQ(said.measured, (std::vector<std::int8_t>{-1, 0, 0, -1, 1}));
}

TEST(StartModel, SharesDifferFromScoresByAConstant) {
  const MeasuredModel model = started();
  const PairSet pairs = some_asked();
  const auto said =
      predict_measured(model, model.store, {}, pairs, one_thread());
  std::set<std::int64_t> constants;
  for (std::size_t i = 0; i < pairs.a.size(); ++i) {
    double sum = 0;
    for (const auto& share :
         MeasuredScorer(model, model.store, {})
             .explain(pairs.a[i], pairs.b[i], one_thread())) {
      sum += share.contribution;
    }
    constants.insert(std::llround((said.score[i] - sum) * 1e6));
  }
  EXPECT_EQ(constants.size(), 1u);
}

TEST(StartModel, ComesBackFromAnArchiveWhoseSizesFit) {
  const MeasuredModel model = started();
  Archive archive;
  put_measured("m/", model, &archive);
  const MeasuredModel back = read_measured("m/", archive);
  EXPECT_EQ(
      predict_measured(back, back.store, {}, some_asked(), one_thread()).score,
      predict_measured(model, model.store, {}, some_asked(), one_thread())
          .score);
  for (const std::vector<std::int32_t>& wrong :
       {std::vector<std::int32_t>{0, 1},
        std::vector<std::int32_t>{0, 1, 2, 3, 4, 5, 6, 7, 8, 10}}) {
    archive.put("m/start/gene_of", {static_cast<std::int64_t>(wrong.size())},
                wrong.data());
    EXPECT_THROW((void)read_measured("m/", archive), FormatError);
  }
}

}  // namespace
}  // namespace musl
