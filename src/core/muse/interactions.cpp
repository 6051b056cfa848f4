#include "musl/interactions.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "musl/error.h"
#include "musl/pair_set.h"

namespace musl {

namespace {

void check_field(bool holds, const std::string& field, const std::string& range,
                 const std::string& value) {
  if (holds) return;
  throw InputError("`" + field + "` must be " + range + ", not " + value + ".");
}

/// Nodes of the pairs must exist and be of the right types.
void check_nodes(const std::string& part, const InteractionData& data,
                 const LabelledPairs& pairs) {
  if (pairs.a.size() != pairs.b.size()) {
    throw ShapeError("The " + part + " pairs must have two nodes each.");
  }
  const auto n = data.n_nodes();
  const auto n_first = data.nodes.front().size();
  const bool two = data.nodes.size() > 1;
  for (std::size_t i = 0; i < pairs.a.size(); ++i) {
    const std::int64_t a = pairs.a[i], b = pairs.b[i];
    const bool known = a >= 0 && b >= 0 && a < n && b < n;
    if (!known) {
      throw InputError("A node of " + part + " pair " + std::to_string(i + 1) +
                       " is not among the nodes.");
    }
    if (a == b) {
      throw InputError("The " + part + " pair " + std::to_string(i + 1) +
                       " has a node with itself.");
    }
    if (two && !(a < n_first && b >= n_first)) {
      throw InputError("The " + part + " pair " + std::to_string(i + 1) +
                       " must have a node of the first and one of the second "
                       "type.");
    }
  }
}

void check_types(const InteractionData& data) {
  if (data.nodes.empty() || data.nodes.size() > 2) {
    throw ShapeError("There must be nodes of one type or of two.");
  }
  for (const auto& block : data.nodes) check_readable(block);
}

bool is_allowed(const std::string& task, float label) {
  if (!std::isfinite(label)) return false;
  return task == "affinity" || label == 0.0f || label == 1.0f;
}

void check_labels(const std::string& part, const InteractionConfig& config,
                  const LabelledPairs& pairs) {
  if (pairs.label.rows() != pairs.size() || pairs.label.cols() < 1) {
    throw ShapeError("The " + part + " pairs must have labels.");
  }
  if (config.task != "multilabel" && pairs.label.cols() != 1) {
    throw ShapeError("The task \"" + config.task +
                     "\" must have one label a pair, not " +
                     std::to_string(pairs.label.cols()) + ".");
  }
  for (Eigen::Index i = 0; i < pairs.label.rows(); ++i) {
    for (Eigen::Index c = 0; c < pairs.label.cols(); ++c) {
      if (is_allowed(config.task, pairs.label(i, c))) continue;
      throw InputError(
          "Labels of the task \"" + config.task + "\" must be " +
          (config.task == "affinity" ? "finite numbers" : "0 or 1") +
          "; that of " + part + " pair " + std::to_string(i + 1) + " is " +
          std::to_string(pairs.label(i, c)) + ".");
    }
  }
}

/// Checks that a pair occurs only once in all parts together.
void check_distinct(const InteractionData& data) {
  std::vector<std::int64_t> keys;
  for (const auto* part :
       {&data.training, &data.validation, &data.held_out, &data.unlabelled}) {
    for (std::size_t i = 0; i < part->a.size(); ++i) {
      keys.push_back(pair_key(part->a[i], part->b[i], data.n_nodes()));
    }
  }
  std::sort(keys.begin(), keys.end());
  const auto twice = std::adjacent_find(keys.begin(), keys.end());
  if (twice == keys.end()) return;
  const auto n = data.n_nodes();
  throw InputError("The pair of nodes " + std::to_string(*twice / n + 1) +
                   " and " + std::to_string(*twice % n + 1) +
                   " occurs twice among training, validation, held-out and "
                   "unlabelled pairs.");
}

void check_em(const EmConfig& em) {
  check_field(em.iterations >= 0 && em.iterations <= 8, "em$iterations",
              "at least 0 and at most 8", std::to_string(em.iterations));
  check_field(em.prior > 0 && em.prior < 1, "em$prior", "above 0 and below 1",
              std::to_string(em.prior));
}

}  // namespace

void validate(const InteractionConfig& config) {
  const auto& task = config.task;
  check_field(task == "binary" || task == "multilabel" || task == "affinity",
              "task", "\"binary\", \"multilabel\" or \"affinity\"",
              "\"" + task + "\"");
  check_field(config.width >= 2 && config.width <= 4096, "width",
              "at least 2 and at most 4096", std::to_string(config.width));
  check_field(config.dropout >= 0 && config.dropout < 1, "dropout",
              "at least 0 and below 1", std::to_string(config.dropout));
  check_field(config.crop >= 0, "crop", "at least 0",
              std::to_string(config.crop));
  check_field(!config.known_edges || config.task != "binary", "known_edges",
              "false where the label is the edge itself", "true");
  const auto& strategy = config.strategy;
  check_field(strategy == "branches" || strategy == "em" || strategy == "joint",
              "strategy", "\"branches\", \"em\" or \"joint\"",
              "\"" + strategy + "\"");
  check_em(config.em);
}

std::int64_t InteractionData::n_nodes() const {
  std::int64_t n = 0;
  for (const auto& block : nodes) n += block.size();
  return n;
}

void check_interactions(const InteractionConfig& config,
                        const InteractionData& data) {
  validate(config);
  check_types(data);
  if (data.training.size() == 0 || data.validation.size() == 0) {
    throw InputError("There must be training and validation pairs.");
  }
  check_nodes("training", data, data.training);
  check_nodes("validation", data, data.validation);
  check_nodes("held-out", data, data.held_out);
  check_nodes("unlabelled", data, data.unlabelled);
  check_labels("training", config, data.training);
  check_labels("validation", config, data.validation);
  if (data.training.label.cols() != data.validation.label.cols()) {
    throw ShapeError("All parts must have the same labels.");
  }
  check_distinct(data);
  if (data.edge_from.size() != data.edge_to.size()) {
    throw ShapeError("Edges must have two ends each.");
  }
  for (const auto* ends : {&data.edge_from, &data.edge_to}) {
    for (const auto node : *ends) {
      if (node < 0 || node >= data.n_nodes()) {
        throw InputError("An edge must be between known nodes.");
      }
    }
  }
}

}  // namespace musl
