#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "musl/atlas.h"
#include "musl/pair_scorer.h"
#include "musl/pair_set.h"
#include "musl/student.h"
#include "musl/student_features.h"

namespace musl {

struct ShortlistConfig {
  double top = 0.02;            // share of the pairs that is let pass
  std::int64_t pairs = 100000;  // to learn from
  std::int64_t test = 200000;   // to measure the recall on
  std::uint64_t seed = 0;
  int threads = 0;
};

/// Share of the model's own best pairs that a student lets pass.
struct ShortlistReport {
  double threshold = 0;  // of the student's score
  std::int64_t n_training = 0;
  std::int64_t n_test = 0;    // with a score
  std::int64_t n_best = 0;    // the best .1 % of these
  std::int64_t n_passed = 0;  // and of them, those let pass
};

/// The atlas's short cut: the pairs that a student puts into the best `top` go
/// to the model, the others have no score.
struct Shortlist {
  Student student;
  ShortlistReport report;
};

/// Trains a student on pairs of `pool` and measures what it misses.
///
/// The test pairs are drawn first, at random, and are not learned from. Half of
/// the training pairs are drawn at random; the others are the best of twenty
/// times as many by a student that saw the first half alone, since the best
/// alone are at stake. Throws InputError when the pool is too small to leave
/// training pairs beside the test.
[[nodiscard]] Shortlist make_shortlist(const PairScorer& scorer,
                                       const StudentFeatures& features,
                                       const AtlasTile& pool,
                                       const ShortlistConfig& config,
                                       const PairScorer::Tick& tick = {});

/// 1 for the pairs that score at least `threshold`.
[[nodiscard]] std::vector<std::uint8_t> passes(const Student& student,
                                               double threshold,
                                               const PairSet& pairs,
                                               int threads);

/// One file with a checksum, whole or not at all; FormatError for a damaged one
/// and for that of an atlas of another key.
void write_shortlist(const std::string& path, const std::string& key,
                     const Shortlist& shortlist);
[[nodiscard]] Shortlist read_shortlist(const std::string& path,
                                       const std::string& key,
                                       const StudentFeatures& features);
[[nodiscard]] ShortlistReport read_shortlist_report(const std::string& path,
                                                    const std::string& key);

}  // namespace musl
