#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <numeric>
#include <string>
#include <vector>

#include "../expression_fixture.h"
#include "../text_fixture.h"
#include "musl/archive.h"
#include "musl/archive_file.h"
#include "musl/boosting.h"
#include "musl/column_table.h"
#include "musl/descriptors.h"
#include "musl/edge_table.h"
#include "musl/embedding_file.h"
#include "musl/error.h"
#include "musl/file.h"
#include "musl/histogram.h"
#include "musl/logistic.h"
#include "musl/matrix_market.h"
#include "musl/measured_model.h"
#include "musl/parallel.h"
#include "musl/protein.h"
#include "musl/rng.h"
#include "musl/smiles.h"
#include "musl/wide_table.h"
#include "survived.h"

namespace musl {
namespace {

using test::expect_survived;
using test::Shortage;

// Readers -------------------------------------------------------------------

std::string edge_lines() {
  std::string out = "protein1 protein2 combined_score\n";
  for (int i = 0; i < 400; ++i) {
    out += "gene" + std::to_string(i % 37) + " gene" + std::to_string(i % 41) +
           " " + std::to_string(i) + "\n";
  }
  return out;
}

TEST(Allocations, OfAListOfEdges) {
  const std::string packed = test::gzipped(edge_lines());
  expect_survived([&] {
    TextFile file("f", packed);
    const auto start = read_table_start(file, '\0');
    ColumnRequest request;
    request.text = {0, 1};
    request.number = {2};
    request.shared_levels = true;
    const auto table =
        read_columns(&file, start, request, /*threads=*/2, {}, 1024);
    std::vector<std::int32_t> node(table.text[0].levels.size());
    std::iota(node.begin(), node.end(), 0);
    const auto edges = merge_edges(table.text[0].code, table.text[1].code,
                                   table.number[0], node);
    return std::make_tuple(edges.from, edges.to, table.text[0].levels);
  });
}

TEST(Allocations, OfAWideTableInAZip) {
  std::string text = "id";
  for (int c = 0; c < 30; ++c) text += ",GENE" + std::to_string(c) + " (1)";
  for (int r = 0; r < 20; ++r) {
    text += "\nrow" + std::to_string(r);
    for (int c = 0; c < 30; ++c) text += "," + std::to_string(r * c) + ".5";
  }
  const std::string packed = test::zipped({{"table.csv", text}});
  expect_survived([&] {
    const WideTable table("f", packed);
    WideTable::Request request;
    for (int c = 1; c <= 30; ++c) request.columns.push_back(c);
    for (int r = 0; r < 20; ++r) request.rows.push_back(r);
    std::vector<double> out(600);
    table.numbers(request, out.data(), /*threads=*/2);
    return std::make_pair(table.names(), out);
  });
}

TEST(Allocations, OfCountsProteinsAndMolecules) {
  const std::string counts =
      "%%MatrixMarket matrix coordinate integer general\n3 2 3\n1 1 5\n"
      "2 1 1\n3 2 7\n";
  const std::string fasta = ">sp|P1|A\nMKVLAAGIV\n>sp|P2|B\nMKVLWWGIV\n";
  expect_survived([&] {
    TextFile file("f", counts);
    const auto matrix = read_matrix_market(&file, 3, 2);
    const auto records = parse_fasta(
        reinterpret_cast<const std::uint8_t*>(fasta.data()), fasta.size());
    const auto molecule = read_smiles("CC(=O)Oc1ccccc1C(=O)O");
    return std::make_tuple(matrix.row, records[1].sequence,
                           molecule.bonds.size());
  });
}

// Expression and evidence ---------------------------------------------------

TEST(Allocations, OfHistogramsAndDescriptors) {
  const auto values = testing::sparse_counts(8, 90, 1);
  expect_survived([&] {
    const auto source = testing::make_source({values}, testing::config_of(8),
                                             /*linear=*/true, false, 2);
    std::vector<float> map(static_cast<std::size_t>(raw_channels(source) * 64));
    std::vector<float> row(kDescriptors);
    pair_histogram(source, 0, 1, map.data());
    pair_descriptors(source, 2, 3, row.data());
    row.insert(row.end(), map.begin(), map.end());
    return row;
  });
}

/// What scoring reads of a source.
std::vector<float> read_of(const ExpressionSource& source) {
  std::vector<float> map(static_cast<std::size_t>(raw_channels(source) * 64));
  std::vector<float> out(kDescriptors);
  pair_histogram(source, 0, 1, map.data());
  pair_descriptors(source, 2, 3, out.data());
  out.insert(out.end(), map.begin(), map.end());
  return out;
}

// A model unfolds what its file stores at the first prediction; the next one
// after an error must not read rows that were never computed.
TEST(Allocations, OfASourceAsAFileStoresIt) {
  const auto whole = testing::make_source({testing::sparse_counts(8, 90, 1)},
                                          testing::config_of(8),
                                          /*linear=*/true, /*compact=*/true);
  ExpressionSource folded = whole;
  for (auto* rows : {&folded.standardised, &folded.ranked, &folded.biweight}) {
    rows->resize(0, 0);
  }
  folded.flags.resize(0, 0);
  folded.assays[0].codes.resize(0, 0);
  ASSERT_TRUE(folded.is_folded());
  expect_survived([&] {
    ExpressionSource source = folded;
    unfold_levels(/*threads=*/2, &source);
    return read_of(source);
  });
  ExpressionSource counted = folded;
  test::start_counting(0, Shortage::one);
  unfold_levels(/*threads=*/1, &counted);
  const auto n = test::stop_counting();
  for (const auto k : test::core_plan().places(n)) {
    ExpressionSource source = folded;
    test::start_counting(k, Shortage::one);
    EXPECT_THROW(unfold_levels(/*threads=*/1, &source), std::bad_alloc);
    test::stop_counting();
    unfold_levels(/*threads=*/1, &source);
    EXPECT_EQ(read_of(source), read_of(whole)) << "allocation " << k;
  }
}

/// Families of two: genes 2 k and 2 k + 1 are synthetic lethal.
EvidenceStore paired_genes() {
  EvidenceInput input;
  input.n_genes = 16;
  std::vector<float> fitness;
  for (std::int32_t gene = 0; gene < 16; ++gene) {
    input.families.gene.push_back(gene);
    input.families.set.push_back(gene / 2);
    input.edge_from.push_back(gene);
    input.edge_to.push_back((gene * 5 + 1) % 16);
    input.edge_weight.push_back(1);
    fitness.push_back(static_cast<float>(gene % 7));
  }
  input.families.branch_of_set.assign(8, 0);
  input.families.branches = {"family"};
  input.genes = {{"fitness", "value", fitness}};
  return make_evidence_store(input, 1, /*threads=*/2);
}

MeasuredPairs all_pairs() {
  MeasuredPairs out;
  out.sources = {"study"};
  out.contexts = {"line"};
  for (std::int32_t a = 0; a < 16; ++a) {
    for (std::int32_t b = a + 1; b < 16; ++b) {
      const bool hit = a / 2 == b / 2;
      out.pairs.a.push_back(a);
      out.pairs.b.push_back(b);
      out.pairs.label.push_back(hit ? 1 : 0);
      out.effect.push_back(hit ? -3.0F : 0.1F * static_cast<float>(b % 5));
    }
  }
  const auto n = out.pairs.a.size();
  out.source.assign(n, 0);
  out.context.assign(n, 0);
  out.query.assign(n, -1);
  out.weight.assign(n, 1);
  return out;
}

TEST(Allocations, OfEvidence) {
  expect_survived([&] {
    const auto store = paired_genes();
    const Matrix x = pair_evidence(store, all_pairs().pairs, /*threads=*/2);
    const auto* bits = reinterpret_cast<const char*>(x.data());
    return std::string(bits, bits + x.size() * sizeof(float));
  });
}

// Learners ------------------------------------------------------------------

TEST(Allocations, OfBoostingAndLogisticRegression) {
  Rng rng(1);
  Matrix x(80, 5);
  std::vector<float> label, weight(80, 1);
  for (Eigen::Index i = 0; i < x.size(); ++i) {
    x.data()[i] = static_cast<float>(rng.normal());
  }
  for (int i = 0; i < 80; ++i) label.push_back(x(i, 0) + x(i, 1) > 0 ? 1 : 0);
  BoostingConfig config;
  config.trees = 5;
  config.min_leaf = 5;
  expect_survived([&] {
    const auto trees = fit_boosting(x, label, config, /*threads=*/2);
    const auto line = fit_logistic(x, label, weight, {}, /*threads=*/2);
    auto score = predict_boosting(trees, x);
    const auto other = predict_logistic(line, x);
    score.insert(score.end(), other.begin(), other.end());
    return score;
  });
}

MeasuredModel fitted() {
  return fit_measured(paired_genes(), all_pairs(), {}, MeasuredConfig{}, 1,
                      /*threads=*/2, [] { return true; });
}

TEST(Allocations, OfAModelOfMeasuredPairs) {
  expect_survived(
      [&] {
        const auto model = fitted();
        MeasuredOptions options;
        options.threads = 2;
        return predict_measured(model, model.store, {}, all_pairs().pairs,
                                options)
            .score;
      },
      60);
}

TEST(Allocations, OfSavingAndLoadingAModel) {
  const auto model = fitted();
  expect_survived([&] {
    Archive archive;
    put_measured("measured/", model, &archive);
    const auto bytes = write_archive(packed(archive));
    const auto back = read_measured(
        "measured/", unpacked(read_archive(bytes.data(), bytes.size())));
    Archive again;
    put_measured("measured/", back, &again);
    return write_archive(packed(again));
  });
}

// Files ---------------------------------------------------------------------

class AllocationsOfFiles : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_ = std::filesystem::temp_directory_path() /
              ("musl-allocations-" + std::to_string(::getpid()));
    std::filesystem::create_directory(folder_);
    path_ = (folder_ / "model.musl").string();
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  [[nodiscard]] std::ptrdiff_t n_files() const {
    return std::distance(std::filesystem::directory_iterator(folder_), {});
  }

  std::filesystem::path folder_;
  std::string path_;
};

TEST_F(AllocationsOfFiles, LeaveTheOldOrTheNewFileWhole) {
  const std::vector<std::uint8_t> before(1000, 1), after(2000, 2);
  write_file(path_, before);
  expect_survived([&] {
    write_file(path_, after);
    return 0;
  });
  test::start_counting(0, Shortage::one);
  write_file(path_, after);
  const auto n = test::stop_counting();
  for (const auto k : test::core_plan().places(n)) {
    write_file(path_, before);
    test::start_counting(k, Shortage::lasting);
    EXPECT_THROW(write_file(path_, after), std::bad_alloc);
    test::stop_counting();
    EXPECT_EQ(read_file(path_), before) << "allocation " << k;
    EXPECT_EQ(n_files(), 1) << "allocation " << k;
  }
}

TEST_F(AllocationsOfFiles, ReadAnArchiveWholeOrNotAtAll) {
  Archive archive;
  put_measured("measured/", fitted(), &archive);
  const auto bytes = write_archive(packed(archive));
  write_file(path_, bytes);
  expect_survived([&] {
    const ArchiveFile file(path_, {}, {"measured/"});
    std::vector<std::uint8_t> first(file.size(0)), second(file.size(1));
    file.read({first.data(), second.data()});
    return std::make_pair(first, second);
  });
  EXPECT_EQ(read_file(path_), bytes);
}

// Threads -------------------------------------------------------------------

TEST(Allocations, OfThreadsThatCannotStartLeaveTheWorkToTheOthers) {
  std::vector<std::int64_t> expected(64);
  std::iota(expected.begin(), expected.end(), 0);
  const auto call = [&] {
    std::vector<std::int64_t> out(64);
    parallel_for(64, 8,
                 [&](std::int64_t i) { out[static_cast<std::size_t>(i)] = i; });
    return out;
  };
  expect_survived(call);
}

}  // namespace
}  // namespace musl
