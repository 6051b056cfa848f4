#include "nn/nets/gene_stage.h"

#include <algorithm>

#include "base/numbers.h"
#include "base/parallel.h"
#include "base/rng.h"
#include "base/sorted_ids.h"
#include "nn/base/boundary.h"

namespace musl::nn {

namespace {

constexpr std::int64_t kGeneBlock = 4096;
constexpr std::int64_t kKeptBlock = 256;
constexpr std::int64_t kScoredBlock = 256;
// Each training block has gradients of all weights, so few blocks, or these
// dominate the time.
constexpr std::int64_t kTrainingBlocks = 4;
constexpr std::int64_t kLeastTrainingBlock = 64;
constexpr std::uint64_t kGeneStream = 0;  // of a batch's seed

/// Rows of a block of n in a batch: blocks of one size.
std::int64_t training_block(std::int64_t n) {
  return std::max(kLeastTrainingBlock,
                  (n + kTrainingBlocks - 1) / kTrainingBlocks);
}

std::int64_t node_columns(const Preprocess& preprocess) {
  std::size_t columns = 0;
  for (const auto& scaler : preprocess.blocks) columns += scaler.mean.size();
  return static_cast<std::int64_t>(columns);
}

}  // namespace

Numbers GeneRows::rows_of(const std::vector<std::int32_t>& ends) const {
  const auto n = size_of(genes);
  if (n > 0 && genes.back() == n - 1) {  // all genes: each is its own row
    return {ends.begin(), ends.end()};
  }
  Numbers rows;
  rows.reserve(ends.size());
  for (const std::int64_t gene : ends) {
    rows.push_back(position_of(genes, gene));
  }
  return rows;
}

GeneRows genes_of(const PairSet& pairs) {
  const auto genes = once(pairs.a, pairs.b);
  return {{genes.begin(), genes.end()}};
}

GeneStage::GeneStage(const std::vector<Encoder*>& encoders, const Dataset& data,
                     const Preprocess& preprocess, torch::Device device,
                     int threads, const StoredVectors& stored)
    : device_(device), threads_(threads) {
  if (encoders.empty()) return;
  if (data.gene_vectors.size() > 0 && !stored.are_ignored) {
    const auto width = data.gene_vectors.cols() / stored.n_members;
    stored_ =
        to_tensor(data.gene_vectors.middleCols(stored.member * width, width))
            .to(device_);
    return;
  }
  absent_ = data.blocks.empty();
  GeneInputs inputs;
  inputs.features =
      absent_ ? torch::zeros({1, node_columns(preprocess)}, device_)
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

GeneStage::GeneStage(const std::vector<Encoder*>& encoders,
                     const GeneStage& like)
    : device_(like.device_), absent_(like.absent_), threads_(like.threads_) {
  for (std::size_t i = 0; i < encoders.size(); ++i) {
    parts_.push_back({encoders[i], like.parts_[i].inputs});
  }
}

bool GeneStage::reads_rows_alone() const {
  return std::all_of(parts_.begin(), parts_.end(), [](const Part& part) {
    return part.encoder->reads_gene_rows();
  });
}

void GeneStage::remember(std::int64_t n_genes) {
  block_ = reads_rows_alone() ? kKeptBlock : std::max<std::int64_t>(n_genes, 1);
  std::int64_t width = 0;
  for (const auto& part : parts_) width += part.encoder->gene_width();
  filled_.assign(at((n_genes + block_ - 1) / block_), 0);
  remembered_ = torch::empty({n_genes, width}, device_);
}

void GeneStage::fill(const std::vector<std::int64_t>& genes) const {
  const std::lock_guard<std::mutex> lock(filling_);
  std::vector<std::int64_t> missing;
  for (const std::int64_t gene : genes) {
    const std::int64_t block = gene / block_;
    if (filled_[at(block)] == 0) missing.push_back(block);
  }
  missing = once(std::move(missing));
  parallel_for(size_of(missing), threads_, [&](std::int64_t i) {
    const torch::NoGradGuard no_grad;  // the mode is each thread's own
    const std::int64_t first = missing[at(i)] * block_;
    const auto n = std::min(block_, remembered_.size(0) - first);
    const Tensor own = numbers_on({count_from(first, n)}, device_)[0];
    remembered_.narrow(0, first, n)
        .copy_(compute(own, /*rng=*/nullptr, /*reads=*/{}));
  });
  // Not before: blocks that an error kept from being computed hold nothing.
  for (const std::int64_t block : missing) {
    filled_[at(block)] = 1;
  }
}

const Tensor& GeneStage::remembered() const {
  return remembered(count_from(0, remembered_.size(0)));
}

const Tensor& GeneStage::remembered(
    const std::vector<std::int64_t>& genes) const {
  fill(genes);
  return remembered_;
}

Tensor GeneStage::vectors(const std::vector<std::int64_t>& genes,
                          const Reads& reads) const {
  const Tensor rows = numbers_on({genes}, device_)[0];
  if (!remembers()) return evaluated(rows, reads);
  return remembered(genes).index_select(0, rows);
}

/// All at once, or where that does not fit in memory in parts.
Tensor GeneStage::evaluated(const Tensor& genes, const Reads& reads) const {
  const auto n = genes.size(0);
  if (n == 0 || !reads_rows_alone()) {
    return torch::cat(blocks(genes, /*seed=*/{}, reads));
  }
  std::atomic<std::int64_t> at_once{n};
  std::vector<Tensor> found;
  const auto take = [&](std::int64_t first, std::int64_t size) {
    const auto part = blocks(genes.narrow(0, first, size), /*seed=*/{}, reads);
    found.insert(found.end(), part.begin(), part.end());
  };
  in_parts(n, &at_once, take);
  return torch::cat(found);
}

std::vector<Tensor> GeneStage::blocks(const Tensor& genes,
                                      std::optional<std::uint64_t> seed,
                                      const Reads& reads) const {
  const auto n = genes.size(0);
  const bool whole =
      !device_.is_cpu() || stored_.defined() || !reads_rows_alone();
  const std::int64_t size = whole   ? std::max<std::int64_t>(n, 1)
                            : !seed ? kScoredBlock
                                    : training_block(n);
  const std::int64_t n_blocks =
      std::max<std::int64_t>((n + size - 1) / size, 1);
  std::vector<Tensor> found(at(n_blocks));
  const bool with_gradient = torch::GradMode::is_enabled();
  parallel_for(n_blocks, threads_, [&](std::int64_t i) {
    const torch::AutoGradMode mode(with_gradient);  // each thread's own
    adopt_thread_limit();
    const Tensor own = genes.slice(0, i * size, (i + 1) * size);
    std::optional<ChunkRng> rng;
    if (seed) {
      rng.emplace(
          derive_seed(*seed, kGeneStream, static_cast<std::uint64_t>(i)));
    }
    found[at(i)] = compute(own, rng ? &*rng : nullptr, reads);
  });
  return found;
}

Tensor GeneStage::compute(const Tensor& genes, ChunkRng* rng,
                          const Reads& reads) const {
  const Tensor rows = absent_ ? torch::zeros_like(genes) : genes;  // (R)
  if (stored_.defined()) return stored_.index_select(0, rows);
  std::vector<Tensor> columns;
  for (const auto& [encoder, inputs] : parts_) {
    if (reads && !reads(*encoder)) {
      columns.push_back(torch::zeros({rows.size(0), encoder->gene_width()},
                                     inputs.features.options()));
      continue;
    }
    columns.push_back(encoder->gene_vectors(inputs, rows, rng));
  }
  return torch::cat(columns, 1);
}

Tensor GeneStage::average(std::int64_t n_genes) const {
  const torch::NoGradGuard no_grad;
  const auto all = stored_.defined() ? stored_
                   : remembers()     ? remembered()
                                     : to_tensor(all_vectors(n_genes));
  return all.mean(0, /*keepdim=*/true).to(device_);
}

std::vector<Tensor> GeneStage::copies(
    const std::vector<std::int64_t>& genes) const {
  if (stored_.defined() || absent_ || parts_.empty()) return {};
  if (!reads_rows_alone()) return {};
  const Tensor rows = numbers_on({genes}, device_)[0];
  const GeneInputs& inputs = parts_.front().inputs;
  std::vector<Tensor> result{inputs.features.index_select(0, rows)};
  for (const auto& copy : inputs.propagated) {
    result.push_back(copy.index_select(0, rows));
  }
  return result;
}

Tensor GeneStage::vectors_of(const std::vector<Tensor>& copies) const {
  const auto rows =
      torch::arange(copies.front().size(0),
                    torch::TensorOptions(torch::kInt64).device(device_));
  std::vector<Tensor> columns;
  for (const auto& [encoder, inputs] : parts_) {
    GeneInputs own;
    own.features = copies.front();
    own.adjacency = inputs.adjacency;
    own.propagated.assign(copies.begin() + 1, copies.end());
    own.threads = 1;
    columns.push_back(encoder->gene_vectors(own, rows, /*rng=*/nullptr));
  }
  return torch::cat(columns, 1);
}

std::vector<std::pair<std::int32_t, double>> GeneStage::neighbour_shares(
    std::int32_t gene, const Tensor& gradient) const {
  std::vector<std::pair<std::int32_t, double>> shares;
  const GeneInputs& inputs = parts_.front().inputs;
  if (inputs.adjacency == nullptr || inputs.scalers.empty()) return shares;
  const auto scale =
      torch::tensor(inputs.scalers.front().scale).to(device_, torch::kFloat64);
  const auto weight = gradient.to(torch::kFloat64) / scale;  // (F)
  const auto row = at(gene);
  const CsrGraph& adjacency = *inputs.adjacency;  // may be another stage's
  for (auto k = adjacency.offset[row]; k < adjacency.offset[row + 1]; ++k) {
    const auto place = at(k);
    const auto neighbour = adjacency.neighbour[place];
    const double sum = (inputs.features[neighbour].to(torch::kFloat64) * weight)
                           .sum()
                           .item<double>();
    shares.emplace_back(neighbour, adjacency.weight[place] * sum);
  }
  return shares;
}

Matrix GeneStage::all_vectors(std::int64_t n_genes) const {
  const torch::NoGradGuard no_grad;
  if (remembers()) return to_matrix(remembered().to(torch::kCPU));
  std::vector<Tensor> blocks;
  for (std::int64_t first = 0; first < n_genes; first += kGeneBlock) {
    const auto n = std::min(kGeneBlock, n_genes - first);
    blocks.push_back(vectors(count_from(first, n)));
  }
  return to_matrix(torch::cat(blocks).to(torch::kCPU));
}

}  // namespace musl::nn
