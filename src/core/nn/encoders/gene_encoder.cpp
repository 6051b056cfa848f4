#include "nn/encoders/gene_encoder.h"

#include <string>

#include "base/error.h"
#include "nn/base/layers.h"
#include "nn/base/row_steps.h"
#include "nn/base/tensor.h"
#include "nn/encoders/encoder.h"
#include "nn/encoders/node_stage.h"

namespace musl::nn {

GeneEncoder::GeneEncoder(const std::string& name,
                         const ArchitectureConfig& config,
                         const InputSizes& sizes)
    : Encoder(name, config.width),
      own_width_(config.graph_hidden()),
      dropout_(gene_dropout(config)) {
  if (sizes.columns("genes") <= 0) {
    throw InputError("The " + name +
                     " encoder needs a network, embeddings or expression; "
                     "found none. Add some or leave \"" +
                     name + "\" out of encoders.");
  }
  stage_ =
      register_module("genes", make_node_stage(config, sizes.columns("genes")));
  gene_norm_ = register_module("gene_norm", LayerNorm(own_width_));
  pair_ = register_module("pair", Linear(3 * own_width_, width()));
  pair_norm_ = register_module("pair_norm", LayerNorm(width()));
  output_ = register_module("output", Linear(width(), width()));
}

Tensor GeneEncoder::combine(const Tensor& own_a, const Tensor& own_b,
                            const Tensor& shown) {
  if (has_row_steps(own_a)) {
    return pair_->forward(normalised_pairs(own_a, own_b, gene_norm_, shown));
  }
  Tensor a = gene_norm_->forward(own_a), b = gene_norm_->forward(own_b);
  if (shown.defined()) {
    const auto times = shown.to(a.scalar_type());
    a = a * times.narrow(1, 0, 1);
    b = b * times.narrow(1, 1, 1);
  }
  const auto both = torch::cat({a + b, (a - b).abs(), a * b}, 1);  // (B, 3 Dg)
  return pair_->forward(both);                                     // (B, D)
}

Tensor GeneEncoder::finish(const Tensor& h, ChunkRng* rng) {
  if (rng == nullptr && has_row_steps(h)) {
    normalise_rows({}, pair_norm_, /*relu=*/true, h);
    return output_->forward(h);
  }
  const auto hidden = relu_dropout(pair_norm_->forward(h), dropout_, rng);
  return output_->forward(hidden);  // (B, D)
}

}  // namespace musl::nn
