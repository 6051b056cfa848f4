#pragma once

#include <cstdint>
#include <vector>

#include "musl/evidence.h"

namespace musl {

/// What is known of genes as candidates, (G) each; NaN where unknown.
struct GeneFacts {
  std::vector<float> dependent;      // share of cell lines that need the gene
  std::vector<float> expressed;      // share of cell lines that express it, or
                                     // expressed_at() of its level in one line
  std::vector<std::uint8_t> judged;  // 1: the store knows anything of the gene
};

/// line  of the store's lines, in which genes are to be expressed; -1: any
[[nodiscard]] GeneFacts gene_facts(const EvidenceStore& store,
                                   std::int32_t line = -1);

/// Whether cells can lose a gene, which a partner must allow.
enum class GeneStatus : std::int8_t {
  unknown,        // nothing tells whether cells need it
  selective,      // most lines live without it
  often_lethal,   // more than `often_lethal` of the lines need it
  lethal_alone,   // more than `lethal_alone` of them
  not_expressed,  // fewer than `not_expressed` of the lines express it
  not_judged,     // no evidence at all
};

/// Shares of cell lines, 0 to 1, that separate the statuses.
struct StatusCuts {
  double often_lethal = 0.5, lethal_alone = 0.9, not_expressed = 0.1;
};

/// (G) The status of each gene: not_judged, then lethal_alone, then
/// not_expressed take precedence.
[[nodiscard]] std::vector<GeneStatus> gene_status(const GeneFacts& facts,
                                                  const StatusCuts& cuts);

/// Place of a status in a list: 1 for genes that stand after all of tier 0,
/// whatever their scores: those that are lethal alone, not expressed or not
/// judged.
[[nodiscard]] int status_tier(GeneStatus status);

/// What is taken off the order of a list, in logits, for often_lethal: half a
/// unit, else 0. Chosen on textbook pairs and held-out queries of a screen: a
/// tier of their own loses partners such as ENO1 of ENO2, nothing at all fills
/// a third of the first twenty places with such genes.
[[nodiscard]] double status_handicap(GeneStatus status);

}  // namespace musl
