#pragma once

#include <algorithm>
#include <cstdint>
#include <numeric>
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

}  // namespace musl
