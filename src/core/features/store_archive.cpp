#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>
#include <type_traits>
#include <utility>

#include "base/numbers.h"
#include "data/node_blocks.h"
#include "features/store_parts.h"
#include "io/archive_fields.h"
#include "musl/error.h"
#include "musl/evidence.h"

namespace musl {

namespace {

using Json = nlohmann::json;

void require_evidence(bool holds, const std::string& what) {
  if (!holds) throw FormatError("The evidence of a model is damaged: " + what);
}

// ---- Tensors: written and read by the same names ----

class EvidenceWriter : public TensorWriter {
 public:
  using TensorWriter::TensorWriter;
  using TensorWriter::operator();

  /// Rows, so that the archive may store them by columns.
  void operator()(const std::string& name, const UnitRows& x) const {
    archive_->put(prefix_ + name + "/code", {size_of(x.scale), x.width},
                  reinterpret_cast<const std::uint8_t*>(x.code.data()));
    (*this)(name + "/scale", x.scale);
  }
  void operator()(const std::string& name, const CsrGraph& x) const {
    put_graph(prefix_ + name + "/", x, archive_);
  }
};

class EvidenceReader : public TensorReader {
 public:
  using TensorReader::TensorReader;
  using TensorReader::operator();

  void operator()(const std::string& name, UnitRows& x) const {
    const auto bytes = archive_.bytes(prefix_ + name + "/code");
    x.code.resize(bytes.size());
    std::transform(bytes.begin(), bytes.end(), x.code.begin(),
                   [](std::uint8_t b) { return static_cast<std::int8_t>(b); });
    (*this)(name + "/scale", x.scale);
  }
  void operator()(const std::string& name, CsrGraph& x) const {
    x = read_graph(prefix_ + name + "/", archive_);
  }
};

/// Calls visit(name, value) for each tensor of a part.
template <class Visit, class Part>
void visit_part(const Visit& visit, const std::string& name, Part& x) {
  using Plain = std::remove_const_t<Part>;
  if constexpr (std::is_same_v<Plain, GeneSets>) {
    visit(name + "/offset", x.offset);
    visit(name + "/set", x.set);
    visit(name + "/size", x.size);
    visit(name + "/branch", x.branch);
  } else if constexpr (std::is_same_v<Plain, ProteinWords>) {
    visit(name + "/offset", x.offset);
    visit(name + "/word", x.word);
  } else if constexpr (std::is_same_v<Plain, Paralogs>) {
    visit(name + "/offset", x.offset);
    visit(name + "/gene", x.gene);
    visit(name + "/identity", x.identity);
    visit(name + "/coverage", x.coverage);
    visit(name + "/rank", x.rank);
    visit(name + "/count", x.count);
  } else {
    visit(name, x);
  }
}

template <class Visit, class Store>
void visit_store(const Visit& visit, Store& store) {
  for_parts([&](auto... part) {
    (visit_part(visit, part.name, store.*part.member), ...);
  });
  for (std::size_t i = 0; i < store.cohorts.size(); ++i) {
    const std::string name = "cohort/" + std::to_string(i);
    visit(name + "/mean", store.cohorts[i].mean);
    visit(name + "/sd", store.cohorts[i].sd);
    visit(name, store.cohorts[i].profile);
    visit(name + "/expressed", store.cohorts[i].expressed);
  }
  for (std::size_t i = 0; i < store.genes.size(); ++i) {
    visit("gene/" + std::to_string(i), store.genes[i].value);
  }
  for (std::size_t i = 0; i < store.tables.size(); ++i) {
    const std::string name = "table/" + std::to_string(i);
    visit(name + "/offset", store.tables[i].offset);
    visit(name + "/partner", store.tables[i].partner);
    visit(name + "/value", store.tables[i].value);
  }
  for (auto& [name, rows] : store.vectors) visit("vectors/" + name, rows);
  visit("lines/expressed", store.lines.expressed);
  visit("lines/code", store.lines.code);
}

// ---- Names, as JSON ----

// Lists in braces would leak if memory runs out within them.
Json describe_sets(const GeneSets& sets) {
  Json out = Json::object();
  out["branches"] = sets.branches;
  out["n_annotated"] = sets.n_annotated;
  return out;
}

void read_sets(const Json& json, GeneSets* sets) {
  sets->branches = json.at("branches").get<std::vector<std::string>>();
  sets->n_annotated = json.at("n_annotated").get<float>();
}

Json describe_store(const GeneStore& store) {
  Json json = Json::object();
  json["n_genes"] = store.n_genes;
  json["terms"] = describe_sets(store.terms);
  json["families"] = describe_sets(store.families);
  json["modules"] = describe_sets(store.modules);
  json["lines"] = store.lines.names;
  json["cohorts"] = Json::array();
  json["genes"] = Json::array();
  for (const auto& cohort : store.cohorts) {
    json["cohorts"].push_back(cohort.name);
  }
  for (const auto& column : store.genes) {
    Json gene = Json::object();
    gene["name"] = column.name;
    gene["role"] = column.role;
    json["genes"].push_back(std::move(gene));
  }
  for (const auto& one : store.tables) {
    Json table = Json::object();
    table["name"] = one.name;
    table["columns"] = one.columns;
    json["tables"].push_back(std::move(table));
  }
  for (const auto& [name, rows] : store.vectors) {
    json["vectors"].push_back(name);
  }
  return json;
}

/// A store with the names alone.
GeneStore read_names(const Json& json) {
  GeneStore store;
  store.n_genes = json.at("n_genes").get<std::int64_t>();
  read_sets(json.at("terms"), &store.terms);
  read_sets(json.at("families"), &store.families);
  read_sets(json.at("modules"), &store.modules);
  store.lines.names = json.at("lines").get<std::vector<std::string>>();
  for (const auto& name : json.at("cohorts")) {
    store.cohorts.push_back({name.get<std::string>(), {}, {}, {}, {}});
  }
  for (const auto& column : json.at("genes")) {
    store.genes.push_back({column.at("name").get<std::string>(),
                           column.at("role").get<std::string>(),
                           {}});
  }
  // These are there only if they are not empty.
  for (const auto& table : json.value("tables", Json::array())) {
    store.tables.push_back({table.at("name").get<std::string>(),
                            table.at("columns").get<std::vector<std::string>>(),
                            {},
                            {},
                            {}});
  }
  for (const auto& name : json.value("vectors", Json::array())) {
    store.vectors[name.get<std::string>()] = {};
  }
  return store;
}

// ---- Checks of what was read ----

/// Rows of `n_entries` entries begin at `offset`.
bool are_row_offsets(const std::vector<std::int64_t>& offset, std::int64_t n,
                     std::int64_t n_entries) {
  return size_of(offset) == n + 1 && offset.front() == 0 &&
         offset.back() == n_entries &&
         std::is_sorted(offset.begin(), offset.end());
}

/// Whether all are numbers from 0 to n - 1.
bool are_below(const std::vector<std::int32_t>& x, std::int64_t n) {
  return std::all_of(x.begin(), x.end(),
                     [n](std::int32_t i) { return i >= 0 && i < n; });
}

bool fits(const GeneSets& sets, std::int64_t n) {
  return sets.empty() || (are_row_offsets(sets.offset, n, size_of(sets.set)) &&
                          sets.branch.size() == sets.size.size() &&
                          are_below(sets.set, size_of(sets.size)) &&
                          are_below(sets.branch, size_of(sets.branches)));
}

bool fits(const Paralogs& paralogs, std::int64_t n) {
  const auto entries = paralogs.gene.size();
  return paralogs.empty() ||
         (are_row_offsets(paralogs.offset, n, size_of(paralogs.gene)) &&
          paralogs.identity.size() == entries &&
          paralogs.coverage.size() == entries &&
          paralogs.rank.size() == entries && size_of(paralogs.count) == n &&
          are_below(paralogs.gene, n));
}

/// Fills in the width.
bool fits(UnitRows& rows, std::int64_t n) {
  if (rows.scale.empty()) return true;
  if (size_of(rows.scale) != n || size_of(rows.code) % n != 0) return false;
  rows.width = size_of(rows.code) / n;
  return true;
}

bool fits(const std::vector<float>& values, std::int64_t n) {
  return values.empty() || size_of(values) == n;
}

bool fits(const CsrGraph& graph, std::int64_t n) {
  return graph.empty() || graph.n_nodes() == n;
}

bool fits(const ProteinWords& words, std::int64_t n) {
  return words.empty() || are_row_offsets(words.offset, n, size_of(words.word));
}

/// The layout of modules.
bool fits(const Matrix& layout, std::int64_t n) {
  return layout.cols() == 0 || layout.rows() == n;
}

bool fits(const PairTable& table, std::int64_t n) {
  bool holds = are_row_offsets(table.offset, n, size_of(table.partner)) &&
               are_below(table.partner, n) &&
               table.value.rows() == size_of(table.partner) &&
               table.value.cols() == size_of(table.columns);
  for (std::int64_t g = 0; holds && g < n; ++g) {
    auto before = static_cast<std::int32_t>(g);
    for (auto k = table.offset[at(g)]; k < table.offset[at(g + 1)]; ++k) {
      holds = holds && table.partner[at(k)] > before;
      before = table.partner[at(k)];
    }
  }
  return holds;
}

void check_store(GeneStore* store) {
  const auto check = [n = store->n_genes](auto& part, const std::string& name) {
    require_evidence(fits(part, n), "\"" + name + "\" does not fit the rest.");
  };
  for_parts(
      [&](auto... part) { (check(store->*part.member, part.name), ...); });
  require_evidence(store->network.empty() || !store->network_rows.empty(),
                   "\"network_rows\" does not fit the rest.");
  for (auto& cohort : store->cohorts) {
    for (const auto* x : {&cohort.mean, &cohort.sd, &cohort.expressed}) {
      check(*x, cohort.name);
    }
    check(cohort.profile, cohort.name);
  }
  for (const auto& column : store->genes) check(column.value, column.name);
  for (const auto& table : store->tables) check(table, table.name);
  for (auto& [name, rows] : store->vectors) check(rows, name);
  check(store->lines.expressed, "lines");
  require_evidence(
      size_of(store->lines.code) ==
              store->n_genes * size_of(store->lines.names) &&
          (store->lines.names.empty() || !store->lines.expressed.empty()),
      "\"lines\" does not fit the rest.");
}

}  // namespace

void put_evidence(const std::string& prefix, const GeneStore& store,
                  Archive* archive) {
  archive->metadata[prefix + "evidence"] = describe_store(store).dump();
  visit_store(EvidenceWriter(prefix, archive), store);
  put_alterations(prefix + "direction/", store.direction, archive);
}

GeneStore read_evidence(const std::string& prefix, const Archive& archive) {
  const auto found = archive.metadata.find(prefix + "evidence");
  require_evidence(found != archive.metadata.end(), "it is not described.");
  GeneStore store;
  try {
    store = read_names(Json::parse(found->second));
  } catch (const Json::exception& error) {
    require_evidence(false, error.what());
  }
  visit_store(EvidenceReader(prefix, archive), store);
  check_store(&store);
  store.direction =
      read_alterations(prefix + "direction/", store.n_genes, archive);
  return store;
}

}  // namespace musl
