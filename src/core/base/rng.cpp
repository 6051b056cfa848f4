#include "base/rng.h"

#include <cmath>
#include <numeric>
#include <utility>

namespace musl {

namespace {

std::uint64_t splitmix64(std::uint64_t* state) {
  std::uint64_t z = (*state += 0x9e3779b97f4a7c15ULL);
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
  return z ^ (z >> 31);
}

}  // namespace

Rng::Rng(std::uint64_t seed) : state_{} {
  for (auto& word : state_) word = splitmix64(&seed);
}

double Rng::uniform() { return static_cast<double>(bits() >> 11) * 0x1.0p-53; }

std::uint64_t Rng::below(std::uint64_t n) {
  // Rejects the incomplete last block of the 64-bit range.
  const std::uint64_t threshold = (0 - n) % n;
  std::uint64_t x = bits();
  while (x < threshold) x = bits();
  return x % n;
}

double Rng::normal() {
  double u = 0, s = 0;
  do {
    u = 2.0 * uniform() - 1.0;
    const double v = 2.0 * uniform() - 1.0;
    s = u * u + v * v;
  } while (s >= 1.0 || s == 0.0);
  return u * std::sqrt(-2.0 * std::log(s) / s);
}

std::vector<std::int64_t> Rng::permutation(std::int64_t n) {
  std::vector<std::int64_t> order(static_cast<std::size_t>(n));
  std::iota(order.begin(), order.end(), std::int64_t{0});
  for (std::int64_t i = n - 1; i > 0; --i) {
    const auto j = below(static_cast<std::uint64_t>(i) + 1);
    std::swap(order[static_cast<std::size_t>(i)], order[j]);
  }
  return order;
}

std::uint64_t derive_seed(std::uint64_t seed, std::uint64_t a,
                          std::uint64_t b) {
  std::uint64_t state = seed;
  state = splitmix64(&state) ^ (a * 0xd1342543de82ef95ULL + 1);
  state = splitmix64(&state) ^ (b * 0xaf251af3b0f025b5ULL + 1);
  return splitmix64(&state);
}

}  // namespace musl
