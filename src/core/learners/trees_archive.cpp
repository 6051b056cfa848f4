#include "learners/trees_archive.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "base/error.h"
#include "base/numbers.h"
#include "io/archive_fields.h"
#include "learners/boosted_trees.h"

namespace musl {

namespace {

void require_trees(bool holds, const std::string& what) {
  if (!holds) throw FormatError("The trees of a model are damaged: " + what);
}

/// The nodes of all trees one after another.
struct TreeNodes {
  std::vector<std::int64_t> first = {0};
  std::vector<std::int32_t> feature, left, right;
  std::vector<std::uint8_t> missing_left;
  std::vector<float> threshold;
  std::vector<double> value;
  double base = 0;
};

template <class Visit, class Nodes>
void visit_nodes(const Visit& visit, Nodes& nodes) {
  visit("/first", nodes.first);
  visit("/feature", nodes.feature);
  visit("/threshold", nodes.threshold);
  visit("/missing_left", nodes.missing_left);
  visit("/left", nodes.left);
  visit("/right", nodes.right);
  visit("/value", nodes.value);
  visit("/base", nodes.base);
}

/// Checks that a tree ends: children come after their parent, within the tree.
void check_tree(const std::vector<TreeNode>& tree, std::int64_t n_features) {
  require_trees(!tree.empty(), "a tree has no node.");
  const auto n = static_cast<std::int32_t>(tree.size());
  for (std::int32_t i = 0; i < n; ++i) {
    const TreeNode& node = tree[static_cast<std::size_t>(i)];
    if (node.feature < 0) continue;
    require_trees(node.feature < n_features && node.left > i && node.left < n &&
                      node.right > i && node.right < n,
                  "a node of a tree leads nowhere.");
  }
}

}  // namespace

void put_trees(const std::string& name, const BoostedTrees& model,
               Archive* archive) {
  TreeNodes nodes;
  for (const auto& tree : model.trees) {
    for (const TreeNode& node : tree) {
      nodes.feature.push_back(node.feature);
      nodes.threshold.push_back(node.threshold);
      nodes.missing_left.push_back(node.missing_left ? 1 : 0);
      nodes.left.push_back(node.left);
      nodes.right.push_back(node.right);
      nodes.value.push_back(node.value);
    }
    nodes.first.push_back(size_of(nodes.feature));
  }
  nodes.base = model.base;
  visit_nodes(TensorWriter(name, archive), nodes);
}

BoostedTrees read_trees(const std::string& name, std::int64_t n_features,
                        const Archive& archive) {
  TreeNodes nodes;
  visit_nodes(TensorReader(name, archive), nodes);
  const auto& [first, feature, left, right, missing_left, threshold, value,
               base] = nodes;
  const std::size_t n = feature.size();
  require_trees(!first.empty() && first.front() == 0 &&
                    first.back() == size_of(feature) &&
                    std::is_sorted(first.begin(), first.end()) &&
                    threshold.size() == n && missing_left.size() == n &&
                    left.size() == n && right.size() == n && value.size() == n,
                "the nodes of its trees do not add up.");
  BoostedTrees out;
  out.base = base;
  out.n_features = n_features;
  for (std::size_t t = 0; t + 1 < first.size(); ++t) {
    std::vector<TreeNode> tree;
    for (auto k = first[t]; k < first[t + 1]; ++k) {
      const auto i = static_cast<std::size_t>(k);
      tree.push_back({feature[i], threshold[i], missing_left[i] != 0, left[i],
                      right[i], value[i]});
    }
    check_tree(tree, n_features);
    out.trees.push_back(std::move(tree));
  }
  return out;
}

}  // namespace musl
