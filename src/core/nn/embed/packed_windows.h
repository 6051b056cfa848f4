#pragma once

#include <string>
#include <vector>

#include "nn/base/tensor.h"
#include "nn/embed/esm2_net.h"
#include "protein/esm2_folder.h"
#include "protein/protein_windows.h"

namespace musl::nn {

/// The windows of one batch as tokens, each between <cls> and <eos>, with the
/// weight of each token in the mean over its protein.
struct PackedBatch {
  PackedTokens tokens;
  Tensor weight;  // (T) float; 0 at both ends of a window
};

/// windows    those of the batch, equal lengths side by side
/// weights    residue_weights() of each
/// sequences  by ProteinWindow::protein
[[nodiscard]] PackedBatch pack_windows(
    const std::vector<ProteinWindow>& windows,
    const std::vector<const std::vector<float>*>& weights,
    const std::vector<std::string>& sequences, const Esm2Alphabet& alphabet,
    const std::string& device);

/// Weighted sums over the tokens of each window, (windows, D) on the CPU.
/// hidden (T, D)
[[nodiscard]] Tensor pool_windows(const Tensor& hidden,
                                  const PackedBatch& batch);

}  // namespace musl::nn
