#include "store/alterations.h"

#include <algorithm>
#include <cstddef>
#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "base/error.h"
#include "base/numbers.h"
#include "base/sorted_ids.h"
#include "io/archive_fields.h"
#include "store/part.h"

namespace musl {

namespace {

using Json = nlohmann::json;

[[noreturn]] void damaged_direction(const std::string& what) {
  throw FormatError("The direction of a model is damaged: " + what);
}

/// A column of each alteration, one after another: one tensor takes less room
/// than many.
template <class Value>
std::vector<Value> end_to_end(const Alterations& alterations,
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
         std::vector<Value> Alteration::*column, Alterations* alterations) {
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

/// The new places of genes of the old universe, ascending by old gene: a gene
/// may have several, or none.
std::vector<std::pair<std::int32_t, std::int32_t>> places_by_gene(
    const std::vector<std::int32_t>& gene_of) {
  std::vector<std::pair<std::int32_t, std::int32_t>> out;
  for (std::size_t g = 0; g < gene_of.size(); ++g) {
    if (gene_of[g] >= 0) {
      out.emplace_back(gene_of[g], static_cast<std::int32_t>(g));
    }
  }
  std::sort(out.begin(), out.end());
  return out;
}

using Places = std::vector<std::pair<std::int32_t, std::int32_t>>;

/// Calls visit(place) for each new place of a gene.
template <class Visit>
void for_places(const Places& places, std::int32_t gene, const Visit& visit) {
  auto at = std::lower_bound(places.begin(), places.end(),
                             std::make_pair(gene, std::int32_t{-1}));
  for (; at != places.end() && at->first == gene; ++at) visit(at->second);
}

std::vector<std::int32_t> moved(const std::vector<std::int32_t>& genes,
                                const Places& places) {
  std::vector<std::int32_t> out;
  for (const std::int32_t gene : genes) {
    for_places(places, gene, [&](std::int32_t to) { out.push_back(to); });
  }
  std::sort(out.begin(), out.end());
  return out;
}

template <class Value>
std::vector<Value> taken(const std::vector<Value>& values,
                         const std::vector<std::size_t>& from) {
  std::vector<Value> out;
  out.reserve(from.size());
  for (const std::size_t i : from) out.push_back(values[i]);
  return out;
}

Alteration moved(const Alteration& one, const Places& places) {
  std::vector<std::pair<std::int32_t, std::size_t>> rows;
  for (std::size_t i = 0; i < one.gene.size(); ++i) {
    for_places(places, one.gene[i],
               [&](std::int32_t to) { rows.emplace_back(to, i); });
  }
  std::sort(rows.begin(), rows.end());
  Alteration out;
  out.name = one.name;
  out.event = one.event;
  out.n_lines = one.n_lines;
  out.together = one.together;
  out.lost = moved(one.lost, places);
  out.activated = moved(one.activated, places);
  std::vector<std::size_t> from;
  for (const auto& [to, i] : rows) {
    out.gene.push_back(to);
    from.push_back(i);
  }
  out.z = taken(one.z, from);
  out.effect_size = taken(one.effect_size, from);
  out.altered = taken(one.altered, from);
  out.other = taken(one.other, from);
  out.share_altered = taken(one.share_altered, from);
  out.share_other = taken(one.share_other, from);
  return out;
}

Alterations make_direction(const EvidenceInput& input, std::uint64_t /*seed*/,
                           int /*threads*/) {
  return ordered_alterations(input.part<Alterations>(), input.n_genes);
}

void take_direction(const Field& from, EvidenceInput* to) {
  for (const Field& x : from.fields) {
    Alteration one;
    one.name = x["name"].text();
    one.event = x["event"].text();
    one.n_lines = x["n_lines"].integer();
    one.lost = x["lost"].integers();
    one.activated = x["activated"].integers();
    one.together = x["together"].texts;
    one.gene = x["gene"].integers();
    one.z = x["z"].floats();
    one.effect_size = x["effect_size"].floats();
    one.altered = x["altered"].floats();
    one.other = x["other"].floats();
    one.share_altered = x["share_altered"].floats();
    one.share_other = x["share_other"].floats();
    to->part<Alterations>().push_back(std::move(one));
  }
}

const bool kDirectionIsAPart =
    register_part(part_kind<Alterations, make_direction>(
        "direction", take_direction, /*if_empty=*/true));

}  // namespace

void put_alterations(const std::string& prefix, const Alterations& alterations,
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

Alterations read_alterations(const std::string& prefix,
                             const Archive& archive) {
  Alterations out;
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
  return out;
}

Alterations ordered_alterations(const Alterations& alterations,
                                std::int64_t n_genes) {
  std::vector<std::int32_t> same(at(n_genes));
  std::iota(same.begin(), same.end(), 0);
  return remapped(alterations, same);
}

Alterations remapped(const Alterations& alterations,
                     const std::vector<std::int32_t>& gene_of) {
  const Places places = places_by_gene(gene_of);
  Alterations out;
  for (const Alteration& one : alterations) {
    Alteration there = moved(one, places);
    if (there.lost.empty() && there.activated.empty()) continue;
    out.push_back(std::move(there));
  }
  return out;
}

bool fits(const Alterations& alterations, std::int64_t n) {
  return std::all_of(alterations.begin(), alterations.end(), [n](auto& one) {
    return ascend_below(one.lost, n) && ascend_below(one.activated, n) &&
           ascend_below(one.gene, n);
  });
}

}  // namespace musl
