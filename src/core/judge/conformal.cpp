#include "musl/conformal.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace musl {

namespace {

double p_value(std::ptrdiff_t as_odd, const std::vector<double>& scores) {
  return (1 + static_cast<double>(as_odd)) /
         (1 + static_cast<double>(scores.size()));
}

double p_sl(const std::vector<double>& scores, double score) {
  const auto above = std::upper_bound(scores.begin(), scores.end(), score);
  return p_value(above - scores.begin(), scores);
}

double p_non_sl(const std::vector<double>& scores, double score) {
  const auto at = std::lower_bound(scores.begin(), scores.end(), score);
  return p_value(scores.end() - at, scores);
}

}  // namespace

ConformalPValues conformal_p_values(const ScoresByUnseen& calibration,
                                    const std::vector<double>& score,
                                    const std::vector<int>& n_unseen) {
  check_unseen(score.size(), n_unseen);
  const double none = std::numeric_limits<double>::quiet_NaN();
  ConformalPValues out{std::vector<double>(score.size(), none),
                       std::vector<double>(score.size(), none)};
  for (std::size_t i = 0; i < score.size(); ++i) {
    const auto& known = calibration[static_cast<std::size_t>(n_unseen[i])];
    if (std::isnan(score[i]) || !known.is_enough()) continue;
    out.sl[i] = p_sl(known.sl, score[i]);
    out.non_sl[i] = p_non_sl(known.non_sl, score[i]);
  }
  return out;
}

}  // namespace musl
