#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "musl/archive.h"
#include "musl/pair_scorer.h"
#include "musl/pair_set.h"
#include "musl/student_features.h"

namespace musl {

class StudentNet;

/// A small perceptron that imitates a model's scores.
class Student {
 public:
  /// Learns `target` (n) of `pairs` by least squares; the same seed gives the
  /// same bits for any `threads`. features must outlive the student.
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
  /// FormatError if the features have other columns.
  [[nodiscard]] static Student from_archive(const Archive& archive,
                                            const StudentFeatures& features);

 private:
  explicit Student(std::shared_ptr<const StudentNet> net);
  std::shared_ptr<const StudentNet> net_;
};

}  // namespace musl
