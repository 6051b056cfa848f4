#include "muse/interactions.h"

#include <cmath>
#include <string>

#include "base/error.h"
#include "judge/metrics.h"

namespace musl {

namespace {

void check_field(bool holds, const std::string& field, const std::string& range,
                 const std::string& value) {
  if (holds) return;
  throw InputError("`" + field + "` must be " + range + ", not " + value + ".");
}

/// Of the vectors of a network.
void check_sizes(int width, double dropout) {
  check_field(width >= 2 && width <= 4096, "width",
              "at least 2 and at most 4096", std::to_string(width));
  check_field(dropout >= 0 && dropout < 1, "dropout", "at least 0 and below 1",
              std::to_string(dropout));
}

}  // namespace

void validate(const InteractionConfig& config) {
  const auto& task = config.task;
  check_field(task == "binary" || task == "multilabel" || task == "affinity",
              "task", "\"binary\", \"multilabel\" or \"affinity\"",
              "\"" + task + "\"");
  check_sizes(config.width, config.dropout);
  check_field(config.crop >= 0, "crop", "at least 0",
              std::to_string(config.crop));
  check_field(!config.known_edges || config.task != "binary", "known_edges",
              "false where the label is the edge itself", "true");
}

std::int64_t InteractionData::n_nodes() const {
  std::int64_t n = 0;
  for (const auto& block : nodes) n += block.size();
  return n;
}

void validate(const SiteConfig& config) {
  check_sizes(config.width, config.dropout);
}

SiteMetrics site_metrics(const ResidueValues& score,
                         const ResidueValues& label) {
  std::vector<double> all_scores;
  std::vector<float> all_labels;
  double sum_auroc = 0, sum_auprc = 0, n = 0;
  for (std::size_t i = 0; i < score.size(); ++i) {
    std::vector<double> scores;
    std::vector<float> labels;
    for (std::size_t r = 0; r < score[i].size(); ++r) {
      if (std::isnan(label[i][r])) continue;
      scores.push_back(score[i][r]);
      labels.push_back(label[i][r]);
    }
    all_scores.insert(all_scores.end(), scores.begin(), scores.end());
    all_labels.insert(all_labels.end(), labels.begin(), labels.end());
    const double one = auroc(scores, labels);
    if (std::isnan(one)) continue;
    sum_auroc += one;
    sum_auprc += auprc(scores, labels);
    n += 1;
  }
  return {auroc(all_scores, all_labels), auprc(all_scores, all_labels),
          sum_auroc / n, sum_auprc / n};
}

}  // namespace musl
