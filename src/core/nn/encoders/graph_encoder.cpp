#include <string>
#include <utility>
#include <vector>

#include "nn/base/layers.h"
#include "nn/base/tensor.h"
#include "nn/base/unit_projection.h"
#include "nn/encoders/encoder.h"
#include "nn/encoders/gene_encoder.h"

namespace musl::nn {

namespace {

constexpr std::int64_t kRelationHidden = 32;
constexpr std::int64_t kHeads = 4;       // similarities of a block
constexpr std::int64_t kHeadWidth = 16;  // columns of each
constexpr int kMinimum = 8;              // a narrower block has no directions

/// Directions of gene similarity: a learned projection of unit length of every
/// wide node block and of its propagated copy.
///
/// A pair has few similarities, so they cannot identify its genes: what is
/// learned from them generalises to genes without a training pair.
class RelationStage : public torch::nn::Module {
 public:
  /// blocks  columns of each node block
  explicit RelationStage(const std::vector<std::int64_t>& blocks) {
    std::int64_t first = 0;
    for (const auto columns : blocks) {
      if (columns >= kMinimum) {
        for (const char* copy : {"own", "propagated"}) {
          const auto name = copy + std::to_string(spans_.size() / 2);
          project_.push_back(register_module(
              name, Linear(columns, kHeads * kHeadWidth, false)));
          spans_.push_back({first, columns});
        }
      }
      first += columns;
    }
  }

  [[nodiscard]] std::int64_t similarities() const {
    return static_cast<std::int64_t>(spans_.size()) * kHeads;
  }
  [[nodiscard]] std::int64_t width() const {
    return similarities() * kHeadWidth;
  }

  /// (R, width); zero if a gene has no features or there is no network.
  [[nodiscard]] Tensor forward(const GeneInputs& inputs, const Tensor& rows) {
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

  /// (B, similarities) of the directions a and b (B, width).
  [[nodiscard]] Tensor compare(const Tensor& a, const Tensor& b) const {
    return (a * b).view({-1, similarities(), kHeadWidth}).sum(2) *
           static_cast<double>(kHeads);
  }

 private:
  std::vector<std::pair<std::int64_t, std::int64_t>> spans_;
  std::vector<Linear> project_;
};

/// Network modality: vectors of both genes, and the pair's topology.
///
/// gene_a, gene_b (B, Dg), topology (B, T), seen (B, 2) -> (B, D). Two paths
/// lead from a pair to its vector, both symmetric in the genes: sum, distance
/// and product of the genes' own vectors, and what relates them (similarities
/// and topology). The first soon memorises the training genes and how often
/// each was recorded, which does not generalise to other genes: a gene without
/// a training pair has a zero own vector, and training hides seen genes at
/// random (hide_seen).
class GraphEncoder : public GeneEncoder {
 public:
  GraphEncoder(const ArchitectureConfig& config, const InputSizes& sizes)
      : GeneEncoder("graph", config, sizes),
        has_topology_(sizes.values("topology") > 0) {
    std::int64_t relations = sizes.values("topology");
    auto stage = std::make_shared<RelationStage>(sizes.of("genes"));
    if (stage->similarities() > 0) {
      relations += stage->similarities();
      relations_ = register_module("relations", stage);
    }
    if (relations > 0) {
      relate_ = register_module(
          "relate",
          Mlp(std::vector<std::int64_t>{relations, kRelationHidden, width()},
              /*norm=*/false, /*dropout=*/0.0));
    }
  }

  [[nodiscard]] std::vector<std::string> inputs() const override {
    std::vector<std::string> names{"genes"};
    if (has_topology_) names.emplace_back("topology");
    names.emplace_back("seen");
    return names;
  }
  [[nodiscard]] Tensor forward(const PairBatch& batch) override {
    const Parts parts_a = parts_of(gene_a(batch));
    const Parts parts_b = parts_of(gene_b(batch));
    auto h = combine(parts_a.own, parts_b.own, batch.at("seen"));  // (B, D)
    if (!relate_.is_empty()) h = h + relate(batch, parts_a, parts_b);
    return finish(h, batch.rng);  // (B, D)
  }

  [[nodiscard]] std::int64_t gene_width() const override {
    return own_width() + (relations_ == nullptr ? 0 : relations_->width());
  }
  [[nodiscard]] Tensor gene_vectors(const GeneInputs& inputs,
                                    const Tensor& rows,
                                    ChunkRng* rng) override {
    auto vectors = own_vectors(inputs, rows, rng);
    if (relations_ == nullptr) return vectors;
    return torch::cat({vectors, relations_->forward(inputs, rows)}, 1);
  }

 private:
  /// Own vectors of a gene and its directions, which may be undefined.
  struct Parts {
    Tensor own, directions;
  };
  /// One split, since the gradients of two slices would be zero-padded twice.
  [[nodiscard]] Parts parts_of(const Tensor& gene) const {
    if (relations_ == nullptr) return {gene, {}};
    const auto parts =
        gene.split_with_sizes({own_width(), relations_->width()}, 1);
    return {parts[0], parts[1]};
  }

  /// (B, D) from similarities and topology.
  [[nodiscard]] Tensor relate(const PairBatch& batch, const Parts& a,
                              const Parts& b) {
    std::vector<Tensor> features;
    if (relations_ != nullptr) {
      features.push_back(relations_->compare(a.directions, b.directions));
    }
    if (has_topology_) features.push_back(batch.at("topology"));
    return relate_->forward(torch::cat(features, 1), batch.rng);
  }

  std::shared_ptr<RelationStage> relations_;  // null: no wide block
  bool has_topology_;
  Mlp relate_{nullptr};
};

[[maybe_unused]] const bool kGraphRegistered = register_encoder(
    {"graph", {"genes", "topology", "seen"}, make_kind<GraphEncoder>});

}  // namespace

}  // namespace musl::nn
