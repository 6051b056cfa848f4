#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/pair_set.h"
#include "store/gene_store.h"

namespace musl {

/// Computes all per-gene data.
///
/// seed  of the decompositions' starting vectors; has little effect on cosines
///
/// Cohorts with more than 128 samples are stored on their 128 leading axes.
[[nodiscard]] GeneStore make_evidence_store(const EvidenceInput& input,
                                            std::uint64_t seed, int threads);

/// A column of the pair table.
struct EvidenceColumn {
  std::string name;
  std::string group;      // "network", "annotation", "families", "sequence",
                          // "modules", "fitness", "gene_table", "expression",
                          // "coexpression", "tables" or another kind
  bool of_pair = false;   // relates the two genes; else describes either
  int monotone = 0;       // +1, -1: more can't make lethality less, more likely
  bool evidence = false;  // in the second set, on its natural scale
  std::string words;      // what it says, as explanations tell it
  /// Whether it helps only where pairs are measured: models of recorded pairs
  /// leave it out.
  bool of_measured = false;
};

/// The columns of this store, in order: those for learners (NaN if missing),
/// then those of pair evidence (0 if there is none).
[[nodiscard]] std::vector<EvidenceColumn> evidence_columns(
    const GeneStore& store);

/// All columns of pairs, (B, evidence_columns()). Symmetric: the same bits for
/// (a, b) and (b, a). GeneError for an index outside the universe.
[[nodiscard]] Matrix pair_evidence(const GeneStore& store, const PairSet& pairs,
                                   int threads);

}  // namespace musl
