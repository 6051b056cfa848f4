#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <limits>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/error.h"
#include "base/rng.h"
#include "muse/kernel_scale.h"
#include "muse/node_kernel.h"
#include "random_nodes.h"

namespace musl {
namespace {

/// Affinities are sums of products of the nodes' numbers.
struct Bilinear {
  std::vector<NodeSet> nodes{numbers(30, 1), numbers(40, 2)};
  LabelledPairs training, validation, test;

  /// Pairs with the first row or the first column are all test pairs.
  explicit Bilinear(bool new_nodes) {
    LabelledPairs* parts[] = {&training, &training, &training, &validation,
                              &test};
    std::vector<float> label[3];
    Rng rng(3);
    for (int i = 0; i < 30; ++i) {
      for (int j = 0; j < 40; ++j) {
        auto which = static_cast<std::size_t>(rng.uniform() * 5);
        if (new_nodes && (i == 0 || j == 0)) which = 4;
        parts[which]->a.push_back(i);
        parts[which]->b.push_back(30 + j);
        label[which < 3 ? 0 : which - 2].push_back(value(i, j));
      }
    }
    set(label[0], &training);
    set(label[1], &validation);
    set(label[2], &test);
  }

  [[nodiscard]] float value(int i, int j) const {
    return nodes[0].features.row(i).dot(nodes[1].features.row(j));
  }

  static void set(const std::vector<float>& label, LabelledPairs* part) {
    part->label = Eigen::Map<const Matrix>(
        label.data(), static_cast<Eigen::Index>(label.size()), 1);
  }
};

/// Share of the squares that is left.
double error_of(const Matrix& found, const LabelledPairs& pairs) {
  return (found - pairs.label).squaredNorm() / pairs.label.squaredNorm();
}

// Of the ridges .03, .1 and .3 and of five rounds; the more noise, the larger
// the ridge that suits.
TEST(KernelScale, TheBestRidgeAndRoundAreTheLeastErrorOfValidationPairs) {
  std::set<double> chosen;
  for (const double noise : {0.05, 0.2, 0.4, 0.8}) {
    Bilinear world(/*new_nodes=*/false);
    Rng rng(7);
    for (auto* part : {&world.training, &world.validation}) {
      for (Eigen::Index i = 0; i < part->label.size(); ++i) {
        part->label.data()[i] += static_cast<float>(noise * rng.normal());
      }
    }
    const KernelFit fit =
        fit_kernels(world.nodes, world.training, world.validation,
                    /*is_binary=*/false, 1, {});
    GridValues known;
    known.row = world.training.a;
    for (const auto b : world.training.b) known.column.push_back(b - 30);
    known.value = world.training.label.col(0).cast<double>();
    const KernelScale scale(node_distances(world.nodes[0], 1),
                            node_distances(world.nodes[1], 1), 1, {});
    double least = std::numeric_limits<double>::infinity(), best = 0;
    int rounds = 0;
    for (const double ridge : {0.03, 0.1, 0.3}) {
      const auto found = scale.rounds(known, ridge, 5);
      for (int round = 1; round <= 5; ++round) {
        const auto& score = found[static_cast<std::size_t>(round) - 1];
        const double error =
            error_of(kernel_scores(score, world.validation), world.validation);
        if (error >= least) continue;
        least = error;
        best = ridge;
        rounds = round;
      }
    }
    EXPECT_EQ(fit.ridge, best) << noise;
    EXPECT_EQ(fit.rounds, rounds) << noise;
    chosen.insert(best);
  }
  EXPECT_EQ(chosen, (std::set<double>{0.03, 0.1, 0.3}));
}

TEST(KernelScale, KnowsNewNodesByWhatTheyAre) {
  const Bilinear world(/*new_nodes=*/true);
  const KernelFit fit =
      fit_kernels(world.nodes, world.training, world.validation,
                  /*is_binary=*/false, 1, {});
  double left[4] = {0, 0, 0, 0}, all[4] = {0, 0, 0, 0};
  const Matrix found = kernel_scores(fit.score, world.test);
  for (Eigen::Index i = 0; i < found.rows(); ++i) {
    const auto k = static_cast<std::size_t>(i);
    const int kind =
        (world.test.a[k] == 0 ? 1 : 0) + (world.test.b[k] == 30 ? 2 : 0);
    const double expected = world.test.label(i, 0);
    left[kind] += std::pow(found(i, 0) - expected, 2);
    all[kind] += expected * expected;
  }
  EXPECT_LT(left[0], 0.1 * all[0]);
  EXPECT_LT(left[1], 0.5 * all[1]);
  EXPECT_LT(left[2], 0.5 * all[2]);
}

TEST(KernelScale, TheFirstRoundIsRidgeRegressionOfWhatNodesAre) {
  const Bilinear world(/*new_nodes=*/false);
  const auto first = node_distances(world.nodes[0], 1);
  const auto second = node_distances(world.nodes[1], 1);
  GridValues known;
  known.row = world.training.a;
  for (const auto b : world.training.b) known.column.push_back(b - 30);
  known.value = world.training.label.col(0).cast<double>();
  const KernelScale scale(first, second, 1, {});
  const auto few = scale.rounds(known, 0.1, 1),
             more = scale.rounds(known, 0.1, 3);
  EXPECT_TRUE((few[0].array() == more[0].array()).all());
  // A far larger ridge leaves the means of rows and columns alone.
  const Matrix means = scale.rounds(known, 1e9, 1)[0];
  const Matrix rest = (means.rowwise() - means.row(0));
  EXPECT_LT((rest.colwise() - rest.col(0)).cwiseAbs().maxCoeff(), 1e-4);
}

// What a column is tells nothing here, and there are but two kinds of them:
// only its values show which. So rounds help where a column has values, also
// for a new row; pairs of two new nodes have no row to compare.
TEST(KernelScale, LaterRoundsLearnNewRowsFromColumnsThatAreAlike) {
  const NodeSet rows = numbers(40, 1), columns = numbers(34, 2);
  const auto value = [&](Eigen::Index i, Eigen::Index j) {
    return static_cast<double>(rows.features(i, j % 2));
  };
  GridValues known;
  std::vector<double> values;
  Rng rng(5);
  for (std::int32_t i = 10; i < 40; ++i) {
    for (std::int32_t j = 4; j < 34; ++j) {
      if (rng.uniform() < 0.6) continue;
      known.row.push_back(i);
      known.column.push_back(j);
      values.push_back(value(i, j));
    }
  }
  known.value = Eigen::Map<Eigen::VectorXd>(values.data(), known.size());
  const auto first = node_distances(rows, 1),
             second = node_distances(columns, 1);
  const auto found = KernelScale(first, second, 1, {}).rounds(known, 0.1, 3);
  const auto error = [&](const Matrix& x) {
    double sum = 0;
    for (Eigen::Index i = 0; i < 10; ++i) {
      for (Eigen::Index j = 4; j < 34; ++j) {
        sum += std::pow(static_cast<double>(x(i, j)) - value(i, j), 2);
      }
    }
    return sum;
  };
  EXPECT_LT(error(found[1]), 0.9 * error(found[0]));
  EXPECT_LT(error(found[2]), 0.9 * error(found[0]));
  EXPECT_EQ(found[2].topLeftCorner(10, 4), found[0].topLeftCorner(10, 4));
  // The same the other way round, up to the tolerance of .01.
  std::swap(known.row, known.column);
  const auto turned = KernelScale(second, first, 1, {}).rounds(known, 0.1, 3);
  EXPECT_LT(error(turned[2].transpose()), 0.9 * error(turned[0].transpose()));
}

// Of rows first and of columns after them, as if kShrink = 3 values more had
// the mean of all. A ridge this large leaves nothing else; the third row and
// the fourth column have no value.
TEST(KernelScale, MeansOfNodesAreShrunk) {
  GridValues known;
  known.row = {0, 0, 0, 1, 1};
  known.column = {0, 1, 2, 0, 1};
  known.value = (Eigen::VectorXd(5) << 8, 5, -1, 2, 11).finished();  // mean 5
  const Eigen::MatrixXd away =
      Eigen::MatrixXd::Ones(4, 4) - Eigen::MatrixXd::Identity(4, 4);
  const KernelScale scale(away.topLeftCorner(3, 3), away, 1, {});
  const Matrix found = scale.rounds(known, 1e9, 1)[0];
  const double row[] = {(3 + 0 - 6) / 6.0, (-3 + 6) / 5.0, 0};  // -.5, .6
  const double column[] = {(3 + .5 - 3 - .6) / 5, (0 + .5 + 6 - .6) / 5,
                           (-6 + .5) / 4, 0};
  for (Eigen::Index i = 0; i < 3; ++i) {
    for (Eigen::Index j = 0; j < 4; ++j) {
      EXPECT_NEAR(found(i, j), 5 + row[i] + column[j], 1e-5) << i << " " << j;
    }
  }
}

// Also of the nodes without a value, which are the first or the last.
TEST(KernelScale, TheOrderOfNodesDoesNotMatter) {
  const NodeSet first = numbers(12, 1), second = numbers(15, 2);
  const auto turned = [](const NodeSet& nodes) {
    NodeSet out = nodes;
    out.features = nodes.features.colwise().reverse();
    return out;
  };
  GridValues known, other;
  for (std::int32_t i = 3; i < 12; ++i) {
    for (std::int32_t j = 2; j < 15; j += 1 + i % 2) {
      known.row.push_back(i);
      known.column.push_back(j);
      other.row.push_back(11 - i);
      other.column.push_back(14 - j);
    }
  }
  known.value.resize(static_cast<Eigen::Index>(known.row.size()));
  for (Eigen::Index k = 0; k < known.value.size(); ++k) {
    const auto at = static_cast<std::size_t>(k);
    known.value[k] = first.features.row(known.row[at])
                         .dot(second.features.row(known.column[at]));
  }
  other.value = known.value;
  const auto rounds = [](const NodeSet& a, const NodeSet& b,
                         const GridValues& values) {
    return KernelScale(node_distances(a, 1), node_distances(b, 1), 1, {})
        .rounds(values, 0.1, 2);
  };
  const auto found = rounds(first, second, known);
  const auto back = rounds(turned(first), turned(second), other);
  for (std::size_t round = 0; round < 2; ++round) {
    // Products are solved for within a tolerance of .01.
    EXPECT_LT((found[round] - back[round].reverse()).norm(),
              0.02 * found[round].norm());
  }
}

TEST(KernelScale, ThreadsMakeNoDifference) {
  const Bilinear world(/*new_nodes=*/true);
  const auto of = [&](int threads) {
    return fit_kernels(world.nodes, world.training, world.validation,
                       /*is_binary=*/false, threads, {});
  };
  const KernelFit one = of(1), three = of(3);
  EXPECT_TRUE((one.score.array() == three.score.array()).all());
  EXPECT_TRUE((one.validation.array() == three.validation.array()).all());
}

TEST(KernelScale, IsForAffinitiesOfTwoTypesAndBinaryLabels) {
  InteractionConfig config;
  InteractionData data;
  const auto has = [&](const std::string& task) {
    config.task = task;
    return has_kernels(config, data);
  };
  data.nodes = {numbers(3, 1), numbers(4, 2)};
  EXPECT_TRUE(has("binary"));
  EXPECT_TRUE(has("affinity"));
  EXPECT_FALSE(has("multilabel"));
  config.kernels = false;
  EXPECT_FALSE(has("binary"));
  EXPECT_FALSE(has("affinity"));
  config.kernels = true;
  data.nodes.pop_back();
  EXPECT_TRUE(has("binary"));
  EXPECT_FALSE(has("affinity"));
  data.nodes = {numbers(1000, 1)};
  EXPECT_TRUE(has("binary"));
  data.nodes = {numbers(1001, 1)};
  EXPECT_FALSE(has("binary"));
  data.nodes = {numbers(3, 1), numbers(kMostKernelNodes, 2)};
  EXPECT_TRUE(has("affinity"));
  data.nodes[1] = numbers(kMostKernelNodes + 1, 2);
  EXPECT_FALSE(has("affinity"));
}

/// Nodes of one type interact if their numbers' product is large; some labels
/// are wrong.
struct Alike {
  std::vector<NodeSet> nodes{numbers(40, 1)};
  LabelledPairs training, validation, test;

  Alike() {
    LabelledPairs* parts[] = {&training, &training, &validation, &test};
    std::vector<float> label[3];
    Rng rng(3);
    const Matrix& x = nodes[0].features;
    for (int i = 0; i < 40; ++i) {
      for (int j = 0; j < i; ++j) {
        const auto which = static_cast<std::size_t>(rng.uniform() * 4);
        const bool flip = which < 3 && rng.uniform() < 0.05;
        const bool is_one = (x.row(i).dot(x.row(j)) > 0.2) != flip;
        const bool is_turned = rng.uniform() < 0.5;
        parts[which]->a.push_back(is_turned ? j : i);
        parts[which]->b.push_back(is_turned ? i : j);
        label[which < 2 ? 0 : which - 1].push_back(is_one ? 1.0f : 0.0f);
      }
    }
    Bilinear::set(label[0], &training);
    Bilinear::set(label[1], &validation);
    Bilinear::set(label[2], &test);
  }
};

TEST(KernelScale, LearnsLabelsOfOneType) {
  const Alike world;
  const KernelFit fit = fit_kernels(
      world.nodes, world.training, world.validation, /*is_binary=*/true, 1, {});
  EXPECT_TRUE((fit.score.array() == fit.score.transpose().array()).all());
  const Matrix found = kernel_scores(fit.score, world.test);
  double right = 0, both = 0;
  for (Eigen::Index i = 0; i < found.rows(); ++i) {
    for (Eigen::Index j = 0; j < found.rows(); ++j) {
      if (world.test.label(i, 0) <= world.test.label(j, 0)) continue;
      ++both;
      right += found(i, 0) > found(j, 0) ? 1 : 0;
    }
  }
  EXPECT_GT(right / both, 0.9);
  // Learned from a third more pairs, the scores are about as large.
  const double size = found.cwiseAbs().mean(),
               before = fit.validation.cwiseAbs().mean();
  EXPECT_LT(std::abs(std::log(size / before)), 0.5);
  // Probabilities have the mean of the labels that the line was fitted to.
  const auto odds = fit.validation.cast<double>().array();
  EXPECT_NEAR((1 / (1 + (-odds).exp())).mean(),
              world.validation.label.cast<double>().mean(), 0.01);
}

TEST(KernelScale, LabelsThatNodesDoNotTellHaveTheOddsOfAll) {
  Alike world;
  // Validation labels say the opposite: the line would fall.
  world.validation.label.array() = 1 - world.validation.label.array();
  const KernelFit fit = fit_kernels(
      world.nodes, world.training, world.validation, /*is_binary=*/true, 1, {});
  const double share = world.validation.label.cast<double>().mean();
  const double odds = std::log(share / (1 - share));
  EXPECT_NEAR(fit.validation.minCoeff(), odds, 0.05);
  EXPECT_NEAR(fit.validation.maxCoeff(), odds, 0.05);
}

TEST(KernelScale, AnInterruptIsTold) {
  const Bilinear world(/*new_nodes=*/false);
  EXPECT_THROW((void)fit_kernels(world.nodes, world.training, world.validation,
                                 /*is_binary=*/false, 1, [] { return false; }),
               CancelledError);
}

TEST(NodeDistances, AreOfMoleculesAndNotOfTheirText) {
  NodeSet nodes;
  nodes.kind = NodeKind::smiles;
  nodes.text = {"CCO", "OCC", "C(O)C", "c1ccccc1", "CCN"};
  const auto away = node_distances(nodes, 1);
  EXPECT_EQ(away(0, 1), 0);
  EXPECT_EQ(away(0, 2), 0);
  EXPECT_EQ(away(0, 3), 1);  // no surrounding in common
  // Of nine neighbourhood each (three atoms, three reaches) ethanol and
  // ethylamine share CH3 and CH2 by themselves, and CH3 with its bond.
  EXPECT_NEAR(away(0, 4), 1 - 3.0 / 15, 1e-12);
}

TEST(NodeDistances, OfSequencesAreOfSharesInUnitsOfTheirSpread) {
  NodeSet nodes;
  nodes.kind = NodeKind::sequence;
  // One class of residues, so that all triads are alike.
  nodes.text = {"AAAG", "AAGG", "AGVV"};
  const std::vector<std::array<double, 3>> shares = {
      {.75, .5, .25}, {.25, .5, .25}, {0, 0, .5}};  // of A, G and V
  const auto away = node_distances(nodes, 1);
  for (const auto& [a, b] : {std::pair{0, 1}, {0, 2}, {1, 2}}) {
    double expected = 0;
    for (const auto& share : shares) {
      const double mean = (share[0] + share[1] + share[2]) / 3;
      double variance = 0;
      for (const double x : share) variance += (x - mean) * (x - mean) / 3;
      const auto i = static_cast<std::size_t>(a);
      const auto j = static_cast<std::size_t>(b);
      expected += (share[i] - share[j]) * (share[i] - share[j]) / variance;
    }
    EXPECT_NEAR(away(a, b), expected, 1e-5);
  }
}

}  // namespace
}  // namespace musl
