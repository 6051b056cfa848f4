#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "io/archive.h"
#include "store/part_map.h"

namespace musl {

/// What an alteration does to a gene.
enum class AlterationState : std::uint8_t { lost, activated };

/// How much more or less cell lines with an alteration need other genes than
/// lines without it.
struct Alteration {
  std::string name;          // "mtap_del"
  std::string event;         // in words, after "lines": "that lost MTAP"
  std::int32_t n_lines = 0;  // with the alteration
  std::vector<std::int32_t> lost, activated;  // the altered genes
  /// Names of alterations that come with it, such as deletions of neighbours.
  std::vector<std::string> together;

  /// Genes with a difference, ascending; (N) each of what follows.
  std::vector<std::int32_t> gene;
  /// Standard scores, adjusted for what else sets the lines apart; below 0:
  /// altered lines need the gene more.
  std::vector<float> z;
  std::vector<float> effect_size;     // Hedges g, of the same sign
  std::vector<float> altered, other;  // mean gene effects; NaN if unknown
  /// Shares of lines that need the gene, 0 to 1; NaN if unknown.
  std::vector<float> share_altered, share_other;

  [[nodiscard]] const std::vector<std::int32_t>& genes_of(
      AlterationState state) const {
    return state == AlterationState::lost ? lost : activated;
  }
};

/// The alterations that a store knows.
struct Alterations : NamedList<Alteration> {
  using NamedList::NamedList;
  template <class Self, class Visit>
  static void fields(Self& x, const Visit& visit) {
    visit("direction", x);
  }
};

/// The alterations with ascending genes; genes >= n_genes are outside the
/// universe and left out.
[[nodiscard]] Alterations ordered_alterations(const Alterations& alterations,
                                              std::int64_t n_genes);

/// The alterations over another universe: gene_of (G') gives the index of each
/// new gene, -1 for genes that are new. Those without an altered gene are left
/// out.
[[nodiscard]] Alterations remapped(const Alterations& alterations,
                                   const std::vector<std::int32_t>& gene_of);

/// Tensors and names under `prefix`, none without any; and what they hold.
void put_alterations(const std::string& prefix, const Alterations& alterations,
                     Archive* archive);
[[nodiscard]] Alterations read_alterations(const std::string& prefix,
                                           const Archive& archive);

/// Whether a field that was read fits n genes.
[[nodiscard]] bool fits(const Alterations& alterations, std::int64_t n);

}  // namespace musl
