#pragma once

#include <algorithm>
#include <cstdint>
#include <numeric>
#include <utility>
#include <vector>

namespace musl {

/// Sums of mixed bits of each sample's values: the same in any order of genes,
/// and so an order of the samples that does not depend on how they were given.
class SampleKeys {
 public:
  explicit SampleKeys(std::size_t n_samples) : keys_(n_samples) {}

  void add(std::size_t sample, std::uint64_t bits) {
    const std::uint64_t mixed = bits * 0x9fb21c651e98df25ULL;
    keys_[sample] += (mixed ^ (mixed >> 32)) * 0xd6e8feb86659fd93ULL;
  }

  void add(const SampleKeys& more) {
    for (std::size_t s = 0; s < keys_.size(); ++s) keys_[s] += more.keys_[s];
  }

  /// (S) samples by their keys.
  template <class Index>
  [[nodiscard]] std::vector<Index> order() const {
    std::vector<Index> out(keys_.size());
    std::iota(out.begin(), out.end(), Index{0});
    std::stable_sort(out.begin(), out.end(), [&](Index x, Index y) {
      return keys_[static_cast<std::size_t>(x)] <
             keys_[static_cast<std::size_t>(y)];
    });
    return out;
  }

 private:
  std::vector<std::uint64_t> keys_;
};

/// Ascending ids: the neighbours of a node, the sets of a gene.
struct SortedIds {
  const std::int32_t* begin;
  const std::int32_t* end;

  [[nodiscard]] std::int64_t size() const { return end - begin; }
};

/// Row `i` of compressed rows.
[[nodiscard]] inline SortedIds row_of(const std::vector<std::int64_t>& offset,
                                      const std::vector<std::int32_t>& id,
                                      std::int32_t i) {
  const auto row = static_cast<std::size_t>(i);
  return {id.data() + offset[row], id.data() + offset[row + 1]};
}

/// Position of `value` among the ascending values [first, last), -1 if it is
/// not there.
template <class Value>
[[nodiscard]] std::int64_t position_of(const std::vector<Value>& values,
                                       Value value, std::int64_t first,
                                       std::int64_t last) {
  const auto end = values.begin() + last;
  const auto found = std::lower_bound(values.begin() + first, end, value);
  return found != end && *found == value ? found - values.begin() : -1;
}

/// Among all of them.
template <class Value>
[[nodiscard]] std::int64_t position_of(const std::vector<Value>& values,
                                       Value value) {
  return position_of(values, value, 0,
                     static_cast<std::int64_t>(values.size()));
}

/// Position of each of `values` among ascending ones that hold them all.
template <class Value>
[[nodiscard]] std::vector<std::int64_t> positions_of(
    const std::vector<Value>& values, const std::vector<Value>& among) {
  std::vector<std::int64_t> out;
  out.reserve(values.size());
  for (const Value value : values) out.push_back(position_of(among, value));
  return out;
}

/// First position in [at, end) that is not below `value`: doubling steps, then
/// a binary search within the last one.
[[nodiscard]] inline const std::int32_t* gallop(const std::int32_t* at,
                                                const std::int32_t* end,
                                                std::int32_t value) {
  std::int64_t step = 1;
  const std::int32_t* low = at;
  while (end - low > step && low[step] < value) {
    low += step;
    step *= 2;
  }
  return std::lower_bound(
      low, low + std::min<std::int64_t>(step + 1, end - low), value);
}

/// Calls found(id) for each id in both, ascending.
template <class Found>
void intersect(SortedIds small, SortedIds large, Found&& found) {
  // Rows whose lengths differ more are searched, not merged.
  constexpr std::int64_t kGallopRatio = 8;
  if (small.size() > large.size()) std::swap(small, large);
  if (large.size() > kGallopRatio * small.size()) {
    const std::int32_t* at = large.begin;
    for (const std::int32_t* s = small.begin; s != small.end; ++s) {
      at = gallop(at, large.end, *s);
      if (at == large.end) return;
      if (*at == *s) found(*s);
    }
    return;
  }
  while (small.begin != small.end && large.begin != large.end) {
    const std::int32_t x = *small.begin;
    const std::int32_t y = *large.begin;
    if (x == y) found(x);
    small.begin += x <= y ? 1 : 0;
    large.begin += y <= x ? 1 : 0;
  }
}

}  // namespace musl
