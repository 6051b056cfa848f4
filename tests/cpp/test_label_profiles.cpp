#include <gtest/gtest.h>

#include <cmath>
#include <set>
#include <utility>

#include "base/error.h"
#include "base/rng.h"
#include "muse/label_graph.h"
#include "muse/label_profiles.h"

namespace musl {
namespace {

/// Nodes of two groups: pairs within a group interact, with this probability,
/// the last node is in no pair. A pair that is not drawn is asked.
struct Groups {
  InteractionData data;
  LabelledPairs asked;

  Groups(std::int32_t n, double share, std::uint64_t seed, double right = 0.9) {
    Rng rng(seed);
    data.nodes.resize(1);
    data.nodes[0].features = Matrix::Ones(n + 1, 1);
    std::vector<float> known, wanted;
    for (std::int32_t a = 0; a < n; ++a) {
      for (std::int32_t b = a + 1; b < n; ++b) {
        const bool one = (a % 2 == b % 2) == (rng.uniform() < right);
        const bool is_known = rng.uniform() < share;
        auto& part = is_known ? data.training : asked;
        part.a.push_back(a);
        part.b.push_back(b);
        (is_known ? known : wanted).push_back(one ? 1.0F : 0.0F);
      }
    }
    data.training.label = Eigen::Map<Matrix>(
        known.data(), static_cast<Eigen::Index>(known.size()), 1);
    asked.label = Eigen::Map<Matrix>(
        wanted.data(), static_cast<Eigen::Index>(wanted.size()), 1);
  }
};

/// The definition, from whole matrices in double precision.
double plain_score(const LabelledPairs& known, Eigen::Index n, std::int32_t a,
                   std::int32_t b, int power) {
  Eigen::MatrixXd there = Eigen::MatrixXd::Zero(n, n), value = there;
  const double middle = known.label.cast<double>().mean();
  for (std::size_t i = 0; i < known.a.size(); ++i) {
    const auto x = known.a[i], y = known.b[i];
    if (std::set<int>{x, y} == std::set<int>{a, b}) continue;
    there(x, y) = there(y, x) = 1;
    value(x, y) = value(y, x) =
        known.label(static_cast<Eigen::Index>(i), 0) - middle;
  }
  const Eigen::VectorXd effect =
      (value.rowwise().sum().array() / (there.rowwise().sum().array() + 3));
  const auto from = [&](Eigen::Index x, Eigen::Index y) {
    double sum = 0, weights = 0.1;
    for (Eigen::Index k = 0; k < n; ++k) {
      const double size = value.row(x).norm() * value.row(k).norm();
      if (k == x || there(k, y) == 0 || size == 0) continue;
      const double cosine = value.row(x).dot(value.row(k)) / size;
      const double weight = std::pow(std::max(cosine, 0.0), power);
      sum += weight * (value(k, y) - effect[k] - effect[y]);
      weights += weight;
    }
    return sum / weights;
  };
  const double out =
      middle + effect[a] + effect[b] + (from(a, b) + from(b, a)) / 2;
  return std::min(std::max(out, 0.0), 1.0);
}

TEST(LabelProfiles, ScoresAreThoseOfTheDefinition) {
  const Groups world(14, 0.6, 1);
  const LabelGraph graph = make_label_graph({}, world.data);
  const LabelProfiles profiles(graph, 1);
  // Pairs with and without an edge, and with a node that has none.
  LabelledPairs pairs = world.asked;
  pairs.a.insert(pairs.a.end(), world.data.training.a.begin(),
                 world.data.training.a.end());
  pairs.b.insert(pairs.b.end(), world.data.training.b.begin(),
                 world.data.training.b.end());
  pairs.a.push_back(3);
  pairs.b.push_back(14);
  for (const int power : kProfilePowers) {
    const Matrix found = profiles.score(pairs, power, 1);
    for (std::size_t i = 0; i < pairs.a.size(); ++i) {
      // A graph without the pair's edge still has the mean of all labels.
      EXPECT_NEAR(
          found(static_cast<Eigen::Index>(i), 0),
          plain_score(world.data.training, 15, pairs.a[i], pairs.b[i], power),
          1e-5)
          << power << " " << pairs.a[i] << " " << pairs.b[i];
    }
  }
}

TEST(LabelProfiles, BitsDependOnNeitherOrderNorThreads) {
  const Groups world(300, 0.3, 2);
  const LabelGraph graph = make_label_graph({}, world.data);
  LabelledPairs swapped = world.asked;
  std::swap(swapped.a, swapped.b);
  const Matrix one = LabelProfiles(graph, 1).score(world.asked, 2, 1);
  EXPECT_EQ(LabelProfiles(graph, 3).score(world.asked, 2, 3), one);
  EXPECT_EQ(LabelProfiles(graph, 1).score(swapped, 2, 1), one);
}

TEST(LabelProfiles, TakeTheLeastPowerOfThoseThatAreAsGood) {
  // Without an error any power ranks all pairs rightly.
  const Groups world(20, 0.8, 5, /*right=*/1);
  const LabelGraph graph = make_label_graph({}, world.data);
  const LabelProfiles profiles(graph, 1);
  EXPECT_EQ(choose_profile_power(profiles, world.asked, 1), 1);
}

TEST(LabelProfiles, FindTheGroupsThatMeansCannotTell) {
  const Groups world(60, 0.5, 3);
  const LabelGraph graph = make_label_graph({}, world.data);
  const LabelProfiles profiles(graph, 1);
  const int power = choose_profile_power(profiles, world.asked, 1);
  const Matrix found = profiles.score(world.asked, power, 1);
  const Matrix means = node_means(graph, world.asked, /*is_sum=*/false);
  const auto right = [&](const Matrix& score) {
    double n = 0;
    for (Eigen::Index i = 0; i < score.rows(); ++i) {
      n += (score(i, 0) > 0.5F) == (world.asked.label(i, 0) > 0.5F) ? 1 : 0;
    }
    return n / static_cast<double>(score.rows());
  };
  EXPECT_GT(right(found), 0.85);  // a tenth of the labels is random
  EXPECT_LT(right(means), 0.65);
  // Labels of one class choose nothing.
  LabelledPairs one_class = world.asked;
  one_class.label.setOnes();
  EXPECT_EQ(choose_profile_power(profiles, one_class, 1), 1);
}

TEST(LabelProfiles, OfSeveralLabelsAreThoseOfEach) {
  Groups world(20, 0.6, 4);
  const LabelGraph one = make_label_graph({}, world.data);
  InteractionData both = world.data;
  const Matrix first = world.data.training.label;
  both.training.label.resize(first.rows(), 2);
  both.training.label.col(0) = (1 - first.array()).matrix();
  both.training.label.col(1) = first;
  InteractionConfig config;
  config.task = "multilabel";
  const LabelGraph graph = make_label_graph(config, both);
  const Matrix found = LabelProfiles(graph, 1).score(world.asked, 2, 1);
  ASSERT_EQ(found.cols(), 2);
  const Matrix alone = LabelProfiles(one, 1).score(world.asked, 2, 1);
  EXPECT_LT((found.col(1) - alone).cwiseAbs().maxCoeff(), 1e-6);
  // What is not one label is the other.
  EXPECT_LT(((1 - found.col(0).array()).matrix() - alone).cwiseAbs().maxCoeff(),
            1e-5);
}

TEST(LabelProfiles, AreOfLabelsOfSoManyNodes) {
  InteractionConfig config;
  config.task = "multilabel";
  LabelGraph graph;
  const auto can = [&](std::int64_t n_nodes, Eigen::Index n_labels) {
    graph.n_nodes = n_nodes;
    graph.label = Matrix::Zero(1, n_labels);
    return can_have_profiles(config, graph);
  };
  EXPECT_TRUE(can(kMostProfileNodes, 1));
  EXPECT_FALSE(can(kMostProfileNodes + 1, 1));
  EXPECT_FALSE(can(std::int64_t{1} << 40, 1));
  EXPECT_TRUE(can(kMostProfileNodes / 2, 4));
  EXPECT_FALSE(can(kMostProfileNodes / 2, 5));
  config.task = "binary";
  EXPECT_TRUE(can(5, 1));
  config.task = "affinity";
  EXPECT_FALSE(can(5, 1));
}

}  // namespace
}  // namespace musl
