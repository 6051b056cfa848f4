#pragma once

#include <cstdint>
#include <vector>

namespace musl::nn {

/// Pairs in groups that are learned from together: each pair by itself, or all
/// pairs of a node that is costly to read, so that an epoch reads it once.
class PairGroups {
 public:
  /// n pairs, each by itself.
  [[nodiscard]] static PairGroups single(std::int64_t n);
  /// Pairs of the same node, as the nodes come.
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
  /// Groups that hold about this many pairs; where they are not single at least
  /// kFewestNodes, lest a batch speak of one node.
  [[nodiscard]] std::int64_t groups_for(std::int64_t pairs) const;
  /// Pairs of a group on average.
  [[nodiscard]] double mean_size() const;

  static constexpr std::int64_t kFewestNodes = 4;

 private:
  std::vector<std::vector<std::int64_t>> groups_;
  std::int64_t n_pairs_ = 0;
};

}  // namespace musl::nn
