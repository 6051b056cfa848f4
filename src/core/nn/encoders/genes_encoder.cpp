
#include "nn/base/tensor.h"
#include "nn/encoders/encoder.h"
#include "nn/encoders/gene_encoder.h"

namespace musl::nn {

namespace {

/// Reads only the vectors of the two genes, not what relates them.
///
/// gene_a, gene_b (B, Dg) -> (B, D) from sum, distance and product, symmetric
/// in the genes. Unlike the graph encoder it also shows the vectors of unseen
/// genes.
class GenesEncoder : public GeneEncoder {
 public:
  GenesEncoder(const ArchitectureConfig& config, const InputSizes& sizes)
      : GeneEncoder("genes", config, sizes) {}

  [[nodiscard]] std::int64_t gene_width() const override { return own_width(); }

  [[nodiscard]] Tensor gene_vectors(const GeneInputs& inputs,
                                    const Tensor& rows,
                                    ChunkRng* rng) override {
    return own_vectors(inputs, rows, rng);
  }
  [[nodiscard]] Tensor forward(const PairBatch& batch) override {
    return finish(combine(gene_a(batch), gene_b(batch), {}), batch.rng);
  }
};

[[maybe_unused]] const bool kGenesRegistered =
    register_encoder({"genes",
                      {"genes"},
                      make_kind<GenesEncoder>,
                      /*is_late=*/true});

}  // namespace

}  // namespace musl::nn
