#include "data/config.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <set>
#include <type_traits>

#include "base/error.h"

namespace musl {

namespace {

using Json = nlohmann::json;

std::string show(double value) {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value > 0 ? "Inf" : "-Inf";
  if (value == std::floor(value) && std::abs(value) < 1e15) {
    return std::to_string(static_cast<std::int64_t>(value));
  }
  return Json(value).dump();
}

bool holds(const Range& range, double value) {
  if (!std::isfinite(value)) return false;
  const bool above = range.open_low ? value > range.low : value >= range.low;
  const bool below = range.open_high ? value < range.high : value <= range.high;
  return above && below;
}

std::string text_of(const Range& range) {
  std::string out = range.open_low ? "above " : "at least ";
  out += show(range.low);
  if (std::isinf(range.high)) return out;
  return out + (range.open_high ? " and below " : " and at most ") +
         show(range.high);
}

std::string quoted_list(const std::vector<std::string>& names) {
  std::string out;
  for (const auto& name : names) {
    out += (out.empty() ? "\"" : ", \"") + name + "\"";
  }
  return out;
}

bool is_device(const std::string& device) {
  if (device == "auto" || device == "cpu" || device == "cuda") return true;
  const std::string prefix = "cuda:";
  return device.size() > prefix.size() && device.size() <= prefix.size() + 3 &&
         device.compare(0, prefix.size(), prefix) == 0 &&
         device.find_first_not_of("0123456789", prefix.size()) ==
             std::string::npos;
}

/// Checks each field against its rule.
struct Checker {
  template <class Number>
  void operator()(const char* field, Number number, const Range& range) const {
    const auto value = static_cast<double>(number);
    if (holds(range, value)) return;
    throw InputError("`" + std::string(field) + "` must be " + text_of(range) +
                     ", not " + show(value) + ".");
  }

  void operator()(const char* field, const std::string& value,
                  const Choice& choice) const {
    const auto& values = choice.values;
    if (std::find(values.begin(), values.end(), value) != values.end()) return;
    throw InputError("`" + std::string(field) + "` must be one of " +
                     quoted_list(values) + ", not \"" + value + "\".");
  }

  void operator()(const char* field, const std::vector<std::string>& names,
                  const Subset& subset) const {
    if (names == std::vector<std::string>{subset.none}) return;
    (*this)(field, names, Registered{});
    for (const auto& name : names) (*this)(field, name, Choice{subset.values});
  }

  void operator()(const char* field, const std::vector<std::string>& names,
                  Registered) const {
    if (names.empty()) {
      throw InputError("`" + std::string(field) +
                       "` must name at least one, not none.");
    }
    std::set<std::string> seen;
    for (const auto& name : names) {
      (*this)(field, name, Registered{});
      if (seen.insert(name).second) continue;
      throw InputError("`" + std::string(field) + "` must name each once; \"" +
                       name + "\" is repeated.");
    }
  }

  void operator()(const char* field, const std::string& name,
                  Registered) const {
    if (!name.empty()) return;
    throw InputError("`" + std::string(field) +
                     "` must be a name, not an empty string.");
  }

  void operator()(const char* field, const std::string& device,
                  DeviceName) const {
    if (is_device(device)) return;
    throw InputError("`" + std::string(field) +
                     "` must be \"auto\", \"cpu\", \"cuda\" or "
                     "\"cuda:<i>\" with a device number, not \"" +
                     device + "\".");
  }

  void operator()(const char*, const std::string&, AnyText) const {}
};

template <class Field>
void read_field(const std::string& name, const Json& json, Field* out) {
  try {
    *out = json.get<Field>();
    if (Json(*out) == json) return;    // numbers may not have fitted
  } catch (const Json::type_error&) {  // refused below
  }
  throw FormatError("Configuration field `" + name + "` can't be " +
                    json.dump() + ".");
}

struct FieldWriter {
  Json json = Json::object();
  template <class Field, class Rule>
  void operator()(const char* name, const Field& field, const Rule&) {
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

struct FieldReader {
  Json json;
  template <class Field, class Rule>
  void operator()(const char* name, Field& field, const Rule&) {
    const auto found = json.find(name);
    if (found == json.end()) return;
    read_field(name, *found, &field);
    json.erase(found);
  }
};

}  // namespace

void validate(const ArchitectureConfig& c) {
  visit_fields(c, Checker{});
  if (c.fusion == "attention" && c.fusion_width() % kFusionHeads != 0) {
    throw InputError(
        "`width` below 64 must be a multiple of 4 with `fusion` "
        "\"attention\", not " +
        std::to_string(c.width) + ".");
  }
  if (c.binning == "rank" && c.transforms[0] != "none") {
    throw InputError(
        "`transforms` must be \"none\" with `binning` \"rank\": they leave "
        "ranks as they are.");
  }
}

void validate(const ControlConfig& c) { visit_fields(c, Checker{}); }

std::string to_json(const ArchitectureConfig& config) {
  FieldWriter writer;
  visit_fields(config, writer);
  return writer.text();
}

std::string to_json(const ControlConfig& config) {
  FieldWriter writer;
  visit_fields(config, writer);
  return writer.text();
}

ArchitectureConfig architecture_from_json(const std::string& text) {
  FieldReader reader{Json::parse(text, nullptr, /*allow_exceptions=*/false)};
  Json& json = reader.json;
  if (!json.is_object()) {
    throw FormatError("A configuration must be a JSON object.");
  }
  ArchitectureConfig config;
  visit_fields(config, reader);
  // Files of this format may state the one way in which zeros are counted.
  if (json.value("zeros", Json()) == "keep") json.erase("zeros");
  if (json.empty()) return config;
  // Those read are erased.
  throw FormatError(
      "Configuration fields are unknown, and belong to a newer "
      "version of MuSL: " +
      json.dump() + ".");
}

}  // namespace musl
