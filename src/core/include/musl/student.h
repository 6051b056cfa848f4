#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "musl/archive.h"
#include "musl/pair_set.h"
#include "musl/prediction.h"
#include "musl/student_features.h"

namespace musl {

/// A small perceptron that imitates a model's scores. The backend implements
/// it.
class Student {
 public:
  Student() = default;
  Student(const Student&) = delete;
  Student& operator=(const Student&) = delete;
  virtual ~Student() = default;

  /// (n) on the model's scale.
  [[nodiscard]] virtual std::vector<float> score(
      const PairSet& pairs, int threads, const Tick& tick = {}) const = 0;
  [[nodiscard]] virtual Archive to_archive() const = 0;
};

/// Learns `target` (n) of `pairs` by least squares; the same seed gives the
/// same bits for any `threads`. features must outlive the student.
[[nodiscard]] std::shared_ptr<const Student> train_student(
    const StudentFeatures& features, const PairSet& pairs,
    const std::vector<double>& target, std::uint64_t seed, int threads,
    const Tick& tick = {});
/// FormatError if the features have other columns.
[[nodiscard]] std::shared_ptr<const Student> read_student(
    const Archive& archive, const StudentFeatures& features);

}  // namespace musl
