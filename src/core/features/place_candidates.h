#pragma once

#include <cstdint>
#include <vector>

#include "base/pair_set.h"
#include "features/direction.h"
#include "features/gene_status.h"
#include "store/gene_store.h"

namespace musl {

/// Where lists have candidates that cells cannot lose: after all others,
/// nowhere, or by their order.
enum class LethalPlace : std::int8_t { last, drop, rank };

/// What a list, or several, is made of; one value a candidate.
struct Candidates {
  std::vector<std::int32_t> list;  // number of its anchor
  std::vector<std::int32_t> gene;  // index into the facts, -1 for none
  std::vector<double> order;       // NaN: not scored, in no list
  std::vector<double> relation;    // empty: `order`
  std::vector<std::uint8_t> hit;   // of a screen, with the anchor
  std::vector<double> twins;       // close_twins(); empty: not known
};

/// How candidates are placed.
struct PlaceConfig {
  LethalPlace lethal = LethalPlace::last;
  /// Whether status and lines move the order, in logits.
  bool combined = false;
};

/// What lines tell of candidates: differences_of() the lists, and those that a
/// test of the user found.
struct KnownDifferences {
  std::vector<PairDifference> found;
  /// 1 or 0 for those of a test, -1 for others.
  std::vector<std::int8_t> significant;
  std::vector<double> fdr;  // NaN for others
};

/// One value a candidate, `direction` one a difference.
struct Placement {
  std::vector<std::int32_t> status;  // see status_kinds()
  std::vector<int> tier;             // -1 stands first in its list, 1 last
  std::vector<double> order;         // ranks a tier, highest first
  /// The odds over those of the average candidate of the list's tier 0, whose
  /// mean is 1; those of tier 1 are scaled below all others, of -1 above.
  std::vector<double> ratio;
  std::vector<std::int32_t> rank;  // from 1; 0: not listed
  std::vector<Direction> direction;
};

/// Places candidates by status, by what lines tell of the pair and by order.
///
/// Last stand those of a status of tier 1, and those that lines need less where
/// the anchor is lost; not so hits, genes that these lines need more, and
/// paralogs that few others could stand in for, of larger families the first:
/// they may only seem to be needed where lines lack the anchor. First stand
/// those that a test finds to be needed more at a false discovery rate of .01.
///
/// facts  of the genes; no gene: nothing is known
[[nodiscard]] Placement place_candidates(const Candidates& candidates,
                                         const GeneFacts& facts,
                                         const KnownDifferences& known,
                                         const PlaceConfig& config);

/// Of pairs of an anchor (a) and a candidate that is lethal alone: 2 if their
/// proteins align, or the number of genes with the same families if the two
/// have all of these in common and it is at most 30, or 4 where at least 90 %
/// of lines express the anchor; NaN of others.
[[nodiscard]] std::vector<double> close_twins(const GeneStore& store,
                                              const PairSet& pairs,
                                              const GeneFacts& facts);

}  // namespace musl
