#include <algorithm>
#include <cstddef>
#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "base/numbers.h"
#include "features/store_parts.h"
#include "io/archive_fields.h"
#include "musl/direction.h"
#include "musl/error.h"

namespace musl {

namespace {

using Json = nlohmann::json;

[[noreturn]] void damaged_direction(const std::string& what) {
  throw FormatError("The direction of a model is damaged: " + what);
}

/// A column of each alteration, one after another: one tensor takes less room
/// than many.
template <class Value>
std::vector<Value> end_to_end(const std::vector<Alteration>& alterations,
                              std::vector<Value> Alteration::*column) {
  std::vector<Value> out;
  for (const auto& one : alterations) {
    out.insert(out.end(), (one.*column).begin(), (one.*column).end());
  }
  return out;
}

/// The columns, by name; `n` is their length in each alteration.
template <class Visit>
void for_columns(const Visit& visit) {
  visit("lost", &Alteration::lost, "n_lost");
  visit("activated", &Alteration::activated, "n_activated");
  visit("gene", &Alteration::gene, "n");
  visit("z", &Alteration::z, "n");
  visit("effect_size", &Alteration::effect_size, "n");
  visit("altered", &Alteration::altered, "n");
  visit("other", &Alteration::other, "n");
  visit("share_altered", &Alteration::share_altered, "n");
  visit("share_other", &Alteration::share_other, "n");
}

Json describe(const Alteration& one) {
  Json out = Json::object();
  out["name"] = one.name;
  out["event"] = one.event;
  out["n_lines"] = one.n_lines;
  out["together"] = one.together;
  out["n_lost"] = one.lost.size();
  out["n_activated"] = one.activated.size();
  out["n"] = one.gene.size();
  return out;
}

Alteration described(const Json& json) {
  Alteration out;
  out.name = json.at("name").get<std::string>();
  out.event = json.at("event").get<std::string>();
  out.n_lines = json.at("n_lines").get<std::int32_t>();
  out.together = json.at("together").get<std::vector<std::string>>();
  return out;
}

/// Cuts `all` into the columns of the alterations.
template <class Value>
void cut(const std::vector<Value>& all, const Json& json, const char* length,
         std::vector<Value> Alteration::*column,
         std::vector<Alteration>* alterations) {
  std::size_t from = 0;
  for (std::size_t i = 0; i < alterations->size(); ++i) {
    const auto n = json.at(i).at(length).get<std::size_t>();
    if (n > all.size() - from) damaged_direction("a column is too short.");
    const auto begin = all.begin() + static_cast<std::ptrdiff_t>(from);
    (*alterations)[i].*column = {begin, begin + static_cast<std::ptrdiff_t>(n)};
    from += n;
  }
  if (from != all.size()) damaged_direction("a column is too long.");
}

/// Whether all are numbers from 0 to n - 1, each above the one before.
bool ascend_below(const std::vector<std::int32_t>& x, std::int64_t n) {
  return (x.empty() || (x.front() >= 0 && x.back() < n)) &&
         std::adjacent_find(x.begin(), x.end(), std::greater_equal<>()) ==
             x.end();
}

}  // namespace

void put_alterations(const std::string& prefix,
                     const std::vector<Alteration>& alterations,
                     Archive* archive) {
  if (alterations.empty()) return;
  Json json = Json::array();
  for (const auto& one : alterations) json.push_back(describe(one));
  archive->metadata[prefix + "names"] = json.dump();
  const TensorWriter write(prefix, archive);
  for_columns([&](const char* name, auto column, const char* /*length*/) {
    write(name, end_to_end(alterations, column));
  });
}

std::vector<Alteration> read_alterations(const std::string& prefix,
                                         std::int64_t n_genes,
                                         const Archive& archive) {
  std::vector<Alteration> out;
  const auto found = archive.metadata.find(prefix + "names");
  if (found == archive.metadata.end()) return out;
  try {
    const Json json = Json::parse(found->second);
    for (const auto& one : json) out.push_back(described(one));
    const TensorReader read(prefix, archive);
    for_columns([&](const char* name, auto column, const char* length) {
      std::decay_t<decltype(Alteration().*column)> all;
      read(name, all);
      cut(all, json, length, column, &out);
    });
  } catch (const Json::exception& error) {
    damaged_direction(error.what());
  }
  for (const auto& one : out) {
    if (!ascend_below(one.lost, n_genes) ||
        !ascend_below(one.activated, n_genes) ||
        !ascend_below(one.gene, n_genes)) {
      damaged_direction("its genes are none of the model.");
    }
  }
  return out;
}

}  // namespace musl
