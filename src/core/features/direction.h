#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/pair_set.h"
#include "store/alterations.h"

namespace musl {

/// What lines tell of a pair of a list.
struct PairDifference {
  std::int64_t row = 0;         // of the pair
  std::int32_t alteration = 0;  // which says it
  bool turned = false;          // the candidate is what the lines lost
  std::int32_t n_lines = 0;
  float z = 0, effect_size = 0, altered = 0, other = 0;
  float share_altered = 0, share_other = 0;
  /// One that comes with the alteration and may explain the difference: its own
  /// is of the same sign, larger, and of at least 3. -1: none
  std::int32_t explained_by = -1;
};

/// The differences of pairs of an anchor (a) and a candidate (b), by row: of
/// lines in which either is in this state. If both tell, the larger z counts.
///
/// n_genes  of the universe of the pairs and the alterations
[[nodiscard]] std::vector<PairDifference> differences_of(
    const std::vector<Alteration>& alterations, const PairSet& pairs,
    std::int64_t n_genes, AlterationState state);

/// What a difference says of a candidate.
enum class Direction : std::int8_t {
  unclear,
  needed_more,  // lines that lost the anchor need it more
  needed_less,  // they need it less: its loss is rescued
  not_needed,   // they do not need it, and other lines grow better without it
};

/// Candidates of this many highest relations of a list need less evidence.
inline constexpr std::int64_t kNearRelations = 300;

/// Calls of differences, which must come from differences_of().
///
/// |z| must be 3 or more for the 300 candidates of the highest relation of a
/// list, else 4, and one more where fewer than 30 lines have the alteration:
/// a local false discovery rate of at most .1.
/// needed_more: z below 0, a mean effect of at most -.2 in altered lines, and
/// an effect size of at most -.1. needed_less: z above 0, an effect size of at
/// least .2 and a mean effect of at most -.2 in other lines; of the 300, -.1,
/// or at least .05 in altered lines. not_needed: of the 300, z below 0 with a
/// mean effect above -.2 in altered lines and of at least .05 in others.
///
/// pairs     of the list or lists
/// relation  (pairs) NaN counts as the lowest
[[nodiscard]] std::vector<Direction> call_directions(
    const std::vector<PairDifference>& differences, const PairSet& pairs,
    const std::vector<double>& relation);

/// The call of one, near the anchor or not.
[[nodiscard]] Direction call_direction(const PairDifference& difference,
                                       bool near);

/// Calls of differences that a test found, by the same effects without effect
/// sizes, or of needed_more where at least a tenth of the altered lines need
/// the gene; unknown means count as those of a call.
///
/// significant  (differences) of either sign
[[nodiscard]] std::vector<Direction> call_tested(
    const std::vector<PairDifference>& differences,
    const std::vector<std::uint8_t>& significant);

/// Whether call_directions() depends on the relation of a pair.
[[nodiscard]] bool asks_relation(const PairDifference& difference);

/// What a difference adds to a combined order, in logits: .5 min(max(|z| - 2,
/// 0), 6) where altered lines need the gene more (z < 0, a mean effect of at
/// most -.2 there), the same taken off where they need it less (z > 0, at most
/// -.1 in other lines). The weight was chosen on every second anchor by RNA
/// interference that the differences do not hold (bench/RESULTS.md).
[[nodiscard]] double direction_bonus(const PairDifference& difference);

}  // namespace musl
