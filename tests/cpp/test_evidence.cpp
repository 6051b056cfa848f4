#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <string>

#include "base/error.h"
#include "base/rng.h"
#include "features/evidence.h"
#include "store/cohorts.h"
#include "store/gene_columns.h"
#include "store/gene_sets.h"
#include "store/paralogs.h"
#include "store/protein_words.h"
#include "store/unit_rows.h"

namespace musl {
namespace {

const float kNan = std::nanf("");

/// Six genes, each kind of input by hand; gene 6 is outside the universe.
struct Toy {
  // Expression of genes 0 to 4, columns are samples.
  Eigen::MatrixXd values = (Eigen::MatrixXd(5, 4) << 1, 2, 3, 4,  //
                            2, 4, 6, 8,                           //
                            4, 3, 2, 1,                           //
                            5, 5, 5, 5,                           //
                            0, 1, 0, 2)
                               .finished();
  EvidenceInput input;

  Toy() {
    input.n_genes = 6;
    input.edge_from = {0, 1, 0, 3};
    input.edge_to = {2, 2, 3, 1};
    input.edge_weight = {.5F, .25F, 1, 1};
    input.cohorts.push_back(
        {"a", {AssayView(values.data(), 5, 4)}, {0, 1, 2, 3, 4}, false});
    input.part<SetInputs>().terms = {
        {0, 1, 2, 6, 0, 1, 3}, {0, 0, 0, 0, 1, 1, 2}, {0, 1, 0}, {"BP", "MF"}};
    input.part<SetInputs>().families = {
        {0, 1, 0, 1, 2, 3, 6}, {0, 0, 1, 1, 1, 2, 1}, {0, 0, 0}, {"family"}};
    input.part<SetInputs>().modules = {{0, 1, 2}, {0, 0, 0}, {0}, {"module"}};
    input.part<Layout>().place = Matrix::Constant(6, 2, kNan);
    input.part<Layout>().place.row(0) << 0, 0;
    input.part<Layout>().place.row(1) << 3, 4;
    input.part<Sequences>() = {"ACDEFG", "ACDEFGHI", "WWWW", "", "AC", "XXXXX"};
    // Gene 6 is the closest paralog of 0; the protein of 5 is unknown.
    input.part<ParalogsInput>() = {{0, 0, 1},        {1, 6, 2},
                                   {.5F, .9F, .25F}, {.8F, 1, .5F},
                                   {30, 90, 20},     {1, 1, 1, 1, 1, 0}};
    input.part<GeneColumns>() = {
        {"share", "dependent", {.1F, .3F, .2F, 0, kNan, 0}}};
  }
};

float value_of(const GeneStore& store, const std::string& name, std::int32_t a,
               std::int32_t b) {
  const auto columns = evidence_columns(store);
  const auto at = std::find_if(columns.begin(), columns.end(),
                               [&](const auto& x) { return x.name == name; });
  EXPECT_NE(at, columns.end()) << name;
  return pair_evidence(store, {{a}, {b}, {}}, 1)(0, at - columns.begin());
}

TEST(Evidence, MeansAndSpreadsAreThoseOfWiderNumbers) {
  Rng rng(3);
  // Small beside large values, equal values, and values that are all small.
  constexpr Eigen::Index kRows = 6;
  Eigen::MatrixXd values(kRows, 5000);
  for (Eigen::Index s = 0; s < values.cols(); ++s) {
    values(0, s) = rng.normal();
    values(1, s) = 1e6 + 1e-2 * rng.normal();
    values(2, s) = s == 17 ? 1e12 : rng.uniform();
    values(3, s) = .1;
    values(4, s) = 1e-9 * rng.normal();
    values(5, s) = 1e-15 * rng.uniform();
  }
  EvidenceInput input;
  input.n_genes = kRows;
  input.cohorts.push_back({"a",
                           {AssayView(values.data(), kRows, values.cols())},
                           {0, 1, 2, 3, 4, 5},
                           false});
  const auto store = make_evidence_store(input, 1, 1);
  for (Eigen::Index g = 0; g < kRows; ++g) {
    const auto row = values.row(g).cast<long double>().eval();
    const auto mean = row.mean();
    const auto sd = std::sqrt((row.array() - mean).square().mean());
    const auto at = static_cast<std::size_t>(g);
    EXPECT_FLOAT_EQ(store.part<Cohorts>()[0].mean[at],
                    static_cast<float>(mean));
    EXPECT_NEAR(store.part<Cohorts>()[0].sd[at], static_cast<float>(sd),
                1e-6 * sd);
  }
  EXPECT_EQ(store.part<Cohorts>()[0].sd[3], 0);
}

TEST(Evidence, OfTermsIsTheInformationOfThoseShared) {
  const Toy toy;
  const auto store = make_evidence_store(toy.input, 1, 1);
  // Five genes have a term; the term of gene 3 alone is left out.
  const float wide = -std::log(4.0F / 5), narrow = -std::log(2.0F / 5);
  EXPECT_FLOAT_EQ(value_of(store, "term_sum:BP", 0, 1), wide);
  EXPECT_FLOAT_EQ(value_of(store, "term_sum:MF", 0, 1), narrow);
  EXPECT_FLOAT_EQ(value_of(store, "term_sum", 0, 1), wide + narrow);
  EXPECT_FLOAT_EQ(value_of(store, "term_max", 1, 0), narrow);
  EXPECT_FLOAT_EQ(value_of(store, "term_sum", 0, 3), 0);
  EXPECT_NEAR(value_of(store, "term_cosine", 0, 1), 1, 0.02);
  EXPECT_FLOAT_EQ(value_of(store, "terms_min", 0, 3), 0);
}

TEST(Evidence, OfRelatedGenesIsTheirMeanWithoutTheGene) {
  const Toy toy;
  const auto store = make_evidence_store(toy.input, 1, 1);
  const auto of = [&](const std::string& name, std::int32_t a, std::int32_t b) {
    return static_cast<double>(value_of(store, "share:" + name, a, b));
  };
  const double mean = (.1 + .3 + .2) / 5;
  // By edge: genes 2 (.5 and .25) and 3 (1 each), and one edge of the mean.
  EXPECT_NEAR(of("neighbours_max", 0, 1), (.5 * .2 + mean) / 2.5, 1e-6);
  EXPECT_NEAR(of("neighbours_min", 1, 0), (.25 * .2 + mean) / 2.25, 1e-6);
  EXPECT_TRUE(std::isnan(of("neighbours_min", 0, 4)));
  // Term 0 has genes 0, 1, 2 and 6, which is unknown; term 1 has 0 and 1.
  const double wide = std::pow(std::log(5.0 / 4), 2);
  const double narrow = std::pow(std::log(5.0 / 2), 2);
  const double of_0 =
      (wide * (.3 + .2 + 3 * mean) / 5 + narrow * (.3 + 3 * mean) / 4) /
      (wide + narrow);
  const double of_2 = (.1 + .3 + 3 * mean) / 5;
  EXPECT_NEAR(of("terms_min", 0, 2), std::min(of_0, of_2), 1e-6);
  EXPECT_NEAR(of("terms_max", 0, 2), std::max(of_0, of_2), 1e-6);
  EXPECT_NEAR(of("modules_max", 0, 2), (.3 + .2 + 3 * mean) / 5, 1e-6);
}

TEST(Evidence, OfWhatRelatesAPairIsHowMuchCellsNeedIt) {
  const Toy toy;
  const auto store = make_evidence_store(toy.input, 1, 1);
  const auto of = [&](const std::string& name, std::int32_t a, std::int32_t b) {
    return static_cast<double>(value_of(store, "share:shared_" + name, a, b));
  };
  const double mean = (.1 + .3 + .2) / 5, each = 1 / std::log(2.0);
  // Genes 2 and 3, of two neighbours each, are neighbours of both.
  EXPECT_NEAR(of("neighbours", 0, 1), each * .2, 1e-6);
  EXPECT_NEAR(of("neighbours_mean", 1, 0), (each * .2 + mean) / (2 * each + 1),
              1e-6);
  EXPECT_TRUE(std::isnan(of("neighbours_mean", 0, 4)));
  const double wide = std::pow(std::log(5.0 / 4), 2);
  const double narrow = std::pow(std::log(5.0 / 2), 2);
  const double sum = wide * (.6 + 3 * mean) / 6 + narrow * (.4 + 3 * mean) / 5;
  EXPECT_NEAR(of("terms", 0, 1), sum, 1e-6);
  EXPECT_NEAR(of("terms_mean", 0, 1), sum / (wide + narrow), 1e-6);
  EXPECT_EQ(of("terms", 0, 3), 0);
  EXPECT_NEAR(of("modules", 0, 1), (.6 + 3 * mean) / 6 / 3, 1e-6);
  // Nothing else in the gene table has such columns.
  Toy other;
  other.input.part<GeneColumns>()[0].role = "gene";
  for (const auto& column :
       evidence_columns(make_evidence_store(other.input, 1, 1))) {
    EXPECT_EQ(column.name.find(":shared"), std::string::npos);
  }
}

TEST(Evidence, OfParalogsTellsWhoseOthersAreSilent) {
  Toy toy;
  // Mean percentiles of genes 0 to 4: .7, .5, .9, .1, .3.
  toy.values.row(0).setConstant(7);
  toy.values.row(2).setConstant(9);
  toy.values.row(3).setConstant(0);
  const auto of = [&](const char* name, std::int32_t a, std::int32_t b) {
    return value_of(make_evidence_store(toy.input, 1, 1), name, a, b);
  };
  const char* only = "evidence:only_expressed_paralog";
  // 1 is all that 0 has within the universe; 1 also has 2.
  EXPECT_FLOAT_EQ(of("other_expressed_paralogs_min", 1, 0), 0);
  EXPECT_FLOAT_EQ(of("other_expressed_paralogs_max", 0, 1), 1);
  EXPECT_FLOAT_EQ(of(only, 0, 1), 3);
  // Silent genes stand in for nobody, and nobody for those that do not align.
  toy.values.row(1).setConstant(0);
  EXPECT_FLOAT_EQ(of(only, 0, 1), 0);
  EXPECT_FLOAT_EQ(of(only, 0, 2), 0);
  toy.values.row(1).setConstant(8);
  EXPECT_FLOAT_EQ(of(only, 0, 1), 3);
  // Now that 0 and 2 align, each of three has another.
  toy.input.part<ParalogsInput>().a.push_back(0);
  toy.input.part<ParalogsInput>().b.push_back(2);
  for (auto* x : {&toy.input.part<ParalogsInput>().identity,
                  &toy.input.part<ParalogsInput>().coverage,
                  &toy.input.part<ParalogsInput>().score}) {
    x->push_back(.5F);
  }
  EXPECT_FLOAT_EQ(of("other_expressed_paralogs_min", 0, 1), 1);
  EXPECT_FLOAT_EQ(of(only, 0, 1), 0);
  EXPECT_TRUE(std::isnan(of("other_expressed_paralogs_min", 0, 5)));
}

TEST(Evidence, OfSeveralCohortsIsTheMeanAndLargestCorrelation) {
  Toy toy;
  // Of gene 0 with 1: 1/2; with 3, which is constant in the other cohort, -1.
  const Eigen::MatrixXd more =
      (Eigen::MatrixXd(3, 3) << 1, 2, 3, 1, 3, 2, 6, 4, 2).finished();
  toy.input.cohorts.push_back(
      {"b", {AssayView(more.data(), 3, 3)}, {0, 1, 3}, false});
  const auto store = make_evidence_store(toy.input, 1, 1);
  const auto of = [&](const char* name, std::int32_t b) {
    return value_of(store, name, 0, b);
  };
  // Profiles are kept in bytes.
  EXPECT_NEAR(of("pearson:b", 1), .5, 0.01);
  EXPECT_NEAR(of("pearson_mean", 1), (1 + .5) / 2, 0.01);
  EXPECT_NEAR(of("pearson_largest", 1), 1, 0.01);
  EXPECT_NEAR(of("pearson_mean", 2), -1, 0.01);
  EXPECT_NEAR(of("pearson_mean", 3), -1, 0.01);
  EXPECT_TRUE(std::isnan(of("pearson_mean", 5)));
  EXPECT_TRUE(std::isnan(of("pearson_largest", 5)));
}

TEST(Evidence, OfManyGenesInManySamplesIsTheirCorrelation) {
  // More rows than are dense at a time, more samples than a profile keeps.
  constexpr int kGenes = 1030, kSamples = 140;
  Rng rng(1);
  Eigen::MatrixXd of_gene(kGenes, 3), of_sample(3, kSamples);
  std::generate_n(of_gene.data(), of_gene.size(), [&] { return rng.normal(); });
  std::generate_n(of_sample.data(), of_sample.size(),
                  [&] { return rng.normal(); });
  const Eigen::MatrixXd values = of_gene * of_sample;
  EvidenceInput input;
  input.n_genes = kGenes;
  std::vector<std::int32_t> genes(kGenes);
  std::iota(genes.begin(), genes.end(), 0);
  input.cohorts.push_back(
      {"a", {AssayView(values.data(), kGenes, kSamples)}, genes, false});
  const auto store = make_evidence_store(input, 1, 1);
  const Eigen::MatrixXd x = values.colwise() - values.rowwise().mean();
  for (const int g : {3, 1023, 1024, 1029}) {
    const double r = x.row(5).dot(x.row(g)) / x.row(5).norm() / x.row(g).norm();
    // Profiles are kept in bytes.
    EXPECT_NEAR(value_of(store, "pearson:a", 5, g), r, 0.02) << g;
  }
}

TEST(Evidence, OfACohortWithoutGenesAndSamplesIsUnknown) {
  Toy toy;
  toy.input.cohorts.push_back({"b", {AssayView(nullptr, 0, 0)}, {}, false});
  const auto store = make_evidence_store(toy.input, 1, 1);
  EXPECT_TRUE(std::isnan(value_of(store, "mean:b_min", 0, 1)));
  EXPECT_TRUE(std::isnan(value_of(store, "pearson:b", 0, 1)));
  EXPECT_NEAR(value_of(store, "pearson_mean", 0, 1), 1, 1e-6);  // of the other
}

TEST(Evidence, IsTheSameForBothOrdersAndAnyThreads) {
  const Toy toy;
  const auto store = make_evidence_store(toy.input, 1, 1);
  PairSet there, back;
  for (std::int32_t a = 0; a < 6; ++a) {
    for (std::int32_t b = 0; b < 6; ++b) {
      if (a == b) continue;
      there.a.push_back(a);
      there.b.push_back(b);
    }
  }
  back.a = there.b;
  back.b = there.a;
  const Matrix x = pair_evidence(store, there, 1);
  const Matrix y = pair_evidence(store, back, 2);
  for (Eigen::Index i = 0; i < x.size(); ++i) {
    const float p = x.data()[i], q = y.data()[i];
    EXPECT_TRUE(p == q || (std::isnan(p) && std::isnan(q)));
  }
}

TEST(Evidence, RefusesWhatDoesNotExist) {
  const auto store = make_evidence_store(Toy().input, 1, 1);
  EXPECT_THROW((void)pair_evidence(store, {{0}, {6}, {}}, 1), GeneError);
}

TEST(UnitRows, CosineIsThatOfTheRows) {
  Rng rng(3);
  Matrix x(20, 60);
  for (Eigen::Index i = 0; i < x.size(); ++i) {
    x.data()[i] = static_cast<float>(rng.normal());
  }
  x.row(4).setZero();
  for (const auto& [bits, error] : {std::pair{8, .005}, std::pair{4, .1}}) {
    const UnitRows rows = make_unit_rows(x, bits);
    EXPECT_EQ(*std::max_element(rows.code.begin(), rows.code.end()),
              (1 << (bits - 1)) - 1);
    for (std::int32_t a = 0; a < 20; ++a) {
      for (std::int32_t b = 0; b < 20; ++b) {
        const float got = rows.product(a, b);
        if (a == 4 || b == 4) {
          EXPECT_TRUE(std::isnan(got));
          continue;
        }
        const float cosine =
            x.row(a).dot(x.row(b)) / (x.row(a).norm() * x.row(b).norm());
        EXPECT_NEAR(got, cosine, error);
      }
    }
  }
}

TEST(Evidence, RefusesOtherNumbersOfBits) {
  for (const int bits : {2, 9}) {
    Toy bent;
    bent.input.bits = bits;
    EXPECT_THROW((void)make_evidence_store(bent.input, 1, 1), InputError);
  }
}

// A thousand rows of 100,000 cells would take 800 MB.
TEST(Evidence, ReadsFewRowsOfManySamplesAtATime) {
  constexpr std::int64_t kRows = 20, kCells = std::int64_t{1} << 20;
  std::int64_t largest = 0, next = 0;
  const auto read = [&](std::int64_t first, std::int64_t n, double* out) {
    EXPECT_EQ(first, next);
    next = first + n;
    largest = std::max(largest, n * kCells);
    for (std::int64_t i = 0; i < n; ++i) {
      std::fill_n(out + i * kCells, kCells, static_cast<double>(first + i));
    }
  };
  EvidenceInput input;
  input.n_genes = kRows;
  ExpressionInput cohort;
  cohort.name = "cells";
  cohort.assays.emplace_back(kRows, kCells, read);
  for (std::int32_t g = 0; g < kRows; ++g) cohort.gene_of_row.push_back(g);
  input.cohorts.push_back(cohort);
  const auto store = make_evidence_store(input, 1, /*threads=*/1);
  EXPECT_EQ(next, kRows);
  EXPECT_LE(largest, std::int64_t{1} << 23);
  for (std::size_t g = 0; g < kRows; ++g) {
    EXPECT_EQ(store.part<Cohorts>()[0].mean[g], static_cast<float>(g));
    EXPECT_EQ(store.part<Cohorts>()[0].sd[g], 0);
  }
}

}  // namespace
}  // namespace musl
