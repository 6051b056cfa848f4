#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "musl/matrix.h"
#include "musl/pair_set.h"

namespace musl {

/// A protein: `name` is the whole header or name, `sequence` one letter a
/// residue.
struct Protein {
  std::string name;
  std::string sequence;
};

/// The records of a FASTA file, in order: text after `>` up to the end of the
/// line, then the letters of the following lines without blanks. Lines that
/// begin with `;` are comments; a byte order mark and CR LF are accepted.
///
/// FormatError, with the line, for text before the first `>`, a header without
/// a name, a record without a sequence, binary or UTF-16 content, HTML, and for
/// a file without any record.
[[nodiscard]] std::vector<Protein> parse_fasta(const std::uint8_t* data,
                                               std::size_t size);

/// The same of a file of any kind that TextFile knows: gzip, zip, UTF-16.
[[nodiscard]] std::vector<Protein> read_fasta(const std::string& path);

/// A sequence as models read it: upper case, without a final `*` (the stop).
///
/// InputError, with the protein's name and the place, for what is neither a
/// letter nor `-`, `.` or `*`, and for a sequence without residues.
[[nodiscard]] std::string clean_sequence(const Protein& protein);

/// Which residues count as alike in k-mers.
enum class ResidueAlphabet {
  amino_acids,  // the 20 amino acids, each by itself
  conjoint      // the 7 classes of Shen et al. 2007
};

/// Number of classes, and a name of each of the classes^k k-mers, the last
/// letter running fastest. A class of `conjoint` bears its first letter.
[[nodiscard]] std::vector<std::string> kmer_names(int k,
                                                  ResidueAlphabet alphabet);

/// Share of each k-mer among the k-mers of a protein, (proteins, classes^k).
///
/// Windows with a letter outside the 20 amino acids are passed over; a protein
/// without any k-mer has a row of zeros. InputError unless 1 <= k <= 3.
[[nodiscard]] Matrix kmer_shares(const std::vector<std::string>& sequences,
                                 int k, ResidueAlphabet alphabet, int threads);

/// Which pairs of proteins are worth an alignment.
struct CandidateOptions {
  int most = 50;              // candidates that a protein names itself
  int least_words = 3;        // shared words of four residues
  double least_surprise = 3;  // (shared - expected) / sqrt(expected + 1)
};

/// Pairs of proteins that share more words of four residues than chance lets
/// expect of their numbers of words: those among the `most` nearest of either.
/// Each pair once, the lower index first, in no other order. The same pairs for
/// any number of threads.
[[nodiscard]] PairSet alignment_candidates(
    const std::vector<std::string>& sequences, const CandidateOptions& options,
    int threads);

}  // namespace musl
