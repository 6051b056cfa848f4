#include "nn/infer/predictor.h"

#include <ATen/Context.h>

#include <algorithm>
#include <limits>
#include <utility>

#include "base/error.h"
#include "base/numbers.h"
#include "base/parallel.h"
#include "nn/base/boundary.h"

namespace musl::nn {

namespace {

/// How many pairs are scored at once, of those with maps and of others. The
/// start of a kernel takes a GPU longer than a small batch.
constexpr std::int64_t kMicroBatch = 64, kMapless = 512;
constexpr std::int64_t kMicroBatchOnGpu = 4096, kMaplessOnGpu = 16384;

std::int64_t micro_batch_of(const MuslNetImpl& net, torch::Device device) {
  if (device.is_cpu()) return net.reads_maps() ? kMicroBatch : kMapless;
  return net.reads_maps() ? kMicroBatchOnGpu : kMaplessOnGpu;
}

Prediction empty_prediction(const MuslNetImpl& net, std::int64_t n,
                            const ScoreRequest& request) {
  Prediction result;
  result.score.assign(static_cast<std::size_t>(n), kNaN);
  for (const auto& encoder : net.encoders()) {
    result.encoders.push_back(encoder->encoder_name());
  }
  const auto m = static_cast<Eigen::Index>(result.encoders.size());
  if (request.parts) {
    result.gates = Matrix::Zero(n, m);
    result.branch_scores = Matrix::Zero(n, m);
  }
  if (request.logits) result.logits = Matrix::Zero(n, m + 1);
  if (request.embedding) {
    result.embedding = Matrix::Zero(n, net.config().fusion_width());
  }
  return result;
}

/// Rows `at` of a matrix, which may be empty.
Matrix take_rows(const Matrix& from, const std::vector<std::int64_t>& at) {
  if (from.cols() == 0) return from;
  Matrix result(static_cast<Eigen::Index>(at.size()), from.cols());
  for (std::size_t i = 0; i < at.size(); ++i) {
    result.row(static_cast<Eigen::Index>(i)) = from.row(at[i]);
  }
  return result;
}

/// (B) number of genes of each pair that are in no known pair: 0, 1 or 2.
Tensor unseen_of(const PairBatch& batch) {
  return torch::rsub(batch.at("seen").sum(1), 2).to(torch::kInt64);
}

/// Whether an encoder affects the requested output.
bool is_heard(const MuslNetImpl& net, const std::string& encoder,
              const ScoreRequest& request) {
  const int m = net.branch_of(encoder);
  if (request.branch >= 0) return m == request.branch;
  if (request.logits || request.parts) return true;
  if (net.fused_encoders()[static_cast<std::size_t>(m)] > 0.5F) return true;
  return request.stack.defined() &&
         request.stack.select(1, 1 + m).abs().sum().item<double>() > 0;
}

void copy_rows(const Tensor& from, std::int64_t first, Matrix* to) {
  to->middleRows(first, from.size(0)) = to_matrix(from);
}

/// (2, B) scores and the number of modalities, float64; all else goes to rows
/// from `first` on of `result`.
Tensor scores_of(MuslNetImpl& net, const PairBatch& batch,
                 const ScoreRequest& request, std::int64_t first,
                 Prediction* result) {
  const auto both = [](const Tensor& logit, const Tensor& present) {
    return torch::stack(
        {logit.to(torch::kFloat64), present.to(torch::kFloat64)});
  };
  if (request.branch >= 0) {
    const auto m = static_cast<std::size_t>(request.branch);
    return both(net.branch_forward(request.branch, batch),
                net.encoders()[m]->mask(batch));
  }
  const NetOutput out = net.forward(batch);
  if (request.logits) {
    copy_rows(torch::cat({out.logit.unsqueeze(1), out.branch_logits}, 1), first,
              &result->logits);
  }
  if (request.parts) {
    copy_rows(out.gates, first, &result->gates);
    copy_rows(out.branch_logits, first, &result->branch_scores);
  }
  if (request.embedding) copy_rows(out.fused, first, &result->embedding);
  return both(stacked_score(out, batch, request.stack), out.available.sum(1));
}

}  // namespace

SinglePrecisionGuard::SinglePrecisionGuard(torch::Device device)
    : on_gpu_(device.is_cuda()) {
  if (!on_gpu_) return;
  auto& context = at::globalContext();
  convolutions_ = context.allowTF32CuDNN();
  products_ = context.allowTF32CuBLAS();
  context.setAllowTF32CuDNN(false);
  context.setAllowTF32CuBLAS(false);
}

SinglePrecisionGuard::~SinglePrecisionGuard() {
  if (!on_gpu_) return;
  at::globalContext().setAllowTF32CuDNN(convolutions_);
  at::globalContext().setAllowTF32CuBLAS(products_);
}

Tensor stacked_score(const NetOutput& out, const PairBatch& batch,
                     const Tensor& stack) {
  if (!stack.defined()) return out.logit;
  const auto weight =
      stack.to(out.logit.device()).index_select(0, unseen_of(batch));
  const auto fused = out.logit.unsqueeze(1);
  const auto logits =
      torch::cat({fused, out.branch_logits, torch::ones_like(fused)}, 1);
  return (weight * logits.to(torch::kFloat64)).sum(1);
}

std::vector<double> stack_row(const PairBatch& batch, const Tensor& stack) {
  const auto row =
      stack.index_select(0, unseen_of(batch).to(torch::kCPU))[0].contiguous();
  return {row.data_ptr<double>(), row.data_ptr<double>() + row.numel()};
}

Tensor stack_tensor(const StackWeights& weights) {
  std::vector<Tensor> rows;
  for (std::size_t i = 0; i < weights.weight.size(); ++i) {
    std::vector<double> row = weights.weight[i];
    row.push_back(weights.constant[i]);
    rows.push_back(torch::tensor(row, torch::kFloat64));
  }
  return torch::stack(rows);
}

/// State shared by the work items of one call of score(). Items write to
/// separate rows.
struct Predictor::Job {
  const PairSet& pairs;
  const ScoreRequest& request;
  std::vector<std::int64_t> order;  // 0 .. n - 1
  std::vector<Prediction> results;  // one a network
  GeneRows rows;
  std::vector<Tensor> vectors;  // (R, Dg) each; empty: not read
  std::atomic<std::int64_t> micro_batch;
  std::atomic<std::int64_t> done{0};
};

Predictor::Predictor(std::vector<PredictedNet> nets, const Dataset& data,
                     const Batcher& batcher)
    : nets_(std::move(nets)), data_(data), batcher_(batcher) {}

std::vector<Prediction> Predictor::score(const PairSet& pairs,
                                         const ScoreRequest& request) const {
  const torch::NoGradGuard no_grad;
  const SinglePrecisionGuard single(batcher_.device());
  const PairTable distinct(pairs, data_.n_genes);
  const Numbers at = distinct.rows(pairs);
  const std::int64_t n = distinct.pairs().size();
  const MuslNet& net = nets_.front().net;
  const std::int64_t item = request.micro_batch > 0
                                ? request.micro_batch
                                : micro_batch_of(*net, batcher_.device());
  Job job{distinct.pairs(), request, {}, {}, {}, {}, {item}};
  job.results.assign(nets_.size(), empty_prediction(*net, n, request));
  job.order = count_from(0, n);
  if (net->reads_genes(request.branch) && n > 0) {
    read_genes(distinct.pairs(), &job);
  }
  std::function<bool()> tick;
  if (request.tick) tick = [&] { return request.tick(job.done, n); };
  parallel_blocks(
      n, item, request.threads,
      [&](std::int64_t first, std::int64_t last) {
        const torch::NoGradGuard off;  // the mode is each thread's own
        in_parts(last - first, &job.micro_batch,
                 [&](std::int64_t more, std::int64_t size) {
                   run_chunk(&job, first + more, size);
                   job.done += size;
                 });
      },
      tick);

  for (Prediction& result : job.results) {
    std::vector<double> score;
    score.reserve(at.size());
    for (const std::int64_t row : at) {
      score.push_back(result.score[static_cast<std::size_t>(row)]);
    }
    result.score = std::move(score);
    result.gates = take_rows(result.gates, at);
    result.branch_scores = take_rows(result.branch_scores, at);
    result.embedding = take_rows(result.embedding, at);
    result.logits = take_rows(result.logits, at);
  }
  return std::move(job.results);
}

void Predictor::read_genes(const PairSet& pairs, Job* job) const {
  job->rows = genes_of(pairs);
  bool has_all = false;  // of all genes, or of those of the pairs
  for (const auto& [net, genes, all] : nets_) {
    has_all = all.defined() || genes->remembers();
    if (all.defined()) {
      job->vectors.push_back(all);
    } else if (has_all) {
      // In place: those of a genome are a hundred megabytes.
      job->vectors.push_back(genes->remembered(job->rows.genes));
    } else {
      const auto reads = [&, &own = *net](const Encoder& encoder) {
        return is_heard(own, encoder.encoder_name(), job->request);
      };
      job->vectors.push_back(genes->vectors(job->rows.genes, reads));
    }
  }
  if (!has_all) return;
  job->rows.genes = count_from(0, job->vectors.front().size(0));
}

void Predictor::run_chunk(Job* job, std::int64_t first, std::int64_t n) const {
  const PairSet pairs = take_pairs(job->pairs, job->order, first, n);
  PairBatch batch = batcher_.make(pairs);
  std::vector<Tensor> rows, found;
  if (!job->vectors.empty()) {
    rows = numbers_on({job->rows.rows_of(pairs.a), job->rows.rows_of(pairs.b)},
                      batcher_.device());
  }
  for (std::size_t i = 0; i < nets_.size(); ++i) {
    if (!rows.empty()) {
      batch.tensors["gene_a"] = job->vectors[i].index_select(0, rows[0]);
      batch.tensors["gene_b"] = job->vectors[i].index_select(0, rows[1]);
    }
    found.push_back(
        scores_of(*nets_[i].net, batch, job->request, first, &job->results[i]));
  }
  const Tensor host = torch::cat(found).to(torch::kCPU);  // (2 networks, B)
  const double* score = host.data_ptr<double>();
  for (Prediction& result : job->results) {
    for (std::int64_t i = 0; i < n; ++i) {
      if (score[n + i] < 0.5) continue;
      result.score[static_cast<std::size_t>(first + i)] = score[i];
    }
    score += 2 * n;
  }
}

}  // namespace musl::nn
