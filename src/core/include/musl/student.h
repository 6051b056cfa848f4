#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "musl/archive.h"
#include "musl/atlas.h"
#include "musl/pair_scorer.h"
#include "musl/pair_set.h"
#include "musl/student_features.h"

namespace musl {

/// A small perceptron that imitates a model's scores.
class Student {
 public:
  /// Learns `target` (n) of `pairs`, least squares; the same seed gives the
  /// same bits whatever `threads`. features must outlive the student.
  [[nodiscard]] static Student train(const StudentFeatures& features,
                                     const PairSet& pairs,
                                     const std::vector<double>& target,
                                     std::uint64_t seed, int threads,
                                     const PairScorer::Tick& tick = {});

  /// (n) on the model's scale.
  [[nodiscard]] std::vector<float> score(
      const PairSet& pairs, int threads,
      const PairScorer::Tick& tick = {}) const;

  [[nodiscard]] Archive to_archive() const;
  /// FormatError where the features have other columns.
  [[nodiscard]] static Student from_archive(const Archive& archive,
                                            const StudentFeatures& features);

 private:
  struct Impl;
  explicit Student(std::shared_ptr<const Impl> impl);
  std::shared_ptr<const Impl> impl_;
};

struct ScreenConfig {
  double top = 0.02;            // share of the pairs that is let pass
  std::int64_t pairs = 100000;  // to learn from
  std::int64_t test = 200000;   // to measure the recall on
  std::uint64_t seed = 0;
  int threads = 0;
};

/// Share of the model's own best pairs that a screen lets pass.
struct ScreenReport {
  double threshold = 0;  // of the student's score
  std::int64_t n_training = 0;
  std::int64_t n_test = 0;    // with a score
  std::int64_t n_best = 0;    // the best .1 % of these
  std::int64_t n_passed = 0;  // and of them, those let pass
};

struct Screen {
  Student student;
  ScreenReport report;
};

/// Trains a student on pairs of `pool` and measures what it misses.
///
/// The test pairs are drawn first, at random, and are not learned from. Half of
/// the training pairs are drawn at random; the others are the best of twenty
/// times as many by a student that saw the first half alone, since the screen
/// is about the best. Throws InputError when the pool is too small to leave
/// training pairs beside the test.
[[nodiscard]] Screen make_screen(const PairScorer& scorer,
                                 const StudentFeatures& features,
                                 const AtlasTile& pool,
                                 const ScreenConfig& config,
                                 const PairScorer::Tick& tick = {});

/// 1 for the pairs that score at least `threshold`.
[[nodiscard]] std::vector<std::uint8_t> passes(const Student& student,
                                               double threshold,
                                               const PairSet& pairs,
                                               int threads);

/// One file with a checksum, whole or not at all; FormatError for a damaged one
/// and for that of an atlas of another key.
void write_screen(const std::string& path, const std::string& key,
                  const Screen& screen);
[[nodiscard]] Screen read_screen(const std::string& path,
                                 const std::string& key,
                                 const StudentFeatures& features);
[[nodiscard]] ScreenReport read_screen_report(const std::string& path,
                                              const std::string& key);

}  // namespace musl
