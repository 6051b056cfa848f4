#pragma once

#include <cstdint>
#include <string>
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
  bool in_line = false;              // `expressed` tells of one line
};

/// line  of the store's lines, in which genes are to be expressed; -1: any
[[nodiscard]] GeneFacts gene_facts(const GeneStore& store,
                                   std::int32_t line = -1);

/// Those of one gene; see GeneFacts.
struct OneGeneFacts {
  double dependent, expressed;
  bool judged, in_line;
};

/// Whether cells can lose a gene, which a partner must allow: one row of
/// status_kinds(), the only place that names statuses. Their words are in R.
struct StatusKind {
  std::string name;
  /// 1 for genes that stand after all of tier 0 in a list, whatever their
  /// scores.
  int tier = 0;
  /// What is taken off the order of a list, in logits.
  double handicap = 0;
  double cut = 0;  // share of cell lines, 0 to 1, that `holds` reads
  /// Of the statuses that hold, the one of the highest precedence counts.
  int precedence = 0;
  /// Null for what lines tell of a pair (musl/direction.h).
  bool (*holds)(const OneGeneFacts& gene, double cut) = nullptr;
};

/// All statuses. A status is a number from 1, its place among them, or 0: it is
/// not known whether cells need the gene.
[[nodiscard]] const std::vector<StatusKind>& status_kinds();
/// That of a number; one without a name for 0.
[[nodiscard]] StatusKind status_kind(int status);
/// The number of a name, 0 for none.
[[nodiscard]] int status_code(const std::string& name);

/// (G) The status of each gene.
[[nodiscard]] std::vector<int> gene_status(const GeneFacts& facts);

}  // namespace musl
