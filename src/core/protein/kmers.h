#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/matrix.h"

namespace musl {

/// Which residues k-mers treat as equal.
enum class ResidueAlphabet {
  amino_acids,  // the 20 amino acids, each a class
  conjoint      // the 7 classes of Shen et al. 2007
};

/// Names of the classes^k k-mers, the last letter running fastest. A class of
/// `conjoint` is named by its first letter.
[[nodiscard]] std::vector<std::string> kmer_names(int k,
                                                  ResidueAlphabet alphabet);

/// Share of each k-mer among the k-mers of a protein, (proteins, classes^k).
///
/// Windows with a letter outside the 20 amino acids are skipped; a protein
/// without any k-mer has a row of zeros. k is 1 to 3.
[[nodiscard]] Matrix kmer_shares(const std::vector<std::string>& sequences,
                                 int k, ResidueAlphabet alphabet, int threads);

/// Letters of a word, and the number of words of the 20 amino acids.
inline constexpr int kSequenceWordLength = 4;
inline constexpr std::int32_t kSequenceWords = 160000;

/// The distinct words of a protein, ascending. Words with a letter outside the
/// 20 amino acids are skipped.
[[nodiscard]] std::vector<std::int32_t> sequence_words(
    const std::string& sequence);

}  // namespace musl
