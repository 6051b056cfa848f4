#include "learners/boosted_trees.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "base/numbers.h"
#include "base/parallel.h"

namespace musl {

namespace {

constexpr std::size_t kRowsAtOnce = 256;  // a piece of work
using WalkedRows = std::array<const float*, kRowsAtOnce>;
using WalkedPlaces = std::array<std::int32_t, kRowsAtOnce>;  // of nodes
using WalkedParts = std::array<double, kRowsAtOnce>;

/// A node as it is walked; a leaf has no column (-1).
struct WalkedNode {
  std::int32_t feature;
  float threshold;
  std::uint32_t missing_left;
  std::array<std::int32_t, 2> child;  // right, left
};

/// All trees of a model, one after the other.
struct WalkedTrees {
  std::vector<std::int32_t> root;
  std::vector<WalkedNode> node;
  std::vector<double> value;
  /// What the part gains on the way to the children.
  std::vector<std::array<double, 2>> gain;
};

/// chosen  columns whose part is wanted; null for none
WalkedTrees walked(const BoostedTrees& model,
                   const std::vector<std::uint8_t>* chosen) {
  WalkedTrees out;
  for (const auto& tree : model.trees) {
    const auto root = static_cast<std::int32_t>(out.node.size());
    out.root.push_back(root);
    for (const TreeNode& node : tree) {
      out.node.push_back({node.feature,
                          node.threshold,
                          node.missing_left ? 1U : 0U,
                          {root + node.right, root + node.left}});
      out.value.push_back(node.value);
      if (chosen == nullptr) continue;
      out.gain.push_back({0, 0});
      if (node.feature < 0 || (*chosen)[at(node.feature)] == 0) continue;
      out.gain.back() = {tree[at(node.right)].value - node.value,
                         tree[at(node.left)].value - node.value};
    }
  }
  return out;
}

/// Takes `n` rows through a tree to their leaves, step by step: each step of
/// all rows before the next, so that none waits for another's memory.
///
/// part  receives what rows gain on the way, if kPart
template <bool kPart>
void walk(const WalkedTrees& trees, std::int32_t root, std::size_t n,
          const WalkedRows& row, WalkedPlaces* place, WalkedParts* part) {
  const WalkedNode* const all = trees.node.data();
  std::array<std::uint32_t, kRowsAtOnce> going;
  for (std::size_t r = 0; r < n; ++r) {
    (*place)[r] = root;
    going[r] = static_cast<std::uint32_t>(r);
  }
  std::size_t count = all[root].feature < 0 ? 0 : n;
  while (count > 0) {
    std::size_t left_over = 0;
    for (std::size_t i = 0; i < count; ++i) {
      const auto r = going[i];
      const WalkedNode& node = all[(*place)[r]];
      const float value = row[r][node.feature];
      // Without branches, which nobody could foresee.
      const unsigned below = value <= node.threshold ? 1U : 0U;
      const unsigned missing = std::isnan(value) ? 1U : 0U;
      const unsigned left = below | (missing & node.missing_left);
      if constexpr (kPart) {
        (*part)[r] += trees.gain[at((*place)[r])][left];
      }
      const auto next = node.child[left];
      (*place)[r] = next;
      going[left_over] = r;
      left_over += all[next].feature < 0 ? 0 : 1;
    }
    count = left_over;
  }
}

/// Adds up all trees, in their order for each row.
///
/// part  (B), or null
template <bool kPart>
void add_trees(const WalkedTrees& trees, const Matrix& x, int threads,
               std::vector<double>* score, std::vector<double>* part) {
  parallel_blocks(x.rows(), kRowsAtOnce, threads,
                  [&](std::int64_t begin, std::int64_t end) {
                    const auto first = at(begin), count = at(end - begin);
                    WalkedRows row;
                    WalkedPlaces place;
                    WalkedParts gained{};
                    for (std::size_t r = 0; r < count; ++r) {
                      row[r] =
                          x.row(static_cast<Eigen::Index>(first + r)).data();
                    }
                    for (const auto root : trees.root) {
                      walk<kPart>(trees, root, count, row, &place, &gained);
                      for (std::size_t r = 0; r < count; ++r) {
                        (*score)[first + r] += trees.value[at(place[r])];
                      }
                    }
                    if constexpr (kPart)
                      std::copy_n(gained.data(), count, part->data() + first);
                  });
}

}  // namespace

std::vector<double> predict_boosting(const BoostedTrees& model, const Matrix& x,
                                     int threads) {
  std::vector<double> score(at(x.rows()), model.base);
  add_trees<false>(walked(model, nullptr), x, threads, &score, nullptr);
  return score;
}

BoostingParts boosting_parts(const BoostedTrees& model, const Matrix& x,
                             const std::vector<std::uint8_t>& chosen,
                             int threads) {
  BoostingParts out{std::vector<double>(at(x.rows()), model.base),
                    std::vector<double>(at(x.rows()), 0.0)};
  add_trees<true>(walked(model, &chosen), x, threads, &out.score, &out.part);
  return out;
}

}  // namespace musl
