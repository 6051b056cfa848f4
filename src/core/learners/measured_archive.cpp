#include "learners/measured_archive.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <string>

#include "base/error.h"
#include "base/numbers.h"
#include "io/archive_fields.h"
#include "learners/measured_model.h"
#include "learners/measured_scorer.h"
#include "learners/model_columns.h"
#include "learners/scorer_kind.h"
#include "learners/scorer_weights.h"
#include "learners/start_model.h"

namespace musl {

namespace {

using Json = nlohmann::json;

constexpr std::array<const char*, 6> kOfFormatOne{
    "linear", "boosting", "pair_net", "recorded", "relation", "terms"};
constexpr char kFurther[] = "further_weights";

bool is_of_format_one(const std::string& scorer) {
  return std::find(kOfFormatOne.begin(), kOfFormatOne.end(), scorer) !=
         kOfFormatOne.end();
}

Json describe(const MeasuredModel& model) {
  Json rates = Json::array();
  for (const auto& rate : model.rates) rates.push_back(rate.name);
  Json columns = Json::array();
  for (const auto& column : model.columns) columns.push_back(column.name);
  // Those of format 1 by place; of further ones by name.
  std::vector<double> weights;
  for (const char* name : kOfFormatOne) {
    weights.push_back(model.weights.of(name));
  }
  Json further = Json::object();
  for (const auto& [name, weight] : model.weights) {
    if (!is_of_format_one(name) && weight > 0) further[name] = weight;
  }
  // A list in braces, or a null that becomes an object, is not safe if memory
  // runs out within it.
  Json out = Json::object();
  out["measured"] = model.has_measured();
  out["rates"] = std::move(rates);
  out["columns"] = std::move(columns);
  out["weights"] = std::move(weights);
  if (!further.empty()) out[kFurther] = std::move(further);
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

void read_weights(const Json& json, ScorerWeights* weights) {
  const auto known = json.at("weights").get<std::vector<double>>();
  require_scorers(known.size() == kOfFormatOne.size(),
                  "they have another number of weights.");
  for (std::size_t i = 0; i < known.size(); ++i) {
    (*weights)[kOfFormatOne[i]] = known[i];
  }
  const Json further = json.value(kFurther, Json::object());
  for (const auto& [name, weight] : further.items()) {
    require_scorers(find_named(scorer_kinds(), name) != nullptr,
                    "they are of a later version.");
    (*weights)[name] = weight.get<double>();
  }
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
    read_weights(json, &model->weights);
    return json.at("measured").get<bool>();
  } catch (const Json::exception& error) {
    require_scorers(false, error.what());
  }
  return false;
}

template <class Visit, class Model>
void visit_measured(const Visit& visit, Model& model) {
  visit("quantile", model.scores.quantile);
  visit("reach/lowest", model.reach.lowest);
  visit("reach/highest", model.reach.highest);
}

/// n_raw  columns of the model that are not evidence
void check_measured(const MeasuredModel& model, std::int64_t n_raw) {
  require_scorers(model.scores.quantile.rows() == n_raw &&
                      model.scores.quantile.cols() == NormalScores::kQuantiles,
                  "their quantiles have another size than their columns.");
  require_scorers(size_of(model.reach.lowest) == n_raw &&
                      size_of(model.reach.highest) == n_raw,
                  "their reach has another size than their columns.");
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

}  // namespace

void put_measured(const std::string& prefix, const MeasuredModel& model,
                  Archive* archive) {
  const TensorWriter write(prefix, archive);
  put_evidence(prefix + "store/", model.store, archive);
  archive->metadata[prefix + "members"] = describe(model).dump();
  if (model.has_measured()) visit_measured(write, model);
  for (const auto& kind : scorer_kinds()) kind.write(prefix, model, archive);
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
  const std::int64_t n_raw = count_raw(out.columns);
  if (measured) {
    visit_measured(read, out);
    check_measured(out, n_raw);
  }
  const ScorerArchive from{prefix, archive, measured, size_of(out.columns),
                           n_raw};
  for (const auto& kind : scorer_kinds()) kind.read(from, &out);
  out.start = read_start(prefix + "start/", out.store.n_genes, archive);
  visit_labels(read, out);
  check_labels(out);
  return out;
}

}  // namespace musl
