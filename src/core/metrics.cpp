#include "musl/metrics.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <string>

#include "musl/error.h"

namespace musl {

namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

void check_scores(const std::vector<double>& score,
                  const std::vector<float>& label) {
  if (score.size() != label.size()) {
    throw ShapeError(
        "Scores and labels must be as many: " + std::to_string(score.size()) +
        " and " + std::to_string(label.size()) + ".");
  }
  for (std::size_t i = 0; i < score.size(); ++i) {
    if (std::isnan(score[i])) {
      throw InputError("Scores must not be NaN; number " + std::to_string(i) +
                       " is. Leave such pairs out.");
    }
    if (label[i] != 0.0f && label[i] != 1.0f) {
      throw InputError("Labels must be 0 or 1; number " + std::to_string(i) +
                       " is " + std::to_string(label[i]) + ".");
    }
  }
}

/// Positives and negatives that share one score.
struct Step {
  std::int64_t positives = 0;
  std::int64_t negatives = 0;
};

/// The distinct scores, highest first.
std::vector<Step> steps_of(const std::vector<double>& score,
                           const std::vector<float>& label) {
  std::vector<std::size_t> order(score.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(),
            [&](std::size_t x, std::size_t y) { return score[x] > score[y]; });
  std::vector<Step> steps;
  for (std::size_t k = 0; k < order.size(); ++k) {
    if (k == 0 || score[order[k]] != score[order[k - 1]]) steps.emplace_back();
    if (label[order[k]] > 0.5f) {
      ++steps.back().positives;
    } else {
      ++steps.back().negatives;
    }
  }
  return steps;
}

}  // namespace

double auroc(const std::vector<double>& score,
             const std::vector<float>& label) {
  check_scores(score, label);
  std::int64_t positives = 0;
  std::int64_t negatives = 0;
  double twice_won = 0;  // twice, so that ties stay whole numbers
  for (const Step& step : steps_of(score, label)) {
    twice_won += static_cast<double>(step.negatives) *
                 static_cast<double>(2 * positives + step.positives);
    positives += step.positives;
    negatives += step.negatives;
  }
  if (positives == 0 || negatives == 0) return kNaN;
  return twice_won / 2 / static_cast<double>(positives) /
         static_cast<double>(negatives);
}

double auprc(const std::vector<double>& score,
             const std::vector<float>& label) {
  check_scores(score, label);
  std::int64_t positives = 0;
  std::int64_t all = 0;
  double sum = 0;
  for (const Step& step : steps_of(score, label)) {
    positives += step.positives;
    all += step.positives + step.negatives;
    sum += static_cast<double>(step.positives) *
           static_cast<double>(positives) / static_cast<double>(all);
  }
  return positives == 0 ? kNaN : sum / static_cast<double>(positives);
}

}  // namespace musl
