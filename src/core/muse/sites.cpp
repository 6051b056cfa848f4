#include "musl/sites.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "musl/error.h"
#include "musl/metrics.h"

namespace musl {

namespace {

void check_nodes(const NodeSet& nodes) {
  if (nodes.kind != NodeKind::sequence && nodes.kind != NodeKind::residues) {
    throw InputError(
        "Nodes with sites must be sequences, with coordinates or without, not "
        "\"" +
        node_kind_name(nodes.kind) + "\".");
  }
  check_readable(nodes);
}

void check_label(const SiteData& data, std::size_t i) {
  const auto& label = data.label[i];
  const auto chain = "Chain " + std::to_string(i + 1);
  if (label.size() != data.nodes.text[i].size()) {
    throw ShapeError(chain + " must have a label for each of its " +
                     std::to_string(data.nodes.text[i].size()) +
                     " residues; found " + std::to_string(label.size()) + ".");
  }
  for (std::size_t r = 0; r < label.size(); ++r) {
    if (label[r] == 0 || label[r] == 1 || std::isnan(label[r])) continue;
    throw InputError(chain +
                     " must have labels 0, 1 or missing ones; that of "
                     "residue " +
                     std::to_string(r + 1) + " is " + std::to_string(label[r]) +
                     ".");
  }
}

/// Numbers of labels 0 and 1 of the chains of a part.
struct Counts {
  std::int64_t zero = 0, one = 0;
};

Counts count_labels(const SiteData& data, bool validation) {
  Counts counts;
  for (std::size_t i = 0; i < data.label.size(); ++i) {
    if ((data.validation[i] != 0) != validation) continue;
    for (const float label : data.label[i]) {
      counts.zero += label == 0 ? 1 : 0;
      counts.one += label == 1 ? 1 : 0;
    }
  }
  return counts;
}

}  // namespace

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

void check_sites(const SiteConfig& config, const SiteData& data) {
  validate(config);
  check_nodes(data.nodes);
  const auto n = static_cast<std::size_t>(data.nodes.size());
  if (data.label.size() != n || data.validation.size() != n) {
    throw ShapeError("Each chain must have labels and a part: found " +
                     std::to_string(n) + " chains, " +
                     std::to_string(data.label.size()) + " and " +
                     std::to_string(data.validation.size()) + ".");
  }
  for (std::size_t i = 0; i < n; ++i) check_label(data, i);
  const Counts learned = count_labels(data, false);
  if (learned.zero == 0 || learned.one == 0) {
    throw InputError(
        "The training chains must have residues of both classes: found " +
        std::to_string(learned.zero) + " with label 0 and " +
        std::to_string(learned.one) + " with label 1.");
  }
  const Counts judged = count_labels(data, true);
  if (judged.zero + judged.one == 0) {
    throw InputError("The validation chains must have labels.");
  }
}

SiteMetrics site_metrics(const ResidueValues& score,
                         const ResidueValues& label) {
  if (score.size() != label.size()) {
    throw ShapeError("Scores and labels must be of the same chains.");
  }
  std::vector<double> all_scores;
  std::vector<float> all_labels;
  double sum_auroc = 0, sum_auprc = 0, n = 0;
  for (std::size_t i = 0; i < score.size(); ++i) {
    if (score[i].size() != label[i].size()) {
      throw ShapeError("Scores and labels must be of the same residues.");
    }
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
