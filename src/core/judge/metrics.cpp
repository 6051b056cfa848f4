#include "judge/metrics.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>

#include "base/error.h"
#include "base/numbers.h"

namespace musl {

namespace {

CurveMetrics curve_of(const std::vector<double>& score,
                      const std::vector<float>& label) {
  return curve_metrics(score_steps(order_scores(score), label, {}));
}

double f1_of(double true_positives, double called, double positives) {
  return 2 * true_positives / (called + positives);
}

/// Weights of the labelled pairs.
struct Calls {
  double all = 0, positives = 0, called = 0, true_positives = 0;
};

Calls count_calls(const std::vector<float>& called,
                  const std::vector<float>& label,
                  const std::vector<double>& weight) {
  Calls out;
  for (std::size_t i = 0; i < label.size(); ++i) {
    if (std::isnan(label[i])) continue;
    const double w = weight_of(weight, i);
    out.all += w;
    out.positives += w * label[i];
    out.called += w * called[i];
    out.true_positives += w * called[i] * label[i];
  }
  return out;
}

/// Bins of equal mass, filled from the highest probability down.
class MassBins {
 public:
  MassBins(double mass, int bins) : mass_(mass), bins_(bins) {}

  /// Adds rows of weight `mass`, `positives` of it positive, with the same
  /// probability.
  void add(double mass, double positives, double probability) {
    const double share = positives / mass;
    const double end = filled_ + mass;
    while (filled_ < end) {
      // The last bin includes rounding errors.
      const double stop =
          bin_ + 1 < bins_ ? std::min(end, mass_ * (bin_ + 1) / bins_) : end;
      gap_ += (stop - filled_) * (share - probability);
      filled_ = stop;
      if (filled_ < end) close_bin();
    }
  }

  [[nodiscard]] double mean_gap() {
    close_bin();
    return sum_ / mass_;
  }

 private:
  void close_bin() {
    sum_ += std::abs(gap_);
    gap_ = 0;
    ++bin_;
  }

  double mass_;
  int bins_;
  int bin_ = 0;
  double filled_ = 0;
  double gap_ = 0;  // positives less probabilities of the bin so far
  double sum_ = 0;
};

}  // namespace

double auroc(const std::vector<double>& score,
             const std::vector<float>& label) {
  return curve_of(score, label).auroc;
}

double auprc(const std::vector<double>& score,
             const std::vector<float>& label) {
  return curve_of(score, label).auprc;
}

ScoreOrder order_scores(const std::vector<double>& value) {
  for (std::size_t i = 0; i < value.size(); ++i) {
    if (std::isnan(value[i])) {
      throw InputError("Scores must not be NaN; number " + std::to_string(i) +
                       " is. Leave such pairs out.");
    }
  }
  const auto at = [&](std::int32_t row) {
    return value[static_cast<std::size_t>(row)];
  };
  ScoreOrder out;
  out.row.resize(value.size());
  std::iota(out.row.begin(), out.row.end(), 0);
  std::sort(out.row.begin(), out.row.end(),
            [&](std::int32_t x, std::int32_t y) {
              return at(x) != at(y) ? at(x) > at(y) : x < y;
            });
  for (std::size_t k = 1; k <= out.row.size(); ++k) {
    if (k == out.row.size() || at(out.row[k]) != at(out.row[k - 1])) {
      out.step_end.push_back(static_cast<std::int32_t>(k));
    }
  }
  return out;
}

std::vector<Step> score_steps(const ScoreOrder& order,
                              const std::vector<float>& label,
                              const std::vector<double>& weight) {
  std::vector<Step> steps;
  steps.reserve(order.step_end.size());
  std::size_t k = 0;
  for (const std::int32_t end : order.step_end) {
    Step step;
    for (; k < static_cast<std::size_t>(end); ++k) {
      const auto row = static_cast<std::size_t>(order.row[k]);
      const double w = weight_of(weight, row);
      if (label[row] == 1.0f) step.positives += w;
      if (label[row] == 0.0f) step.negatives += w;
    }
    steps.push_back(step);
  }
  return steps;
}

CurveMetrics curve_metrics(const std::vector<Step>& steps) {
  double all_positives = 0;
  for (const Step& step : steps) all_positives += step.positives;
  double positives = 0, negatives = 0;
  double twice_won = 0;  // twice, so that ties of integer weights are exact
  double gained = 0, trapezoids = 0, f1_max = 0;
  double last_precision = 1;
  for (const Step& step : steps) {
    if (step.positives + step.negatives <= 0) continue;
    twice_won += step.negatives * (2 * positives + step.positives);
    positives += step.positives;
    negatives += step.negatives;
    const double called = positives + negatives;
    const double precision = positives / called;
    gained += step.positives * positives / called;
    trapezoids += step.positives * (precision + last_precision) / 2;
    last_precision = precision;
    f1_max = std::max(f1_max, f1_of(positives, called, all_positives));
  }
  CurveMetrics out{kNaN, kNaN, kNaN, kNaN};
  if (positives <= 0) return out;
  if (negatives > 0) out.auroc = twice_won / 2 / positives / negatives;
  out.auprc = gained / positives;
  out.auprc_trapezoid = trapezoids / positives;
  out.f1_max = f1_max;
  return out;
}

double f1_score(const std::vector<float>& called,
                const std::vector<float>& label,
                const std::vector<double>& weight) {
  const Calls calls = count_calls(called, label, weight);
  return calls.positives > 0
             ? f1_of(calls.true_positives, calls.called, calls.positives)
             : kNaN;
}

double matthews(const std::vector<float>& called,
                const std::vector<float>& label,
                const std::vector<double>& weight) {
  const Calls calls = count_calls(called, label, weight);
  const double negatives = calls.all - calls.positives;
  if (!(calls.positives > 0 && negatives > 0)) return kNaN;
  const double spread = calls.called * (calls.all - calls.called);
  if (!(spread > 0)) return 0;
  // The covariance of two 0/1 variables over their standard deviations.
  return (calls.true_positives * calls.all - calls.called * calls.positives) /
         std::sqrt(spread * calls.positives * negatives);
}

double brier_score(const std::vector<double>& probability,
                   const std::vector<float>& label,
                   const std::vector<double>& weight) {
  double sum = 0, mass = 0;
  for (std::size_t i = 0; i < label.size(); ++i) {
    if (std::isnan(label[i])) continue;
    const double w = weight_of(weight, i);
    const double error = probability[i] - static_cast<double>(label[i]);
    sum += w * error * error;
    mass += w;
  }
  return mass > 0 ? sum / mass : kNaN;
}

double calibration_error(const ScoreOrder& order,
                         const std::vector<double>& probability,
                         const std::vector<float>& label,
                         const std::vector<double>& weight, int bins) {
  const std::vector<Step> steps = score_steps(order, label, weight);
  double mass = 0;
  for (const Step& step : steps) mass += step.positives + step.negatives;
  if (mass <= 0) return kNaN;
  MassBins filled(mass, bins);
  for (std::size_t s = 0; s < steps.size(); ++s) {
    const double in_step = steps[s].positives + steps[s].negatives;
    if (in_step <= 0) continue;
    const auto first =
        s == 0 ? 0 : static_cast<std::size_t>(order.step_end[s - 1]);
    filled.add(in_step, steps[s].positives,
               probability[static_cast<std::size_t>(order.row[first])]);
  }
  return filled.mean_gap();
}

}  // namespace musl
