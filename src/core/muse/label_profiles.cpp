#include "muse/label_profiles.h"

#include <algorithm>
#include <cmath>

#include "base/numbers.h"
#include "base/parallel.h"
#include "judge/label_metrics.h"
#include "muse/label_graph.h"

namespace musl {

namespace {

constexpr std::int64_t kPairsAtATime = 256;
constexpr double kFewNeighbours = 0.1;  // added to the weights' sum

double to_power(double x, int power) {
  double out = 1;
  for (int i = 0; i < power; ++i) out *= x;
  return out;
}

}  // namespace

/// What a node tells without an edge.
struct LabelProfiles::End {
  double effect = 0;   // shrunk mean of its centred labels
  double squares = 0;  // of its profile
  double label = 0;    // that of the edge left out, centred; 0 if unknown
};

LabelProfiles::LabelProfiles(const LabelGraph& graph, int threads)
    : graph_(graph), number_(at(graph.n_nodes), 0.0) {
  for (std::size_t e = 0; e < graph.from.size(); ++e) {
    number_[at(graph.from[e])] += graph.labelled[e];
    number_[at(graph.to[e])] += graph.labelled[e];
  }
  for (Eigen::Index c = 0; c < graph.n_channels(); ++c) {
    each_.push_back(profiles_of(c, threads));
  }
}

/// Products over common neighbours alone: profiles are sparse.
LabelProfiles::Profiles LabelProfiles::profiles_of(Eigen::Index label,
                                                   int threads) const {
  const std::int64_t n = graph_.n_nodes;
  Profiles out{Matrix::Zero(n, n), std::vector<double>(at(n), 0.0), {}};
  out.squares = out.sum;
  const auto for_labels = [&](std::int64_t node, const auto& use) {
    for (auto k = graph_.offset[at(node)]; k < graph_.offset[at(node) + 1];
         ++k) {
      const auto edge = graph_.edge[at(k)];
      if (graph_.labelled[at(edge)] == 0) continue;
      use(graph_.neighbour[at(k)], graph_.label(edge, label));
    }
  };
  parallel_for(n, threads, [&](std::int64_t node) {
    float* product = out.product.row(node).data();
    for_labels(node, [&](std::int32_t common, float own) {
      out.sum[at(node)] += own;
      out.squares[at(node)] += static_cast<double>(own) * own;
      for_labels(common, [&](std::int32_t other, float told) {
        product[other] += own * told;
      });
    });
  });
  return out;
}

LabelProfiles::End LabelProfiles::end_of(std::int32_t node, std::int32_t own,
                                         Eigen::Index label) const {
  const Profiles& all = each_[at(label)];
  End out;
  double number = number_[at(node)];
  if (own >= 0 && graph_.labelled[at(own)] != 0) {
    out.label = graph_.label(own, label);
    --number;
  }
  out.effect = (all.sum[at(node)] - out.label) / (number + kShrink);
  out.squares = all.squares[at(node)] - out.label * out.label;
  return out;
}

/// From the nodes with a label with b, by how alike they are to a.
double LabelProfiles::from_alike(std::int32_t a, const End& of_a,
                                 std::int32_t b, const End& of_b,
                                 Eigen::Index label, int power) const {
  constexpr double kNoProfile = 1e-9;
  if (of_a.squares < kNoProfile) return 0;
  const Profiles& all = each_[at(label)];
  double sum = 0, weights = kFewNeighbours;
  for (auto k = graph_.offset[at(b)]; k < graph_.offset[at(b) + 1]; ++k) {
    const std::int32_t node = graph_.neighbour[at(k)];
    const auto edge = graph_.edge[at(k)];
    if (node == a || graph_.labelled[at(edge)] == 0) continue;
    const double told = graph_.label(edge, label);
    // Without the edge left out, by which a and the node would meet in b.
    const double product =
        static_cast<double>(all.product(a, node)) - of_a.label * told;
    if (product <= 0) continue;
    const double cosine =
        product / std::sqrt(of_a.squares * all.squares[at(node)]);
    const double weight = to_power(cosine, power);
    const double usual =
        all.sum[at(node)] / (number_[at(node)] + kShrink) + of_b.effect;
    sum += weight * (told - usual);
    weights += weight;
  }
  return sum / weights;
}

double LabelProfiles::score_one(std::int32_t a, std::int32_t b,
                                Eigen::Index label, int power) const {
  const auto own = graph_.find(a, b);
  const End x = end_of(a, own, label), y = end_of(b, own, label);
  const double alike = from_alike(a, x, b, y, label, power) +
                       from_alike(b, y, a, x, label, power);
  const double value =
      graph_.mean[at(label)] + (x.effect + y.effect) + alike / 2;
  return std::clamp(value, 0.0, 1.0);
}

Matrix LabelProfiles::score(const LabelledPairs& pairs, int power,
                            int threads) const {
  const std::int64_t n = pairs.size();
  Matrix out(n, graph_.n_channels());
  parallel_blocks(
      n, kPairsAtATime, threads, [&](Eigen::Index first, Eigen::Index last) {
        for (std::int64_t i = first; i < last; ++i) {
          for (Eigen::Index c = 0; c < out.cols(); ++c) {
            out(i, c) = static_cast<float>(
                score_one(pairs.a[at(i)], pairs.b[at(i)], c, power));
          }
        }
      });
  return out;
}

bool can_have_profiles(const InteractionConfig& config,
                       const LabelGraph& graph) {
  constexpr std::int64_t kMost = kMostProfileNodes * kMostProfileNodes;
  return config.task != "affinity" && graph.n_nodes <= kMostProfileNodes &&
         graph.n_nodes * graph.n_nodes * graph.n_channels() <= kMost;
}

int choose_profile_power(const LabelProfiles& profiles,
                         const LabelledPairs& pairs, int threads) {
  int best = kProfilePowers[0];
  double largest = 0;
  for (const int power : kProfilePowers) {
    const Matrix found = profiles.score(pairs, power, threads);
    const double quality =
        label_metrics(found, pairs.label, kUsualThreshold).macro_auroc;
    if (quality > largest) {
      largest = quality;
      best = power;
    }
  }
  return best;
}

}  // namespace musl
