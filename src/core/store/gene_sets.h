#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/matrix.h"
#include "base/pair_set.h"
#include "store/unit_rows.h"

namespace musl {

/// Sets of genes: terms of an annotation, protein families, modules.
struct GeneSetsInput {
  std::vector<std::int32_t> gene;  // one entry a membership; may be >= G
  std::vector<std::int32_t> set;   // from 0
  std::vector<std::int32_t> branch_of_set;  // indices of `branches`
  std::vector<std::string> branches;
};

/// The sets that a caller brings.
struct SetInputs {
  GeneSetsInput terms, families, modules;
  /// Annotation of single genes: terms of many genes, and pathways.
  GeneSetsInput wide, pathways;
};

/// Sets of each gene in compressed rows.
struct GeneSets {
  std::vector<std::int64_t> offset;  // (G + 1); empty: absent
  std::vector<std::int32_t> set;     // ascending in each row
  std::vector<float> size;           // (T) genes of each set
  std::vector<std::int32_t> branch;  // (T)
  std::vector<std::string> branches;
  float n_annotated = 0;  // genes with a set, also outside the universe

  [[nodiscard]] bool empty() const { return offset.empty(); }
  [[nodiscard]] std::int64_t count(std::int32_t gene) const {
    const auto i = static_cast<std::size_t>(gene);
    return offset[i + 1] - offset[i];
  }
  template <class Self, class Visit>
  static void tensors(Self& x, const std::string& name, const Visit& visit) {
    visit(name + "/offset", x.offset);
    visit(name + "/set", x.set);
    visit(name + "/size", x.size);
    visit(name + "/branch", x.branch);
    visit.label(name + "/branches", x.branches);
    visit.label(name + "/n_annotated", x.n_annotated);
  }
};

/// Terms of 2 to 300 genes.
struct Terms {
  GeneSets sets;
  UnitRows rows;

  [[nodiscard]] bool empty() const { return sets.empty(); }

  template <class Self, class Visit>
  static void fields(Self& x, const Visit& visit) {
    visit("terms", x.sets);
    visit("term_rows", x.rows);
  }
};

/// Protein families.
struct Families {
  GeneSets sets;
  UnitRows rows;
  std::vector<float> twins;  // (G) genes with the same set of families

  [[nodiscard]] bool empty() const { return sets.empty(); }

  template <class Self, class Visit>
  static void fields(Self& x, const Visit& visit) {
    visit("families", x.sets);
    visit("family_rows", x.rows);
    visit("family_twins", x.twins);
  }
};

/// Modules.
struct Modules {
  GeneSets sets;

  [[nodiscard]] bool empty() const { return sets.empty(); }

  template <class Self, class Visit>
  static void fields(Self& x, const Visit& visit) {
    visit("modules", x.sets);
  }
};

/// Terms of any number of genes, of which only the rows are stored.
struct WideTerms {
  UnitRows rows;

  [[nodiscard]] bool empty() const { return rows.empty(); }

  template <class Self, class Visit>
  static void fields(Self& x, const Visit& visit) {
    visit("wide_rows", x.rows);
  }
};

/// Pathways, as WideTerms.
struct Pathways {
  UnitRows rows;

  [[nodiscard]] bool empty() const { return rows.empty(); }

  template <class Self, class Visit>
  static void fields(Self& x, const Visit& visit) {
    visit("pathway_rows", x.rows);
  }
};

/// Positions of co-essential genes.
struct Layout {
  Matrix place;  // (G, 2), NaN where unknown

  [[nodiscard]] bool empty() const { return place.cols() == 0; }

  template <class Self, class Visit>
  static void fields(Self& x, const Visit& visit) {
    visit("layout", x.place);
  }
};

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

/// Whether both genes are in the same sets, and in some.
[[nodiscard]] bool same_sets(const GeneSets& sets, std::int32_t a,
                             std::int32_t b);

/// The sets that contain both genes of a pair, one entry each, by pair.
struct SharedSets {
  std::vector<std::int32_t> pair, set;
};
/// GeneError for genes outside the universe.
[[nodiscard]] SharedSets shared_sets(const GeneSets& sets,
                                     const PairSet& pairs);

/// The genes of the universe in each of these sets, ascending.
[[nodiscard]] std::vector<std::vector<std::int32_t>> set_members(
    const GeneSets& sets, const std::vector<std::int32_t>& asked);

/// As a field of a part: see store/part.h.
[[nodiscard]] GeneSets remapped(const GeneSets& sets,
                                const std::vector<std::int32_t>& gene_of);
[[nodiscard]] bool fits(const GeneSets& sets, std::int64_t n);

}  // namespace musl
