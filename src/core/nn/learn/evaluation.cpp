#include "nn/learn/evaluation.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

#include "judge/metrics.h"

namespace musl::nn {

namespace {

/// log(1 + exp(x)) - label * x, without overflow.
double cross_entropy(double logit, double label) {
  return std::max(logit, 0.0) - logit * label +
         std::log1p(std::exp(-std::abs(logit)));
}

}  // namespace

double monitored_value(const Evaluation& found, const std::string& monitor) {
  return monitor == "loss" ? -found.loss : found.auprc;
}

Evaluation evaluate_scores(const std::vector<double>& score,
                           const std::vector<float>& label,
                           const std::vector<std::uint8_t>& use) {
  std::vector<double> scores;
  std::vector<float> labels;
  double loss = 0;
  for (std::size_t i = 0; i < score.size(); ++i) {
    if (use[i] == 0) continue;
    scores.push_back(score[i]);
    labels.push_back(label[i]);
    loss += cross_entropy(score[i], label[i]);
  }
  Evaluation result;
  result.finite = std::all_of(scores.begin(), scores.end(),
                              [](double x) { return std::isfinite(x); });
  if (!result.finite || scores.empty()) return result;
  result.loss = loss / static_cast<double>(scores.size());
  result.auroc = auroc(scores, labels);
  result.auprc = auprc(scores, labels);
  return result;
}

}  // namespace musl::nn
