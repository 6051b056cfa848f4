#include "muse/link_kernel.h"

#include <Eigen/Cholesky>
#include <algorithm>
#include <cmath>

#include "base/error.h"
#include "base/numbers.h"
#include "base/parallel.h"
#include "base/sorted_ids.h"
#include "judge/kernel_ridge.h"
#include "muse/kernel_scale.h"
#include "muse/node_kernel.h"

namespace musl {

namespace {

constexpr float kRidge = 0.3f;
constexpr float kLeast = 0.01f;       // share
constexpr Eigen::Index kBlock = 256;  // columns at a time
constexpr std::int64_t kRowsAtATime = 16;

using Edges = std::vector<std::int32_t>;

/// For each link of `node` its neighbour and edge.
template <typename Use>
void for_links(const LabelGraph& graph, std::int32_t node, const Use& use) {
  for (auto k = graph.offset[at(node)]; k < graph.offset[at(node) + 1]; ++k) {
    const auto edge = graph.edge[at(k)];
    if (graph.link[at(edge)] != 0) use(graph.neighbour[at(k)], edge);
  }
}

/// The kernel of pairs.
class PairKernel {
 public:
  PairKernel(const LabelGraph& graph, const Matrix& features,
             const Edges& edges)
      : graph_(graph),
        features_(features),
        edges_(edges),
        size_(at(graph.n_nodes), 1.0f) {
    for (std::size_t e = 0; e < graph.from.size(); ++e) {
      const auto linked = static_cast<float>(graph.link[e]);
      size_[at(graph.from[e])] += linked;
      size_[at(graph.to[e])] += linked;
    }
  }

  /// Of the pair (a, b) with the first `n` edges.
  void row(std::int32_t a, std::int32_t b, Eigen::Index n, float* out) const {
    const auto x = alike(std::min(a, b)), y = alike(std::max(a, b));
    for (Eigen::Index k = 0; k < n; ++k) {
      const auto c = at(graph_.from[at(edges_[at(k)])]);
      const auto d = at(graph_.to[at(edges_[at(k)])]);
      out[k] =
          x[c] * y[d] + x[d] * y[c] + kOneNode * (x[c] + x[d] + y[c] + y[d]);
    }
  }

 private:
  /// (N) how alike a node is to all nodes.
  [[nodiscard]] std::vector<float> alike(std::int32_t node) const {
    std::vector<float> out(size_.size(), 0);
    const auto meet = [&](std::int32_t common) {
      ++out[at(common)];
      for_links(graph_, common,
                [&](std::int32_t other, std::int32_t) { ++out[at(other)]; });
    };
    meet(node);
    for_links(graph_, node,
              [&](std::int32_t common, std::int32_t) { meet(common); });
    for (std::size_t i = 0; i < out.size(); ++i) {
      if (out[i] > 0) out[i] /= std::sqrt(size_[at(node)] * size_[i]);
      if (features_.size() == 0) continue;
      out[i] = (1 - kOfFeatures) * out[i] +
               kOfFeatures * features_(node, static_cast<Eigen::Index>(i));
    }
    return out;
  }

  const LabelGraph& graph_;
  const Matrix& features_;
  const Edges& edges_;
  std::vector<float> size_;  // of the neighbourhoods
};

/// The lower triangle of the kernel of all edges, with the ridge.
Eigen::MatrixXf ridged(const LabelGraph& graph, const Matrix& alike,
                       const Edges& edges, int threads) {
  const PairKernel kernel(graph, alike, edges);
  const auto n = static_cast<Eigen::Index>(edges.size());
  Eigen::MatrixXf out(n, n);
  parallel_blocks(n, kRowsAtATime, threads,
                  [&](Eigen::Index first, Eigen::Index last) {
                    Eigen::VectorXf row(n);
                    for (Eigen::Index i = first; i < last; ++i) {
                      const auto e = at(edges[at(i)]);
                      kernel.row(graph.from[e], graph.to[e], i + 1, row.data());
                      row[i] += kRidge;
                      out.row(i).head(i + 1) = row.head(i + 1).transpose();
                    }
                  });
  return out;
}

/// The inverse of the lower triangle, in a matrix that is 0 above.
Eigen::MatrixXf inverse_of(const Eigen::MatrixXf& lower, int threads) {
  const auto n = lower.rows();
  Eigen::MatrixXf out = Eigen::MatrixXf::Zero(n, n);
  parallel_blocks(
      n, kBlock, threads, [&](Eigen::Index first, Eigen::Index last) {
        auto block = out.block(first, first, n - first, last - first);
        block.topRows(last - first).setIdentity();
        lower.bottomRightCorner(n - first, n - first)
            .triangularView<Eigen::Lower>()
            .solveInPlace(block);
      });
  return out;
}

Matrix labels_of(const LabelGraph& graph, const Edges& edges) {
  Matrix out(static_cast<Eigen::Index>(edges.size()), graph.n_channels());
  for (Eigen::Index i = 0; i < out.rows(); ++i) {
    out.row(i) = graph.label.row(edges[at(i)]);
  }
  return out;
}

/// Shares, for centred values; none is certain.
Matrix as_shares(const LabelGraph& graph, Matrix value) {
  for (Eigen::Index c = 0; c < value.cols(); ++c) {
    value.col(c).array() += graph.mean[at(c)];
  }
  return value.cwiseMax(kLeast).cwiseMin(1 - kLeast);
}

}  // namespace

bool has_links(const InteractionConfig& config) {
  return config.known_edges && config.task == "multilabel";
}

Matrix alike_features(const std::vector<NodeSet>& nodes, int threads) {
  Eigen::Index n = 0;
  for (const auto& block : nodes) {
    if (block.size() > kMostKernelNodes) return {};
    n += block.size();
  }
  Matrix out = Matrix::Zero(n, n);
  Eigen::Index first = 0;
  for (const auto& block : nodes) {
    const auto m = static_cast<Eigen::Index>(block.size());
    out.block(first, first, m, m) =
        radial_kernel(node_distances(block, threads), 1).cast<float>();
    first += m;
  }
  return out;
}

Edges learned_edges(const LabelGraph& graph) {
  Edges all;
  for (std::size_t e = 0; e < graph.from.size(); ++e) {
    if (graph.labelled[e] != 0) all.push_back(static_cast<std::int32_t>(e));
  }
  if (all.size() <= kMostLinkEdges) return all;
  Edges out;
  for (std::size_t i = 0; i < kMostLinkEdges; ++i) {
    out.push_back(all[i * all.size() / kMostLinkEdges]);
  }
  return out;
}

Matrix score_links(const LinkKernel& kernel, const LabelGraph& graph,
                   const Matrix& alike, const LabelledPairs& pairs,
                   int threads) {
  const Edges edges = learned_edges(graph);
  const PairKernel of_pairs(graph, alike, edges);
  const auto n = static_cast<Eigen::Index>(edges.size());
  Matrix out(pairs.size(), graph.n_channels());
  parallel_for(pairs.size(), threads, [&](std::int64_t i) {
    const auto a = pairs.a[at(i)], b = pairs.b[at(i)];
    const auto own = graph.find(a, b);
    const auto k = position_of(edges, own);
    if (!kernel.own.empty() && k >= 0) {
      out.row(i) =
          graph.label.row(own) - kernel.weight.row(k) / kernel.own[at(k)];
      return;
    }
    Eigen::RowVectorXf row(n);
    of_pairs.row(a, b, n, row.data());
    out.row(i).noalias() = row * kernel.weight;
  });
  return as_shares(graph, std::move(out));
}

LinkRegression::LinkRegression(const LabelGraph& graph, const Matrix& alike,
                               int threads, const std::function<bool()>& go_on)
    : graph_(graph),
      alike_(alike),
      threads_(threads),
      edges_(learned_edges(graph)) {
  const auto check = [&] {
    if (go_on && !go_on()) {
      throw CancelledError("Learning known edges was interrupted.");
    }
  };
  check();
  Eigen::MatrixXf lower = ridged(graph, alike, edges_, threads);
  check();
  const Eigen::LLT<Eigen::Ref<Eigen::MatrixXf>> in_place(lower);
  check();
  root_ = inverse_of(lower, threads);
  kernel_.weight = root_.transpose() * (root_ * labels_of(graph, edges_));
  for (Eigen::Index k = 0; k < root_.cols(); ++k) {
    kernel_.own.push_back(root_.col(k).squaredNorm());
  }
}

Matrix LinkRegression::without(const LabelledPairs& pairs) const {
  std::vector<Eigen::Index> hidden;
  for (std::size_t i = 0; i < pairs.a.size(); ++i) {
    const auto own = graph_.find(pairs.a[i], pairs.b[i]);
    const auto found = position_of(edges_, own);
    if (found >= 0) hidden.push_back(found);
  }
  const auto n = static_cast<Eigen::Index>(hidden.size());
  Eigen::MatrixXf columns(root_.rows(), n);
  Eigen::MatrixXf weight(n, graph_.n_channels());
  for (Eigen::Index i = 0; i < n; ++i) {
    columns.col(i) = root_.col(hidden[at(i)]);
    weight.row(i) = kernel_.weight.row(hidden[at(i)]);
  }
  Eigen::MatrixXf inverse = Eigen::MatrixXf::Zero(n, n);
  inverse.selfadjointView<Eigen::Lower>().rankUpdate(columns.transpose());
  const Eigen::LLT<Eigen::Ref<Eigen::MatrixXf>> llt(inverse);
  LinkKernel rest;
  rest.weight =
      kernel_.weight - root_.transpose() * (columns * llt.solve(weight)).eval();
  for (const auto k : hidden) rest.weight.row(k).setZero();
  return score_links(rest, graph_, alike_, pairs, threads_);
}

}  // namespace musl
