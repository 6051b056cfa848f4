#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>

#include "base/numbers.h"
#include "data/graph_archive.h"
#include "musl/error.h"
#include "musl/evidence.h"

namespace musl {

namespace {

using Json = nlohmann::json;

void require_evidence(bool holds, const std::string& what) {
  if (!holds) throw FormatError("The evidence of a model is damaged: " + what);
}

/// Writes and reads the same fields in the same order, so that the two cannot
/// drift apart.
class Writer {
 public:
  Writer(const std::string& prefix, Archive* archive)
      : prefix_(prefix), archive_(archive) {}
  template <class Value>
  void operator()(const std::string& name, const std::vector<Value>& x) {
    archive_->put(prefix_ + name, {size_of(x)}, x.data());
  }
  /// Rows, so that the archive may store them by columns.
  void operator()(const std::string& name, const UnitRows& x) {
    const std::int64_t rows = size_of(x.scale);
    archive_->put(prefix_ + name + "/code", {rows, x.width},
                  reinterpret_cast<const std::uint8_t*>(x.code.data()));
    (*this)(name + "/scale", x.scale);
  }
  void operator()(const std::string& name, const Matrix& x) {
    archive_->put(prefix_ + name, {x.rows(), x.cols()}, x.data());
  }

 private:
  std::string prefix_;
  Archive* archive_;
};

class Reader {
 public:
  Reader(const std::string& prefix, const Archive& archive)
      : prefix_(prefix), archive_(archive) {}
  void operator()(const std::string& name, std::vector<float>& x) {
    x = archive_.floats(prefix_ + name);
  }
  void operator()(const std::string& name, std::vector<std::int32_t>& x) {
    x = archive_.ints(prefix_ + name);
  }
  void operator()(const std::string& name, std::vector<std::int64_t>& x) {
    x = archive_.longs(prefix_ + name);
  }
  void operator()(const std::string& name, std::vector<std::uint8_t>& x) {
    x = archive_.bytes(prefix_ + name);
  }
  void operator()(const std::string& name, UnitRows& x) {
    const auto bytes = archive_.bytes(prefix_ + name + "/code");
    x.code.resize(bytes.size());
    std::transform(bytes.begin(), bytes.end(), x.code.begin(),
                   [](std::uint8_t b) { return static_cast<std::int8_t>(b); });
    (*this)(name + "/scale", x.scale);
  }
  void operator()(const std::string& name, Matrix& x) {
    const auto shape = archive_.shape(prefix_ + name);
    require_evidence(shape.size() == 2, "\"" + name + "\" is no matrix.");
    x.resize(shape[0], shape[1]);
    archive_.copy_floats(prefix_ + name, x.data());
  }

 private:
  std::string prefix_;
  const Archive& archive_;
};

template <class Visit, class Sets>
void visit_sets(Visit& visit, const std::string& name, Sets& sets) {
  visit(name + "/offset", sets.offset);
  visit(name + "/set", sets.set);
  visit(name + "/size", sets.size);
  visit(name + "/branch", sets.branch);
}

template <class Visit, class Store>
void visit_store(Visit&& visit, Store& store) {
  visit("network_rows", store.network_rows);
  visit_sets(visit, "terms", store.terms);
  visit_sets(visit, "families", store.families);
  visit_sets(visit, "modules", store.modules);
  visit("term_rows", store.term_rows);
  visit("family_rows", store.family_rows);
  visit("wide_rows", store.wide_rows);
  visit("pathway_rows", store.pathway_rows);
  visit("family_twins", store.family_twins);
  visit("layout", store.layout);
  visit("words/offset", store.word_offset);
  visit("words/word", store.word);
  for (std::size_t i = 0; i < store.cohorts.size(); ++i) {
    const std::string name = "cohort/" + std::to_string(i);
    visit(name + "/mean", store.cohorts[i].mean);
    visit(name + "/sd", store.cohorts[i].sd);
    visit(name, store.cohorts[i].profile);
    visit(name + "/expressed", store.cohorts[i].expressed);
  }
  visit("paralogs/offset", store.paralogs.offset);
  visit("paralogs/gene", store.paralogs.gene);
  visit("paralogs/identity", store.paralogs.identity);
  visit("paralogs/coverage", store.paralogs.coverage);
  visit("paralogs/rank", store.paralogs.rank);
  visit("paralogs/count", store.paralogs.count);
  for (std::size_t i = 0; i < store.genes.size(); ++i) {
    visit("gene/" + std::to_string(i), store.genes[i].value);
  }
  visit("lines/expressed", store.lines.expressed);
  visit("lines/code", store.lines.code);
}

constexpr char kNetwork[] = "network/";

// Lists in braces would leak if memory runs out within them.
Json describe(const GeneSets& sets) {
  Json out = Json::object();
  out["branches"] = sets.branches;
  out["n_annotated"] = sets.n_annotated;
  return out;
}

void read_description(const Json& json, GeneSets* sets) {
  sets->branches = json.at("branches").get<std::vector<std::string>>();
  sets->n_annotated = json.at("n_annotated").get<float>();
}

/// Rows of `n_entries` entries begin at `offset`.
bool are_row_offsets(const std::vector<std::int64_t>& offset, std::int64_t n,
                     std::int64_t n_entries) {
  return size_of(offset) == n + 1 && offset.front() == 0 &&
         offset.back() == n_entries &&
         std::is_sorted(offset.begin(), offset.end());
}

void check_sets(const GeneSets& sets, std::int64_t n) {
  if (sets.empty()) return;
  const auto n_sets = static_cast<std::int32_t>(sets.size.size());
  const auto n_branches = static_cast<std::int32_t>(sets.branches.size());
  require_evidence(are_row_offsets(sets.offset, n, size_of(sets.set)) &&
                       sets.branch.size() == sets.size.size(),
                   "the rows of its sets do not add up.");
  require_evidence(
      std::all_of(sets.set.begin(), sets.set.end(),
                  [&](std::int32_t s) { return s >= 0 && s < n_sets; }) &&
          std::all_of(sets.branch.begin(), sets.branch.end(),
                      [&](std::int32_t b) { return b >= 0 && b < n_branches; }),
      "a set doesn't exist.");
}

void check_paralogs_read(const Paralogs& paralogs, std::int64_t n) {
  if (paralogs.empty()) return;
  const auto entries = paralogs.gene.size();
  require_evidence(
      are_row_offsets(paralogs.offset, n, size_of(paralogs.gene)) &&
          paralogs.identity.size() == entries &&
          paralogs.coverage.size() == entries &&
          paralogs.rank.size() == entries && size_of(paralogs.count) == n &&
          std::all_of(paralogs.gene.begin(), paralogs.gene.end(),
                      [n](std::int32_t g) { return g >= 0 && g < n; }),
      "its paralogs do not add up.");
}

void check_rows(UnitRows* rows, std::int64_t n) {
  if (rows->scale.empty()) return;
  require_evidence(
      size_of(rows->scale) == n && n > 0 && size_of(rows->code) % n == 0,
      "a table of unit rows has another size than the rest needs.");
  rows->width = size_of(rows->code) / n;
}

void check_values(const std::vector<float>& values, std::int64_t n) {
  require_evidence(values.empty() || size_of(values) == n,
                   "a column has another size than the rest needs.");
}

void check_store(EvidenceStore* store) {
  const std::int64_t n = store->n_genes;
  for (const auto* sets : {&store->terms, &store->families, &store->modules}) {
    check_sets(*sets, n);
  }
  for (auto* rows :
       {&store->network_rows, &store->term_rows, &store->family_rows,
        &store->wide_rows, &store->pathway_rows}) {
    check_rows(rows, n);
  }
  const CsrGraph& graph = store->network;
  if (!graph.empty()) {
    require_evidence(
        graph.n_nodes() == n && graph.offset.front() == 0 &&
            graph.offset.back() == size_of(graph.neighbour) &&
            graph.weight.size() == graph.neighbour.size() &&
            std::is_sorted(graph.offset.begin(), graph.offset.end()) &&
            std::all_of(graph.neighbour.begin(), graph.neighbour.end(),
                        [n](std::int32_t i) { return i >= 0 && i < n; }) &&
            !store->network_rows.empty(),
        "the network's rows do not add up.");
  }
  require_evidence(
      store->word_offset.empty() ||
          are_row_offsets(store->word_offset, n, size_of(store->word)),
      "the proteins' words do not add up.");
  require_evidence(store->layout.cols() == 0 || store->layout.rows() == n,
                   "the layout has another size than the rest needs.");
  check_paralogs_read(store->paralogs, n);
  check_values(store->family_twins, n);
  for (auto& cohort : store->cohorts) {
    check_values(cohort.mean, n);
    check_values(cohort.sd, n);
    check_values(cohort.expressed, n);
    check_rows(&cohort.profile, n);
  }
  for (const auto& column : store->genes) check_values(column.value, n);
  check_values(store->lines.expressed, n);
  require_evidence(
      size_of(store->lines.code) == n * size_of(store->lines.names) &&
          (store->lines.names.empty() || !store->lines.expressed.empty()),
      "its cell lines do not add up.");
}

}  // namespace

void put_evidence(const std::string& prefix, const EvidenceStore& store,
                  Archive* archive) {
  Json json = Json::object();
  json["n_genes"] = store.n_genes;
  json["terms"] = describe(store.terms);
  json["families"] = describe(store.families);
  json["modules"] = describe(store.modules);
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
  archive->metadata[prefix + "evidence"] = json.dump();
  put_graph(prefix + kNetwork, store.network, archive);
  visit_store(Writer(prefix, archive), store);
}

EvidenceStore read_evidence(const std::string& prefix, const Archive& archive) {
  const auto found = archive.metadata.find(prefix + "evidence");
  require_evidence(found != archive.metadata.end(), "it is not described.");
  EvidenceStore store;
  try {
    const Json json = Json::parse(found->second);
    store.n_genes = json.at("n_genes").get<std::int64_t>();
    read_description(json.at("terms"), &store.terms);
    read_description(json.at("families"), &store.families);
    read_description(json.at("modules"), &store.modules);
    for (const auto& name : json.at("cohorts")) {
      store.cohorts.push_back({name.get<std::string>(), {}, {}, {}, {}});
    }
    store.lines.names = json.at("lines").get<std::vector<std::string>>();
    for (const auto& column : json.at("genes")) {
      store.genes.push_back({column.at("name").get<std::string>(),
                             column.at("role").get<std::string>(),
                             {}});
    }
  } catch (const Json::exception& error) {
    require_evidence(false, error.what());
  }
  store.network = read_graph(prefix + kNetwork, archive);
  visit_store(Reader(prefix, archive), store);
  check_store(&store);
  return store;
}

}  // namespace musl
