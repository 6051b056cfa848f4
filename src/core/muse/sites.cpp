#include "musl/sites.h"

#include <cmath>
#include <string>

#include "musl/error.h"
#include "musl/metrics.h"

namespace musl {

void validate(const SiteConfig& config) {
  if (config.width < 2 || config.width > 4096) {
    throw InputError("`width` must be at least 2 and at most 4096, not " +
                     std::to_string(config.width) + ".");
  }
  if (!(config.dropout >= 0 && config.dropout < 1)) {
    throw InputError("`dropout` must be at least 0 and below 1, not " +
                     std::to_string(config.dropout) + ".");
  }
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
