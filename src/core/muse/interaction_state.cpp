#include "muse/interaction_state.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>

#include "base/error.h"
#include "base/numbers.h"
#include "data/column_moments.h"
#include "io/archive_fields.h"
#include "muse/label_graph.h"
#include "muse/label_profiles.h"
#include "muse/node_fields.h"

namespace musl {

namespace {

using Json = nlohmann::json;

constexpr char kState[] = "interactions";
constexpr char kLevel[] = "fusion/level";
constexpr char kThreshold[] = "fusion/threshold";

void require_state(bool holds, const std::string& what) {
  if (!holds) {
    throw FormatError("The model of interactions is damaged: " + what);
  }
}

bool are_finite(const std::vector<double>& x) {
  return std::all_of(x.begin(), x.end(),
                     [](double one) { return std::isfinite(one); });
}

std::string name_of(const char* name, std::size_t number) {
  return name + ("/" + std::to_string(number));
}

template <class Visit, class Graph>
void visit_graph(const Visit& visit, Graph& graph) {
  visit("graph/from", graph.from);
  visit("graph/to", graph.to);
  visit("graph/link", graph.link);
  visit("graph/labelled", graph.labelled);
  visit("graph/mean", graph.mean);
  visit("graph/label", graph.label);
}

LabelGraph take_graph(std::int64_t n_nodes, const Archive& archive) {
  LabelGraph x;
  visit_graph(TensorReader("", archive), x);
  const auto n = x.from.size();
  require_state(x.to.size() == n && x.link.size() == n &&
                    x.labelled.size() == n && at(x.label.rows()) == n &&
                    at(x.label.cols()) == x.mean.size() && !x.mean.empty(),
                "its edges have no common length.");
  for (std::size_t e = 0; e < n; ++e) {
    require_state(x.from[e] >= 0 && x.to[e] > x.from[e] && x.to[e] < n_nodes,
                  "an edge is between nodes that do not exist.");
  }
  x.n_nodes = n_nodes;
  add_neighbours(&x);
  return x;
}

/// Fields of the configuration, and of the state, by name.
template <class Visit, class State>
void visit_config(const Visit& visit, State& state) {
  auto& config = state.config;
  visit("task", config.task);
  visit("width", config.width);
  visit("dropout", config.dropout);
  visit("crop", config.crop);
  visit("known_edges", config.known_edges);
  visit("profile_power", state.profile_power);
  visit("joint", state.is_joint);
  visit("ensemble", state.members);
}

Json config_json(const InteractionState& state) {
  Json json = Json::object();
  visit_config([&](const char* name, const auto& x) { json[name] = x; }, state);
  json["kernels"] = state.kernels.size() > 0;
  json["types"] = Json::array();
  for (const auto& block : state.nodes) {
    json["types"].push_back(node_kind_name(block.kind));
  }
  return json;
}

/// Returns the kinds of the nodes of each type.
std::vector<NodeKind> take_config(const std::string& text,
                                  InteractionState* state) {
  try {
    const Json json = Json::parse(text);
    visit_config([&](const char* name, auto& x) { json.at(name).get_to(x); },
                 *state);
    json.at("kernels").get_to(state->config.kernels);
    validate(state->config);
    std::vector<NodeKind> kinds;
    for (const auto& type : json.at("types")) {
      kinds.push_back(node_kind(type.get<std::string>()));
    }
    return kinds;
  } catch (const Json::exception& error) {
    require_state(false, error.what());
  } catch (const InputError& error) {
    require_state(false, error.what());
  }
  return {};
}

void take_kernels(const Archive& archive, InteractionState* state) {
  if (!state->config.kernels) return;
  TensorReader("", archive)("kernels", state->kernels);
  require_state(state->kernels.rows() == state->nodes.front().size() &&
                    state->kernels.cols() == state->nodes.back().size(),
                "its kernels do not fit the nodes.");
}

/// Whether the graph can have profiles of this power; 0: none.
bool is_profile_power(int power, const InteractionState& state) {
  if (power == 0) return true;
  const bool known =
      std::find(std::begin(kProfilePowers), std::end(kProfilePowers), power) !=
      std::end(kProfilePowers);
  return known && can_have_profiles(state.config, state.graph);
}

template <class Visit, class Kernel>
void visit_links(const Visit& visit, Kernel& kernel) {
  visit("links/weight", kernel.weight);
  visit("links/own", kernel.own);
}

void take_links(const Archive& archive, InteractionState* state) {
  if (!has_links(state->config)) return;
  LinkKernel& links = state->links;
  visit_links(TensorReader("", archive), links);
  const bool fits = links.own.size() == learned_edges(state->graph).size() &&
                    at(links.weight.rows()) == links.own.size() &&
                    links.weight.cols() == state->graph.n_channels();
  require_state(fits && !links.own.empty(), "its links do not fit the edges.");
  require_state(std::all_of(links.own.begin(), links.own.end(),
                            [](float own) { return own > 0; }),
                "an edge has no share of its own.");
}

void take_fusion(const Archive& archive, InteractionState* state) {
  const auto fusion = archive.doubles("fusion");
  const std::size_t n_scales = state->n_scales();
  const bool has_means = state->config.task != "affinity" &&
                         fusion.size() == 3 + 3 * (n_scales + 1);
  const auto n_scores =
      static_cast<std::ptrdiff_t>(n_scales + (has_means ? 1 : 0));
  require_state(fusion.size() == at(3 + 3 * n_scores),
                "its weights of the scales have another number.");
  require_state(are_finite(fusion), "a weight of the scales is no number.");
  for (std::size_t unseen = 0; unseen < 3; ++unseen) {
    state->fusion.weights.constant[unseen] = fusion[unseen];
    const auto first =
        fusion.begin() + 3 + n_scores * static_cast<std::ptrdiff_t>(unseen);
    state->fusion.weights.weight[unseen].assign(first, first + n_scores);
  }
}

/// Labels that no validation pair judged have neither.
void take_levels(const Archive& archive, InteractionState* state) {
  if (state->config.task != "multilabel" || !archive.has(kLevel)) return;
  const auto level = archive.doubles(kLevel);
  const std::size_t n = state->graph.mean.size();
  require_state(level.size() == 3 * n,
                "its labels have levels of another number.");
  require_state(are_finite(level), "a level is no number.");
  for (std::size_t unseen = 0; unseen < 3; ++unseen) {
    const auto begin = level.begin() + static_cast<std::ptrdiff_t>(unseen * n);
    state->fusion.level[unseen].assign(begin,
                                       begin + static_cast<std::ptrdiff_t>(n));
  }
  const auto threshold = archive.doubles(kThreshold);
  require_state(threshold.size() == 6, "its labels have no thresholds.");
  for (const double one : threshold) {
    require_state(one >= 0 && one <= 1, "a threshold is no probability.");
  }
  state->threshold = {threshold[0], threshold[1], threshold[2],
                      threshold[3], threshold[4], threshold[5]};
}

}  // namespace

void standardise_nodes(const InteractionData& data, InteractionState* state) {
  std::vector<std::uint8_t> seen(at(data.n_nodes()), 0);
  for (const auto* ends : {&data.training.a, &data.training.b}) {
    for (const auto node : *ends) seen[at(node)] = 1;
  }
  std::size_t first = 0;
  for (const auto& block : data.nodes) {
    ColumnMoments columns(block.features.cols());
    for (Eigen::Index i = 0; i < block.features.rows(); ++i) {
      if (seen[first + at(i)] != 0) columns.add_row(block.features.row(i));
    }
    first += at(block.size());
    state->scalers.push_back(columns.scaler());
    state->nodes.push_back(block);
    state->scalers.back().apply(state->nodes.back().features.data(),
                                block.features.rows());
  }
}

InteractionData standardise_labels(const InteractionConfig& config,
                                   InteractionData data,
                                   InteractionState* state) {
  if (config.task != "affinity") return data;
  const auto y = data.training.label.cast<double>();
  state->mean = y.mean();
  const double variance = (y.array() - state->mean).square().mean();
  state->scale =
      usable_sd(std::sqrt(variance), std::sqrt(y.array().square().mean()));
  for (auto* part : {&data.training, &data.validation}) {
    part->label =
        ((part->label.cast<double>().array() - state->mean) / state->scale)
            .cast<float>()
            .matrix();
  }
  return data;
}

void put_interactions(const InteractionState& state, Archive* archive) {
  archive->metadata[kState] = config_json(state).dump();
  const TensorWriter put("", archive);
  for (std::size_t t = 0; t < state.nodes.size(); ++t) {
    put_nodes(name_of("nodes", t), state.nodes[t], archive);
    put(name_of("nodes/mean", t), state.scalers[t].mean);
    put(name_of("nodes/scale", t), state.scalers[t].scale);
  }
  visit_graph(put, state.graph);
  if (state.kernels.size() > 0) put("kernels", state.kernels);
  if (!state.links.own.empty()) visit_links(put, state.links);
  const StackWeights& weights = state.fusion.weights;
  std::vector<double> fusion(weights.constant.begin(), weights.constant.end());
  for (const auto& weight : weights.weight) {
    fusion.insert(fusion.end(), weight.begin(), weight.end());
  }
  put("fusion", fusion);
  if (!state.fusion.level.front().empty()) {
    std::vector<double> levels;
    for (const auto& level : state.fusion.level) {
      levels.insert(levels.end(), level.begin(), level.end());
    }
    put(kLevel, levels);
    const LabelThresholds& t = state.threshold;
    put(kThreshold, std::vector<double>{t.fused, t.structure, t.network,
                                        t.node_mean, t.profile, t.links});
  }
  put("affinity", std::vector<double>{state.mean, state.scale});
}

InteractionState take_interactions(const Archive& archive) {
  const auto text = archive.metadata.find(kState);
  require_state(text != archive.metadata.end(),
                "it holds no model of interactions.");
  InteractionState state;
  const auto kinds = take_config(text->second, &state);
  require_state(state.members >= 1, "it has no networks.");
  require_state(kinds.size() == 1 || kinds.size() == 2,
                "it has neither one nor two types.");
  std::int64_t n_nodes = 0;
  for (std::size_t t = 0; t < kinds.size(); ++t) {
    state.nodes.push_back(take_nodes(name_of("nodes", t), kinds[t], archive));
    state.scalers.push_back({archive.floats(name_of("nodes/mean", t)),
                             archive.floats(name_of("nodes/scale", t))});
    n_nodes += state.nodes.back().size();
  }
  state.graph = take_graph(n_nodes, archive);
  state.graph.known_edges = state.config.known_edges;
  take_kernels(archive, &state);
  require_state(is_profile_power(state.profile_power, state),
                "its nodes have no such profiles.");
  take_links(archive, &state);
  take_fusion(archive, &state);
  take_levels(archive, &state);
  const auto affinity = archive.doubles("affinity");
  require_state(affinity.size() == 2, "its affinities have no scale.");
  state.mean = affinity[0];
  state.scale = affinity[1];
  return state;
}

}  // namespace musl
