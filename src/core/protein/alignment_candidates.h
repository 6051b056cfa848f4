#pragma once

#include <string>
#include <vector>

#include "base/pair_set.h"

namespace musl {

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

}  // namespace musl
