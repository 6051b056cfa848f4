#include "musl/config.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <set>
#include <type_traits>

#include "musl/error.h"
#include "musl/group.h"

namespace musl {

namespace {

using Json = nlohmann::ordered_json;

constexpr double kInfinity = std::numeric_limits<double>::infinity();

/// Calls visit(name, field) for every field: the one list that writing and
/// reading share.
template <class Config, class Visit>
void visit_architecture(Config& c, Visit&& visit) {
  visit("preset", c.preset);
  visit("encoders", c.encoders);
  visit("width", c.width);
  visit("bins", c.bins);
  visit("binning", c.binning);
  visit("zeros", c.zeros);
  visit("smooth", c.smooth);
  visit("histogram_net", c.histogram_net);
  visit("graph_net", c.graph_net);
  visit("graph_layers", c.graph_layers);
  visit("graph_hidden", c.graph_hidden);
  visit("spectral", c.spectral);
  visit("coexpression", c.coexpression);
  visit("edge_dropout", c.edge_dropout);
  visit("unseen_genes", c.unseen_genes);
  visit("fusion", c.fusion);
  visit("fusion_width", c.fusion_width);
  visit("heads", c.heads);
  visit("alignment", c.alignment);
  visit("temperature", c.temperature);
  visit("auxiliary", c.auxiliary);
  visit("branch_weight", c.branch_weight);
  visit("dropout", c.dropout);
  visit("modality_dropout", c.modality_dropout);
}

template <class Config, class Visit>
void visit_control(Config& c, Visit&& visit) {
  visit("strategy", c.strategy);
  visit("device", c.device);
  visit("threads", c.threads);
  visit("seed", c.seed);
  visit("epochs", c.epochs);
  visit("patience", c.patience);
  visit("batch_size", c.batch_size);
  visit("learning_rate", c.learning_rate);
  visit("weight_decay", c.weight_decay);
  visit("warmup", c.warmup);
  visit("clip", c.clip);
  visit("monitor", c.monitor);
  visit("checkpoint", c.checkpoint);
}

std::string show(double value) {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value > 0 ? "Inf" : "-Inf";
  if (value == std::floor(value) && std::abs(value) < 1e15) {
    return std::to_string(static_cast<std::int64_t>(value));
  }
  return Json(value).dump();
}

/// An interval of allowed values; either end may be left out of it.
struct Range {
  double low;
  double high;
  bool open_low = false;
  bool open_high = false;

  [[nodiscard]] bool holds(double value) const {
    if (!std::isfinite(value)) return false;
    const bool above = open_low ? value > low : value >= low;
    const bool below = open_high ? value < high : value <= high;
    return above && below;
  }
  [[nodiscard]] std::string text() const {
    std::string out = open_low ? "above " : "at least ";
    out += show(low);
    if (std::isinf(high)) return out;
    return out + (open_high ? " and below " : " and at most ") + show(high);
  }
};

void check_range(const char* field, double value, const Range& range) {
  if (range.holds(value)) return;
  throw InputError("`" + std::string(field) + "` must be " + range.text() +
                   ", not " + show(value) + ".");
}

std::string quoted_list(const std::vector<std::string>& names) {
  std::string out;
  for (const auto& name : names) {
    out += (out.empty() ? "\"" : ", \"") + name + "\"";
  }
  return out;
}

void check_choice(const char* field, const std::string& value,
                  const std::vector<std::string>& choices) {
  if (std::find(choices.begin(), choices.end(), value) != choices.end()) return;
  throw InputError("`" + std::string(field) + "` must be one of " +
                   quoted_list(choices) + ", not \"" + value + "\".");
}

/// Which encoders exist is the registry's knowledge, see make_encoder().
void check_encoders(const std::vector<std::string>& encoders) {
  if (encoders.empty()) {
    throw InputError("`encoders` must name at least one encoder, not none.");
  }
  std::set<std::string> seen;
  for (const auto& name : encoders) {
    if (name.empty()) {
      throw InputError("`encoders` must hold names, not an empty string.");
    }
    if (!seen.insert(name).second) {
      throw InputError("`encoders` must name each encoder once; \"" + name +
                       "\" is there twice.");
    }
  }
}

void check_device(const std::string& device) {
  if (device == "auto" || device == "cpu" || device == "cuda") return;
  const std::string prefix = "cuda:";
  const bool numbered = device.size() > prefix.size() &&
                        device.size() <= prefix.size() + 3 &&
                        device.compare(0, prefix.size(), prefix) == 0 &&
                        device.find_first_not_of("0123456789", prefix.size()) ==
                            std::string::npos;
  if (numbered) return;
  throw InputError(
      "`device` must be \"auto\", \"cpu\", \"cuda\" or \"cuda:<i>\" with a "
      "device number, not \"" +
      device + "\".");
}

[[noreturn]] void refuse_field(const std::string& name, const char* expected,
                               const Json& found) {
  throw FormatError("Configuration field `" + name + "` must be " + expected +
                    ", not " + found.dump() + ".");
}

void read_field(const std::string& name, const Json& json, std::string* out) {
  if (!json.is_string()) refuse_field(name, "a string", json);
  *out = json.get<std::string>();
}

void read_field(const std::string& name, const Json& json,
                std::vector<std::string>* out) {
  if (!json.is_array()) refuse_field(name, "a list of strings", json);
  out->clear();
  for (const auto& item : json) {
    if (!item.is_string()) refuse_field(name, "a list of strings", json);
    out->push_back(item.get<std::string>());
  }
}

void read_field(const std::string& name, const Json& json, double* out) {
  if (!json.is_number()) refuse_field(name, "a number", json);
  *out = json.get<double>();
}

void read_field(const std::string& name, const Json& json, std::int64_t* out) {
  const bool fits = json.is_number_integer() &&
                    !(json.is_number_unsigned() &&
                      json.get<std::uint64_t>() >
                          static_cast<std::uint64_t>(
                              std::numeric_limits<std::int64_t>::max()));
  if (!fits) refuse_field(name, "a whole number of 64 bits", json);
  *out = json.get<std::int64_t>();
}

void read_field(const std::string& name, const Json& json, int* out) {
  std::int64_t wide = 0;
  read_field(name, json, &wide);
  if (wide < std::numeric_limits<int>::min() ||
      wide > std::numeric_limits<int>::max()) {
    refuse_field(name, "a whole number of 32 bits", json);
  }
  *out = static_cast<int>(wide);
}

Json parse_object(const std::string& text) {
  Json json = Json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (!json.is_object()) {
    throw FormatError("A configuration must be a JSON object; found " +
                      (json.is_discarded() ? std::string("text that is no JSON")
                                           : std::string(json.type_name())) +
                      ".");
  }
  return json;
}

/// Takes the known fields out of `json`; what is left over is refused.
void refuse_rest(const Json& json) {
  if (json.empty()) return;
  std::vector<std::string> names;
  for (const auto& item : json.items()) names.push_back(item.key());
  throw FormatError("Configuration fields " + quoted_list(names) +
                    " are unknown; they belong to a newer version of MuSL.");
}

struct Writer {
  Json json = Json::object();
  template <class Field>
  void operator()(const char* name, const Field& field) {
    json[name] = field;
  }
  [[nodiscard]] std::string text() const {
    try {
      return json.dump();
    } catch (const Json::type_error&) {
      throw InputError("Configuration strings must be UTF-8.");
    }
  }
};

struct Reader {
  Json json;
  template <class Field>
  void operator()(const char* name, Field& field) {
    const auto found = json.find(name);
    if (found == json.end()) return;
    read_field(name, *found, &field);
    json.erase(found);
  }
};

}  // namespace

void validate(const ArchitectureConfig& c) {
  check_choice("preset", c.preset, {"default", "paper"});
  check_encoders(c.encoders);
  check_range("width", c.width, {2, 4096});
  check_range("bins", c.bins, {8, 64});
  check_choice("binning", c.binning, {"value", "rank"});
  check_choice("zeros", c.zeros,
               {"keep", "drop_double", "own_bin", "test_wise"});
  check_range("smooth", c.smooth, {0, 8});
  check_choice("histogram_net", c.histogram_net, {"small", "cnnc"});
  check_choice("graph_net", c.graph_net, {"sign", "gcn"});
  check_range("graph_layers", c.graph_layers, {1, 8});
  check_range("graph_hidden", c.graph_hidden, {2, 8192});
  check_range("spectral", c.spectral, {0, 1024});
  check_range("coexpression", c.coexpression, {0, 1024});
  check_range("edge_dropout", c.edge_dropout, {0, 1, false, true});
  check_choice("unseen_genes", c.unseen_genes, {"masked", "shown"});
  check_choice("fusion", c.fusion, {"gate", "attention"});
  check_range("fusion_width", c.fusion_width, {2, 1024});
  check_range("heads", c.heads, {1, 64});
  if (c.fusion == "attention" && c.fusion_width % c.heads != 0) {
    throw InputError("`fusion_width` must be a multiple of `heads`; " +
                     std::to_string(c.fusion_width) + " is none of " +
                     std::to_string(c.heads) + ".");
  }
  check_range("alignment", c.alignment, {0, 100});
  check_range("temperature", c.temperature, {0, 100, true, false});
  check_range("auxiliary", c.auxiliary, {0, 100});
  check_range("branch_weight", c.branch_weight, {0, 100});
  check_range("dropout", c.dropout, {0, 1, false, true});
  check_range("modality_dropout", c.modality_dropout, {0, 1, false, true});
}

void validate(const ControlConfig& c) {
  check_choice("strategy", c.strategy, {"joint", "branches"});
  check_device(c.device);
  check_range("threads", c.threads, {0, 1024});
  check_range("seed", static_cast<double>(c.seed), {0, kInfinity});
  check_range("epochs", c.epochs, {1, 100000});
  check_range("patience", c.patience, {1, 100000});
  check_range("batch_size", c.batch_size, {1, 1 << 20});
  check_range("learning_rate", c.learning_rate, {0, 10, true, false});
  check_range("weight_decay", c.weight_decay, {0, 10});
  check_range("warmup", c.warmup, {0, 1, false, true});
  check_range("clip", c.clip, {0, kInfinity, true, false});
  check_choice("monitor", c.monitor, {"auprc", "auroc"});
}

void validate(const GroupConfig& c) {
  check_range("size", c.size, {1, 1024});
  check_range("rank", c.rank, {0, static_cast<double>(c.size), false, true});
  check_choice("backend", c.backend, {"gloo", "nccl"});
  constexpr double kDay = 86400;
  check_range("timeout", c.timeout, {0, kDay, true, false});
  if (c.size > 1 && c.rendezvous.empty()) {
    throw InputError("`rendezvous` must name a file, not an empty string.");
  }
}

std::string to_json(const ArchitectureConfig& config) {
  Writer writer;
  visit_architecture(config, writer);
  return writer.text();
}

std::string to_json(const ControlConfig& config) {
  Writer writer;
  visit_control(config, writer);
  return writer.text();
}

ArchitectureConfig architecture_from_json(const std::string& text) {
  ArchitectureConfig config;
  Reader reader{parse_object(text)};
  visit_architecture(config, reader);
  refuse_rest(reader.json);
  return config;
}

ControlConfig control_from_json(const std::string& text) {
  ControlConfig config;
  Reader reader{parse_object(text)};
  visit_control(config, reader);
  refuse_rest(reader.json);
  return config;
}

}  // namespace musl
