#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "base/numbers.h"
#include "base/sorted_ids.h"
#include "musl/evidence.h"

namespace musl {

/// Sorted rows, sizes and branches; duplicates count once. Sets of fewer than
/// `smallest` or more than `largest` genes are left out.
[[nodiscard]] GeneSets make_gene_sets(const GeneSetsInput& input,
                                      std::int64_t n_genes, float smallest,
                                      float largest);

/// Information content of a set: -log(size / annotated genes).
[[nodiscard]] float information(const GeneSets& sets, std::int32_t set);

/// Genes on the leading axes of their sets, weighted by information, after
/// scaling each gene to unit length: (G, rank) U S of the truncated singular
/// value decomposition.
[[nodiscard]] Matrix gene_set_axes(const GeneSets& sets, int rank,
                                   std::uint64_t seed, int threads);

/// (G) size of each gene's smallest set; NaN for genes without sets.
[[nodiscard]] std::vector<float> smallest_sets(const GeneSets& sets);

/// Number of genes with exactly the gene's sets, including the gene; NaN for
/// genes without sets.
[[nodiscard]] std::vector<float> count_twins(const GeneSets& sets);

/// Calls found(set) for each set that contains both genes, ascending. Symmetric
/// in the genes.
template <class Found>
void for_shared_sets(const GeneSets& sets, std::int32_t a, std::int32_t b,
                     Found&& found) {
  intersect(row_of(sets.offset, sets.set, a), row_of(sets.offset, sets.set, b),
            found);
}

/// The 4-mers of (G) proteins, "" if unknown; none if all are unknown. Words
/// with a letter outside the 20 amino acids are skipped.
[[nodiscard]] ProteinWords protein_words(
    const std::vector<std::string>& sequences);

/// Shared 4-mers over those of the protein that has fewer, 0 to 1; NaN if a
/// protein is unknown or too short.
[[nodiscard]] float word_containment(const ProteinWords& words, std::int32_t a,
                                     std::int32_t b);

/// The one of this name, null if there is none.
template <class Named>
[[nodiscard]] const Named* find_named(const std::vector<Named>& all,
                                      const std::string& name) {
  const auto found = std::find_if(
      all.begin(), all.end(), [&](const Named& x) { return x.name == name; });
  return found == all.end() ? nullptr : &*found;
}

/// A member of a store with its name in archives.
template <class Value>
struct StorePart {
  const char* name;
  Value GeneStore::*member;
};

template <class Value>
StorePart<Value> part(const char* name, Value GeneStore::*member) {
  return {name, member};
}

/// Calls visit(first, others...) for what each kind has one of; the others
/// belong to the first. Archives and other universes read the same list, so
/// that they cannot drift apart.
template <class Visit>
void for_parts(const Visit& visit) {
  using Store = GeneStore;
  visit(part("network", &Store::network),
        part("network_rows", &Store::network_rows));
  visit(part("terms", &Store::terms), part("term_rows", &Store::term_rows));
  visit(part("families", &Store::families),
        part("family_rows", &Store::family_rows),
        part("family_twins", &Store::family_twins));
  visit(part("modules", &Store::modules));
  visit(part("wide_rows", &Store::wide_rows));
  visit(part("pathway_rows", &Store::pathway_rows));
  visit(part("layout", &Store::layout));
  visit(part("words", &Store::words));
  visit(part("paralogs", &Store::paralogs));
}

/// Tensors and names of alterations under `prefix`, none without any; and the
/// alterations that they hold. FormatError if they do not fit `n_genes`.
void put_alterations(const std::string& prefix,
                     const std::vector<Alteration>& alterations,
                     Archive* archive);
[[nodiscard]] std::vector<Alteration> read_alterations(
    const std::string& prefix, std::int64_t n_genes, const Archive& archive);

/// Takes from `other` what is unknown in `value`, (G) each.
void fill_unknown(const std::vector<float>& other, std::vector<float>* value);

[[nodiscard]] LineExpression make_line_expression(const LinesInput& input,
                                                  std::int64_t n_genes);

/// Over other genes, as remap_evidence().
[[nodiscard]] LineExpression remap_lines(
    const LineExpression& lines, const std::vector<std::int32_t>& gene_of);

/// Appends the lines of `known` whose names `fresh` lacks, and its shares where
/// those of `fresh` are unknown.
void complete_lines(const LineExpression& known, LineExpression* fresh);

[[nodiscard]] PairTable make_pair_table(const PairTableInput& input,
                                        std::int64_t n_genes);

/// The pairs that both universes have; see remap_evidence().
[[nodiscard]] PairTable remap_table(const PairTable& table,
                                    const std::vector<std::int32_t>& gene_of);

/// Ranks and counts over all genes, then the pairs of the universe.
[[nodiscard]] Paralogs make_paralogs(const ParalogsInput& input,
                                     std::int64_t n_genes);

/// The paralogs over another universe; see remap_evidence().
[[nodiscard]] Paralogs remap(const Paralogs& paralogs,
                             const std::vector<std::int32_t>& gene_of);

/// Index of b among the paralogs of a, -1 if it is not one.
[[nodiscard]] std::int64_t find_paralog(const Paralogs& paralogs,
                                        std::int32_t a, std::int32_t b);

}  // namespace musl
