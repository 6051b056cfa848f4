#pragma once

#include <cstdint>
#include <vector>

#include "musl/evidence.h"
#include "musl/pair_set.h"

namespace musl {

/// How far a level counts as expressed: 1 / (1 + exp(-3 (level - 1))); NaN for
/// NaN.
[[nodiscard]] float expressed_at(float level);

/// (G) Share of cell lines that express each gene; of a gene that they do not
/// tell of, the mean over the cohorts that tell (their share of samples) and
/// the columns of expression (expressed_at() of the level). NaN if unknown.
[[nodiscard]] std::vector<float> expressed_share(const GeneStore& store);

/// (G) Share of cell lines that depend on each gene: the highest of the columns
/// of that role, else of the flags of essential genes, as 0 or 1. NaN if
/// unknown.
[[nodiscard]] std::vector<float> dependent_share(const GeneStore& store);

/// Why a screen's label of a pair says little: hits of pairs that cells do not
/// express are false, and guides against one of two nearly identical genes cut
/// both.
enum class Doubt : std::uint8_t { none, unexpressed, identical };

/// Of each pair: both genes' expressed_share() is below .1; or the alignment of
/// their proteins has an identity and a coverage of at least .95, or they share
/// as much of their words.
[[nodiscard]] std::vector<Doubt> label_doubts(const GeneStore& store,
                                              const PairSet& pairs);

/// What is known of genes as candidates, (G) each; NaN where unknown.
struct GeneFacts {
  std::vector<float> dependent;      // share of cell lines that need the gene
  std::vector<float> expressed;      // share of cell lines that express it, or
                                     // expressed_at() of its level in one line
  std::vector<std::uint8_t> judged;  // 1: the store knows anything of the gene
};

/// line  of the store's lines, in which genes are to be expressed; -1: any
[[nodiscard]] GeneFacts gene_facts(const GeneStore& store,
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
