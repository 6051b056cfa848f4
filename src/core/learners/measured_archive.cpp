#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>

#include "base/numbers.h"
#include "io/archive_fields.h"
#include "learners/feature_learner.h"
#include "learners/measured_scorer.h"
#include "musl/boosting.h"
#include "musl/error.h"
#include "musl/measured_model.h"
#include "musl/neural_member.h"

namespace musl {

namespace {

using Json = nlohmann::json;

constexpr std::size_t kMostHeads = 1000;

void require_scorers(bool holds, const std::string& what) {
  if (holds) return;
  throw FormatError("The scorers of features are damaged: " + what);
}

template <class Visit, class Model>
void visit_logistic(const Visit& visit, const std::string& name, Model& model) {
  visit(name + "/intercept", model.intercept);
  visit(name + "/coefficient", model.coefficient);
}

void check_logistic(const LogisticModel& model, std::int64_t n) {
  require_scorers(size_of(model.coefficient) == n,
                  "a linear scorer has another size than its columns.");
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
    require_scorers(model->columns.size() == names.size(),
                    "their columns are not those of their evidence.");
    model->unexplained = json.at("unexplained").get<double>();
    require_scorers(model->unexplained >= 0 && model->unexplained < 1,
                    "the share of unexplained hits is out of range.");
    const auto w = json.at("weights").get<std::vector<double>>();
    require_scorers(w.size() == 6, "they have another number of weights.");
    model->weights = {w[0], w[1], w[2], w[3], w[4], w[5]};
    return json.at("measured").get<bool>();
  } catch (const Json::exception& error) {
    require_scorers(false, error.what());
  }
  return false;
}

// ---- What measured pairs taught, and what else did ----

template <class Visit, class Model>
void visit_measured(const Visit& visit, Model& model) {
  visit("quantile", model.scores.quantile);
  visit("reach/lowest", model.reach.lowest);
  visit("reach/highest", model.reach.highest);
  visit_logistic(visit, "linear", model.linear);
  visit_logistic(visit, "evidence", model.evidence);
}

/// n, n_raw  columns of the model, and those that are not evidence
void check_measured(const MeasuredModel& model, std::int64_t n,
                    std::int64_t n_raw) {
  require_scorers(model.scores.quantile.rows() == n_raw &&
                      model.scores.quantile.cols() == NormalScores::kQuantiles,
                  "their quantiles have another size than their columns.");
  require_scorers(size_of(model.reach.lowest) == n_raw &&
                      size_of(model.reach.highest) == n_raw,
                  "their reach has another size than their columns.");
  check_logistic(model.linear, n);
  check_logistic(model.evidence, n - n_raw);
}

/// What all models have besides their scorers.
template <class Visit, class Model>
void visit_labels(const Visit& visit, Model& model) {
  visit("measured_key", model.measured_key);
  visit("measured_hit", model.measured_hit);
  for (std::size_t i = 0; i < model.rates.size(); ++i) {
    visit("rate/" + std::to_string(i), model.rates[i].log_ratio);
  }
}

void check_labels(const MeasuredModel& model) {
  require_scorers(
      model.measured_key.size() == model.measured_hit.size() &&
          std::is_sorted(model.measured_key.begin(), model.measured_key.end()),
      "the measured pairs do not add up.");
  for (const auto& rate : model.rates) {
    require_scorers(size_of(rate.log_ratio) == model.store.n_genes,
                    "partner rates have another size than the universe.");
  }
}

// ---- The pair network ----

template <class Visit, class Layer>
void visit_layer(const Visit& visit, const std::string& name, Layer& layer) {
  visit(name + "/weight", layer.weight);
  visit(name + "/bias", layer.bias);
  visit(name + "/scale", layer.scale);
  visit(name + "/shift", layer.shift);
}

template <class Visit, class Net>
void visit_net(const Visit& visit, Net& net) {
  auto& inputs = net.inputs;
  for (std::size_t i = 0; i < inputs.cohorts.size(); ++i) {
    visit("axis/" + std::to_string(i), inputs.cohorts[i].axis);
  }
  visit("mean", inputs.mean);
  visit("scale", inputs.scale);
  visit("lowest", inputs.lowest);
  visit("highest", inputs.highest);
  visit("intercept", net.linear.intercept);
  visit("coefficient", net.linear.coefficient);
  for (std::size_t i = 0; i < net.heads.size(); ++i) {
    const std::string name = "head/" + std::to_string(i);
    visit_layer(visit, name + "/gene", net.heads[i].gene);
    visit_layer(visit, name + "/pair", net.heads[i].pair);
    visit(name + "/score", net.heads[i].score);
    visit(name + "/intercept", net.heads[i].intercept);
  }
}

bool fits(const NormedLayer& layer, std::int64_t n_inputs) {
  const auto n = layer.weight.rows();
  return n > 0 && layer.weight.cols() == n_inputs && size_of(layer.bias) == n &&
         size_of(layer.scale) == n && size_of(layer.shift) == n;
}

void check_net(const NeuralMember& net, std::int64_t n_columns,
               std::int64_t width) {
  const auto& inputs = net.inputs;
  for (const auto* values :
       {&inputs.mean, &inputs.scale, &inputs.lowest, &inputs.highest}) {
    require_scorers(
        values->size() == inputs.column.size(),
        "the pair network's table has another size than its names.");
  }
  require_scorers(
      size_of(net.linear.coefficient) == n_columns,
      "the pair network's linear path has another size than its columns.");
  for (const GeneHead& head : net.heads) {
    require_scorers(fits(head.gene, width) &&
                        fits(head.pair, 3 * head.gene.weight.rows()) &&
                        size_of(head.score) == head.pair.weight.rows(),
                    "the sizes of the pair network's layers do not fit.");
  }
}

/// Names of cohorts and columns, and the number of heads.
std::size_t read_names(const std::string& text, NeuralInputs* inputs) {
  try {
    const Json json = Json::parse(text);
    for (const auto& name : json.at("cohorts")) {
      inputs->cohorts.push_back({name.get<std::string>(), 0, {}});
    }
    const Json& profiles = json.at("profiles");
    require_scorers(
        profiles.size() == inputs->cohorts.size(),
        "the pair network's profiles are not as many as its cohorts.");
    for (std::size_t i = 0; i < profiles.size(); ++i) {
      inputs->cohorts[i].profiles = profiles[i].get<std::uint64_t>();
    }
    inputs->column = json.at("columns").get<std::vector<std::string>>();
    const auto n_heads = json.at("heads").get<std::size_t>();
    require_scorers(n_heads <= kMostHeads, "it has too many pair networks.");
    return n_heads;
  } catch (const Json::exception& error) {
    require_scorers(false, error.what());
  }
  return 0;
}

}  // namespace

void put_neural(const std::string& prefix, const NeuralMember& net,
                Archive* archive) {
  if (net.empty()) return;
  Json names = Json::object();
  names["cohorts"] = Json::array();
  names["profiles"] = Json::array();
  for (const auto& cohort : net.inputs.cohorts) {
    names["cohorts"].push_back(cohort.cohort);
    names["profiles"].push_back(cohort.profiles);
  }
  names["columns"] = net.inputs.column;
  names["heads"] = net.heads.size();
  archive->metadata[prefix + "names"] = names.dump();
  visit_net(TensorWriter(prefix, archive), net);
}

NeuralMember read_neural(const std::string& prefix, std::int64_t n_columns,
                         const GeneStore& store, const Archive& archive) {
  NeuralMember out;
  const auto found = archive.metadata.find(prefix + "names");
  if (found == archive.metadata.end()) return out;
  out.heads.resize(read_names(found->second, &out.inputs));
  visit_net(TensorReader(prefix, archive), out);
  check_net(out, n_columns, neural_width(out.inputs, store));
  return out;
}

void put_measured(const std::string& prefix, const MeasuredModel& model,
                  Archive* archive) {
  const TensorWriter write(prefix, archive);
  put_evidence(prefix + "store/", model.store, archive);
  archive->metadata[prefix + "members"] = describe(model).dump();
  if (model.has_measured()) {
    visit_measured(write, model);
    put_trees(prefix + "boosting", model.boosting, archive);
  }
  put_trees(prefix + "recorded", model.recorded, archive);
  if (model.has_terms()) visit_logistic(write, "terms", model.terms);
  put_neural(prefix + "neural/", model.neural, archive);
  put_start(prefix + "start/", model.start, archive);
  visit_labels(write, model);
}

MeasuredModel read_measured(const std::string& prefix, const Archive& archive) {
  const auto found = archive.metadata.find(prefix + "members");
  require_scorers(found != archive.metadata.end(), "they are not described.");
  const TensorReader read(prefix, archive);
  MeasuredModel out;
  out.store = read_evidence(prefix + "store/", archive);
  out.columns = evidence_columns(out.store);
  const bool measured = read_description(found->second, &out);
  const auto n = size_of(out.columns);
  const std::int64_t n_raw = count_raw(out.columns);
  if (measured) {
    visit_measured(read, out);
    check_measured(out, n, n_raw);
    out.boosting = read_trees(prefix + "boosting", n_raw, archive);
  }
  out.recorded = read_trees(prefix + "recorded", n_raw, archive);
  if (out.weights.terms != 0) {
    visit_logistic(read, "terms", out.terms);
    check_logistic(out.terms, gene_places_width(out.store));
  }
  out.neural = read_neural(prefix + "neural/", n, out.store, archive);
  out.start = read_start(prefix + "start/", out.store.n_genes, archive);
  require_scorers(out.weights.pair_net == 0 || !out.neural.empty(),
                  "their pair network is not there.");
  visit_labels(read, out);
  check_labels(out);
  return out;
}

}  // namespace musl
