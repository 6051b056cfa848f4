#pragma once

#include <cstdint>
#include <vector>

#include "base/pair_set.h"
#include "store/gene_store.h"

namespace musl {

/// Why a screen's label of a pair says little: hits of pairs that cells do not
/// express are false, and guides against one of two nearly identical genes cut
/// both.
enum class Doubt : std::uint8_t { none, unexpressed, identical };

/// Of each pair: both genes' expressed_share() is below .1; or the alignment of
/// their proteins has an identity and a coverage of at least .95, or they share
/// as much of their words.
[[nodiscard]] std::vector<Doubt> label_doubts(const GeneStore& store,
                                              const PairSet& pairs);

}  // namespace musl
