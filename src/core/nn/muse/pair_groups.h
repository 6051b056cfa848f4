#pragma once

#include <cstdint>
#include <vector>

namespace musl::nn {

/// Pairs in groups that are trained on together: single pairs, or all pairs of
/// a node that is costly to read, so that an epoch reads it once.
class PairGroups {
 public:
  /// n single pairs.
  [[nodiscard]] static PairGroups single(std::int64_t n);
  /// Groups of pairs of the same node, in order of the nodes.
  [[nodiscard]] static PairGroups by_node(
      const std::vector<std::int32_t>& node_of_pair);

  [[nodiscard]] std::int64_t size() const {
    return static_cast<std::int64_t>(groups_.size());
  }
  /// Numbers of the pairs of group i.
  [[nodiscard]] const std::vector<std::int64_t>& of(std::int64_t i) const {
    return groups_[static_cast<std::size_t>(i)];
  }
  [[nodiscard]] bool is_single() const { return n_pairs_ == size(); }
  /// Number of groups with about this many pairs; if they are not single pairs,
  /// at least kFewestNodes, so that a batch does not contain only one node.
  [[nodiscard]] std::int64_t groups_for(std::int64_t pairs) const;
  /// Pairs of a group on average.
  [[nodiscard]] double mean_size() const;

  static constexpr std::int64_t kFewestNodes = 4;

 private:
  std::vector<std::vector<std::int64_t>> groups_;
  std::int64_t n_pairs_ = 0;
};

}  // namespace musl::nn
