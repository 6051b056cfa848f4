#pragma once

#include <utility>
#include <vector>

#include "nn/encoders/encoder.h"

namespace musl::nn {

/// Directions of gene similarity: a learned projection of unit length of every
/// wide node block and of its propagated copy.
///
/// A pair has few similarities, so they cannot identify its genes: what is
/// learned from them generalises to genes without a training pair.
class RelationStage : public torch::nn::Module {
 public:
  /// blocks  columns of each node block
  explicit RelationStage(const std::vector<std::int64_t>& blocks);

  [[nodiscard]] std::int64_t similarities() const;
  [[nodiscard]] std::int64_t width() const;

  /// (R, width); zero if a gene has no features or there is no network.
  [[nodiscard]] Tensor forward(const GeneInputs& inputs, const Tensor& rows);

  /// (B, similarities) of the directions a and b (B, width).
  [[nodiscard]] Tensor compare(const Tensor& a, const Tensor& b) const;

 private:
  std::vector<std::pair<std::int64_t, std::int64_t>> spans_;
  std::vector<Linear> project_;
};

}  // namespace musl::nn
