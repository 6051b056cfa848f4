#include "nn/encoders/relation_stage.h"

#include <string>

#include "nn/base/unit_projection.h"

namespace musl::nn {
namespace {

constexpr std::int64_t kHeads = 4;       // similarities of a block
constexpr std::int64_t kHeadWidth = 16;  // columns of each
constexpr int kMinimum = 8;              // a narrower block has no directions

}  // namespace

RelationStage::RelationStage(const std::vector<std::int64_t>& blocks) {
  std::int64_t first = 0;
  for (const auto columns : blocks) {
    if (columns >= kMinimum) {
      for (const char* copy : {"own", "propagated"}) {
        const auto name = copy + std::to_string(spans_.size() / 2);
        project_.push_back(
            register_module(name, Linear(columns, kHeads * kHeadWidth, false)));
        spans_.push_back({first, columns});
      }
    }
    first += columns;
  }
}

std::int64_t RelationStage::similarities() const {
  return static_cast<std::int64_t>(spans_.size()) * kHeads;
}

std::int64_t RelationStage::width() const {
  return similarities() * kHeadWidth;
}

Tensor RelationStage::forward(const GeneInputs& inputs, const Tensor& rows) {
  const Tensor own = inputs.features.index_select(0, rows);  // (R, F)
  const Tensor propagated =
      inputs.adjacency == nullptr
          ? torch::zeros_like(own)
          : inputs.propagated.back().index_select(0, rows);
  std::vector<Tensor> columns, weights;
  for (std::size_t i = 0; i < spans_.size(); ++i) {
    const Tensor& source = i % 2 == 0 ? own : propagated;
    columns.push_back(source.narrow(1, spans_[i].first, spans_[i].second));
    weights.push_back(project_[i]->weight);
  }
  return unit_projections(columns, weights);  // (R, spans * heads * width)
}

Tensor RelationStage::compare(const Tensor& a, const Tensor& b) const {
  return (a * b).view({-1, similarities(), kHeadWidth}).sum(2) *
         static_cast<double>(kHeads);  // (B, similarities)
}

}  // namespace musl::nn
