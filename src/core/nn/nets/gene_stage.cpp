#include "nn/nets/gene_stage.h"

#include <algorithm>
#include <numeric>

namespace musl::nn {

namespace {

constexpr std::int64_t kGeneBlock = 4096;

Tensor index_tensor(const std::vector<std::int64_t>& index) {
  return torch::tensor(index, torch::kInt64);
}

/// Features of one gene about which nothing is known.
Tensor empty_gene(std::int64_t columns, torch::Device device) {
  return torch::zeros({1, columns}, device);
}

std::int64_t node_columns(const Preprocess& preprocess) {
  std::size_t columns = 0;
  for (const auto& scaler : preprocess.blocks) columns += scaler.mean.size();
  return static_cast<std::int64_t>(columns);
}

}  // namespace

Tensor GeneRows::rows_of(const std::vector<std::int32_t>& ends) const {
  std::vector<std::int64_t> rows;
  rows.reserve(ends.size());
  for (const std::int64_t gene : ends) {
    const auto at = std::lower_bound(genes.begin(), genes.end(), gene);
    rows.push_back(at - genes.begin());
  }
  return index_tensor(rows);
}

GeneRows genes_of(const PairSet& pairs) {
  GeneRows result;
  auto& genes = result.genes;
  genes.assign(pairs.a.begin(), pairs.a.end());
  genes.insert(genes.end(), pairs.b.begin(), pairs.b.end());
  std::sort(genes.begin(), genes.end());
  genes.erase(std::unique(genes.begin(), genes.end()), genes.end());
  return result;
}

GeneStage::GeneStage(std::vector<Encoder*> encoders, const Dataset& data,
                     const Preprocess& preprocess, torch::Device device,
                     int threads, int member, int n_members)
    : device_(device) {
  if (encoders.empty()) return;
  if (data.gene_vectors.size() > 0) {
    const auto width = data.gene_vectors.cols() / n_members;
    stored_ = to_tensor(data.gene_vectors.middleCols(member * width, width))
                  .to(device_);
    return;
  }
  absent_ = data.blocks.empty();
  GeneInputs inputs;
  inputs.features =
      absent_ ? empty_gene(node_columns(preprocess), device_)
              : to_tensor(node_features(data, preprocess)).to(device_);
  inputs.threads = threads;
  // A model that was trained without a network cannot read one.
  if (!absent_ && !data.network.empty() && !preprocess.propagated.empty()) {
    inputs.scalers = preprocess.propagated;
    adjacency_ = normalise(data.network);
    inputs.adjacency = &adjacency_;
  }
  for (Encoder* encoder : encoders) {
    parts_.push_back({encoder, inputs});
    encoder->prepare_genes(&parts_.back().inputs);
  }
}

Tensor GeneStage::vectors(
    const std::vector<std::int64_t>& genes, ChunkRng* rng,
    const std::function<bool(const Encoder&)>& reads) const {
  Tensor rows = index_tensor(genes).to(device_);  // (R)
  if (absent_) rows.zero_();
  if (stored_.defined()) return stored_.index_select(0, rows);
  std::vector<Tensor> columns;
  for (const auto& [encoder, inputs] : parts_) {
    if (reads && !reads(*encoder)) {
      columns.push_back(torch::zeros({rows.size(0), encoder->gene_width()},
                                     inputs.features.options()));
      continue;
    }
    columns.push_back(encoder->gene_vectors(
        inputs, rows, encoder->is_training() ? rng : nullptr));
  }
  return torch::cat(columns, 1);
}

Matrix GeneStage::all_vectors(std::int64_t n_genes) const {
  const torch::NoGradGuard no_grad;
  std::vector<Tensor> blocks;
  for (std::int64_t first = 0; first < n_genes; first += kGeneBlock) {
    std::vector<std::int64_t> genes(
        static_cast<std::size_t>(std::min(kGeneBlock, n_genes - first)));
    std::iota(genes.begin(), genes.end(), first);
    blocks.push_back(vectors(genes, /*rng=*/nullptr));
  }
  return to_matrix(torch::cat(blocks).to(torch::kCPU));
}

}  // namespace musl::nn
