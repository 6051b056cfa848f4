#include "judge/calibration.h"

#include <algorithm>
#include <cmath>

#include "base/numbers.h"

namespace musl {

namespace {

// A model that ranks no better than chance keeps its order, with nearly the
// same probability for all pairs.
constexpr double kMinSlope = 1e-3;
constexpr double kRidge = 1e-9;
constexpr double kTolerance = 1e-10;
constexpr int kMaxSteps = 100;

/// Pairs to fit one line to.
struct Sample {
  std::vector<double> score;
  std::vector<double> target;  // 0/1 first, smoothed while fitting
  std::int64_t positives = 0;

  void add(double s, float label) {
    score.push_back(s);
    target.push_back(label > 0.5f ? 1 : 0);
    positives += label > 0.5f ? 1 : 0;
  }
  [[nodiscard]] std::int64_t size() const {
    return static_cast<std::int64_t>(score.size());
  }
  [[nodiscard]] bool has_both() const {
    return positives > 0 && positives < size();
  }
};

struct Line {
  double slope = 1;
  double intercept = 0;
};

/// Cross-entropy of the targets, written so that no exp overflows.
double loss(const Sample& sample, const Line& line) {
  double sum = 0;
  for (std::size_t i = 0; i < sample.score.size(); ++i) {
    const double x = line.slope * sample.score[i] + line.intercept;
    sum += std::max(x, 0.0) - x * sample.target[i] +
           std::log1p(std::exp(-std::abs(x)));
  }
  return sum;
}

/// The Newton step; a fixed slope does not change.
Line newton_step(const Sample& sample, const Line& line, bool hold_slope) {
  double gs = 0, gi = 0, hss = kRidge, hsi = 0, hii = kRidge;
  for (std::size_t i = 0; i < sample.score.size(); ++i) {
    const double s = sample.score[i];
    const double p = sigmoid(line.slope * s + line.intercept);
    const double difference = p - sample.target[i];
    const double w = p * (1 - p);
    gs += difference * s;
    gi += difference;
    hss += w * s * s;
    hsi += w * s;
    hii += w;
  }
  if (hold_slope) return {0, -gi / hii};
  const double determinant = hss * hii - hsi * hsi;
  return {-(hii * gs - hsi * gi) / determinant,
          -(hss * gi - hsi * gs) / determinant};
}

/// Newton's method with step halving, as in Lin, Lin and Weng (2007).
Line minimise(const Sample& sample, Line line, bool hold_slope) {
  double current = loss(sample, line);
  for (int step = 0; step < kMaxSteps; ++step) {
    const Line delta = newton_step(sample, line, hold_slope);
    double length = 1;
    Line next = line;
    double found = current;
    do {
      next = {line.slope + length * delta.slope,
              line.intercept + length * delta.intercept};
      found = loss(sample, next);
      length /= 2;
    } while (!(found < current) && length > 1e-10);
    if (!(found < current)) break;
    const bool settled = current - found < kTolerance * (1 + current);
    line = next;
    current = found;
    if (settled) break;
  }
  return line;
}

/// Centre and spread of the scores, for a well-conditioned Hessian.
Line standardisation(const std::vector<double>& score) {
  const auto n = static_cast<double>(score.size());
  double mean = 0, variance = 0;
  for (const double s : score) mean += s / n;
  for (const double s : score) variance += (s - mean) * (s - mean) / n;
  const double spread = std::sqrt(variance);
  return {spread > 0 ? spread : 1.0, mean};
}

/// Platt's line; the slope is at least kMinSlope.
Line fit_line(Sample sample) {
  if (!sample.has_both()) return {};
  const auto positives = static_cast<double>(sample.positives);
  const double negatives = static_cast<double>(sample.size()) - positives;
  for (double& t : sample.target) {
    t = t > 0.5 ? (positives + 1) / (positives + 2) : 1 / (negatives + 2);
  }
  const Line unit = standardisation(sample.score);
  for (double& s : sample.score) s = (s - unit.intercept) / unit.slope;

  const double start = logit((positives + 1) / (positives + negatives + 2));
  Line line = minimise(sample, {0, start}, /*hold_slope=*/false);
  if (line.slope < kMinSlope * unit.slope) {
    line = minimise(sample, {kMinSlope * unit.slope, start},
                    /*hold_slope=*/true);
  }
  const double slope = line.slope / unit.slope;
  return {slope, line.intercept - slope * unit.intercept};
}

/// Shift of the log-odds of each class if the share of SL is `prior` (NaN: that
/// of training).
std::array<double, 3> logit_shifts(const Calibration& calibration,
                                   double prior) {
  const double to = std::isnan(prior) ? calibration.training_prior : prior;
  std::array<double, 3> out{};
  for (std::size_t k = 0; k < out.size(); ++k) {
    out[k] = logit(to) - logit(calibration.prior[k]);
  }
  return out;
}

/// Share of SL, or `otherwise` if there is only one label.
double share(const Sample& sample, double otherwise) {
  if (!sample.has_both()) return otherwise;
  return static_cast<double>(sample.positives) /
         static_cast<double>(sample.size());
}

}  // namespace

Calibration fit_calibration(const std::vector<double>& score,
                            const std::vector<float>& label,
                            const std::vector<int>& n_unseen,
                            double training_prior) {
  std::array<Sample, 3> samples;
  Sample pooled;
  Calibration out;
  for (std::size_t i = 0; i < score.size(); ++i) {
    if (!std::isfinite(score[i])) continue;
    const auto k = static_cast<std::size_t>(n_unseen[i]);
    samples[k].add(score[i], label[i]);
    pooled.add(score[i], label[i]);
    auto& own = out.scores[k];
    (label[i] > 0.5f ? own.sl : own.non_sl).push_back(score[i]);
  }
  const Line shared = fit_line(pooled);
  out.training_prior = training_prior;
  for (std::size_t k = 0; k < samples.size(); ++k) {
    CalibrationScores& scores = out.scores[k];
    std::sort(scores.sl.begin(), scores.sl.end());
    std::sort(scores.non_sl.begin(), scores.non_sl.end());
    const bool own = scores.is_enough() && samples[k].has_both();
    const Line line = own ? fit_line(samples[k]) : shared;
    out.prior[k] = share(own ? samples[k] : pooled, training_prior);
    out.slope[k] = line.slope;
    out.intercept[k] = line.intercept;
  }
  return out;
}

std::vector<double> calibrate(const Calibration& calibration,
                              const std::vector<double>& score,
                              const std::vector<int>& n_unseen, double prior) {
  const auto shift = logit_shifts(calibration, prior);
  std::vector<double> out(score.size());
  for (std::size_t i = 0; i < score.size(); ++i) {
    const auto k = static_cast<std::size_t>(n_unseen[i]);
    out[i] = sigmoid(calibration.slope[k] * score[i] +
                     calibration.intercept[k] + shift[k]);
  }
  return out;
}

std::vector<double> shift_prior(const Calibration& calibration,
                                const std::vector<double>& probability,
                                const std::vector<int>& n_unseen,
                                double prior) {
  const auto shift = logit_shifts(calibration, prior);
  std::vector<double> out(probability.size());
  for (std::size_t i = 0; i < out.size(); ++i) {
    const double p = probability[i];
    const double by = shift[static_cast<std::size_t>(n_unseen[i])];
    out[i] = p > 0 && p < 1 && by != 0 ? sigmoid(logit(p) + by) : p;
  }
  return out;
}

double shift_for_mean(const std::vector<double>& log_odds, double mean) {
  const auto mean_at = [&](double shift) {
    double sum = 0;
    for (const double x : log_odds) sum += sigmoid(x + shift);
    return sum / static_cast<double>(log_odds.size());
  };
  // The mean rises with the shift, which these bounds hold.
  const auto [least, most] =
      std::minmax_element(log_odds.begin(), log_odds.end());
  double low = logit(mean) - *most, high = logit(mean) - *least;
  constexpr int kHalvings = 60;
  for (int i = 0; i < kHalvings; ++i) {
    const double middle = (low + high) / 2;
    (mean_at(middle) < mean ? low : high) = middle;
  }
  return (low + high) / 2;
}

std::vector<double> shift_to_mean(std::vector<double> probability,
                                  const std::vector<double>& reference,
                                  double prior) {
  std::vector<double> logits;
  for (const double p : reference) {
    if (p > 0 && p < 1) logits.push_back(logit(p));
  }
  if (logits.empty()) return probability;
  const double by = shift_for_mean(logits, prior);
  for (double& p : probability) {
    if (p > 0 && p < 1) p = sigmoid(logit(p) + by);
  }
  return probability;
}

}  // namespace musl
