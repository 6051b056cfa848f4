#include "nn/infer/encoded_pairs.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

#include "musl/logistic.h"
#include "musl/metrics.h"
#include "musl/rng.h"

namespace musl::nn {

namespace {

constexpr std::int64_t kRows = 1024;  // that are joined at a time
constexpr std::int64_t kFolds = 5;    // of the probe
constexpr double kProbePenalty = 0.01;

/// Columns of mean 0 and standard deviation 1, or 0 where they do not vary.
void standardise(Matrix* x) {
  for (Eigen::Index k = 0; k < x->cols(); ++k) {
    auto column = x->col(k);
    column.array() -= column.mean();
    const auto sd =
        std::sqrt(column.squaredNorm() /
                  static_cast<float>(std::max<Eigen::Index>(x->rows(), 1)));
    column *= sd > 1e-6f ? 1 / sd : 0.0f;
  }
}

Matrix rows_of(const Matrix& x, const std::vector<std::int64_t>& at) {
  Matrix out(static_cast<Eigen::Index>(at.size()), x.cols());
  for (std::size_t i = 0; i < at.size(); ++i) {
    out.row(static_cast<Eigen::Index>(i)) = x.row(at[i]);
  }
  return out;
}

std::vector<float> labels_of(const std::vector<float>& label,
                             const std::vector<std::int64_t>& at) {
  std::vector<float> out;
  out.reserve(at.size());
  for (const auto i : at) out.push_back(label[static_cast<std::size_t>(i)]);
  return out;
}

bool has_both(const std::vector<float>& label) {
  const auto n = std::count(label.begin(), label.end(), 1.0f);
  return n > 0 && n < static_cast<std::ptrdiff_t>(label.size());
}

std::vector<std::int64_t> used_rows(const std::vector<std::uint8_t>& use) {
  std::vector<std::int64_t> rows;
  for (std::size_t i = 0; i < use.size(); ++i) {
    if (use[i] != 0) rows.push_back(static_cast<std::int64_t>(i));
  }
  return rows;
}

}  // namespace

EncodedPairs::EncodedPairs(MuslNet net, const Predictor& predictor,
                           const PairSet& pairs, const ScoreRequest& request,
                           const Tensor& seen)
    : net_(std::move(net)), seen_(seen) {
  ScoreRequest one = request;
  one.embedding = true;
  one.stack = Tensor();
  std::vector<Tensor> masks;
  const auto options =
      net_->parameters().front().options().requires_grad(false);
  for (std::size_t m = 0; m < net_->encoders().size(); ++m) {
    one.branch = static_cast<int>(m);
    const Prediction found = predictor.score(pairs, one);
    std::vector<float> mask;
    for (const double logit : found.score) {
      mask.push_back(std::isnan(logit) ? 0.0f : 1.0f);
    }
    encoded_.push_back(to_tensor(found.embedding).to(options));  // (N, D)
    masks.push_back(torch::tensor(mask, torch::kFloat32).to(options));
  }
  available_ = torch::stack(masks, 1);  // (N, M)
}

std::vector<std::uint8_t> EncodedPairs::has(int branch) const {
  const Tensor mask = available_.select(1, branch).to(torch::kCPU).contiguous();
  std::vector<std::uint8_t> out;
  for (std::int64_t i = 0; i < mask.numel(); ++i) {
    out.push_back(mask.data_ptr<float>()[i] > 0.5f ? 1 : 0);
  }
  return out;
}

Matrix EncodedPairs::vectors(int branch) const {
  return to_matrix(encoded_[static_cast<std::size_t>(branch)].to(torch::kCPU));
}

NetOutput EncodedPairs::rows(std::int64_t first, std::int64_t n, int branch,
                             const Tensor& order) const {
  std::vector<Tensor> encoded;
  for (std::size_t m = 0; m < encoded_.size(); ++m) {
    encoded.push_back(
        static_cast<int>(m) == branch
            ? encoded_[m].index_select(0, order.narrow(0, first, n))
            : encoded_[m].narrow(0, first, n));
  }
  return net_->join(encoded, available_.narrow(0, first, n));
}

std::vector<double> EncodedPairs::score(
    const Tensor& stack, int branch,
    const std::vector<std::int64_t>& order) const {
  const torch::NoGradGuard no_grad;  // the mode is each thread's own
  const Tensor from = torch::tensor(order, torch::kInt64).to(seen_.device());
  std::vector<double> out;
  for (std::int64_t first = 0; first < size(); first += kRows) {
    const auto n = std::min(kRows, size() - first);
    PairBatch batch;
    batch.size = n;
    batch.tensors["seen"] = seen_.narrow(0, first, n);
    const Tensor score =
        stacked_score(rows(first, n, branch, from), batch, stack)
            .to(torch::kCPU, torch::kFloat64)
            .contiguous();
    out.insert(out.end(), score.data_ptr<double>(),
               score.data_ptr<double>() + n);
  }
  return out;
}

std::vector<double> EncodedPairs::own_logit(int branch) const {
  const torch::NoGradGuard no_grad;
  std::vector<double> out;
  for (std::int64_t first = 0; first < size(); first += kRows) {
    const auto n = std::min(kRows, size() - first);
    const Tensor logit = rows(first, n, /*branch=*/-1, {})
                             .branch_logits.select(1, branch)
                             .to(torch::kCPU, torch::kFloat64)
                             .contiguous();
    out.insert(out.end(), logit.data_ptr<double>(),
               logit.data_ptr<double>() + n);
  }
  return out;
}

Ranked ranked(const std::vector<double>& score, const std::vector<float>& label,
              const std::vector<std::uint8_t>& use) {
  std::vector<double> value;
  for (const auto i : used_rows(use)) {
    value.push_back(score[static_cast<std::size_t>(i)]);
  }
  const auto truth = labels_of(label, used_rows(use));
  return {auroc(value, truth), auprc(value, truth)};
}

std::vector<std::int64_t> dealt(const std::vector<std::uint8_t>& use,
                                std::uint64_t seed) {
  std::vector<std::int64_t> order(use.size());
  std::iota(order.begin(), order.end(), std::int64_t{0});
  const auto rows = used_rows(use);
  Rng rng(seed);
  const auto to = rng.permutation(static_cast<std::int64_t>(rows.size()));
  for (std::size_t i = 0; i < rows.size(); ++i) {
    order[static_cast<std::size_t>(rows[i])] =
        rows[static_cast<std::size_t>(to[i])];
  }
  return order;
}

Ranked probe_vectors(const Matrix& vectors, const std::vector<float>& label,
                     const std::vector<std::uint8_t>& use, std::uint64_t seed,
                     int threads) {
  const auto rows = used_rows(use);
  const auto n = static_cast<std::int64_t>(rows.size());
  const auto truth = labels_of(label, rows);
  // A branch that no pair has: no vectors to standardise.
  if (!has_both(truth)) return {};
  Matrix x = rows_of(vectors, rows);
  standardise(&x);
  Rng rng(seed);
  const auto place = rng.permutation(n);
  std::vector<double> score(rows.size(), 0.0);
  for (std::int64_t fold = 0; fold < kFolds; ++fold) {
    std::vector<std::int64_t> inside, outside;
    for (std::int64_t i = 0; i < n; ++i) {
      const bool out = place[static_cast<std::size_t>(i)] % kFolds == fold;
      (out ? outside : inside).push_back(i);
    }
    if (!has_both(labels_of(truth, inside))) return {};
    LogisticConfig config;
    config.lambda = kProbePenalty;
    const auto model = fit_logistic(
        rows_of(x, inside), labels_of(truth, inside), {}, config, threads);
    const auto predicted = predict_logistic(model, rows_of(x, outside));
    for (std::size_t i = 0; i < outside.size(); ++i) {
      score[static_cast<std::size_t>(outside[i])] = predicted[i];
    }
  }
  return {auroc(score, truth), auprc(score, truth)};
}

}  // namespace musl::nn
