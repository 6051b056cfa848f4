#include "nn/learn/learner.h"

#include "musl/rng.h"

namespace musl::nn {

namespace {

std::uint64_t stream_of(const Chunk& chunk) {
  return static_cast<std::uint64_t>(chunk.number) + 1;
}

}  // namespace

ChunkRng Chunk::rng() const {
  return ChunkRng(derive_seed(seed, stream_of(*this)));
}

ChunkRng Chunk::part_rng() const {
  const auto at = static_cast<std::uint64_t>(first - chunk_first);
  return ChunkRng(derive_seed(seed, stream_of(*this), at + 1));
}

std::vector<std::int64_t> Chunk::own_items() const {
  const auto from = items.begin() + first;
  return {from, from + n};
}

std::vector<Tensor> Learner::begin_batch(const std::vector<std::int64_t>&,
                                         std::uint64_t) {
  return {};
}

void Learner::end_phase(const Phase&, double) {}

std::vector<double> Learner::score(std::int64_t, std::int64_t n,
                                   const Tick&) const {
  return std::vector<double>(static_cast<std::size_t>(n), 0.0);
}

Evaluation Learner::validate(const std::vector<double>&) const { return {}; }

}  // namespace musl::nn
