#include "graph/shared_neighbours.h"

#include <algorithm>
#include <cmath>

#include "base/numbers.h"
#include "base/sorted_ids.h"

namespace musl {

namespace {

/// What a shared neighbour of this degree adds.
class Terms {
 public:
  explicit Terms(std::int64_t degree)
      : adamic_adar_(1.0 / std::log(static_cast<double>(degree))),
        resource_allocation_(1.0 / static_cast<double>(degree)) {}
  void add_to(SharedNodes* shared) const {
    ++shared->common;
    shared->adamic_adar += adamic_adar_;
    shared->resource_allocation += resource_allocation_;
  }

 private:
  double adamic_adar_, resource_allocation_;
};

float edge_weight(const CsrGraph& graph, std::int32_t from, std::int32_t to) {
  const auto found = position_of(graph.neighbour, to, graph.offset[at(from)],
                                 graph.offset[at(from) + 1]);
  return found < 0 ? 0 : graph.weight[at(found)];
}

}  // namespace

SharedNodes shared_nodes(const CsrGraph& graph, std::int32_t a,
                         std::int32_t b) {
  SharedNodes out;
  intersect(neighbours_of(graph, a), neighbours_of(graph, b),
            [&](std::int32_t node) { Terms(graph.degree(node)).add_to(&out); });
  out.edge = graph.degree(a) < graph.degree(b) ? edge_weight(graph, a, b)
                                               : edge_weight(graph, b, a);
  return out;
}

void Neighbourhood::move_to(std::int32_t node) {
  const auto at = [](std::int32_t i) { return static_cast<std::size_t>(i); };
  const auto touch = [&](std::int32_t i) {
    if (nodes_[at(i)].common == 0) touched_.push_back(i);
  };
  nodes_.resize(static_cast<std::size_t>(graph_.n_nodes()));
  is_two_steps_away_.resize(nodes_.size());
  for (const auto i : touched_) {
    nodes_[at(i)] = {};
    is_two_steps_away_[at(i)] = 0;
  }
  touched_.clear();
  centre_ = node;
  const SortedIds near = neighbours_of(graph_, node);
  for (const std::int32_t* u = near.begin; u != near.end; ++u) {
    touch(*u);
    nodes_[at(*u)].edge =
        graph_.weight[static_cast<std::size_t>(u - graph_.neighbour.data())];
    const Terms terms(graph_.degree(*u));
    const SortedIds next = neighbours_of(graph_, *u);
    for (const std::int32_t* v = next.begin; v != next.end; ++v) {
      touch(*v);
      terms.add_to(&nodes_[at(*v)]);
      is_two_steps_away_[at(*v)] = 1;
    }
  }
}

int Neighbourhood::far_distance(std::int32_t node) const {
  const auto is_met = [&](std::int32_t i) {
    return is_two_steps_away_[static_cast<std::size_t>(i)] != 0;
  };
  const SortedIds near = neighbours_of(graph_, node);
  if (std::any_of(near.begin, near.end, is_met)) return 3;
  for (const std::int32_t* u = near.begin; u != near.end; ++u) {
    const SortedIds next = neighbours_of(graph_, *u);
    if (std::any_of(next.begin, next.end, is_met)) return 4;
  }
  return 5;
}

CentreOfPairs::End CentreOfPairs::again(std::int32_t node) const {
  if (node == first_.node) return {node, first_.times + 1};
  return {node, node == second_.node ? second_.times + 1 : 1};
}

const Neighbourhood* CentreOfPairs::of(std::int32_t a, std::int32_t b,
                                       std::int32_t* other) {
  if (around_.centre() != a && around_.centre() != b) {
    const End one = again(a), two = again(b);
    first_ = one;
    second_ = two;
    const End& often = one.times >= two.times ? one : two;
    if (often.times < kEnough) return nullptr;
    around_.move_to(often.node);
  }
  *other = around_.centre() == a ? b : a;
  return &around_;
}

}  // namespace musl
