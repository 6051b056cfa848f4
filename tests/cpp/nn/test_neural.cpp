// The pair network of measured pairs: its loss, its learner, its scores.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "base/error.h"
#include "base/rng.h"
#include "io/archive.h"
#include "io/archive_file.h"
#include "judge/metrics.h"
#include "learners/measured_archive.h"
#include "learners/measured_fit.h"
#include "learners/measured_model.h"
#include "learners/measured_scorer.h"
#include "learners/weigh_measured.h"
#include "nn/learn/neural_learner.h"
#include "nn/model/backend_functions.h"
#include "nn/model/neural.h"
#include "small_world.h"
#include "store/gene_sets.h"

namespace musl::nn {
namespace {

// ---- The loss ----

struct Ranked {
  Tensor logit = torch::tensor({0.3, -1.2, 2.0, 0.7, -0.4, 1.1},
                               torch::requires_grad().dtype(torch::kFloat64));
  Tensor label = torch::tensor({1.0, 0.0, 0.0, 1.0, 1.0, 0.0});
  Tensor weight = torch::tensor({2.0, 9.0, 9.0, 0.5, 3.0, 9.0});
  Tensor group = torch::tensor({0, 0, 0, 1, 2, 1});

  [[nodiscard]] Tensor loss(const Tensor& at) const {
    return rank_loss(at, label, weight.to(at), group);
  }
};

TEST(RankLoss, IsTheMeanOverNonHitsOfTheGroupTimesTheHitsWeight) {
  const Ranked x;
  const auto cost = [](double other, double hit) {
    return std::log1p(std::exp(other - hit));
  };
  // Hit 4 stands alone in its group; non-hits' weights play no part.
  const double expected =
      2 * (cost(-1.2, 0.3) + cost(2.0, 0.3)) / 2 + 0.5 * cost(1.1, 0.7);
  EXPECT_NEAR(x.loss(x.logit).item<double>(), expected, 1e-6);
}

TEST(RankLoss, HasTheGradientOfFiniteDifferences) {
  const Ranked x;
  x.loss(x.logit).backward();
  constexpr double kStep = 1e-5;
  for (std::int64_t i = 0; i < x.logit.size(0); ++i) {
    const auto moved = [&](double by) {
      Tensor at = x.logit.detach().clone();
      at[i] += by;
      return x.loss(at).item<double>();
    };
    EXPECT_NEAR(x.logit.grad()[i].item<double>(),
                (moved(kStep) - moved(-kStep)) / (2 * kStep), 1e-8);
  }
}

TEST(RankLoss, IsZeroWithoutHitsOrNonHits) {
  const Ranked x;
  for (const double label : {0.0, 1.0}) {
    const Tensor same = torch::full({6}, label);
    EXPECT_EQ(
        rank_loss(x.logit, same, x.weight.to(x.logit), x.group).item<double>(),
        0);
  }
}

// ---- Planted structure ----

constexpr std::int32_t kNeuralGenes = 240;
constexpr std::int32_t kTerms = 12;  // of 20 genes

/// Each gene has one term, hence no pair of two terms shares any, and all have
/// the same counts. Genes of term t and t + 1 (t even) are lethal together:
/// told by the terms that they have, by nothing that they share.
GeneStore genes_of_terms() {
  EvidenceInput input;
  input.n_genes = kNeuralGenes;
  for (std::int32_t gene = 0; gene < kNeuralGenes; ++gene) {
    input.part<SetInputs>().terms.gene.push_back(gene);
    input.part<SetInputs>().terms.set.push_back(gene % kTerms);
  }
  input.part<SetInputs>().terms.branch_of_set.assign(kTerms, 0);
  input.part<SetInputs>().terms.branches = {"BP"};
  return make_evidence_store(input, 1, 1);
}

bool is_lethal(std::int32_t a, std::int32_t b) {
  const std::int32_t s = a % kTerms, t = b % kTerms;
  return s != t && s / 2 == t / 2;
}

/// Pairs of two terms: two in three are measured, the others held out.
MeasuredPairs pairs_of(bool is_measured) {
  MeasuredPairs out;
  out.studies = {"study"};
  for (std::int32_t a = 0; a < kNeuralGenes; ++a) {
    for (std::int32_t b = a + 1; b < kNeuralGenes; ++b) {
      const auto number = static_cast<std::uint64_t>(a * kNeuralGenes + b);
      if (a % kTerms == b % kTerms ||
          (derive_seed(1, number) % 3 < 2) != is_measured) {
        continue;
      }
      out.pairs.a.push_back(a);
      out.pairs.b.push_back(b);
      out.pairs.label.push_back(is_lethal(a, b) ? 1 : 0);
    }
  }
  const auto n = out.pairs.a.size();
  out.study.assign(n, 0);
  out.line.assign(n, -1);
  out.query.assign(n, -1);
  out.weight.assign(n, 1);
  out.effect.assign(n, NAN);
  return out;
}

NeuralTrainer trainer(const std::string& device = test::test_device()) {
  return [=](const NeuralTraining& training, std::uint64_t seed,
             const std::function<bool()>& go_on) {
    return nn::train_neural(training, seed, device, go_on);
  };
}

MeasuredModel fitted() {
  MeasuredConfig config;
  config.train_neural = trainer();
  return fit_measured(genes_of_terms(), pairs_of(true), {}, config, 1, 1, {});
}

const MeasuredModel& the_model() {
  static const MeasuredModel model = fitted();
  return model;
}

Prediction heard(const MeasuredModel& model, const PairSet& pairs,
                 int threads = 1) {
  PredictOptions options;
  options.parts = true;
  options.threads = threads;
  return predict_measured(model, model.store, {}, pairs, options);
}

double auroc_of(const Prediction& scored, const std::string& member,
                const std::vector<float>& label) {
  const auto at =
      std::find(scored.scorers.begin(), scored.scorers.end(), member) -
      scored.scorers.begin();
  std::vector<double> score;
  for (Eigen::Index i = 0; i < scored.scorer_scores.rows(); ++i) {
    score.push_back(scored.scorer_scores(i, at));
  }
  return auroc(score, label);
}

TEST(NeuralMember, LearnsOfSingleGenesWhatNoColumnTells) {
  const MeasuredModel& model = the_model();
  const PairSet held = pairs_of(false).pairs;
  const Prediction scored = heard(model, held);
  // Spectral columns tell a little of the genes, how much hangs on the build.
  EXPECT_LT(auroc_of(scored, "linear", held.label), 0.8);
  EXPECT_LT(auroc_of(scored, "boosting", held.label), 0.8);
  EXPECT_GT(auroc_of(scored, "pair_net", held.label), 0.9);
  for (std::size_t i = 0; i < scored.score.size(); ++i) {
    EXPECT_DOUBLE_EQ(scored.score[i],
                     scored.relation[i] + scored.single_gene[i]);
  }
}

TEST(NeuralMember, KeepsItsBitsForThreadsOrderAndNumberOfPairs) {
  const MeasuredModel& model = the_model();
  const PairSet pairs = pairs_of(false).pairs;
  const auto one = heard(model, pairs);
  EXPECT_EQ(heard(model, pairs, 3).score, one.score);
  EXPECT_EQ(heard(model, {pairs.b, pairs.a, {}}).score, one.score);
  const PairSet last{{pairs.a.back()}, {pairs.b.back()}, {}};
  EXPECT_EQ(heard(model, last).score[0], one.score.back());
}

TEST(NeuralMember, TrainsToTheSameBits) {
  const auto bytes_of = [](const MeasuredModel& model) {
    Archive archive;
    put_measured("", model, &archive);
    return write_archive(archive);
  };
  EXPECT_EQ(bytes_of(fitted()), bytes_of(the_model()));
}

TEST(NeuralMember, ScoresTheSameAfterSavingAndLoading) {
  const MeasuredModel& model = the_model();
  const PairSet pairs = pairs_of(false).pairs;
  Archive archive;
  put_measured("m/", model, &archive);
  EXPECT_EQ(heard(read_measured("m/", archive), pairs).score,
            heard(model, pairs).score);
  for (const auto& item : archive.tensors) {
    // Without it there are the usual limits.
    if (item.first == "m/reach/lowest" || item.first == "m/neural/lowest") {
      continue;
    }
    Archive lacking = archive;
    lacking.tensors.erase(item.first);
    EXPECT_THROW(static_cast<void>(read_measured("m/", lacking)), Error)
        << item.first;
  }
  archive.metadata["m/neural/names"] = "{";
  EXPECT_THROW(static_cast<void>(read_measured("m/", archive)), FormatError);
  archive.metadata.erase("m/neural/names");
  EXPECT_THROW(static_cast<void>(read_measured("m/", archive)), FormatError);
}

TEST(NeuralMember, IsCancelled) {
  MeasuredConfig config;
  config.train_neural = trainer();
  int asked = 0;
  const auto go_on = [&] { return ++asked < 3; };
  EXPECT_THROW(static_cast<void>(fit_measured(genes_of_terms(), pairs_of(true),
                                              {}, config, 1, 1, go_on)),
               CancelledError);
}

// ---- Hearing it without LibTorch ----

TEST(NeuralMember, IsHeardAsTheNetworkItself) {
  constexpr std::int64_t kN = 30, kF = 17, kC = 5;
  torch::manual_seed(1);
  NeuralTraining training;
  Rng rng(4);
  const auto draw = [&](Eigen::Index rows, Eigen::Index columns) {
    Matrix x(rows, columns);
    for (Eigen::Index i = 0; i < x.size(); ++i) {
      x.data()[i] = static_cast<float>(rng.normal());
    }
    return x;
  };
  training.genes = draw(12, kF);
  training.columns = draw(kN, kC);
  for (std::int32_t i = 0; i < kN; ++i) {
    training.a.push_back(i % 5);
    training.b.push_back(5 + i % 7);
  }
  training.label.assign(kN, 0);
  for (std::size_t i = 0; i < kN; i += 3) training.label[i] = 1;
  training.weight.assign(kN, 1);
  training.group.assign(kN, 0);
  PairNet net(kF, kC, 2);
  NeuralLearner learner(net, training);
  const torch::NoGradGuard no_grad;
  for (auto& parameter : net->parameters()) {  // the head speaks, too
    parameter.add_(0.1 * torch::randn_like(parameter));
  }
  const auto index = [](const std::vector<std::int32_t>& x) {
    return torch::tensor(x).to(torch::kInt64);
  };
  const Tensor by_torch =
      net->forward(to_tensor(training.genes), index(training.a),
                   index(training.b), to_tensor(training.columns), nullptr);
  const NeuralNet plain = plain_net(net);
  NeuralMember member;
  member.heads = {plain.head};
  const auto by_head =
      NeuralHeads(member, training.genes, 1).of(training.a, training.b, 1);
  const auto by_columns = predict_logistic(plain.linear, training.columns);
  for (std::size_t i = 0; i < kN; ++i) {
    EXPECT_NEAR(by_head[i] + by_columns[i],
                by_torch[static_cast<std::int64_t>(i)].item<double>(), 1e-5);
  }
}

}  // namespace
}  // namespace musl::nn
