#include "nn/learn/iteration_keeper.h"

#include <cmath>
#include <nlohmann/json.hpp>

namespace musl::nn {

namespace {

using Json = nlohmann::json;

void put(const std::string& prefix, const NamedParameters& names,
         const std::vector<Tensor>& values, Archive* archive) {
  if (values.empty()) return;
  put_parameters(prefix, {names.names, values}, archive);
}

void get(const std::string& prefix, const NamedParameters& like,
         const Archive& archive, bool is_there, std::vector<Tensor>* values) {
  values->clear();
  if (!is_there) return;
  *values = snapshot(like);
  copy_parameters(archive, prefix, {like.names, *values});
}

}  // namespace

void IterationKeeper::begin(const Phase& phase) {
  if (phase.from_best_iteration) take_best();
  before_.clear();
  if (phase.most_loss > 0) before_ = snapshot(parameters_);
}

bool IterationKeeper::undo_loss(const Phase& phase, double value) {
  if (std::isnan(value)) return false;
  const auto first = first_.emplace(phase.monitored, value).first->second;
  if (before_.empty() || value >= first - phase.most_loss) return false;
  restore(before_, parameters_);
  undone_.push_back(phase.monitored);
  return true;
}

void IterationKeeper::end_iteration(double value) {
  if (std::isnan(value) || value <= best_value_) return;
  best_value_ = value;
  best_ = snapshot(parameters_);
}

void IterationKeeper::take_best() {
  if (best_.empty()) return;
  restore(best_, parameters_);
  best_.clear();
}

void IterationKeeper::put_state(const std::string& prefix,
                                Archive* archive) const {
  put(prefix + "before/", parameters_, before_, archive);
  put(prefix + "best/", parameters_, best_, archive);
  Json state = Json::object();
  state["first"] = first_;
  state["undone"] = undone_;
  state["has_before"] = !before_.empty();
  state["has_best"] = !best_.empty();
  if (std::isfinite(best_value_)) state["best_value"] = best_value_;
  archive->metadata[prefix + "state"] = state.dump();
}

void IterationKeeper::get_state(const std::string& prefix,
                                const Archive& archive) {
  const auto text = archive.metadata.find(prefix + "state");
  if (text == archive.metadata.end()) return;
  const Json state = Json::parse(text->second);
  first_ = state.at("first").get<std::map<std::string, double>>();
  undone_ = state.at("undone").get<std::vector<std::string>>();
  best_value_ =
      state.value("best_value", -std::numeric_limits<double>::infinity());
  get(prefix + "before/", parameters_, archive, state.at("has_before"),
      &before_);
  get(prefix + "best/", parameters_, archive, state.at("has_best"), &best_);
}

}  // namespace musl::nn
