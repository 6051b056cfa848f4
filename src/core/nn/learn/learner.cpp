#include "nn/learn/learner.h"

#include "base/rng.h"

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

}  // namespace musl::nn
