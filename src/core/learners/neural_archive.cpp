#include <nlohmann/json.hpp>
#include <string>

#include "base/numbers.h"
#include "musl/error.h"
#include "musl/neural_member.h"

namespace musl {

namespace {

using Json = nlohmann::json;

void require_neural(bool holds, const std::string& what) {
  if (!holds) {
    throw FormatError("The neural member for measured pairs is damaged: " +
                      what);
  }
}

void put_weights(const std::string& name, const Matrix& x, Archive* archive) {
  archive->put(name, {x.rows(), x.cols()}, x.data());
}

Matrix read_weights(const std::string& name, const Archive& archive) {
  const auto& shape = archive.shape(name);
  require_neural(shape.size() == 2, "\"" + name + "\" is no matrix.");
  Matrix out(shape[0], shape[1]);
  archive.copy_floats(name, out.data());
  return out;
}

void put_layer(const std::string& name, const NormedLayer& layer,
               Archive* archive) {
  put_weights(name + "/weight", layer.weight, archive);
  archive->put(name + "/bias", {size_of(layer.bias)}, layer.bias.data());
  archive->put(name + "/scale", {size_of(layer.scale)}, layer.scale.data());
  archive->put(name + "/shift", {size_of(layer.shift)}, layer.shift.data());
}

NormedLayer read_layer(const std::string& name, std::int64_t n_inputs,
                       const Archive& archive) {
  NormedLayer out;
  out.weight = read_weights(name + "/weight", archive);
  out.bias = archive.floats(name + "/bias");
  out.scale = archive.floats(name + "/scale");
  out.shift = archive.floats(name + "/shift");
  const auto n = out.weight.rows();
  require_neural(n > 0 && out.weight.cols() == n_inputs &&
                     size_of(out.bias) == n && size_of(out.scale) == n &&
                     size_of(out.shift) == n,
                 "the sizes of its layers do not fit.");
  return out;
}

GeneHead read_head(const std::string& name, std::int64_t n_inputs,
                   const Archive& archive) {
  GeneHead out;
  out.gene = read_layer(name + "/gene", n_inputs, archive);
  out.pair = read_layer(name + "/pair", 3 * out.gene.weight.rows(), archive);
  out.score = archive.floats(name + "/score");
  const auto intercept = archive.floats(name + "/intercept");
  require_neural(
      size_of(out.score) == out.pair.weight.rows() && intercept.size() == 1,
      "the sizes of its layers do not fit.");
  out.intercept = intercept[0];
  return out;
}

std::string head_name(const std::string& prefix, std::size_t number) {
  return prefix + "head/" + std::to_string(number);
}

/// Names of cohorts and columns, and the number of heads.
std::size_t read_names(const std::string& text, NeuralInputs* inputs) {
  try {
    const Json json = Json::parse(text);
    for (const auto& name : json.at("cohorts")) {
      inputs->cohorts.push_back({name.get<std::string>(), 0, {}});
    }
    const Json& profiles = json.at("profiles");
    require_neural(profiles.size() == inputs->cohorts.size(),
                   "its profiles are not as many as its cohorts.");
    for (std::size_t i = 0; i < profiles.size(); ++i) {
      inputs->cohorts[i].profiles = profiles[i].get<std::uint64_t>();
    }
    inputs->column = json.at("columns").get<std::vector<std::string>>();
    return json.at("heads").get<std::size_t>();
  } catch (const Json::exception& error) {
    require_neural(false, error.what());
  }
  return 0;
}

}  // namespace

void put_neural(const std::string& prefix, const NeuralMember& member,
                Archive* archive) {
  if (member.empty()) return;
  Json cohorts = Json::array(), profiles = Json::array();
  const auto& inputs = member.inputs;
  for (std::size_t i = 0; i < inputs.cohorts.size(); ++i) {
    cohorts.push_back(inputs.cohorts[i].cohort);
    profiles.push_back(inputs.cohorts[i].profiles);
    put_weights(prefix + "axis/" + std::to_string(i), inputs.cohorts[i].axis,
                archive);
  }
  Json names = Json::object();
  names["cohorts"] = std::move(cohorts);
  names["profiles"] = std::move(profiles);
  names["columns"] = inputs.column;
  names["heads"] = member.heads.size();
  archive->metadata[prefix + "names"] = names.dump();
  archive->put(prefix + "mean", {size_of(inputs.mean)}, inputs.mean.data());
  archive->put(prefix + "scale", {size_of(inputs.scale)}, inputs.scale.data());
  archive->put(prefix + "lowest", {size_of(inputs.lowest)},
               inputs.lowest.data());
  archive->put(prefix + "highest", {size_of(inputs.highest)},
               inputs.highest.data());
  archive->put(prefix + "intercept", {1}, &member.linear.intercept);
  archive->put(prefix + "coefficient",
               {static_cast<std::int64_t>(member.linear.coefficient.size())},
               member.linear.coefficient.data());
  for (std::size_t i = 0; i < member.heads.size(); ++i) {
    const GeneHead& head = member.heads[i];
    const std::string name = head_name(prefix, i);
    put_layer(name + "/gene", head.gene, archive);
    put_layer(name + "/pair", head.pair, archive);
    archive->put(name + "/score", {size_of(head.score)}, head.score.data());
    archive->put(name + "/intercept", {1}, &head.intercept);
  }
}

NeuralMember read_neural(const std::string& prefix, std::int64_t n_columns,
                         const EvidenceStore& store, const Archive& archive) {
  NeuralMember out;
  const auto found = archive.metadata.find(prefix + "names");
  if (found == archive.metadata.end()) return out;
  NeuralInputs& inputs = out.inputs;
  const std::size_t n_heads = read_names(found->second, &inputs);
  for (std::size_t i = 0; i < inputs.cohorts.size(); ++i) {
    inputs.cohorts[i].axis =
        read_weights(prefix + "axis/" + std::to_string(i), archive);
  }
  inputs.mean = archive.floats(prefix + "mean");
  inputs.scale = archive.floats(prefix + "scale");
  if (archive.has(prefix + "lowest")) {
    inputs.lowest = archive.floats(prefix + "lowest");
    inputs.highest = archive.floats(prefix + "highest");
  } else {
    inputs.lowest.assign(inputs.column.size(), -4);
    inputs.highest.assign(inputs.column.size(), 4);
  }
  require_neural(inputs.mean.size() == inputs.column.size() &&
                     inputs.scale.size() == inputs.column.size() &&
                     inputs.lowest.size() == inputs.column.size() &&
                     inputs.highest.size() == inputs.column.size(),
                 "its table has another size than its names.");
  const auto intercept = archive.doubles(prefix + "intercept");
  out.linear.coefficient = archive.doubles(prefix + "coefficient");
  require_neural(
      intercept.size() == 1 &&
          static_cast<std::int64_t>(out.linear.coefficient.size()) == n_columns,
      "its linear path has another size than its columns.");
  out.linear.intercept = intercept[0];
  const std::int64_t width = neural_width(inputs, store);
  for (std::size_t i = 0; i < n_heads; ++i) {
    out.heads.push_back(read_head(head_name(prefix, i), width, archive));
  }
  return out;
}

}  // namespace musl
