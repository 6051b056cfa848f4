#pragma once

#include <memory>
#include <vector>

#include "musl/backend.h"

namespace musl::nn {

/// Implement the functions of Backend of the same names.
[[nodiscard]] std::shared_ptr<const StudentNet> train_student(
    const StudentFeatures& features, const PairSet& pairs,
    const std::vector<double>& target, std::uint64_t seed, int threads,
    const PairScorer::Tick& tick);
[[nodiscard]] std::shared_ptr<const StudentNet> read_student(
    const Archive& archive, const StudentFeatures& features);

}  // namespace musl::nn
