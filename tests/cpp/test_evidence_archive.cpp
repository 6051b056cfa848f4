#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/matrix.h"
#include "graph/csr_graph.h"
#include "io/archive.h"
#include "store/cohorts.h"
#include "store/gene_columns.h"
#include "store/gene_sets.h"
#include "store/gene_store.h"
#include "store/line_expression.h"
#include "store/network.h"
#include "store/paralogs.h"
#include "store/protein_words.h"
#include "store/unit_rows.h"

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
  out.part<Network>().graph = make_graph(3, {0, 1}, {1, 2}, {.5F, 2});
  out.part<Network>().rows = some_rows(3, 2, 1);
  out.part<Terms>().sets = some_sets(2);
  out.part<Families>().sets = some_sets(3);
  out.part<Modules>().sets = some_sets(6);
  out.part<Terms>().rows = some_rows(3, 3, 2);
  out.part<Families>().rows = some_rows(3, 4, 3);
  out.part<WideTerms>().rows = some_rows(3, 5, 4);
  out.part<Pathways>().rows = some_rows(3, 1, 5);
  out.part<Families>().twins = {1, 2, kNaN};
  out.part<Layout>().place = Matrix(3, 2);
  out.part<Layout>().place << 1, 2, 3, 4, kNaN, 6;
  out.part<ProteinWords>() = {{0, 2, 2, 3}, {4, 9, 1}};
  out.part<Paralogs>() = {{0, 1, 2, 2}, {1, 0}, {.5F, .5F},
                          {.8F, .8F},   {1, 2}, {1, 1, kNaN}};
  out.part<Cohorts>() = {
      {"a", {1, 2, 3}, {4, 5, kNaN}, some_rows(3, 6, 6), {}},
      {"b", {7, 8, 9}, {1, 0, 2}, some_rows(3, 2, 7), {.5F, 0, 1}}};
  out.part<GeneColumns>() = {{"share", "dependent", {.1F, .2F, .3F}},
                             {"length", "gene", {10, 20, kNaN}}};
  out.part<LineExpression>() = {
      {.4F, kNaN, 1}, {"A549", "HeLa"}, {1, 20, 0, 0, 33, 255}};
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
  EXPECT_EQ(x.part<Network>().graph.offset, y.part<Network>().graph.offset);
  EXPECT_EQ(x.part<Network>().graph.neighbour,
            y.part<Network>().graph.neighbour);
  EXPECT_EQ(x.part<Network>().graph.weight, y.part<Network>().graph.weight);
  expect_rows(x.part<Network>().rows, y.part<Network>().rows);
  expect_sets(x.part<Terms>().sets, y.part<Terms>().sets);
  expect_sets(x.part<Families>().sets, y.part<Families>().sets);
  expect_sets(x.part<Modules>().sets, y.part<Modules>().sets);
  expect_rows(x.part<Terms>().rows, y.part<Terms>().rows);
  expect_rows(x.part<Families>().rows, y.part<Families>().rows);
  expect_rows(x.part<WideTerms>().rows, y.part<WideTerms>().rows);
  expect_rows(x.part<Pathways>().rows, y.part<Pathways>().rows);
  expect_floats(x.part<Families>().twins, y.part<Families>().twins, "twins");
  EXPECT_EQ(x.part<Layout>().place.rows(), y.part<Layout>().place.rows());
  expect_floats(x.part<Layout>().place, y.part<Layout>().place, "layout");
  EXPECT_EQ(x.part<ProteinWords>().offset, y.part<ProteinWords>().offset);
  EXPECT_EQ(x.part<ProteinWords>().word, y.part<ProteinWords>().word);
  EXPECT_EQ(x.part<Paralogs>().offset, y.part<Paralogs>().offset);
  EXPECT_EQ(x.part<Paralogs>().gene, y.part<Paralogs>().gene);
  EXPECT_EQ(x.part<Paralogs>().identity, y.part<Paralogs>().identity);
  EXPECT_EQ(x.part<Paralogs>().coverage, y.part<Paralogs>().coverage);
  EXPECT_EQ(x.part<Paralogs>().rank, y.part<Paralogs>().rank);
  expect_floats(x.part<Paralogs>().count, y.part<Paralogs>().count, "count");
  ASSERT_EQ(x.part<Cohorts>().size(), y.part<Cohorts>().size());
  for (std::size_t i = 0; i < x.part<Cohorts>().size(); ++i) {
    EXPECT_EQ(x.part<Cohorts>()[i].name, y.part<Cohorts>()[i].name);
    expect_floats(x.part<Cohorts>()[i].mean, y.part<Cohorts>()[i].mean, "mean");
    expect_floats(x.part<Cohorts>()[i].sd, y.part<Cohorts>()[i].sd, "sd");
    expect_rows(x.part<Cohorts>()[i].profile, y.part<Cohorts>()[i].profile);
    expect_floats(x.part<Cohorts>()[i].expressed,
                  y.part<Cohorts>()[i].expressed, "expressed");
  }
  ASSERT_EQ(x.part<GeneColumns>().size(), y.part<GeneColumns>().size());
  for (std::size_t i = 0; i < x.part<GeneColumns>().size(); ++i) {
    EXPECT_EQ(x.part<GeneColumns>()[i].name, y.part<GeneColumns>()[i].name);
    EXPECT_EQ(x.part<GeneColumns>()[i].role, y.part<GeneColumns>()[i].role);
    expect_floats(x.part<GeneColumns>()[i].value,
                  y.part<GeneColumns>()[i].value, "gene column");
  }
  expect_floats(x.part<LineExpression>().expressed,
                y.part<LineExpression>().expressed, "lines");
  EXPECT_EQ(x.part<LineExpression>().names, y.part<LineExpression>().names);
  EXPECT_EQ(x.part<LineExpression>().code, y.part<LineExpression>().code);
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
  EXPECT_EQ(turned.part<Network>().graph.n_edges(), 2);
  EXPECT_EQ(turned.part<Network>().graph.degree(1), 0);
  EXPECT_EQ(turned.part<Network>().graph.weight,
            (std::vector<float>{2, 2, .5F, .5F}));
  const auto& scale = store.part<WideTerms>().rows.scale;
  EXPECT_EQ(turned.part<WideTerms>().rows.scale,
            (std::vector<float>{scale[2], 0, scale[1], scale[0]}));
  EXPECT_EQ(turned.part<Pathways>().rows.code[3],
            store.part<Pathways>().rows.code[0]);
  EXPECT_EQ(turned.part<Terms>().sets.offset,
            (std::vector<std::int64_t>{0, 2, 2, 2, 4}));
  EXPECT_EQ(turned.part<ProteinWords>().word,
            (std::vector<std::int32_t>{1, 4, 9}));
  EXPECT_EQ(turned.part<Paralogs>().gene, (std::vector<std::int32_t>{3, 2}));
  EXPECT_EQ(turned.part<Paralogs>().rank, (std::vector<float>{2, 1}));
  expect_floats(turned.part<Paralogs>().count, {kNaN, kNaN, 1, 1}, "count");
  expect_floats(turned.part<Cohorts>()[1].mean, {9, kNaN, 8, 7}, "mean");
  expect_floats(turned.part<Cohorts>()[1].expressed, {1, kNaN, 0, .5F},
                "expressed");
  expect_floats(turned.part<GeneColumns>()[1].value, {kNaN, kNaN, 20, 10},
                "column");
  expect_floats(turned.part<LineExpression>().expressed, {1, kNaN, kNaN, .4F},
                "lines");
  EXPECT_EQ(turned.part<LineExpression>().code,
            (std::vector<std::uint8_t>{33, 255, 0, 0, 0, 0, 1, 20}));
  // Without the gene between them, two have no edge and no paralog.
  const GeneStore fewer = remap_evidence(store, {0, 2});
  EXPECT_TRUE(fewer.part<Network>().graph.empty());
  EXPECT_TRUE(fewer.part<Paralogs>().gene.empty());
  EXPECT_EQ(fewer.part<Paralogs>().offset,
            (std::vector<std::int64_t>{0, 0, 0}));
}

TEST(EvidenceArchive, CompletesWhatIsLackingAndKeepsWhatIsThere) {
  GeneStore empty;
  empty.n_genes = 3;
  expect_stores(complete_evidence(empty, whole()), whole());
  expect_stores(complete_evidence(whole(), empty), whole());
  GeneStore other = whole();
  other.part<Network>().graph = make_graph(3, {0}, {2}, {1});
  other.part<Network>().rows = some_rows(3, 3, 20);
  other.part<Terms>().sets.size = other.part<Families>().sets.size =
      other.part<Modules>().sets.size = {8, 9};
  other.part<Terms>().rows = other.part<Families>().rows = some_rows(3, 2, 21);
  other.part<WideTerms>().rows = other.part<Pathways>().rows =
      some_rows(3, 2, 22);
  other.part<Families>().twins = {3, 3, 3};
  other.part<Layout>().place.setZero();
  other.part<ProteinWords>().word = {7, 8, 9};
  other.part<Paralogs>().rank = {5, 6};
  other.part<Cohorts>()[0].mean = {0, 0, 0};
  other.part<GeneColumns>()[0].value = {9, 9, 9};
  other.part<LineExpression>() = {
      {.9F, kNaN, .9F}, {"HeLa", "A549"}, {7, 7, 7, 7, 7, 7}};
  expect_stores(complete_evidence(whole(), other), whole());
  other.part<Cohorts>()[0].name = "c";
  other.part<GeneColumns>()[1].name = "age";
  const GeneStore more = complete_evidence(whole(), other);
  ASSERT_EQ(more.part<Cohorts>().size(), 3u);
  EXPECT_EQ(more.part<Cohorts>()[2].name, "c");
  ASSERT_EQ(more.part<GeneColumns>().size(), 3u);
  EXPECT_EQ(more.part<GeneColumns>()[2].name, "age");
  other.part<LineExpression>() = {
      {.9F, .9F, .9F}, {"A549", "HAP1"}, {7, 2, 7, 3, 7, 4}};
  const LineExpression lines =
      complete_evidence(whole(), other).part<LineExpression>();
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

using SetsOf = GeneSets* (*)(GeneStore*);

TEST(EvidenceArchive, IsRefusedWhereSetsDoNotAddUp) {
  const std::vector<SetsOf> all{
      [](GeneStore* x) { return &x->part<Terms>().sets; },
      [](GeneStore* x) { return &x->part<Families>().sets; },
      [](GeneStore* x) { return &x->part<Modules>().sets; }};
  for (const SetsOf sets : all) {
    const auto bent = [&](const std::function<void(GeneSets*)>& change) {
      return is_refused([&](GeneStore* store) { change(sets(store)); });
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

using RowsOf = UnitRows* (*)(GeneStore*);

TEST(EvidenceArchive, IsRefusedWhereRowsAreOfOtherGenes) {
  const std::vector<RowsOf> all{
      [](GeneStore* x) { return &x->part<Network>().rows; },
      [](GeneStore* x) { return &x->part<Terms>().rows; },
      [](GeneStore* x) { return &x->part<Families>().rows; },
      [](GeneStore* x) { return &x->part<WideTerms>().rows; },
      [](GeneStore* x) { return &x->part<Pathways>().rows; }};
  for (const RowsOf rows : all) {
    EXPECT_TRUE(is_refused([&](auto* x) { *rows(x) = some_rows(2, 3, 1); }));
    EXPECT_TRUE(is_refused([&](auto* x) { *rows(x) = some_rows(4, 3, 1); }));
  }
  EXPECT_TRUE(is_refused([](GeneStore* x) {
    x->part<Cohorts>()[1].profile = some_rows(2, 3, 1);
  }));
  // Codes that are no whole number of columns.
  Archive archive = archived(whole());
  auto& codes = archive.tensors.at("x/term_rows/code");
  codes.bytes.pop_back();
  codes.shape = {8};
  EXPECT_THROW((void)read(archive), FormatError);
  GeneStore nothing;
  nothing.part<Cohorts>() = {{"a", {}, {}, some_rows(1, 2, 1), {}}};
  EXPECT_THROW((void)read(archived(nothing)), FormatError);
}

TEST(EvidenceArchive, IsRefusedWherePartsDoNotAddUp) {
  using Change = std::function<void(GeneStore*)>;
  for (const int n : {2, 4}) {
    const auto size = static_cast<std::size_t>(n);
    for (const Change& change : std::vector<Change>{
             [&](GeneStore* x) { x->part<Families>().twins.resize(size); },
             [&](GeneStore* x) { x->part<Cohorts>()[1].mean.resize(size); },
             [&](GeneStore* x) { x->part<Cohorts>()[1].sd.resize(size); },
             [&](GeneStore* x) {
               x->part<Cohorts>()[1].expressed.resize(size);
             },
             [&](GeneStore* x) {
               x->part<GeneColumns>()[1].value.resize(size);
             },
             [&](GeneStore* x) {
               x->part<LineExpression>().expressed.resize(size);
             },
             [&](GeneStore* x) {
               x->part<LineExpression>().code.resize(2 * size);
             },
             [&](GeneStore* x) {
               x->part<Layout>().place = Matrix::Zero(n, 2);
             },
             [&](GeneStore* x) {
               x->part<Network>().graph = make_graph(n, {0}, {1}, {1});
             }}) {
      EXPECT_TRUE(is_refused(change)) << n;
    }
  }
  std::size_t i = 0;
  for (const Change& change : std::vector<Change>{
           [](GeneStore* x) { x->part<LineExpression>().names.pop_back(); },
           [](GeneStore* x) { x->part<LineExpression>().expressed.clear(); },
           [](GeneStore* x) { x->part<Network>().rows = {}; },
           [](GeneStore* x) {
             x->part<ProteinWords>().offset = {0, 2, 3};
           },
           [](GeneStore* x) {
             x->part<ProteinWords>().offset = {0, 3, 2, 3};
           },
           [](GeneStore* x) { x->part<ProteinWords>().word.push_back(10); },
           [](GeneStore* x) {
             x->part<Paralogs>().offset = {0, 1, 2};
           },
           [](GeneStore* x) {
             x->part<Paralogs>().offset = {0, 2, 1, 2};
           },
           [](GeneStore* x) { x->part<Paralogs>().identity.pop_back(); },
           [](GeneStore* x) { x->part<Paralogs>().coverage.push_back(1); },
           [](GeneStore* x) { x->part<Paralogs>().rank.pop_back(); },
           [](GeneStore* x) { x->part<Paralogs>().count.pop_back(); },
           [](GeneStore* x) { x->part<Paralogs>().gene[0] = 3; },
           [](GeneStore* x) { x->part<Paralogs>().gene[0] = -1; }}) {
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
