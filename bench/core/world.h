#pragma once

// A data set of the main job's size, drawn from a seed: what the programs of
// bench/ measure on. Speed does not depend on what the numbers mean, but the
// labels can be learned, so that scores differ from pair to pair.

#include <chrono>
#include <cstdint>
#include <ctime>
#include <string>
#include <vector>

#include "base/pair_set.h"
#include "data/config.h"
#include "data/dataset.h"
#include "model/model.h"

namespace musl::bench {

/// Pairs of a training step.
inline constexpr std::int64_t kBatch = 512;

struct WorldSize {
  int genes = 10000;
  std::vector<int> samples = {100, 300, 1000};  // one cohort each
  int edges = 205000;
  int embedding = 1280;  // columns
  int training = 10240;  // labelled pairs
  int asked = 40000;     // pairs to score
};

/// For checks within seconds.
[[nodiscard]] WorldSize small_size(int cohorts);

struct World {
  ArchitectureConfig architecture;  // the defaults
  Dataset data;
  PairSet training;
  PairSet asked;
};

/// Distinct pairs without labels.
[[nodiscard]] PairSet random_pairs(std::int64_t n, std::int64_t n_genes,
                                   std::uint64_t seed);

[[nodiscard]] World make_world(const WorldSize& size, std::uint64_t seed,
                               bool histogram = true);

/// Trains the phases of the default strategy without validation.
///
/// joint_seconds  receives the seconds of each epoch of "joint": the
///                processor's on one thread of the CPU, else the clock's
[[nodiscard]] Model train_world(const World& world, const std::string& device,
                                int threads, int epochs,
                                std::vector<double>* joint_seconds);

/// Seconds of this process's processors, all threads together.
[[nodiscard]] inline double processor_seconds() {
  return static_cast<double>(std::clock()) / CLOCKS_PER_SEC;
}

[[nodiscard]] inline double elapsed_seconds() {
  const auto now = std::chrono::steady_clock::now().time_since_epoch();
  return std::chrono::duration<double>(now).count();
}

}  // namespace musl::bench
