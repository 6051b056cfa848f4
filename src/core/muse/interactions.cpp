#include "musl/interactions.h"

#include <array>
#include <cmath>
#include <string>

#include "base/numbers.h"
#include "muse/residue_graph.h"
#include "muse/smiles.h"
#include "musl/error.h"
#include "musl/metrics.h"

namespace musl {

namespace {

constexpr std::array<const char*, 4> kKindNames = {"features", "sequence",
                                                   "smiles", "residues"};

/// Reads the node as its encoder does.
void read_node(const NodeSet& nodes, std::size_t i) {
  switch (nodes.kind) {
    case NodeKind::features:
      if (!nodes.features.row(static_cast<Eigen::Index>(i)).allFinite()) {
        throw InputError("Its features must be finite.");
      }
      return;
    case NodeKind::sequence:
      (void)residue_codes(nodes.text[i]);
      return;
    case NodeKind::smiles:
      (void)read_smiles(nodes.text[i]);
      return;
    case NodeKind::residues:
      (void)make_residue_graph(nodes.text[i], nodes.coordinates[i],
                               nodes.columns_of(i));
  }
}

}  // namespace

NodeKind node_kind(const std::string& name) {
  for (std::size_t i = 0; i < kKindNames.size(); ++i) {
    if (name == kKindNames[i]) return static_cast<NodeKind>(i);
  }
  throw InputError(
      "Nodes must be \"features\", \"sequence\", \"smiles\" or \"residues\", "
      "not \"" +
      name + "\".");
}

std::string node_kind_name(NodeKind kind) {
  return kKindNames[static_cast<std::size_t>(kind)];
}

std::int64_t NodeSet::size() const {
  return kind == NodeKind::features ? features.rows() : size_of(text);
}

std::vector<std::string> node_faults(const NodeSet& nodes) {
  if (nodes.kind == NodeKind::residues &&
      nodes.coordinates.size() != nodes.text.size()) {
    throw ShapeError("Each sequence must have coordinates: found " +
                     std::to_string(nodes.text.size()) + " and " +
                     std::to_string(nodes.coordinates.size()) + ".");
  }
  if (!nodes.columns.empty() && nodes.columns.size() != nodes.text.size()) {
    throw ShapeError("Each sequence must have columns, or none: found " +
                     std::to_string(nodes.text.size()) + " and " +
                     std::to_string(nodes.columns.size()) + ".");
  }
  for (const auto& one : nodes.columns) {
    if (one.cols() == nodes.n_columns()) continue;
    throw ShapeError("All residues must have the same columns: found " +
                     std::to_string(nodes.n_columns()) + " and " +
                     std::to_string(one.cols()) + ".");
  }
  std::vector<std::string> faults(at(nodes.size()));
  for (std::size_t i = 0; i < faults.size(); ++i) {
    try {
      read_node(nodes, i);
    } catch (const Error& error) {
      faults[i] = error.what();
    }
  }
  return faults;
}

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
