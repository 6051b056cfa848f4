#include "judge/label_metrics.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

#include "base/numbers.h"
#include "judge/metrics.h"

namespace musl {

namespace {

/// Counts how many of the added numbers 0 .. n - 1 are below a bound.
class RankCounts {
 public:
  explicit RankCounts(std::size_t n) : sums_(n + 1, 0) {}
  void add(std::size_t rank) {
    for (++rank; rank < sums_.size(); rank += rank & (~rank + 1)) {
      ++sums_[rank];
    }
  }
  /// Number of those below `rank`.
  [[nodiscard]] double below(std::size_t rank) const {
    double sum = 0;
    for (; rank > 0; rank -= rank & (~rank + 1)) sum += sums_[rank];
    return sum;
  }

 private:
  std::vector<double> sums_;
};

/// Compares the rows of each value with all rows of smaller values.
double concordance(const std::vector<double>& found,
                   const std::vector<double>& value) {
  const std::vector<double> levels = once(found);
  const auto rank = [&](double x) {
    return static_cast<std::size_t>(
        std::lower_bound(levels.begin(), levels.end(), x) - levels.begin());
  };
  const auto order = ascending(value);
  RankCounts counts(levels.size());
  double right = 0, all = 0;
  std::size_t first = 0;
  while (first < order.size()) {
    std::size_t last = first;
    while (last < order.size() && value[order[last]] == value[order[first]]) {
      const auto own = rank(found[order[last]]);
      const double below = counts.below(own);
      const double ties = counts.below(own + 1) - below;
      right += below + ties / 2;
      all += static_cast<double>(first);
      ++last;
    }
    for (; first < last; ++first) counts.add(rank(found[order[first]]));
  }
  return all > 0 ? right / all : kNaN;
}

double mean_of(const std::vector<double>& x) {
  return std::accumulate(x.begin(), x.end(), 0.0) /
         static_cast<double>(x.size());
}

/// The smallest called score with the best F1, the highest of several, and the
/// next below it, itself if there is none; NaN without positives.
std::pair<double, double> best_call(const std::vector<double>& score,
                                    const float* label, double positives) {
  const auto order = ascending(score);
  std::pair<double, double> best{kNaN, kNaN};
  double best_f1 = 0, hits = 0;
  for (std::size_t called = 1; called <= order.size(); ++called) {
    const auto at = order.size() - called;
    hits += static_cast<double>(label[order[at]]);
    const double own = score[order[at]];
    const double next = at > 0 ? score[order[at - 1]] : own;
    if (at > 0 && next == own) continue;  // ties are called together
    const double f1 = 2 * hits / (static_cast<double>(called) + positives);
    if (f1 <= best_f1) continue;
    best_f1 = f1;
    best = {own, next};
  }
  return best;
}

}  // namespace

double best_threshold(const Matrix& score, const Matrix& label) {
  const auto [own, next] =
      best_call({score.data(), score.data() + score.size()}, label.data(),
                label.cast<double>().sum());
  return std::isnan(own) ? kUsualThreshold : (own + next) / 2;
}

LabelMetrics label_metrics(const Matrix& score, const Matrix& label,
                           double threshold) {
  LabelMetrics out{0, 0, 0, kNaN};
  double n_labels = 0;
  const auto plain = [](const auto& x) {
    std::vector<double> values;
    for (Eigen::Index i = 0; i < x.size(); ++i) values.push_back(x(i));
    return values;
  };
  std::vector<float> called;
  for (Eigen::Index i = 0; i < score.size(); ++i) {
    called.push_back(score.data()[i] >= threshold ? 1.0f : 0.0f);
  }
  const std::vector<float> all(label.data(), label.data() + label.size());
  out.micro_f1 = f1_score(called, all, {});
  const Eigen::Map<const Eigen::VectorXf> flat(score.data(), score.size());
  out.micro_auprc = auprc(plain(flat), all);
  for (Eigen::Index c = 0; c < label.cols(); ++c) {
    const Eigen::VectorXf column = label.col(c);
    const std::vector<float> own(column.data(), column.data() + column.size());
    const auto n_positive = std::count(own.begin(), own.end(), 1.0f);
    if (n_positive == 0 || n_positive == label.rows()) continue;
    const auto values = plain(score.col(c));
    out.macro_auprc += auprc(values, own);
    out.macro_auroc += auroc(values, own);
    ++n_labels;
  }
  out.macro_auprc = n_labels > 0 ? out.macro_auprc / n_labels : kNaN;
  out.macro_auroc = n_labels > 0 ? out.macro_auroc / n_labels : kNaN;
  return out;
}

AffinityMetrics affinity_metrics(const std::vector<double>& found,
                                 const std::vector<double>& value) {
  if (found.empty()) return {kNaN, kNaN, kNaN, kNaN};
  const double x_mean = mean_of(found), y_mean = mean_of(value);
  double errors = 0, xx = 0, yy = 0, xy = 0, x_square = 0, x_by_y = 0;
  for (std::size_t i = 0; i < found.size(); ++i) {
    const double x = found[i] - x_mean, y = value[i] - y_mean;
    errors += (found[i] - value[i]) * (found[i] - value[i]);
    xx += x * x;
    yy += y * y;
    xy += x * y;
    x_square += found[i] * found[i];
    x_by_y += found[i] * value[i];
  }
  AffinityMetrics out;
  out.concordance = concordance(found, value);
  out.mse = errors / static_cast<double>(found.size());
  if (xx <= 0 || yy <= 0) return {out.concordance, out.mse, kNaN, kNaN};
  out.pearson = xy / std::sqrt(xx * yy);
  const double slope = x_by_y / x_square;
  double off_line = 0;
  for (std::size_t i = 0; i < found.size(); ++i) {
    const double gap = value[i] - slope * found[i];
    off_line += gap * gap;
  }
  const double r2 = out.pearson * out.pearson;
  const double r02 = 1 - off_line / yy;
  out.rm2 = r2 * (1 - std::sqrt(std::abs(r2 - r02)));
  return out;
}

double best_f1_threshold(const std::vector<double>& score,
                         const std::vector<float>& label) {
  return best_call(score, label.data(),
                   std::accumulate(label.begin(), label.end(), 0.0))
      .first;
}

}  // namespace musl
