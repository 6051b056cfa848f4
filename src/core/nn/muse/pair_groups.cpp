#include "nn/muse/pair_groups.h"

#include <algorithm>
#include <cmath>
#include <unordered_map>

#include "base/numbers.h"

namespace musl::nn {

PairGroups PairGroups::single(std::int64_t n) {
  PairGroups out;
  out.n_pairs_ = n;
  for (std::int64_t i = 0; i < n; ++i) out.groups_.push_back({i});
  return out;
}

PairGroups PairGroups::by_node(const std::vector<std::int32_t>& node_of_pair) {
  PairGroups out;
  out.n_pairs_ = static_cast<std::int64_t>(node_of_pair.size());
  std::unordered_map<std::int32_t, std::size_t> group_of;
  for (std::size_t i = 0; i < node_of_pair.size(); ++i) {
    const auto [at, is_new] =
        group_of.emplace(node_of_pair[i], out.groups_.size());
    if (is_new) out.groups_.emplace_back();
    out.groups_[at->second].push_back(static_cast<std::int64_t>(i));
  }
  return out;
}

std::int64_t PairGroups::groups_for(std::int64_t pairs) const {
  if (is_single()) return pairs;
  const auto groups = std::llround(static_cast<double>(pairs) / mean_size());
  return std::max<std::int64_t>(groups, kFewestNodes);
}

double PairGroups::mean_size() const {
  return groups_.empty() ? 1.0
                         : static_cast<double>(n_pairs_) /
                               static_cast<double>(groups_.size());
}

}  // namespace musl::nn
