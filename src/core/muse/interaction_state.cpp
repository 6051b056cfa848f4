#include "muse/interaction_state.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>

#include "base/numbers.h"
#include "muse/label_profiles.h"
#include "muse/node_file.h"
#include "musl/error.h"

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

Scaler scaler_of(const Matrix& x, const std::vector<std::int64_t>& rows) {
  Scaler scaler;
  for (Eigen::Index c = 0; c < x.cols(); ++c) {
    double sum = 0, squares = 0;
    for (const auto i : rows) {
      sum += x(i, c);
      squares += static_cast<double>(x(i, c)) * x(i, c);
    }
    const auto n = std::max<double>(static_cast<double>(rows.size()), 1);
    const double mean = sum / n;
    const double sd = std::sqrt(std::max(squares / n - mean * mean, 0.0));
    scaler.mean.push_back(static_cast<float>(mean));
    scaler.scale.push_back(
        static_cast<float>(usable_sd(sd, std::sqrt(squares / n))));
  }
  return scaler;
}

void put_graph(const LabelGraph& graph, Archive* archive) {
  put_vector("graph/from", graph.from, archive);
  put_vector("graph/to", graph.to, archive);
  put_vector("graph/link", graph.link, archive);
  put_vector("graph/labelled", graph.labelled, archive);
  put_vector("graph/mean", graph.mean, archive);
  put_matrix("graph/label", graph.label, archive);
}

LabelGraph take_graph(std::int64_t n_nodes, const Archive& archive) {
  auto from = archive.ints("graph/from"), to = archive.ints("graph/to");
  auto link = archive.bytes("graph/link");
  auto labelled = archive.bytes("graph/labelled");
  auto mean = archive.floats("graph/mean");
  Matrix label = take_matrix("graph/label", archive);
  const auto n = from.size();
  require_state(to.size() == n && link.size() == n && labelled.size() == n &&
                    static_cast<std::size_t>(label.rows()) == n &&
                    static_cast<std::size_t>(label.cols()) == mean.size() &&
                    !mean.empty(),
                "its edges have no common length.");
  for (std::size_t e = 0; e < n; ++e) {
    require_state(from[e] >= 0 && to[e] > from[e] && to[e] < n_nodes,
                  "an edge is between nodes that do not exist.");
  }
  return graph_of_edges(n_nodes, std::move(from), std::move(to),
                        std::move(link), std::move(labelled), std::move(label),
                        std::move(mean));
}

Json config_json(const InteractionState& state) {
  const auto& config = state.config;
  std::vector<std::string> types;
  for (const auto& block : state.nodes) {
    types.push_back(node_kind_name(block.kind));
  }
  Json json = Json::object();
  json["task"] = config.task;
  json["node_input"] = config.node_input;
  json["width"] = config.width;
  json["layers"] = config.layers;
  json["common_neighbours"] = config.common_neighbours;
  json["dropout"] = config.dropout;
  json["hidden_nodes"] = config.hidden_nodes;
  json["crop"] = config.crop;
  json["known_edges"] = config.known_edges;
  json["kernels"] = state.kernels.size() > 0;
  json["profile_power"] = state.profile_power;
  json["joint"] = state.is_joint;
  json["ensemble"] = state.members;
  json["types"] = types;
  return json;
}

/// Returns the kinds of the nodes of each type.
std::vector<NodeKind> take_config(const std::string& text,
                                  InteractionState* state) {
  try {
    const Json json = Json::parse(text);
    auto& config = state->config;
    config.task = json.at("task").get<std::string>();
    config.node_input = json.at("node_input").get<std::string>();
    config.width = json.at("width").get<int>();
    config.layers = json.at("layers").get<int>();
    config.common_neighbours = json.at("common_neighbours").get<bool>();
    config.dropout = json.at("dropout").get<double>();
    config.hidden_nodes = json.at("hidden_nodes").get<double>();
    config.crop = json.at("crop").get<int>();
    config.known_edges = json.at("known_edges").get<bool>();
    config.kernels = json.at("kernels").get<bool>();
    state->profile_power = json.at("profile_power").get<int>();
    state->is_joint = json.at("joint").get<bool>();
    state->members = json.at("ensemble").get<int>();
    validate(config);
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
  state->kernels = take_matrix("kernels", archive);
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

void take_fusion(const Archive& archive, InteractionState* state) {
  const auto fusion = archive.doubles("fusion");
  const std::size_t n_scales = 3U + (state->config.kernels ? 1U : 0U) +
                               (state->profile_power > 0 ? 1U : 0U);
  const bool has_means = state->config.task != "affinity" &&
                         fusion.size() == 3 + 3 * (n_scales + 1);
  const auto n_scores =
      static_cast<std::ptrdiff_t>(n_scales + (has_means ? 1 : 0));
  require_state(fusion.size() == static_cast<std::size_t>(3 + 3 * n_scores),
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
  require_state(threshold.size() == 5, "its labels have no thresholds.");
  for (const double one : threshold) {
    require_state(one >= 0 && one <= 1, "a threshold is no probability.");
  }
  state->threshold = {threshold[0], threshold[1], threshold[2], threshold[3],
                      threshold[4]};
}

}  // namespace

void standardise_nodes(const InteractionData& data, InteractionState* state) {
  std::vector<std::uint8_t> seen(static_cast<std::size_t>(data.n_nodes()), 0);
  for (const auto* ends : {&data.training.a, &data.training.b}) {
    for (const auto node : *ends) seen[static_cast<std::size_t>(node)] = 1;
  }
  std::size_t first = 0;
  for (const auto& block : data.nodes) {
    std::vector<std::int64_t> rows;
    for (std::int64_t i = 0; i < block.size(); ++i) {
      if (seen[first + static_cast<std::size_t>(i)] != 0) rows.push_back(i);
    }
    first += static_cast<std::size_t>(block.size());
    state->scalers.push_back(scaler_of(block.features, rows));
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
  for (std::size_t t = 0; t < state.nodes.size(); ++t) {
    put_nodes(name_of("nodes", t), state.nodes[t], archive);
    put_vector(name_of("nodes/mean", t), state.scalers[t].mean, archive);
    put_vector(name_of("nodes/scale", t), state.scalers[t].scale, archive);
  }
  put_graph(state.graph, archive);
  if (state.kernels.size() > 0) put_matrix("kernels", state.kernels, archive);
  const StackWeights& weights = state.fusion.weights;
  std::vector<double> fusion(weights.constant.begin(), weights.constant.end());
  for (const auto& weight : weights.weight) {
    fusion.insert(fusion.end(), weight.begin(), weight.end());
  }
  put_vector("fusion", fusion, archive);
  if (!state.fusion.level.front().empty()) {
    std::vector<double> levels;
    for (const auto& level : state.fusion.level) {
      levels.insert(levels.end(), level.begin(), level.end());
    }
    put_vector(kLevel, levels, archive);
    const LabelThresholds& t = state.threshold;
    put_vector(kThreshold,
               std::vector<double>{t.fused, t.structure, t.network, t.node_mean,
                                   t.profile},
               archive);
  }
  put_vector("affinity", std::vector<double>{state.mean, state.scale}, archive);
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
  take_fusion(archive, &state);
  take_levels(archive, &state);
  const auto affinity = archive.doubles("affinity");
  require_state(affinity.size() == 2, "its affinities have no scale.");
  state.mean = affinity[0];
  state.scale = affinity[1];
  return state;
}

}  // namespace musl
