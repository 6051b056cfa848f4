#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/pair_set.h"
#include "nn/base/tensor.h"
#include "nn/inputs/pair_input.h"

namespace musl::nn {

/// Numbers of distinct pairs, one row per pair, indexed by pair.
class PairTable {
 public:
  /// The distinct ones of `pairs`; indices below n_genes.
  PairTable(const PairSet& pairs, std::int64_t n_genes);

  /// The pairs of the rows, each with a <= b.
  [[nodiscard]] const PairSet& pairs() const { return pairs_; }
  /// (pairs().size(), numbers of a pair), so that one kernel reads them all.
  Tensor values;
  /// (B); empty if the table lacks one of the pairs.
  [[nodiscard]] Numbers rows(const PairSet& pairs) const;

 private:
  std::int64_t n_genes_;
  std::vector<std::int64_t> keys_;  // ascending
  PairSet pairs_;
};

/// Makes the tensors of chunks of pairs from one dataset with one
/// preprocessing. Reentrant: threads may make chunks at the same time.
class Batcher {
 public:
  /// wanted  what to make; GeneStage makes per-gene inputs
  /// silent  encoders that are masked throughout
  /// InputError for an unknown input; ShapeError if the known partners do not
  /// match the scalers.
  Batcher(const InputContext& context, const WantedInputs& wanted,
          const InputSizes& sizes, torch::Device device,
          std::vector<std::string> silent = {});

  /// The tensors of `pairs`, in canonical order (a <= b) so that (a, b) and (b,
  /// a) give the same bits. On up to `threads` threads, which leave the bits.
  ///
  /// rows  kept_rows() of the pairs on the device; undefined: found here
  [[nodiscard]] PairBatch make(const PairSet& pairs, int threads = 1,
                               Tensor rows = {}) const;
  /// Where the pairs' kept tensors are; empty if those of one are not kept.
  [[nodiscard]] Numbers kept_rows(const PairSet& pairs) const;

  /// Makes and keeps the tensors of these pairs on the device, so that make()
  /// reads them from memory, with the same bits. Leaves out everything beyond
  /// kMostKept numbers (on a GPU kMostOnDevice) or the device's memory, and on
  /// the CPU inputs larger than their cohorts (PairInput::is_kept()). `tick` as
  /// in parallel_for().
  void keep(const PairSet& pairs, int threads,
            const std::function<bool()>& tick = {});
  static constexpr std::int64_t kMostKept = std::int64_t{1} << 27;
  static constexpr std::int64_t kMostOnDevice = std::int64_t{1} << 29;
  /// Frees the kept tensors; false if there are none.
  bool forget();

  [[nodiscard]] torch::Device device() const { return device_; }

 private:
  /// A named tensor: an input's values or a modality's mask.
  struct Wanted {
    std::string name;
    InputSizes::Shape shape;               // of one pair
    const PairInput* input = nullptr;      // null: a mask ...
    std::vector<const PairInput*> needed;  // ... of these
    bool silent = false;
    bool kept = true;
    std::int64_t column = 0;  // where its numbers begin among those kept
  };
  /// Writes the values of `pairs`, one after another.
  void fill(const Wanted& wanted, const PairSet& pairs, int threads,
            float* out) const;
  /// Chooses what to keep; the numbers of a pair.
  [[nodiscard]] std::int64_t place_kept(bool with_maps);
  [[nodiscard]] Tensor make_kept(const PairSet& pairs, std::int64_t width,
                                 int threads,
                                 const std::function<bool()>& tick) const;
  [[nodiscard]] Tensor part_of(const Tensor& kept, const Wanted& wanted) const;
  void send(const std::vector<const Wanted*>& made, const PairSet& pairs,
            int threads, PairBatch* batch) const;

  InputContext context_;
  std::vector<Wanted> wanted_;
  torch::Device device_;
  std::optional<PairTable> kept_;
};

/// Pairs `index[first .. first + n)` of `pairs`, each with a <= b, with their
/// labels if there are any.
[[nodiscard]] PairSet take_pairs(const PairSet& pairs,
                                 const std::vector<std::int64_t>& index,
                                 std::int64_t first, std::int64_t n);

/// 1 for each pair that has all inputs of one of the modalities.
[[nodiscard]] std::vector<std::uint8_t> pairs_with_data(
    const InputContext& context, const std::vector<Modality>& modalities,
    const PairSet& pairs);

/// Sizes for the network that reads this dataset.
[[nodiscard]] InputSizes input_sizes(const Dataset& data,
                                     const Preprocess& preprocess);

/// Learns the scalers of every input.
void learn_inputs(const LearnContext& context, Preprocess* out);

}  // namespace musl::nn
