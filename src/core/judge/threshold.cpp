#include "musl/threshold.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <string>

#include "musl/error.h"

namespace musl {

double best_f1_threshold(const std::vector<double>& score,
                         const std::vector<float>& label) {
  if (score.size() != label.size()) {
    throw ShapeError(std::to_string(score.size()) + " scores have " +
                     std::to_string(label.size()) + " labels.");
  }
  if (std::any_of(score.begin(), score.end(),
                  [](double one) { return std::isnan(one); })) {
    throw InputError("Scores must not be NaN.");
  }
  std::vector<std::size_t> order(score.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(),
            [&](std::size_t i, std::size_t j) { return score[i] > score[j]; });
  const auto positives = static_cast<double>(std::count_if(
      label.begin(), label.end(), [](float one) { return one > 0.5f; }));
  double best = 0;
  double threshold = std::numeric_limits<double>::quiet_NaN();
  double hits = 0;
  for (std::size_t i = 0; i < order.size(); ++i) {
    hits += label[order[i]] > 0.5f ? 1 : 0;
    const bool is_last =
        i + 1 == order.size() || score[order[i + 1]] < score[order[i]];
    if (!is_last) continue;
    const double f1 = 2 * hits / (static_cast<double>(i + 1) + positives);
    if (f1 > best) {
      best = f1;
      threshold = score[order[i]];
    }
  }
  return threshold;
}

}  // namespace musl
