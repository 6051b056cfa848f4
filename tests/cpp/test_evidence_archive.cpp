#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "musl/error.h"
#include "musl/evidence.h"

namespace musl {
namespace {

const float kNaN = std::nanf("");

UnitRows some_rows(std::int64_t n, std::int64_t width, int first) {
  UnitRows out;
  out.width = width;
  for (std::int64_t i = 0; i < n * width; ++i) {
    out.code.push_back(static_cast<std::int8_t>(first + 7 * i % 50 - 25));
  }
  for (std::int64_t i = 0; i < n; ++i) {
    out.scale.push_back(.01F * static_cast<float>(first + i));
  }
  return out;
}

/// Sets 0 and 1 of two branches; genes 0 and 2 are in both.
GeneSets some_sets(float first) {
  return {{0, 2, 2, 4}, {0, 1, 0, 1}, {first, 4}, {1, 0}, {"x", "y"}, 5};
}

/// All parts of three genes, none like another.
GeneStore whole() {
  GeneStore out;
  out.n_genes = 3;
  out.network = make_graph(3, {0, 1}, {1, 2}, {.5F, 2});
  out.network_rows = some_rows(3, 2, 1);
  out.terms = some_sets(2);
  out.families = some_sets(3);
  out.modules = some_sets(6);
  out.term_rows = some_rows(3, 3, 2);
  out.family_rows = some_rows(3, 4, 3);
  out.wide_rows = some_rows(3, 5, 4);
  out.pathway_rows = some_rows(3, 1, 5);
  out.family_twins = {1, 2, kNaN};
  out.layout = Matrix(3, 2);
  out.layout << 1, 2, 3, 4, kNaN, 6;
  out.words = {{0, 2, 2, 3}, {4, 9, 1}};
  out.paralogs = {{0, 1, 2, 2}, {1, 0}, {.5F, .5F},
                  {.8F, .8F},   {1, 2}, {1, 1, kNaN}};
  out.cohorts = {{"a", {1, 2, 3}, {4, 5, kNaN}, some_rows(3, 6, 6), {}},
                 {"b", {7, 8, 9}, {1, 0, 2}, some_rows(3, 2, 7), {.5F, 0, 1}}};
  out.genes = {{"share", "dependent", {.1F, .2F, .3F}},
               {"length", "gene", {10, 20, kNaN}}};
  out.lines = {{.4F, kNaN, 1}, {"A549", "HeLa"}, {1, 20, 0, 0, 33, 255}};
  return out;
}

Archive archived(const GeneStore& store) {
  Archive out;
  put_evidence("x/", store, &out);
  return out;
}

GeneStore read(const Archive& archive) { return read_evidence("x/", archive); }

template <class Values>
void expect_floats(const Values& x, const Values& y, const std::string& what) {
  ASSERT_EQ(x.size(), y.size()) << what;
  for (std::int64_t i = 0; i < static_cast<std::int64_t>(x.size()); ++i) {
    const float p = x.data()[i], q = y.data()[i];
    EXPECT_TRUE(p == q || (std::isnan(p) && std::isnan(q))) << what;
  }
}

void expect_rows(const UnitRows& x, const UnitRows& y) {
  EXPECT_EQ(x.width, y.width);
  EXPECT_EQ(x.code, y.code);
  EXPECT_EQ(x.scale, y.scale);
}

void expect_sets(const GeneSets& x, const GeneSets& y) {
  EXPECT_EQ(x.offset, y.offset);
  EXPECT_EQ(x.set, y.set);
  EXPECT_EQ(x.size, y.size);
  EXPECT_EQ(x.branch, y.branch);
  EXPECT_EQ(x.branches, y.branches);
  EXPECT_EQ(x.n_annotated, y.n_annotated);
}

void expect_stores(const GeneStore& x, const GeneStore& y) {
  EXPECT_EQ(x.n_genes, y.n_genes);
  EXPECT_EQ(x.network.offset, y.network.offset);
  EXPECT_EQ(x.network.neighbour, y.network.neighbour);
  EXPECT_EQ(x.network.weight, y.network.weight);
  expect_rows(x.network_rows, y.network_rows);
  expect_sets(x.terms, y.terms);
  expect_sets(x.families, y.families);
  expect_sets(x.modules, y.modules);
  expect_rows(x.term_rows, y.term_rows);
  expect_rows(x.family_rows, y.family_rows);
  expect_rows(x.wide_rows, y.wide_rows);
  expect_rows(x.pathway_rows, y.pathway_rows);
  expect_floats(x.family_twins, y.family_twins, "twins");
  EXPECT_EQ(x.layout.rows(), y.layout.rows());
  expect_floats(x.layout, y.layout, "layout");
  EXPECT_EQ(x.words.offset, y.words.offset);
  EXPECT_EQ(x.words.word, y.words.word);
  EXPECT_EQ(x.paralogs.offset, y.paralogs.offset);
  EXPECT_EQ(x.paralogs.gene, y.paralogs.gene);
  EXPECT_EQ(x.paralogs.identity, y.paralogs.identity);
  EXPECT_EQ(x.paralogs.coverage, y.paralogs.coverage);
  EXPECT_EQ(x.paralogs.rank, y.paralogs.rank);
  expect_floats(x.paralogs.count, y.paralogs.count, "count");
  ASSERT_EQ(x.cohorts.size(), y.cohorts.size());
  for (std::size_t i = 0; i < x.cohorts.size(); ++i) {
    EXPECT_EQ(x.cohorts[i].name, y.cohorts[i].name);
    expect_floats(x.cohorts[i].mean, y.cohorts[i].mean, "mean");
    expect_floats(x.cohorts[i].sd, y.cohorts[i].sd, "sd");
    expect_rows(x.cohorts[i].profile, y.cohorts[i].profile);
    expect_floats(x.cohorts[i].expressed, y.cohorts[i].expressed, "expressed");
  }
  ASSERT_EQ(x.genes.size(), y.genes.size());
  for (std::size_t i = 0; i < x.genes.size(); ++i) {
    EXPECT_EQ(x.genes[i].name, y.genes[i].name);
    EXPECT_EQ(x.genes[i].role, y.genes[i].role);
    expect_floats(x.genes[i].value, y.genes[i].value, "gene column");
  }
  expect_floats(x.lines.expressed, y.lines.expressed, "lines");
  EXPECT_EQ(x.lines.names, y.lines.names);
  EXPECT_EQ(x.lines.code, y.lines.code);
}

TEST(EvidenceArchive, HoldsAllPartsOfAStore) {
  expect_stores(read(archived(whole())), whole());
  GeneStore empty;
  empty.n_genes = 3;
  expect_stores(read(archived(empty)), empty);
}

TEST(EvidenceArchive, MovesEachPartToAnotherUniverse) {
  const GeneStore store = whole();
  expect_stores(remap_evidence(store, {0, 1, 2}), store);
  // The genes turned round; a new one between them.
  const GeneStore turned = remap_evidence(store, {2, -1, 1, 0});
  EXPECT_EQ(turned.n_genes, 4);
  EXPECT_EQ(turned.network.n_edges(), 2);
  EXPECT_EQ(turned.network.degree(1), 0);
  EXPECT_EQ(turned.network.weight, (std::vector<float>{2, 2, .5F, .5F}));
  const auto& scale = store.wide_rows.scale;
  EXPECT_EQ(turned.wide_rows.scale,
            (std::vector<float>{scale[2], 0, scale[1], scale[0]}));
  EXPECT_EQ(turned.pathway_rows.code[3], store.pathway_rows.code[0]);
  EXPECT_EQ(turned.terms.offset, (std::vector<std::int64_t>{0, 2, 2, 2, 4}));
  EXPECT_EQ(turned.words.word, (std::vector<std::int32_t>{1, 4, 9}));
  EXPECT_EQ(turned.paralogs.gene, (std::vector<std::int32_t>{3, 2}));
  EXPECT_EQ(turned.paralogs.rank, (std::vector<float>{2, 1}));
  expect_floats(turned.paralogs.count, {kNaN, kNaN, 1, 1}, "count");
  expect_floats(turned.cohorts[1].mean, {9, kNaN, 8, 7}, "mean");
  expect_floats(turned.cohorts[1].expressed, {1, kNaN, 0, .5F}, "expressed");
  expect_floats(turned.genes[1].value, {kNaN, kNaN, 20, 10}, "column");
  expect_floats(turned.lines.expressed, {1, kNaN, kNaN, .4F}, "lines");
  EXPECT_EQ(turned.lines.code,
            (std::vector<std::uint8_t>{33, 255, 0, 0, 0, 0, 1, 20}));
  // Without the gene between them, two have no edge and no paralog.
  const GeneStore fewer = remap_evidence(store, {0, 2});
  EXPECT_TRUE(fewer.network.empty());
  EXPECT_TRUE(fewer.paralogs.gene.empty());
  EXPECT_EQ(fewer.paralogs.offset, (std::vector<std::int64_t>{0, 0, 0}));
}

TEST(EvidenceArchive, CompletesWhatIsLackingAndKeepsWhatIsThere) {
  GeneStore empty;
  empty.n_genes = 3;
  expect_stores(complete_evidence(empty, whole()), whole());
  expect_stores(complete_evidence(whole(), empty), whole());
  GeneStore other = whole();
  other.network = make_graph(3, {0}, {2}, {1});
  other.network_rows = some_rows(3, 3, 20);
  other.terms.size = other.families.size = other.modules.size = {8, 9};
  other.term_rows = other.family_rows = some_rows(3, 2, 21);
  other.wide_rows = other.pathway_rows = some_rows(3, 2, 22);
  other.family_twins = {3, 3, 3};
  other.layout.setZero();
  other.words.word = {7, 8, 9};
  other.paralogs.rank = {5, 6};
  other.cohorts[0].mean = {0, 0, 0};
  other.genes[0].value = {9, 9, 9};
  other.lines = {{.9F, kNaN, .9F}, {"HeLa", "A549"}, {7, 7, 7, 7, 7, 7}};
  expect_stores(complete_evidence(whole(), other), whole());
  other.cohorts[0].name = "c";
  other.genes[1].name = "age";
  const GeneStore more = complete_evidence(whole(), other);
  ASSERT_EQ(more.cohorts.size(), 3u);
  EXPECT_EQ(more.cohorts[2].name, "c");
  ASSERT_EQ(more.genes.size(), 3u);
  EXPECT_EQ(more.genes[2].name, "age");
  other.lines = {{.9F, .9F, .9F}, {"A549", "HAP1"}, {7, 2, 7, 3, 7, 4}};
  const LineExpression lines = complete_evidence(whole(), other).lines;
  expect_floats(lines.expressed, {.4F, .9F, 1}, "lines");
  EXPECT_EQ(lines.names, (std::vector<std::string>{"A549", "HeLa", "HAP1"}));
  EXPECT_EQ(lines.code,
            (std::vector<std::uint8_t>{1, 20, 2, 0, 0, 3, 33, 255, 4}));
}

/// Whether a store with this change cannot be read back.
bool is_refused(const std::function<void(GeneStore*)>& change) {
  GeneStore store = whole();
  change(&store);
  try {
    (void)read(archived(store));
    return false;
  } catch (const FormatError&) {
    return true;
  }
}

TEST(EvidenceArchive, IsRefusedWhereSetsDoNotAddUp) {
  for (auto sets :
       {&GeneStore::terms, &GeneStore::families, &GeneStore::modules}) {
    const auto bent = [&](const std::function<void(GeneSets*)>& change) {
      return is_refused([&](GeneStore* store) { change(&(store->*sets)); });
    };
    EXPECT_FALSE(bent([](GeneSets*) {}));
    EXPECT_TRUE(bent([](GeneSets* x) { x->offset = {0, 2, 4}; }));
    EXPECT_TRUE(bent([](GeneSets* x) { x->offset = {0, 2, 2, 2, 4}; }));
    EXPECT_TRUE(bent([](GeneSets* x) { x->offset = {1, 2, 2, 4}; }));
    EXPECT_TRUE(bent([](GeneSets* x) { x->offset = {0, 2, 2, 3}; }));
    EXPECT_TRUE(bent([](GeneSets* x) { x->offset = {0, 3, 2, 4}; }));
    EXPECT_TRUE(bent([](GeneSets* x) { x->branch.pop_back(); }));
    for (const std::int32_t none : {-1, 2}) {
      EXPECT_TRUE(bent([&](GeneSets* x) { x->set[1] = none; }));
      EXPECT_TRUE(bent([&](GeneSets* x) { x->branch[1] = none; }));
    }
  }
}

TEST(EvidenceArchive, IsRefusedWhereRowsAreOfOtherGenes) {
  const std::vector<UnitRows GeneStore::*> all{
      &GeneStore::network_rows, &GeneStore::term_rows, &GeneStore::family_rows,
      &GeneStore::wide_rows, &GeneStore::pathway_rows};
  for (const auto rows : all) {
    EXPECT_TRUE(is_refused([&](auto* x) { x->*rows = some_rows(2, 3, 1); }));
    EXPECT_TRUE(is_refused([&](auto* x) { x->*rows = some_rows(4, 3, 1); }));
  }
  EXPECT_TRUE(
      is_refused([](auto* x) { x->cohorts[1].profile = some_rows(2, 3, 1); }));
  // Codes that are no whole number of columns.
  Archive archive = archived(whole());
  auto& codes = archive.tensors.at("x/term_rows/code");
  codes.bytes.pop_back();
  codes.shape = {8};
  EXPECT_THROW((void)read(archive), FormatError);
  GeneStore nothing;
  nothing.cohorts = {{"a", {}, {}, some_rows(1, 2, 1)}};
  EXPECT_THROW((void)read(archived(nothing)), FormatError);
}

TEST(EvidenceArchive, IsRefusedWherePartsDoNotAddUp) {
  using Change = std::function<void(GeneStore*)>;
  for (const int n : {2, 4}) {
    const auto size = static_cast<std::size_t>(n);
    for (const Change& change : std::vector<Change>{
             [&](auto* x) { x->family_twins.resize(size); },
             [&](auto* x) { x->cohorts[1].mean.resize(size); },
             [&](auto* x) { x->cohorts[1].sd.resize(size); },
             [&](auto* x) { x->cohorts[1].expressed.resize(size); },
             [&](auto* x) { x->genes[1].value.resize(size); },
             [&](auto* x) { x->lines.expressed.resize(size); },
             [&](auto* x) { x->lines.code.resize(2 * size); },
             [&](auto* x) { x->layout = Matrix::Zero(n, 2); },
             [&](auto* x) { x->network = make_graph(n, {0}, {1}, {1}); }}) {
      EXPECT_TRUE(is_refused(change)) << n;
    }
  }
  std::size_t i = 0;
  for (const Change& change :
       std::vector<Change>{[](auto* x) { x->lines.names.pop_back(); },
                           [](auto* x) { x->lines.expressed.clear(); },
                           [](auto* x) { x->network_rows = {}; },
                           [](auto* x) {
                             x->words.offset = {0, 2, 3};
                           },
                           [](auto* x) {
                             x->words.offset = {0, 3, 2, 3};
                           },
                           [](auto* x) { x->words.word.push_back(10); },
                           [](auto* x) {
                             x->paralogs.offset = {0, 1, 2};
                           },
                           [](auto* x) {
                             x->paralogs.offset = {0, 2, 1, 2};
                           },
                           [](auto* x) { x->paralogs.identity.pop_back(); },
                           [](auto* x) { x->paralogs.coverage.push_back(1); },
                           [](auto* x) { x->paralogs.rank.pop_back(); },
                           [](auto* x) { x->paralogs.count.pop_back(); },
                           [](auto* x) { x->paralogs.gene[0] = 3; },
                           [](auto* x) { x->paralogs.gene[0] = -1; }}) {
    EXPECT_TRUE(is_refused(change)) << i++;
  }
}

TEST(EvidenceArchive, IsRefusedWithoutItsDescription) {
  Archive archive = archived(whole());
  const auto json = nlohmann::json::parse(archive.metadata.at("x/evidence"));
  for (const auto& item : json.items()) {
    auto less = json;
    less.erase(item.key());
    archive.metadata["x/evidence"] = less.dump();
    EXPECT_THROW((void)read(archive), FormatError) << item.key();
  }
  archive.metadata["x/evidence"] = "{";
  EXPECT_THROW((void)read(archive), FormatError);
  archive.metadata.clear();
  EXPECT_THROW((void)read(archive), FormatError);
  archive = archived(whole());
  archive.tensors.at("x/layout").shape = {6};
  EXPECT_THROW((void)read(archive), FormatError);
}

}  // namespace
}  // namespace musl
