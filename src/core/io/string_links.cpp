#include "musl/string_links.h"

#include <algorithm>
#include <atomic>
#include <utility>

#include "musl/column_table.h"

namespace musl {

namespace {

constexpr double kStringPoints = 1000;
/// Thresholds and scores are thousandths: rounding must not matter.
constexpr double kRounding = 1e-9;

bool is_dampened(const std::string& channel) {
  return channel == "cooccurrence" || channel == "textmining";
}

/// The numbers of a row -> its score, 0 to 1, in the first place.
class RowScore {
 public:
  explicit RowScore(const StringRequest& request)
      : points_(request.points),
        min_(request.min),
        has_homology_(request.scores.size() > request.channels.size()) {
    for (const auto& channel : request.channels) {
      dampened_.push_back(is_dampened(channel));
    }
  }

  void operator()(double* numbers) const {
    numbers[0] = dampened_.empty() ? numbers[0] / points_ : combined(numbers);
  }

  /// Whether no channel told of an association: the prior is all that is left.
  [[nodiscard]] bool lacks_evidence(double score) const {
    return !dampened_.empty() && score == kStringPrior;
  }

  [[nodiscard]] bool is_below(double score) const {
    return score >= 0 && score < min_ - kRounding;
  }

 private:
  [[nodiscard]] double combined(const double* numbers) const {
    const std::size_t n = dampened_.size();
    std::vector<double> scores(numbers, numbers + n);
    for (double& score : scores) score /= points_;
    const double homology = has_homology_ ? numbers[n] / points_ : 0;
    scores.push_back(homology);
    // An invalid score is passed on, or the others would hide it.
    for (const double score : scores) {
      if (!(score >= 0 && score <= 1)) return score;
    }
    scores.pop_back();
    return combine_string_scores(scores, dampened_, homology);
  }

  double points_, min_;
  bool has_homology_;
  std::vector<bool> dampened_;
};

}  // namespace

double combine_string_scores(const std::vector<double>& scores,
                             const std::vector<bool>& dampened,
                             double homology) {
  double none = 1;  // probability that no channel tells of an association
  for (std::size_t k = 0; k < scores.size(); ++k) {
    double own = std::max(scores[k] - kStringPrior, 0.0) / (1 - kStringPrior);
    if (dampened[k]) own *= 1 - homology;
    none *= 1 - own;
  }
  return (1 - none) * (1 - kStringPrior) + kStringPrior;
}

double string_points(const std::vector<double>& scores) {
  if (scores.empty()) return 1;
  const double largest = *std::max_element(scores.begin(), scores.end());
  return largest > 1 && largest <= kStringPoints ? kStringPoints : 1;
}

StringLinks read_string_links(TextFile* file, const StringRequest& request,
                              int threads, const std::function<bool()>& tick) {
  const auto start = read_table_start(*file, '"');
  ColumnRequest columns;
  columns.text = request.ends;
  columns.number = request.scores;
  columns.shared_levels = true;
  columns.missing = request.missing;
  const RowScore score(request);
  std::atomic<std::int64_t> n_without{0};  // rows are scored in parallel
  columns.keep = [&score, &n_without](double* numbers) {
    score(numbers);
    if (score.lacks_evidence(numbers[0])) {
      ++n_without;
      return false;
    }
    return !score.is_below(numbers[0]);
  };
  auto table = read_columns(file, start, columns, threads, tick);
  return {std::move(table.text.at(0).code), std::move(table.text.at(1).code),
          std::move(table.text[0].levels),  std::move(table.number.at(0)),
          table.n_left_out - n_without,     n_without};
}

}  // namespace musl
