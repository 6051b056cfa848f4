#include "nn/muse/interaction_world.h"

#include <algorithm>
#include <utility>

#include "base/error.h"
#include "base/numbers.h"
#include "base/parallel.h"
#include "base/rng.h"
#include "nn/muse/interaction_net.h"

namespace musl::nn {

namespace {

/// How many nodes or pairs at once; or sequences or chains, which are costly.
std::int64_t block_on(const torch::Device& device, bool costly = false) {
  if (costly) return device.is_cpu() ? 8 : 32;
  return device.is_cpu() ? 1024 : 16384;
}

bool has(const std::vector<InteractionScale>& wanted, InteractionScale scale) {
  return std::find(wanted.begin(), wanted.end(), scale) != wanted.end();
}

void put_rows(const Tensor& found, const std::vector<std::int64_t>& rows,
              Matrix* out) {
  const Matrix values = to_matrix(found.to(torch::kCPU));
  for (std::size_t i = 0; i < rows.size(); ++i) {
    out->row(rows[i]) = values.row(static_cast<Eigen::Index>(i));
  }
}

std::vector<std::int32_t> take(const std::vector<std::int32_t>& x,
                               const std::vector<std::int64_t>& rows) {
  std::vector<std::int32_t> out;
  out.reserve(rows.size());
  for (const auto i : rows) out.push_back(x[at(i)]);
  return out;
}

/// Scores pairs, with everything that does not depend on them precomputed.
class PairScores {
 public:
  PairScores(const InteractionWorld& world, InteractionNet net,
             const std::vector<InteractionScale>& wanted, Tensor all)
      : world_(world),
        net_(std::move(net)),
        structure_(has(wanted, InteractionScale::structure)),
        network_(has(wanted, InteractionScale::network)),
        fused_(has(wanted, InteractionScale::fused)),
        all_(std::move(all)) {}

  /// rows  of `pairs`, whose edges are masked. Reentrant for different rows.
  void add(const LabelledPairs& pairs, const std::vector<std::int64_t>& rows,
           int threads, const std::function<bool()>& tick,
           ScaleScores* out) const {
    const EdgeMask mask =
        mask_pairs(world_.graph(), take(pairs.a, rows), take(pairs.b, rows));
    Tensor h;
    if (network_ || fused_) {
      h = net_->network->nodes(world_.network_input(all_),
                               world_.messages(mask), threads, nullptr);
    }
    const auto all = size_of(rows);
    const std::int64_t size = block_on(world_.device());
    for (std::int64_t from = 0; from < all; from += size) {
      if (tick && !tick()) throw CancelledError("Interrupted.");
      const auto first = rows.begin() + from;
      const std::vector<std::int64_t> part(first,
                                           first + std::min(size, all - from));
      add_block(take(pairs.a, part), take(pairs.b, part), mask, h, part, out);
    }
  }

 private:
  void add_block(const std::vector<std::int32_t>& a,
                 const std::vector<std::int32_t>& b, const EdgeMask& mask,
                 const Tensor& h, const std::vector<std::int64_t>& rows,
                 ScaleScores* out) const {
    auto& net = *net_;
    const Tensor x = world_.rows(a), y = world_.rows(b);
    Tensor structure, network;
    if (structure_ || fused_) {
      structure = net.structure->pairs(all_.index_select(0, x),
                                       all_.index_select(0, y), nullptr);
      put_rows(net.structure->score->forward(structure), rows, &out->structure);
    }
    if (network_ || fused_) {
      network = net.network->pairs(h, x, y, world_.common(mask, a, b), nullptr);
      put_rows(net.network->score->forward(network), rows, &out->network);
    }
    if (fused_) {
      put_rows(net.fuse(structure, network, nullptr), rows, &out->fused);
    }
  }

  const InteractionWorld& world_;
  mutable InteractionNet net_;
  bool structure_, network_, fused_;
  Tensor all_;
};

}  // namespace

const Matrix& scores_of(const ScaleScores& scores, InteractionScale scale) {
  if (scale == InteractionScale::structure) return scores.structure;
  return scale == InteractionScale::network ? scores.network : scores.fused;
}

InteractionWorld::InteractionWorld(const std::vector<NodeSet>& nodes,
                                   const LabelGraph& graph,
                                   const torch::Device& device)
    : graph_(graph), device_(device) {
  std::int64_t first = 0;
  for (const auto& block : nodes) {
    nodes_.emplace_back(block, device);
    first_.push_back(first);
    first += block.size();
  }
  first_.push_back(first);
  const auto sent = numbers_on(
      {graph.offset, Numbers(graph.neighbour.begin(), graph.neighbour.end())},
      device);
  offset_ = sent[0];
  column_ = sent[1];
}

Tensor InteractionWorld::rows(const std::vector<std::int32_t>& nodes) const {
  return numbers_on({Numbers(nodes.begin(), nodes.end())}, device_)[0];
}

Tensor InteractionWorld::structure(InteractionNet net,
                                   const std::vector<std::int32_t>& nodes,
                                   ChunkRng* rng, std::uint64_t seed) const {
  std::vector<Tensor> blocks;
  for (std::size_t t = 0; t + 1 < first_.size(); ++t) {
    std::vector<std::int64_t> own;
    for (const auto node : nodes) {
      if (node >= first_[t] && node < first_[t + 1]) {
        own.push_back(node - first_[t]);
      }
    }
    if (own.empty()) continue;
    blocks.push_back(net->structure->encoders[t]->forward(
        nodes_[t], own, rng, derive_seed(seed, t)));
  }
  return torch::cat(blocks, 0);
}

Tensor InteractionWorld::all_structure(
    InteractionNet net, int threads, const std::function<bool()>& tick) const {
  struct Block {
    std::size_t type = 0;
    std::vector<std::int64_t> rows;
  };
  std::vector<Block> blocks;
  for (std::size_t t = 0; t < nodes_.size(); ++t) {
    const auto n = nodes_[t].size();
    const auto size = block_on(device_, is_costly(nodes_[t].kind));
    for (std::int64_t from = 0; from < n; from += size) {
      blocks.push_back({t, count_from(from, std::min(size, n - from))});
    }
  }
  std::vector<Tensor> found(blocks.size());
  parallel_for(
      size_of(blocks), threads,
      [&](std::int64_t i) {
        adopt_thread_limit();
        const torch::NoGradGuard no_grad;
        const auto& [type, rows] = blocks[at(i)];
        found[at(i)] = net->structure->encoders[type]->forward(
            nodes_[type], rows, /*rng=*/nullptr, /*seed=*/0);
      },
      tick);
  const torch::NoGradGuard no_grad;
  return torch::cat(found, 0);
}

std::vector<Tensor> InteractionWorld::network_input(const Tensor& all) const {
  std::vector<Tensor> input;
  for (std::size_t t = 0; t < nodes_.size(); ++t) {
    input.push_back(all.narrow(0, first_[t], nodes_[t].size()));
  }
  return input;
}

MessageTensors InteractionWorld::messages(const EdgeMask& mask) const {
  const GraphMessages found = graph_messages(graph_, mask);
  MessageTensors out;
  out.node = to_tensor(found.node).to(device_);
  const Tensor weight = to_tensor(found.weight).to(device_);  // (1 + C, 2 E)
  for (std::int64_t c = 0; c < weight.size(0); ++c) {
    out.channels.push_back({offset_, column_, weight[c]});
  }
  return out;
}

CommonTensors InteractionWorld::common(
    const EdgeMask& mask, const std::vector<std::int32_t>& a,
    const std::vector<std::int32_t>& b) const {
  // Nodes of two types share no neighbour of a bipartite network.
  const CommonNeighbours found =
      common_neighbours(graph_, mask, a, b, /*wanted=*/nodes_.size() == 1);
  const auto sent = numbers_on({found.pair, found.node}, device_);
  return {sent[0], sent[1], to_tensor(found.profile).to(device_)};
}

bool InteractionWorld::is_masked(std::int32_t a, std::int32_t b) const {
  const auto edge = graph_.find(a, b);
  if (edge < 0) return false;
  return !graph_.known_edges || graph_.labelled[at(edge)] != 0;
}

ScaleScores InteractionWorld::score(InteractionNet net,
                                    const LabelledPairs& pairs,
                                    const std::vector<InteractionScale>& wanted,
                                    int threads,
                                    const std::function<bool()>& tick,
                                    const Tensor& all) const {
  const torch::NoGradGuard no_grad;
  const Matrix empty = Matrix::Zero(pairs.size(), net->shape.n_outputs);
  ScaleScores out{empty, empty, empty};
  const PairScores scores(
      *this, net, wanted,
      all.defined() ? all : all_structure(net, threads, tick));
  std::vector<std::int64_t> edge, no_edge;
  for (std::int64_t i = 0; i < pairs.size(); ++i) {
    const auto k = at(i);
    (is_masked(pairs.a[k], pairs.b[k]) ? edge : no_edge).push_back(i);
  }
  // The edge of a pair is masked for that pair alone, so that each takes a pass
  // of its own through the graph.
  parallel_for(
      size_of(edge), threads,
      [&](std::int64_t i) {
        adopt_thread_limit();
        const torch::NoGradGuard off;  // the mode is each thread's own
        scores.add(pairs, {edge[at(i)]}, /*threads=*/1,
                   /*tick=*/{}, &out);
      },
      tick);
  if (!no_edge.empty()) scores.add(pairs, no_edge, threads, tick, &out);
  return out;
}

}  // namespace musl::nn
