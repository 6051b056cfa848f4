#pragma once

#include <cstdint>
#include <vector>

#include "musl/matrix.h"

namespace musl {

/// Codes of few levels, a bit a sample and level: joint counts of two rows take
/// levels^2 / 64 operations a sample, fewer than counting up to some 12 levels.
class BitPlanes {
 public:
  /// codes  (R, S), each below `levels`
  BitPlanes(const ByteMatrix& codes, int levels);

  /// joint_histogram() of two rows; out (levels, levels).
  void joint_counts(std::int64_t row_a, std::int64_t row_b,
                    std::uint32_t* out) const;

 private:
  [[nodiscard]] const std::uint64_t* planes(std::int64_t row) const {
    return planes_.data() + row * words_ * lanes_;
  }
  [[nodiscard]] const std::uint32_t* counts(std::int64_t row) const {
    return counts_.data() + row * levels_;
  }

  int levels_;
  std::int64_t words_;
  int lanes_;
  // (R, words, lanes): level 1 first, zeros after the last.
  std::vector<std::uint64_t> planes_;
  std::vector<std::uint32_t> counts_;  // (R, levels) samples
};

}  // namespace musl
