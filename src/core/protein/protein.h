#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/matrix.h"
#include "base/pair_set.h"

namespace musl {

/// A protein: `name` is the whole header or name, `sequence` has one letter per
/// residue.
struct Protein {
  std::string name;
  std::string sequence;
};

/// A sequence as models read it: upper case, without a final `*` (stop).
///
/// InputError, with the protein's name and the position, for characters other
/// than letters, `-`, `.` and `*`, and for a sequence without residues.
[[nodiscard]] std::string clean_sequence(const Protein& protein);

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

/// How alignment_candidates() selects pairs of proteins.
struct CandidateOptions {
  int most = 50;              // nearest candidates of each protein
  int least_words = 3;        // shared words of four residues
  double least_surprise = 3;  // (shared - expected) / sqrt(expected + 1)
};

/// Pairs of proteins that share more words of four residues than expected by
/// chance from their numbers of words, among the `most` nearest of either. Each
/// pair once, lower index first, in no particular order. The pairs do not
/// depend on `threads`.
[[nodiscard]] PairSet alignment_candidates(
    const std::vector<std::string>& sequences, const CandidateOptions& options,
    int threads);

/// Letters of a word, and the number of words of the 20 amino acids.
inline constexpr int kSequenceWordLength = 4;
inline constexpr std::int32_t kSequenceWords = 160000;

/// The distinct words of a protein, ascending. Words with a letter outside the
/// 20 amino acids are skipped.
[[nodiscard]] std::vector<std::int32_t> sequence_words(
    const std::string& sequence);

}  // namespace musl
