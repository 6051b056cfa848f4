#pragma once

#include <algorithm>
#include <vector>

#include "base/rng.h"
#include "data/partners.h"

namespace musl::testing {

inline constexpr std::int32_t kGenes = 14;
/// Genes from here on are in no known pair.
inline constexpr std::int32_t kUnseen = 11;

using Features = std::vector<float>;

inline NodeBlock unit_rows(Eigen::Index columns, std::uint64_t seed) {
  Rng rng(seed);
  NodeBlock block{"", Matrix(kGenes, columns), {}};
  for (Eigen::Index i = 0; i < block.values.size(); ++i) {
    block.values.data()[i] = static_cast<float>(rng.normal());
  }
  block.values.rowwise().normalize();
  block.values.row(3).setZero();  // of which nothing is known
  block.present.assign(kGenes, 1);
  block.present[3] = 0;
  return block;
}

inline std::vector<NodeBlock> some_spaces() {
  return {unit_rows(3, 1), unit_rows(5, 2)};
}

/// Most pairs of the genes below kUnseen, in random order and with the ends
/// either way round; half of them SL.
inline PairSet some_known() {
  PairSet all, known;
  for (std::int32_t a = 0; a < kUnseen; ++a) {
    for (std::int32_t b = a + 1; b < kUnseen; ++b) {
      all.a.push_back(a);
      all.b.push_back(b);
    }
  }
  Rng rng(3);
  for (const auto index : rng.permutation(all.size())) {
    const auto i = static_cast<std::size_t>(index);
    if (known.size() == 40) break;
    const bool turned = rng.below(2) == 1;
    known.a.push_back(turned ? all.b[i] : all.a[i]);
    known.b.push_back(turned ? all.a[i] : all.b[i]);
    known.label.push_back(static_cast<float>(rng.below(2)));
  }
  return known;
}

inline Features features_of(const KnownPartners& partners, std::int32_t a,
                            std::int32_t b) {
  Features out(static_cast<std::size_t>(partners.width()));
  partners.features({{std::min(a, b)}, {std::max(a, b)}, {}}, out.data());
  return out;
}

}  // namespace musl::testing
