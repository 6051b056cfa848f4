#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "io/archive.h"
#include "store/field.h"
#include "store/gene_input.h"
#include "store/part_map.h"

namespace musl {

/// What parts of a store are made of, over one universe of G genes: beside what
/// every model reads, an input of each part by its type. In sets and paralogs,
/// indices >= G are outside the universe: they count for sizes and ranks but
/// are not stored.
struct EvidenceInput : DatasetInput, PartMap {
  int bits = 8;  // of each entry of unit rows, 3 to 8

  /// Reads the inputs of parts, by name. InputError for a name of no part and
  /// for fields that a part lacks.
  void take(const Field& parts);
};

/// What is known of genes, by part: `store.part<Paralogs>()`.
struct GeneStore : PartMap {
  std::int64_t n_genes = 0;
};

/// Makes all parts.
///
/// seed  of the decompositions' starting vectors; has little effect on cosines
[[nodiscard]] GeneStore make_store(const EvidenceInput& input,
                                   std::uint64_t seed, int threads);

/// Makes the parts of these names in the place of those in the store.
void replace_parts(const EvidenceInput& input,
                   const std::vector<std::string>& names, GeneStore* store);

/// The store over another universe: gene_of (G') gives the index of each new
/// gene in `store`, -1 for genes it lacks.
[[nodiscard]] GeneStore remap_evidence(
    const GeneStore& store, const std::vector<std::int32_t>& gene_of);

/// Copies from `known` what `fresh` lacks (a network, a cohort or a table by
/// name, a column of the gene table, a cell line); both are over the same
/// universe.
[[nodiscard]] GeneStore complete_evidence(GeneStore fresh,
                                          const GeneStore& known);

/// Tensors of a store under `prefix`, and the store they hold.
void put_evidence(const std::string& prefix, const GeneStore& store,
                  Archive* archive);
[[nodiscard]] GeneStore read_evidence(const std::string& prefix,
                                      const Archive& archive);

}  // namespace musl
