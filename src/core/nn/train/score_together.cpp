#include "nn/train/score_together.h"

#include <numeric>
#include <vector>

#include "musl/error.h"

namespace musl::nn {

namespace {

PairSet pairs_of(const Share& share, const PairSet& pairs) {
  std::vector<std::int64_t> order(static_cast<std::size_t>(pairs.size()));
  std::iota(order.begin(), order.end(), std::int64_t{0});
  return take_pairs(pairs, order, share.first, share.size());
}

/// (n, 1 + columns) scores and logits: those of this process in the rows of its
/// share, zeros in the others.
Tensor as_table(const Prediction& own, const Share& share, std::int64_t n) {
  Tensor table =
      torch::zeros({n, 1 + own.logits.cols()}, torch::kFloat64);  // (n, 1 + C)
  Tensor rows = table.narrow(0, share.first, share.size());
  rows.select(1, 0).copy_(torch::tensor(own.score, torch::kFloat64));
  if (own.logits.cols() > 0) {
    rows.narrow(1, 1, own.logits.cols()).copy_(to_tensor(own.logits));
  }
  return table;
}

Prediction from_table(const Tensor& table) {
  Prediction all;
  const Tensor score = table.select(1, 0).contiguous();
  const double* values = score.data_ptr<double>();
  all.score.assign(values, values + score.numel());
  const Tensor logits = table.narrow(1, 1, table.size(1) - 1);
  all.logits = to_matrix(logits.to(torch::kFloat32).contiguous());
  return all;
}

}  // namespace

Prediction score_together(const Predictor& predictor, const PairSet& pairs,
                          const ScoreRequest& request,
                          GradientExchange* exchange) {
  const std::int64_t n = pairs.size();
  if (exchange == nullptr || n == 0) return predictor.score(pairs, request);
  const Share share = share_of(n, exchange);
  Prediction own;
  bool go_on = true;
  try {
    own = predictor.score(pairs_of(share, pairs), request);
    go_on = !request.tick || request.tick(n, n);
  } catch (const CancelledError&) {
    go_on = false;
  }
  if (!all_go_on(go_on, exchange)) {
    throw CancelledError("Training was interrupted.");
  }
  Tensor table = as_table(own, share, n);
  exchange->sum(&table);
  return from_table(table);
}

}  // namespace musl::nn
