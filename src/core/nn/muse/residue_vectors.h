#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "nn/base/tensor.h"

namespace musl::nn {

/// Output of a stage for n chains.
///
/// Chain i has rows offset[i] to offset[i + 1] of `residues`, its consecutive
/// residues from first[i].
struct ResidueVectors {
  Tensor residues;                   // (R, width)
  Tensor pooled;                     // (n, width)
  std::vector<std::int64_t> offset;  // (n + 1)
  std::vector<std::int64_t> first;   // (n)
};

/// Pointers to the chosen items.
template <typename Item>
std::vector<const Item*> chosen(const std::vector<Item>& items,
                                const std::vector<std::int64_t>& rows) {
  std::vector<const Item*> out;
  out.reserve(rows.size());
  for (const auto i : rows) out.push_back(&items[static_cast<std::size_t>(i)]);
  return out;
}

}  // namespace musl::nn
