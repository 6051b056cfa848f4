#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>

#include "base/numbers.h"
#include "learners/gene_places.h"
#include "learners/measured_columns.h"
#include "learners/start_model.h"
#include "musl/error.h"
#include "musl/measured_model.h"

namespace musl {

namespace {

using Json = nlohmann::json;

void require_members(bool holds, const std::string& what) {
  if (!holds) {
    throw FormatError("The members for measured pairs are damaged: " + what);
  }
}

// ---- Trees: the nodes of all of them one after another ----

void put_trees(const std::string& name, const BoostedTrees& model,
               Archive* archive) {
  std::vector<std::int64_t> first = {0};
  std::vector<std::int32_t> feature, left, right;
  std::vector<std::uint8_t> missing_left;
  std::vector<float> threshold;
  std::vector<double> value;
  for (const auto& tree : model.trees) {
    for (const TreeNode& node : tree) {
      feature.push_back(node.feature);
      threshold.push_back(node.threshold);
      missing_left.push_back(node.missing_left ? 1 : 0);
      left.push_back(node.left);
      right.push_back(node.right);
      value.push_back(node.value);
    }
    first.push_back(size_of(feature));
  }
  const std::vector<std::int64_t> n = {size_of(feature)};
  archive->put(name + "/first", {size_of(first)}, first.data());
  archive->put(name + "/feature", n, feature.data());
  archive->put(name + "/threshold", n, threshold.data());
  archive->put(name + "/missing_left", n, missing_left.data());
  archive->put(name + "/left", n, left.data());
  archive->put(name + "/right", n, right.data());
  archive->put(name + "/value", n, value.data());
  archive->put(name + "/base", {1}, &model.base);
}

/// Checks that a tree ends: children come after their parent, within the tree.
void check_tree(const std::vector<TreeNode>& tree, std::int64_t n_features) {
  require_members(!tree.empty(), "a tree has no node.");
  const auto n = static_cast<std::int32_t>(tree.size());
  for (std::int32_t i = 0; i < n; ++i) {
    const TreeNode& node = tree[static_cast<std::size_t>(i)];
    if (node.feature < 0) continue;
    require_members(node.feature < n_features && node.left > i &&
                        node.left < n && node.right > i && node.right < n,
                    "a node of a tree leads nowhere.");
  }
}

BoostedTrees read_trees(const std::string& name, std::int64_t n_features,
                        const Archive& archive) {
  const auto first = archive.longs(name + "/first");
  const auto feature = archive.ints(name + "/feature");
  const auto threshold = archive.floats(name + "/threshold");
  const auto missing_left = archive.bytes(name + "/missing_left");
  const auto left = archive.ints(name + "/left");
  const auto right = archive.ints(name + "/right");
  const auto value = archive.doubles(name + "/value");
  const auto base = archive.doubles(name + "/base");
  const std::size_t n = feature.size();
  require_members(!first.empty() && first.front() == 0 &&
                      first.back() == size_of(feature) &&
                      std::is_sorted(first.begin(), first.end()) &&
                      threshold.size() == n && missing_left.size() == n &&
                      left.size() == n && right.size() == n &&
                      value.size() == n && base.size() == 1,
                  "the nodes of its trees do not add up.");
  BoostedTrees out;
  out.base = base[0];
  out.n_features = n_features;
  for (std::size_t t = 0; t + 1 < first.size(); ++t) {
    std::vector<TreeNode> tree;
    for (auto k = first[t]; k < first[t + 1]; ++k) {
      const auto i = static_cast<std::size_t>(k);
      tree.push_back({feature[i], threshold[i], missing_left[i] != 0, left[i],
                      right[i], value[i]});
    }
    check_tree(tree, n_features);
    out.trees.push_back(std::move(tree));
  }
  return out;
}

void put_logistic(const std::string& name, const LogisticModel& model,
                  Archive* archive) {
  archive->put(name + "/intercept", {1}, &model.intercept);
  archive->put(name + "/coefficient", {size_of(model.coefficient)},
               model.coefficient.data());
}

LogisticModel read_logistic(const std::string& name, std::int64_t n,
                            const Archive& archive) {
  LogisticModel out;
  const auto intercept = archive.doubles(name + "/intercept");
  out.coefficient = archive.doubles(name + "/coefficient");
  require_members(intercept.size() == 1 && size_of(out.coefficient) == n,
                  "a linear member has another size than its columns.");
  out.intercept = intercept[0];
  return out;
}

Json describe(const MeasuredModel& model) {
  Json rates = Json::array();
  for (const auto& rate : model.rates) rates.push_back(rate.name);
  Json columns = Json::array();
  for (const auto& column : model.columns) columns.push_back(column.name);
  const ScorerWeights& w = model.weights;
  // A list in braces, or a null that becomes an object, is not safe if memory
  // runs out within it.
  Json out = Json::object();
  out["measured"] = model.has_measured();
  out["rates"] = std::move(rates);
  out["columns"] = std::move(columns);
  out["weights"] = std::vector<double>{w.linear,   w.boosting, w.pair_net,
                                       w.recorded, w.relation, w.terms};
  out["unexplained"] = model.unexplained;
  return out;
}

/// Keeps the columns of these names: recorded pairs leave some out.
void keep_named(const std::vector<std::string>& names,
                std::vector<EvidenceColumn>* columns) {
  std::vector<EvidenceColumn> kept;
  for (auto& column : *columns) {
    const auto n = kept.size();
    if (n < names.size() && names[n] == column.name) {
      kept.push_back(std::move(column));
    }
  }
  *columns = std::move(kept);
}

/// Returns whether pairs were measured.
bool read_description(const std::string& text, MeasuredModel* model) {
  try {
    const Json json = Json::parse(text);
    for (const auto& name : json.at("rates")) {
      model->rates.push_back({name.get<std::string>(), {}});
    }
    const auto names = json.at("columns").get<std::vector<std::string>>();
    keep_named(names, &model->columns);
    require_members(model->columns.size() == names.size(),
                    "their columns are not those of their evidence.");
    model->unexplained = json.at("unexplained").get<double>();
    require_members(model->unexplained >= 0 && model->unexplained < 1,
                    "the share of unexplained hits is out of range.");
    const auto w = json.at("weights").get<std::vector<double>>();
    require_members(w.size() == 6, "they have another number of weights.");
    model->weights = {w[0], w[1], w[2], w[3], w[4], w[5]};
    return json.at("measured").get<bool>();
  } catch (const Json::exception& error) {
    require_members(false, error.what());
  }
  return false;
}

// ---- What measured pairs taught, and what else did ----

void put_measured_members(const std::string& prefix, const MeasuredModel& model,
                          Archive* archive) {
  archive->put(prefix + "quantile",
               {model.scores.quantile.rows(), model.scores.quantile.cols()},
               model.scores.quantile.data());
  if (!model.reach.lowest.empty()) {
    archive->put(prefix + "reach/lowest", {size_of(model.reach.lowest)},
                 model.reach.lowest.data());
    archive->put(prefix + "reach/highest", {size_of(model.reach.highest)},
                 model.reach.highest.data());
  }
  put_logistic(prefix + "linear", model.linear, archive);
  put_logistic(prefix + "evidence", model.evidence, archive);
  put_trees(prefix + "boosting", model.boosting, archive);
}

void read_measured_members(const std::string& prefix, std::int64_t n,
                           std::int64_t n_raw, const Archive& archive,
                           MeasuredModel* model) {
  const std::vector<std::int64_t> shape = {n_raw, NormalScores::kQuantiles};
  require_members(archive.shape(prefix + "quantile") == shape,
                  "their quantiles have another size than their columns.");
  model->scores.quantile.resize(n_raw, NormalScores::kQuantiles);
  archive.copy_floats(prefix + "quantile", model->scores.quantile.data());
  if (archive.has(prefix + "reach/lowest")) {
    model->reach = {archive.floats(prefix + "reach/lowest"),
                    archive.floats(prefix + "reach/highest")};
    require_members(size_of(model->reach.lowest) == n_raw &&
                        size_of(model->reach.highest) == n_raw,
                    "their reach has another size than their columns.");
  }
  model->linear = read_logistic(prefix + "linear", n, archive);
  model->evidence = read_logistic(prefix + "evidence", n - n_raw, archive);
  model->boosting = read_trees(prefix + "boosting", n_raw, archive);
}

void read_terms(const std::string& name, const Archive& archive,
                MeasuredModel* model) {
  if (model->weights.terms == 0) return;
  model->terms = read_logistic(name, gene_places_width(model->store), archive);
}

}  // namespace

void put_measured(const std::string& prefix, const MeasuredModel& model,
                  Archive* archive) {
  put_evidence(prefix + "store/", model.store, archive);
  archive->metadata[prefix + "members"] = describe(model).dump();
  if (model.has_measured()) put_measured_members(prefix, model, archive);
  put_trees(prefix + "recorded", model.recorded, archive);
  if (model.has_terms()) put_logistic(prefix + "terms", model.terms, archive);
  put_neural(prefix + "neural/", model.neural, archive);
  put_start(prefix + "start/", model.start, archive);
  archive->put(prefix + "measured_key", {size_of(model.measured_key)},
               model.measured_key.data());
  archive->put(prefix + "measured_hit", {size_of(model.measured_hit)},
               model.measured_hit.data());
  for (std::size_t i = 0; i < model.rates.size(); ++i) {
    const auto& values = model.rates[i].log_ratio;
    archive->put(prefix + "rate/" + std::to_string(i), {size_of(values)},
                 values.data());
  }
}

MeasuredModel read_measured(const std::string& prefix, const Archive& archive) {
  const auto found = archive.metadata.find(prefix + "members");
  require_members(found != archive.metadata.end(), "they are not described.");
  MeasuredModel out;
  out.store = read_evidence(prefix + "store/", archive);
  out.columns = evidence_columns(out.store);
  const bool measured = read_description(found->second, &out);
  const auto n = size_of(out.columns);
  const std::int64_t n_raw = count_raw(out.columns);
  if (measured) read_measured_members(prefix, n, n_raw, archive, &out);
  out.recorded = read_trees(prefix + "recorded", n_raw, archive);
  read_terms(prefix + "terms", archive, &out);
  out.neural = read_neural(prefix + "neural/", n, out.store, archive);
  out.start = read_start(prefix + "start/", out.store.n_genes, archive);
  require_members(out.weights.pair_net == 0 || !out.neural.empty(),
                  "their neural member is not there.");
  out.measured_key = archive.longs(prefix + "measured_key");
  out.measured_hit = archive.bytes(prefix + "measured_hit");
  require_members(
      out.measured_key.size() == out.measured_hit.size() &&
          std::is_sorted(out.measured_key.begin(), out.measured_key.end()),
      "the measured pairs do not add up.");
  for (std::size_t i = 0; i < out.rates.size(); ++i) {
    auto& values = out.rates[i].log_ratio;
    values = archive.floats(prefix + "rate/" + std::to_string(i));
    require_members(size_of(values) == out.store.n_genes,
                    "partner rates have another size than the universe.");
  }
  return out;
}

}  // namespace musl
