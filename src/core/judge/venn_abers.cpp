#include "judge/venn_abers.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <numeric>
#include <optional>
#include <string>

#include "base/numbers.h"
#include "judge/calibration.h"

namespace musl {

namespace {

/// A corner of the cumulative sum diagram; integers, so that the turns are
/// exact.
struct Point {
  std::int64_t pairs = 0;
  std::int64_t positives = 0;
};

double slope(const Point& from, const Point& to) {
  return static_cast<double>(to.positives - from.positives) /
         static_cast<double>(to.pairs - from.pairs);
}

/// Above 0 where a, b, c turn to the left.
std::int64_t turn(const Point& a, const Point& b, const Point& c) {
  return (b.pairs - a.pairs) * (c.positives - a.positives) -
         (c.pairs - a.pairs) * (b.positives - a.positives);
}

/// Pairs of each distinct score, in their order.
using Steps = std::vector<Point>;

/// Corners of the greatest convex minorant of the diagram, the first on top.
/// The pair to be added, an SL of its own, lengthens it to (-1, -1).
std::vector<Point> first_corners(const std::vector<Point>& diagram) {
  std::vector<Point> corners;
  for (auto point = diagram.rbegin(); point != diagram.rend(); ++point) {
    while (corners.size() > 1 &&
           turn(*point, corners.back(), corners[corners.size() - 2]) <= 0) {
      corners.pop_back();
    }
    corners.push_back(*point);
  }
  return corners;
}

/// The isotonic value at each step when an SL is added to it.
///
/// From step to step the part of the diagram before the added pair grows by one
/// point, moved by (-1, -1); the value is the slope of the edge between that
/// part and the rest.
std::vector<double> values_with_positive(const Steps& steps) {
  std::vector<Point> diagram{{-1, -1}};
  Point sum;
  for (const Point& step : steps) {
    sum = {sum.pairs + step.pairs, sum.positives + step.positives};
    diagram.push_back(sum);
  }
  std::vector<Point> corners = first_corners(diagram);
  std::vector<double> out;
  out.reserve(steps.size());
  for (std::size_t i = 0; i < steps.size(); ++i) {
    const Point next = corners[corners.size() - 2];
    out.push_back(slope(corners.back(), next));
    const Point moved{diagram[i + 1].pairs - 1, diagram[i + 1].positives - 1};
    if (turn(corners.back(), moved, next) <= 0) continue;
    corners.pop_back();
    while (corners.size() > 1 &&
           turn(moved, corners.back(), corners[corners.size() - 2]) <= 0) {
      corners.pop_back();
    }
    corners.push_back(moved);
  }
  return out;
}

/// The same with a non-SL: labels exchanged, scores reversed.
std::vector<double> values_with_negative(Steps steps) {
  std::reverse(steps.begin(), steps.end());
  for (Point& step : steps) step.positives = step.pairs - step.positives;
  std::vector<double> out = values_with_positive(steps);
  std::reverse(out.begin(), out.end());
  for (double& value : out) value = 1 - value;
  return out;
}

/// If `as_odd` of the scores of a label are at least as odd.
double p_value(std::ptrdiff_t as_odd, const std::vector<double>& scores) {
  return (1 + static_cast<double>(as_odd)) /
         (1 + static_cast<double>(scores.size()));
}

}  // namespace

VennAbers::VennAbers(const CalibrationScores& calibration) {
  Steps steps;
  const auto& sl = calibration.sl;
  const auto& non_sl = calibration.non_sl;
  std::size_t i = 0, j = 0;
  while (i < sl.size() || j < non_sl.size()) {
    const double score = j == non_sl.size() ? sl[i]
                         : i == sl.size()   ? non_sl[j]
                                            : std::min(sl[i], non_sl[j]);
    Point step;
    for (; i < sl.size() && sl[i] == score; ++i) {
      ++step.pairs;
      ++step.positives;
    }
    for (; j < non_sl.size() && non_sl[j] == score; ++j) ++step.pairs;
    score_.push_back(score);
    steps.push_back(step);
  }
  upper_ = values_with_positive(steps);
  lower_ = values_with_negative(steps);
}

Interval VennAbers::at(double score) const {
  Interval out;
  // Between two scores an SL pair joins the step above, a non-SL pair the one
  // below.
  const auto from = std::lower_bound(score_.begin(), score_.end(), score);
  if (from != score_.end()) {
    out.upper = upper_[static_cast<std::size_t>(from - score_.begin())];
  }
  const auto above = std::upper_bound(from, score_.end(), score);
  if (above != score_.begin()) {
    out.lower = lower_[static_cast<std::size_t>(above - score_.begin()) - 1];
  }
  return out;
}

std::vector<Interval> venn_abers(const ScoresByUnseen& calibration,
                                 const std::vector<double>& score,
                                 const std::vector<int>& n_unseen) {
  std::array<std::optional<VennAbers>, 3> predictors;
  for (std::size_t k = 0; k < calibration.size(); ++k) {
    if (calibration[k].is_enough()) predictors[k].emplace(calibration[k]);
  }
  std::vector<Interval> out(score.size(), Interval{kNaN, kNaN});
  for (std::size_t i = 0; i < score.size(); ++i) {
    const auto& predictor = predictors[static_cast<std::size_t>(n_unseen[i])];
    if (predictor && !std::isnan(score[i])) out[i] = predictor->at(score[i]);
  }
  return out;
}

ConformalPValues conformal_p_values(const ScoresByUnseen& calibration,
                                    const std::vector<double>& score,
                                    const std::vector<int>& n_unseen) {
  const std::vector<double> none(score.size(), kNaN);
  ConformalPValues out{none, none};
  for (std::size_t i = 0; i < score.size(); ++i) {
    const auto& known = calibration[static_cast<std::size_t>(n_unseen[i])];
    if (std::isnan(score[i]) || !known.is_enough()) continue;
    const auto& [sl, non_sl] = known;
    const auto above = std::upper_bound(sl.begin(), sl.end(), score[i]);
    const auto from = std::lower_bound(non_sl.begin(), non_sl.end(), score[i]);
    out.sl[i] = p_value(above - sl.begin(), sl);
    out.non_sl[i] = p_value(non_sl.end() - from, non_sl);
  }
  return out;
}

}  // namespace musl
