#pragma once

#include <array>
#include <cstdint>
#include <vector>

namespace musl {

/// xoshiro256** seeded by splitmix64: the same numbers on every platform.
///
/// Source: Blackman and Vigna (2021), ACM TOMS 47:36.
class Rng {
 public:
  using State = std::array<std::uint64_t, 4>;

  explicit Rng(std::uint64_t seed);
  explicit Rng(const State& state) : state_(state) {}

  /// 64 random bits.
  std::uint64_t bits() {
    const std::uint64_t result = rotate_left(state_[1] * 5, 7) * 9;
    const std::uint64_t t = state_[1] << 17;
    state_[2] ^= state_[0];
    state_[3] ^= state_[1];
    state_[1] ^= state_[2];
    state_[0] ^= state_[3];
    state_[2] ^= t;
    state_[3] = rotate_left(state_[3], 45);
    return result;
  }
  /// Uniform on [0, 1).
  double uniform();
  /// Uniform on 0 .. n - 1 without modulo bias; n >= 1.
  std::uint64_t below(std::uint64_t n);
  /// Standard normal (polar method, no cached second value).
  double normal();
  /// A permutation of 0 .. n - 1 (Fisher-Yates).
  std::vector<std::int64_t> permutation(std::int64_t n);

  [[nodiscard]] const State& state() const { return state_; }

 private:
  static std::uint64_t rotate_left(std::uint64_t x, int k) {
    return (x << k) | (x >> (64 - k));
  }

  State state_;
};

/// A seed for a numbered child stream (step, chunk, member ...), so that random
/// numbers do not depend on which thread does the work.
[[nodiscard]] std::uint64_t derive_seed(std::uint64_t seed, std::uint64_t a,
                                        std::uint64_t b = 0);

}  // namespace musl
