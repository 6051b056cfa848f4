#pragma once

#include <cstdint>
#include <vector>

#include "musl/evidence.h"
#include "musl/pair_set.h"

namespace musl {

/// Level, log2(x + 1), above which a gene counts as expressed.
inline constexpr float kExpressedLevel = 1;

/// How far a level counts as expressed: 1 / (1 + exp(-3 (level - 1))); NaN for
/// NaN.
[[nodiscard]] float expressed_at(float level);

/// (G) Share of cell lines that express each gene; of a gene that they do not
/// tell of, the mean over the cohorts that tell (their share of samples) and
/// the columns of expression (expressed_at() of the level). NaN if unknown.
[[nodiscard]] std::vector<float> expressed_share(const EvidenceStore& store);

/// (G) Share of cell lines that depend on each gene: the highest of the columns
/// of that role, else of the flags of essential genes, as 0 or 1. NaN if
/// unknown.
[[nodiscard]] std::vector<float> dependent_share(const EvidenceStore& store);

/// Why a screen's label of a pair says little: hits of pairs that cells do not
/// express are false, and guides against one of two nearly identical genes cut
/// both.
enum class Doubt : std::uint8_t { none, unexpressed, identical };

/// Of each pair: both genes' expressed_share() is below .1; or the alignment of
/// their proteins has an identity and a coverage of at least .95, or they share
/// as much of their words.
[[nodiscard]] std::vector<Doubt> label_doubts(const EvidenceStore& store,
                                              const PairSet& pairs);

}  // namespace musl
