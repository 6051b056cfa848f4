#pragma once

#include <cstdint>
#include <vector>

#include "musl/balance.h"
#include "nn/infer/predictor.h"
#include "nn/nets/musl_net.h"

namespace musl::nn {

/// The outputs of one network's encoders for pairs, to compute its scores with
/// the vectors of one branch permuted among pairs.
class EncodedPairs {
 public:
  /// request  threads, gene vectors and tick of the scoring
  /// seen     (N, 2) 1 if a gene is in a known pair
  EncodedPairs(MuslNet net, const Predictor& predictor, const PairSet& pairs,
               const ScoreRequest& request, const Tensor& seen);

  /// (N) 1 if the pair has the branch.
  [[nodiscard]] std::vector<std::uint8_t> has(int branch) const;
  /// (N, D)
  [[nodiscard]] Matrix vectors(int branch) const;

  /// Scores of all pairs, pair i with the vector of `branch` of pair order[i];
  /// branch -1: unchanged. Reentrant.
  [[nodiscard]] std::vector<double> score(
      const Tensor& stack, int branch,
      const std::vector<std::int64_t>& order) const;
  /// (N) the branch's own logit.
  [[nodiscard]] std::vector<double> own_logit(int branch) const;

 private:
  [[nodiscard]] NetOutput rows(std::int64_t first, std::int64_t n, int branch,
                               const Tensor& order) const;
  [[nodiscard]] std::int64_t size() const { return seen_.size(0); }

  mutable MuslNet net_;
  Tensor seen_;                  // (N, 2)
  std::vector<Tensor> encoded_;  // M x (N, D)
  Tensor available_;             // (N, M)
};

/// Metrics of the pairs in `use`.
[[nodiscard]] Ranked ranked(const std::vector<double>& score,
                            const std::vector<float>& label,
                            const std::vector<std::uint8_t>& use);

/// 0 .. n - 1 with those in `use` permuted among themselves.
[[nodiscard]] std::vector<std::int64_t> dealt(
    const std::vector<std::uint8_t>& use, std::uint64_t seed);

/// Computes BranchBalance::probe; NaN if leaving out a fifth leaves one class.
[[nodiscard]] Ranked probe_vectors(const Matrix& vectors,
                                   const std::vector<float>& label,
                                   const std::vector<std::uint8_t>& use,
                                   std::uint64_t seed, int threads);

}  // namespace musl::nn
