#pragma once

#include <cstdint>
#include <vector>

namespace musl {

/// Part of a protein that a model reads at once.
struct ProteinWindow {
  std::int64_t protein = 0;
  std::int64_t begin = 0;   // first residue
  std::int64_t length = 0;  // residues
};

/// The windows of proteins of these lengths, in their order.
///
/// A protein of up to `window` residues is one window. A longer one has the
/// fewest evenly spaced windows of `window` residues whose neighbours overlap
/// by at least `overlap`, which is below `window`.
[[nodiscard]] std::vector<ProteinWindow> plan_windows(
    const std::vector<std::int64_t>& lengths, std::int64_t window,
    std::int64_t overlap);

/// For each window the weight of each of its residues in the mean over the
/// protein: 1 / (residues of the protein * windows that hold the residue).
[[nodiscard]] std::vector<std::vector<float>> residue_weights(
    const std::vector<ProteinWindow>& windows,
    const std::vector<std::int64_t>& lengths);

/// Batches of windows as indices, longest first, so that lengths within a batch
/// are similar. A batch holds at most `budget` tokens, including two ends per
/// window, or one window.
[[nodiscard]] std::vector<std::vector<std::int64_t>> plan_batches(
    const std::vector<ProteinWindow>& windows, std::int64_t budget);

}  // namespace musl
