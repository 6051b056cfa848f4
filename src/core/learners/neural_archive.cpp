#include <nlohmann/json.hpp>
#include <string>

#include "base/numbers.h"
#include "io/archive_fields.h"
#include "musl/error.h"
#include "musl/neural_member.h"

namespace musl {

namespace {

using Json = nlohmann::json;

constexpr std::size_t kMostHeads = 1000;

void require_neural(bool holds, const std::string& what) {
  if (!holds) {
    throw FormatError("The pair network is damaged: " + what);
  }
}

// ---- Tensors ----

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

// ---- Checks of what was read ----

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
    require_neural(values->size() == inputs.column.size(),
                   "its table has another size than its names.");
  }
  require_neural(size_of(net.linear.coefficient) == n_columns,
                 "its linear path has another size than its columns.");
  for (const GeneHead& head : net.heads) {
    require_neural(fits(head.gene, width) &&
                       fits(head.pair, 3 * head.gene.weight.rows()) &&
                       size_of(head.score) == head.pair.weight.rows(),
                   "the sizes of its layers do not fit.");
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
    require_neural(profiles.size() == inputs->cohorts.size(),
                   "its profiles are not as many as its cohorts.");
    for (std::size_t i = 0; i < profiles.size(); ++i) {
      inputs->cohorts[i].profiles = profiles[i].get<std::uint64_t>();
    }
    inputs->column = json.at("columns").get<std::vector<std::string>>();
    const auto n_heads = json.at("heads").get<std::size_t>();
    require_neural(n_heads <= kMostHeads, "it has too many networks.");
    return n_heads;
  } catch (const Json::exception& error) {
    require_neural(false, error.what());
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
                         const EvidenceStore& store, const Archive& archive) {
  NeuralMember out;
  const auto found = archive.metadata.find(prefix + "names");
  if (found == archive.metadata.end()) return out;
  out.heads.resize(read_names(found->second, &out.inputs));
  visit_net(TensorReader(prefix, archive), out);
  check_net(out, n_columns, neural_width(out.inputs, store));
  return out;
}

}  // namespace musl
