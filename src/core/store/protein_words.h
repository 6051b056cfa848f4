#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace musl {

/// (G) proteins, "" where unknown; empty: absent.
struct Sequences : std::vector<std::string> {
  using vector::vector;
};

/// Words of four residues in the protein of each gene, in compressed rows.
struct ProteinWords {
  std::vector<std::int64_t> offset;  // (G + 1); empty: absent
  std::vector<std::int32_t> word;    // ascending in each row

  [[nodiscard]] bool empty() const { return offset.empty(); }

  template <class Self, class Visit>
  static void tensors(Self& x, const std::string& name, const Visit& visit) {
    visit(name + "/offset", x.offset);
    visit(name + "/word", x.word);
  }
  template <class Self, class Visit>
  static void fields(Self& x, const Visit& visit) {
    visit("words", x);
  }
};

/// The 4-mers of (G) proteins, "" if unknown; none if all are unknown. Words
/// with a letter outside the 20 amino acids are skipped.
[[nodiscard]] ProteinWords protein_words(
    const std::vector<std::string>& sequences);

/// Shared 4-mers over those of the protein that has fewer, 0 to 1; NaN if a
/// protein is unknown or too short.
[[nodiscard]] float word_containment(const ProteinWords& words, std::int32_t a,
                                     std::int32_t b);

/// As a field of a part: see store/part.h.
[[nodiscard]] ProteinWords remapped(const ProteinWords& words,
                                    const std::vector<std::int32_t>& gene_of);
[[nodiscard]] bool fits(const ProteinWords& words, std::int64_t n);

}  // namespace musl
