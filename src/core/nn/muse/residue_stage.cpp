
#include "nn/muse/residue_stage.h"

#include "base/numbers.h"
#include "muse/residue_features.h"
#include "nn/base/layers.h"
#include "nn/base/row_lists.h"
#include "nn/muse/edge_attention.h"
#include "nn/muse/residue_vectors.h"

namespace musl::nn {

namespace {

constexpr std::int64_t kResidueHidden = 128;
constexpr int kResidueLayers = 3;
constexpr std::int64_t kResidueHeads = 4;

}  // namespace

/// Chains as one graph with concatenated residues.
struct ResidueStage::Packed {
  Tensor residues;           // (R, columns)
  Tensor edges;              // (E, kEdgeColumns + orientations)
  Tensor offset, neighbour;  // (R + 1), (E)
  RowLists chains;           // (n): the residues of each
  RowLists chain_of;         // (R): the chain of each
  std::vector<std::int64_t> chain_offset{0};
};

ResidueStage::ResidueStage(int width, int user_columns, double dropout,
                           int orientations)
    : user_columns_(user_columns),
      heads_{kResidueHeads, kResidueHidden / kResidueHeads,
             kEdgeColumns + orientations},
      dropout_(dropout) {
  start_ = register_module(
      "start", Linear(kResidueColumns + user_columns, kResidueHidden));
  start_norm_ = register_module("start_norm", LayerNorm(kResidueHidden));
  for (int i = 0; i < kResidueLayers; ++i) add_layer(std::to_string(i));
  end_ = register_module("end", LayerNorm(kResidueHidden));
  project_ = register_module("project", Linear(kResidueHidden, width));
}

void ResidueStage::add_layer(const std::string& suffix) {
  const auto linear = [&](const std::string& name, std::int64_t in,
                          std::int64_t out) {
    return register_module(name + suffix, Linear(in, out));
  };
  Layer layer;
  layer.norm = register_module("norm" + suffix, LayerNorm(kResidueHidden));
  layer.forward_norm =
      register_module("forward_norm" + suffix, LayerNorm(kResidueHidden));
  layer.ask = linear("ask", kResidueHidden, heads_.nodes_in());
  layer.answer = linear("answer", heads_.nodes_out(), kResidueHidden);
  layer.up = linear("up", kResidueHidden, kResidueHidden);
  layer.down = linear("down", kResidueHidden, kResidueHidden);
  layer.gate = linear("gate", kResidueHidden, kResidueHidden);
  layers_.push_back(layer);
}

ResidueStage::Packed ResidueStage::pack(
    const std::vector<const ResidueGraph*>& graphs) const {
  Packed batch;
  std::vector<std::int64_t> offset{0}, neighbour, chain_of;
  for (const auto* graph : graphs) {
    const auto first = batch.chain_offset.back(), edges = offset.back();
    for (const auto j : graph->neighbour) neighbour.push_back(first + j);
    for (std::int64_t i = 1; i <= graph->length(); ++i) {
      offset.push_back(edges + graph->offset[at(i)]);
      chain_of.push_back(size_of(batch.chain_offset) - 1);
    }
    batch.chain_offset.push_back(first + graph->length());
  }
  const auto columns = kResidueColumns + user_columns_;
  auto residues = torch::empty({batch.chain_offset.back(), columns});
  auto edges = torch::empty({offset.back(), heads_.edge});
  for (std::size_t i = 0; i < graphs.size(); ++i) {
    const auto first = batch.chain_offset[i];
    residue_features(*graphs[i], residues.data_ptr<float>() + first * columns);
    edge_features(*graphs[i],
                  edges.data_ptr<float>() + offset[at(first)] * heads_.edge);
  }
  const auto& like = start_->weight;
  batch.residues = residues.to(like.options());
  batch.edges = edges.to(like.options());
  const auto rows = row_lists(offset, neighbour, like.device());
  batch.offset = rows.offset;
  batch.neighbour = rows.column;
  batch.chains = segments(batch.chain_offset, like.device());
  batch.chain_of = picked_rows(chain_of, like.device());
  return batch;
}

Tensor ResidueStage::pass(Layer layer, const Packed& batch, Tensor x,
                          ChunkRng* rng) const {
  auto h = layer.ask->forward(layer.norm->forward(x));
  h = edge_attention(heads_, h, batch.edges, batch.offset,
                     batch.neighbour);  // (R, heads * (node + edge))
  x = x + dropout(layer.answer->forward(h), dropout_, rng);
  h = torch::relu(layer.up->forward(layer.forward_norm->forward(x)));
  x = x + layer.down->forward(dropout(h, dropout_, rng));
  const auto mean = mean_rows(batch.chains, x);  // (n, hidden)
  // From 0 to 2, so that an untrained gate is about 1.
  const auto gate = 2.0 * torch::sigmoid(layer.gate->forward(mean));
  return x * sum_rows(batch.chain_of, gate);  // (R, hidden)
}

ResidueVectors ResidueStage::forward(
    const std::vector<const ResidueGraph*>& graphs, ChunkRng* rng) {
  const Packed batch = pack(graphs);
  auto x = start_norm_->forward(start_->forward(batch.residues));
  for (const auto& layer : layers_) x = pass(layer, batch, x, rng);
  ResidueVectors out;
  out.residues = project_->forward(end_->forward(x));  // (R, width)
  out.pooled = mean_rows(batch.chains, out.residues);  // (n, width)
  out.offset = batch.chain_offset;
  out.first.assign(graphs.size(), 0);
  return out;
}

}  // namespace musl::nn
