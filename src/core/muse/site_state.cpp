#include "muse/site_state.h"

#include <cmath>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "base/error.h"
#include "data/column_moments.h"
#include "io/archive_fields.h"
#include "muse/residue_codes.h"
#include "muse/residue_graph.h"
#include "muse/residue_neighbourhood.h"

namespace musl {

namespace {

using Json = nlohmann::json;

constexpr char kSites[] = "sites";
constexpr double kPrior = 3.0;  // residues that have the share of all

/// Of the columns, over the residues of the training chains.
Scaler column_scaler(const SiteData& data) {
  ColumnMoments columns(data.nodes.n_columns());
  for (std::size_t i = 0; i < data.nodes.columns.size(); ++i) {
    if (data.validation[i] != 0) continue;
    const Matrix& x = data.nodes.columns[i];
    for (Eigen::Index r = 0; r < x.rows(); ++r) columns.add_row(x.row(r));
  }
  return columns.scaler();
}

std::vector<float> code_means(const SiteData& data) {
  std::vector<double> one(kResidueCodes, 0), all(kResidueCodes, 0);
  double sum = 0, n = 0;
  for (std::size_t i = 0; i < data.label.size(); ++i) {
    if (data.validation[i] != 0) continue;
    const auto codes = residue_codes(data.nodes.text[i]);
    for (std::size_t r = 0; r < codes.size(); ++r) {
      const float label = data.label[i][r];
      if (std::isnan(label)) continue;
      const std::size_t code = static_cast<std::uint8_t>(codes[r]);
      one[code] += label;
      all[code] += 1;
      sum += label;
      n += 1;
    }
  }
  std::vector<float> mean;
  for (std::size_t code = 0; code < kResidueCodes; ++code) {
    mean.push_back(static_cast<float>((one[code] + kPrior * sum / n) /
                                      (all[code] + kPrior)));
  }
  return mean;
}

std::string words_of(NodeKind kind) {
  return kind == NodeKind::residues ? "sequences with coordinates"
                                    : "sequences without coordinates";
}

void require_sites(bool holds, const std::string& what) {
  if (!holds) throw FormatError("The model of sites is damaged: " + what);
}

template <class Visit, class State>
void visit_tensors(const Visit& visit, State& state) {
  visit("columns/mean", state.scaler.mean);
  visit("columns/scale", state.scaler.scale);
  visit("residue_mean", state.mean);
}

/// Neighbourhood, then the user's columns.
Matrix site_columns(const SiteState& state, const NodeSet& nodes,
                    std::size_t i) {
  Matrix user = nodes.columns_of(i);
  if (user.cols() > 0) state.scaler.apply(user.data(), user.rows());
  const Matrix around = residue_neighbourhood(nodes.coordinates[i]);
  Matrix all(around.rows(), around.cols() + user.cols());
  all.leftCols(around.cols()) = around;
  if (user.cols() > 0) all.rightCols(user.cols()) = user;
  return all;
}

}  // namespace

SiteState make_site_state(const SiteConfig& config, const SiteData& data) {
  SiteState state;
  state.config = config;
  state.kind = data.nodes.kind;
  state.scaler = column_scaler(data);
  state.mean = code_means(data);
  return state;
}

std::vector<ResidueGraph> site_graphs(const SiteState& state,
                                      const NodeSet& nodes) {
  if (nodes.kind != state.kind) {
    throw InputError("Nodes must be " + words_of(state.kind) +
                     ", as in training, not " + words_of(nodes.kind) + ".");
  }
  if (nodes.n_columns() != state.n_columns()) {
    throw InputError("Residues must have " + std::to_string(state.n_columns()) +
                     " columns, as in training; found " +
                     std::to_string(nodes.n_columns()) + ".");
  }
  std::vector<ResidueGraph> graphs;
  if (nodes.kind != NodeKind::residues) return graphs;
  for (std::size_t i = 0; i < nodes.text.size(); ++i) {
    const Matrix& places = nodes.coordinates[i];
    graphs.push_back(make_residue_graph(nodes.text[i], places,
                                        site_columns(state, nodes, i)));
    graphs.back().orientation = edge_orientations(graphs.back(), places);
  }
  return graphs;
}

ResidueValues residue_means(const SiteState& state, const NodeSet& nodes) {
  ResidueValues means;
  for (const auto& text : nodes.text) {
    means.emplace_back();
    for (const auto code : residue_codes(text)) {
      means.back().push_back(state.mean[static_cast<std::size_t>(code)]);
    }
  }
  return means;
}

void put_sites(const SiteState& state, Archive* archive) {
  Json json = Json::object();
  json["width"] = state.config.width;
  json["dropout"] = state.config.dropout;
  json["kind"] = node_kind_name(state.kind);
  json["ensemble"] = state.members;
  archive->metadata[kSites] = json.dump();
  visit_tensors(TensorWriter("", archive), state);
}

SiteState take_sites(const Archive& archive) {
  const auto text = archive.metadata.find(kSites);
  require_sites(text != archive.metadata.end(), "it holds no model of sites.");
  SiteState state;
  try {
    const Json json = Json::parse(text->second);
    state.config.width = json.at("width").get<int>();
    state.config.dropout = json.at("dropout").get<double>();
    state.kind = node_kind(json.at("kind").get<std::string>());
    state.members = json.at("ensemble").get<int>();
    validate(state.config);
  } catch (const Json::exception& error) {
    require_sites(false, error.what());
  } catch (const InputError& error) {
    require_sites(false, error.what());
  }
  require_sites(state.members >= 1, "it has no networks.");
  require_sites(
      state.kind == NodeKind::sequence || state.kind == NodeKind::residues,
      "its nodes are no chains.");
  visit_tensors(TensorReader("", archive), state);
  require_sites(state.scaler.mean.size() == state.scaler.scale.size(),
                "its columns have no common number.");
  require_sites(state.mean.size() == kResidueCodes,
                "it lacks the mean of an amino acid.");
  return state;
}

}  // namespace musl
