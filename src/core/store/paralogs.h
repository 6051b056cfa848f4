#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace musl {

/// Genes whose proteins align, each pair once. Indices >= G are outside the
/// universe: they count for ranks and numbers of paralogs but are not stored.
struct ParalogsInput {
  std::vector<std::int32_t> a, b;
  /// Identical residues per column of the alignment; share of the less covered
  /// protein that it covers. 0 to 1.
  std::vector<float> identity, coverage;
  std::vector<float> score;  // orders the paralogs of a gene, higher is closer
  /// (G) 1 if a gene's protein was compared with others; empty: no table.
  std::vector<std::uint8_t> searched;
};

/// Paralogs of each gene in compressed rows.
struct Paralogs {
  std::vector<std::int64_t> offset;       // (G + 1); empty: absent
  std::vector<std::int32_t> gene;         // ascending in each row
  std::vector<float> identity, coverage;  // of the alignment, 0 to 1
  std::vector<float> rank;   // of `gene` among the row's paralogs, from 1
  std::vector<float> count;  // (G) paralogs, outside the universe too; NaN
                             // where the protein is unknown

  [[nodiscard]] bool empty() const { return offset.empty(); }

  template <class Self, class Visit>
  static void tensors(Self& x, const std::string& name, const Visit& visit) {
    visit(name + "/offset", x.offset);
    visit(name + "/gene", x.gene);
    visit(name + "/identity", x.identity);
    visit(name + "/coverage", x.coverage);
    visit(name + "/rank", x.rank);
    visit(name + "/count", x.count);
  }
  template <class Self, class Visit>
  static void fields(Self& x, const Visit& visit) {
    visit("paralogs", x);
  }
};

/// Ranks and counts over all genes, then the pairs of the universe.
[[nodiscard]] Paralogs make_paralogs(const ParalogsInput& input,
                                     std::int64_t n_genes);

/// The paralogs over another universe; see remap_evidence().
[[nodiscard]] Paralogs remapped(const Paralogs& paralogs,
                                const std::vector<std::int32_t>& gene_of);

/// Index of b among the paralogs of a, -1 if it is not one.
[[nodiscard]] std::int64_t find_paralog(const Paralogs& paralogs,
                                        std::int32_t a, std::int32_t b);

[[nodiscard]] bool fits(const Paralogs& paralogs, std::int64_t n);

}  // namespace musl
