#pragma once

#include <torch/types.h>

#include <cstdint>
#include <functional>
#include <vector>

#include "base/prediction.h"
#include "judge/stacking.h"
#include "nn/base/tensor.h"
#include "nn/inputs/batcher.h"
#include "nn/nets/gene_stage.h"
#include "nn/nets/musl_net.h"

namespace musl::nn {

/// During its lifetime, products on a GPU use true single precision instead of
/// TF32, which is off by 1e-3; then restores the setting. No effect on the CPU.
class SinglePrecisionGuard {
 public:
  explicit SinglePrecisionGuard(torch::Device device);
  ~SinglePrecisionGuard();
  SinglePrecisionGuard(const SinglePrecisionGuard&) = delete;
  SinglePrecisionGuard& operator=(const SinglePrecisionGuard&) = delete;

 private:
  bool on_gpu_;
  bool convolutions_ = false, products_ = false;
};

/// What to compute for each pair.
struct ScoreRequest {
  int branch = -1;  // >= 0: this branch's logit alone, as the score
  /// (3, 2 + M) weights of the fused and the branches' logits in the score, and
  /// a constant, by the number of unseen genes; undefined: only the fused
  /// logit.
  Tensor stack;
  bool logits = false;     // fused and branch logits into Prediction::logits
  bool parts = false;      // gates and branch scores
  bool embedding = false;  // the fused vector, or that of `branch`
  int threads = 0;
  int micro_batch = 0;  // pairs at once; 0: chosen for the device
  /// Called on the calling thread with the numbers of distinct pairs done and
  /// in total; false cancels (CancelledError).
  std::function<bool(std::int64_t, std::int64_t)> tick;
};

/// (B) the score for ranking: the fused logit, or with a stack (see
/// ScoreRequest) the weighted sum.
[[nodiscard]] Tensor stacked_score(const NetOutput& out, const PairBatch& batch,
                                   const Tensor& stack);
/// (2 + M) weights of the first pair of a batch, and the constant.
[[nodiscard]] std::vector<double> stack_row(const PairBatch& batch,
                                            const Tensor& stack);

/// Tensor for ScoreRequest::stack.
[[nodiscard]] Tensor stack_tensor(const StackWeights& weights);

/// A network in evaluation mode, and what it reads of genes.
struct PredictedNet {
  MuslNet net;
  const GeneStage* genes;
  /// (G, Dg) of all genes; undefined: those of the pairs' genes are computed.
  Tensor gene_vectors = {};
};

/// Scores pairs with networks of one architecture, in micro-batches on several
/// threads, each made once for all of them. Used for validation in training and
/// for prediction.
class Predictor {
 public:
  /// All of these must outlive the predictor.
  Predictor(std::vector<PredictedNet> nets, const Dataset& data,
            const Batcher& batcher);

  /// Each distinct unordered pair is computed once, so that (a, b) and (b, a)
  /// are identical within a table, too. One prediction a network.
  ///
  /// The score is NaN if the pair has no modality (or lacks the requested
  /// branch). If memory runs out, the micro-batch is halved, down to one pair.
  [[nodiscard]] std::vector<Prediction> score(
      const PairSet& pairs, const ScoreRequest& request) const;

 private:
  struct Job;
  void read_genes(const PairSet& pairs, Job* job) const;
  void run_chunk(Job* job, std::int64_t first, std::int64_t n) const;

  mutable std::vector<PredictedNet> nets_;
  const Dataset& data_;
  const Batcher& batcher_;
};

}  // namespace musl::nn
