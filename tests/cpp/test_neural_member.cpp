#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <utility>
#include <vector>

#include "base/error.h"
#include "base/rng.h"
#include "expression/expression.h"
#include "features/evidence.h"
#include "io/archive.h"
#include "learners/neural_inputs.h"
#include "learners/neural_member.h"
#include "learners/pair_net_scorer.h"
#include "store/cohorts.h"
#include "store/gene_columns.h"
#include "store/gene_sets.h"
#include "store/gene_store.h"
#include "store/network.h"

namespace musl {
namespace {

std::vector<float> drawn(std::int64_t n, Rng* rng) {
  std::vector<float> out;
  for (std::int64_t i = 0; i < n; ++i) {
    out.push_back(static_cast<float>(rng->normal()));
  }
  return out;
}

NormedLayer drawn_layer(std::int64_t out, std::int64_t in, Rng* rng) {
  NormedLayer layer;
  const auto weight = drawn(out * in, rng);
  layer.weight = Eigen::Map<const Matrix>(weight.data(), out, in);
  layer.bias = drawn(out, rng);
  layer.scale = drawn(out, rng);
  layer.shift = drawn(out, rng);
  return layer;
}

/// y = max(0, scale * (Wx + b - mean) / sd + shift), as the header says it.
std::vector<double> plain_layer(const NormedLayer& layer,
                                const std::vector<double>& x) {
  const auto n = layer.bias.size();
  std::vector<double> y(n);
  double mean = 0, variance = 0;
  for (std::size_t o = 0; o < n; ++o) {
    y[o] = layer.bias[o];
    for (std::size_t i = 0; i < x.size(); ++i) {
      y[o] += static_cast<double>(layer.weight(static_cast<Eigen::Index>(o),
                                               static_cast<Eigen::Index>(i))) *
              x[i];
    }
    mean += y[o] / static_cast<double>(n);
  }
  for (const double v : y) {
    variance += (v - mean) * (v - mean) / static_cast<double>(n);
  }
  for (std::size_t o = 0; o < n; ++o) {
    const double unit = std::sqrt(variance + NormedLayer::kEpsilon);
    y[o] =
        std::max(0.0, layer.scale[o] * (y[o] - mean) / unit + layer.shift[o]);
  }
  return y;
}

double plain_head(const GeneHead& head, const Matrix& genes, std::int32_t a,
                  std::int32_t b) {
  const auto vector_of = [&](std::int32_t gene) {
    std::vector<double> x;
    for (Eigen::Index j = 0; j < genes.cols(); ++j) {
      x.push_back(genes(gene, j));
    }
    return plain_layer(head.gene, x);
  };
  const auto x = vector_of(a), y = vector_of(b);
  std::vector<double> both;
  for (std::size_t j = 0; j < x.size(); ++j) both.push_back(x[j] + y[j]);
  for (std::size_t j = 0; j < x.size(); ++j) {
    both.push_back(std::abs(x[j] - y[j]));
  }
  for (std::size_t j = 0; j < x.size(); ++j) both.push_back(x[j] * y[j]);
  const auto h = plain_layer(head.pair, both);
  double score = head.intercept;
  for (std::size_t o = 0; o < h.size(); ++o) score += h[o] * head.score[o];
  return score;
}

TEST(NeuralMemberHeads, SayWhatTheirFormulaSays) {
  Rng rng(3);
  const std::int64_t n_genes = 7, n_columns = 5;
  // Widths below, at and beyond those that are computed together.
  for (const std::int64_t width : {1, 16, 21, 40}) {
    NeuralMember member;
    for (int h = 0; h < 2; ++h) {
      GeneHead head;
      head.gene = drawn_layer(width, n_columns, &rng);
      head.pair = drawn_layer(width + 2, 3 * width, &rng);
      head.score = drawn(width + 2, &rng);
      head.intercept = 0.3F;
      member.heads.push_back(head);
    }
    auto values = drawn(n_genes * n_columns, &rng);
    values[2] = 0;
    values[3] = 1;
    const Matrix genes =
        Eigen::Map<const Matrix>(values.data(), n_genes, n_columns);
    const std::vector<std::int32_t> a = {0, 1, 2, 6}, b = {1, 0, 5, 6};
    const auto said = NeuralHeads(member, genes, 1).of(a, b, 1);
    for (std::size_t i = 0; i < a.size(); ++i) {
      const double wanted = (plain_head(member.heads[0], genes, a[i], b[i]) +
                             plain_head(member.heads[1], genes, a[i], b[i])) /
                            2;
      // Single precision over sums of up to 120 products.
      EXPECT_NEAR(said[i], wanted, 1e-3 * (1 + std::abs(wanted))) << width;
    }
    EXPECT_EQ(said[0], said[1]);
  }
}

TEST(NeuralMemberHeads, ComeBackFromAnArchiveWhoseSizesFit) {
  Rng rng(6);
  NeuralMember member;
  member.inputs.column = {"effect", "expression"};
  member.inputs.mean = {1, 2};
  member.inputs.scale = {3, 4};
  member.inputs.lowest = {-4, -1};
  member.inputs.highest = {4, 2};
  member.linear.coefficient = {0.5};
  const GeneStore store;
  GeneHead head;
  head.gene = drawn_layer(4, neural_width(member.inputs, store), &rng);
  head.pair = drawn_layer(3, 12, &rng);
  head.score = drawn(3, &rng);
  head.intercept = 0.7F;
  const auto again = [&](const GeneHead& kept) {
    member.heads = {kept};
    Archive archive;
    put_neural("n/", member, &archive);
    return read_neural("n/", 1, store, archive);
  };
  const auto back = again(head);
  ASSERT_EQ(back.heads.size(), 1U);
  EXPECT_EQ(back.inputs.column, member.inputs.column);
  EXPECT_EQ(back.inputs.lowest, member.inputs.lowest);
  EXPECT_EQ(back.inputs.highest, member.inputs.highest);
  EXPECT_EQ(back.heads[0].gene.weight, head.gene.weight);
  EXPECT_EQ(back.heads[0].pair.shift, head.pair.shift);
  EXPECT_EQ(back.heads[0].score, head.score);
  EXPECT_EQ(back.heads[0].intercept, head.intercept);
  auto other = head;
  other.score.pop_back();
  EXPECT_THROW((void)again(other), FormatError);
  other = head;
  other.gene.bias.push_back(0);
  EXPECT_THROW((void)again(other), FormatError);
  other = head;
  other.pair = drawn_layer(3, 11, &rng);
  EXPECT_THROW((void)again(other), FormatError);
}

TEST(NeuralInputs, ProfilesOfKnownGenesHaveAMeanSquareOfOne) {
  Rng rng(4);
  Eigen::MatrixXd values(5, 30);
  for (Eigen::Index i = 0; i < values.size(); ++i) {
    values.data()[i] = 5 + rng.normal();
  }
  EvidenceInput input;
  input.n_genes = 8;  // three without a profile
  input.cohorts.push_back({"a",
                           {AssayView(values.data(), 5, 30)},
                           {0, 1, 2, 3, 4, -1, -1, -1},
                           false});
  const auto store = make_evidence_store(input, 1, 1);
  const auto inputs = learn_neural_inputs(store);
  ASSERT_EQ(inputs.cohorts.size(), 1u);
  const auto k = inputs.cohorts[0].axis.cols();
  const auto of_genes =
      neural_inputs(inputs, store, store, {}, {0, 1, 2, 3, 4, 5, 6, 7});
  EXPECT_NEAR(of_genes.leftCols(k).squaredNorm() / static_cast<float>(5 * k), 1,
              1e-4);
}

TEST(NeuralInputs, CoordinatesOfEachOriginStandSideBySide) {
  constexpr std::int32_t kGenes = 8;
  Rng rng(5);
  std::vector<Eigen::MatrixXd> values;
  EvidenceInput input;
  input.n_genes = kGenes;
  for (std::int32_t gene = 0; gene < kGenes; ++gene) {
    input.edge_from.push_back(gene);
    input.edge_to.push_back((gene + 1) % kGenes);
    input.edge_weight.push_back(1 + static_cast<float>(gene));
    // Sets of two and of three genes.
    input.part<SetInputs>().terms.gene.insert(
        input.part<SetInputs>().terms.gene.end(), {gene, gene});
    input.part<SetInputs>().terms.set.insert(
        input.part<SetInputs>().terms.set.end(), {gene / 2, 4 + gene / 3});
    input.part<SetInputs>().families.gene.insert(
        input.part<SetInputs>().families.gene.end(), {gene, gene});
    input.part<SetInputs>().families.set.insert(
        input.part<SetInputs>().families.set.end(), {gene / 3, 3 + gene % 4});
  }
  input.part<SetInputs>().terms.branch_of_set.assign(7, 0);
  input.part<SetInputs>().terms.branches = {"BP"};
  input.part<SetInputs>().families.branch_of_set.assign(7, 0);
  input.part<SetInputs>().families.branches = {"family"};
  for (const int n_samples : {6, 9}) {
    values.emplace_back(kGenes, n_samples);
    std::generate_n(values.back().data(), values.back().size(),
                    [&] { return 5 + rng.normal(); });
  }
  for (const auto& x : values) {
    input.cohorts.push_back({std::to_string(x.cols()),
                             {AssayView(x.data(), x.rows(), x.cols())},
                             {0, 1, 2, 3, 4, 5, 6, 7},
                             false});
  }
  const auto store = make_evidence_store(input, 1, 1);
  const auto inputs = learn_neural_inputs(store);
  const auto found =
      neural_inputs(inputs, store, store, {}, {0, 1, 2, 3, 4, 5, 6, 7});
  // All axes are kept, so that coordinates have the cosines of their rows.
  Eigen::Index first = 0;
  for (const auto* rows :
       {&store.part<Network>().rows, &store.part<Terms>().rows,
        &store.part<Families>().rows, &store.part<Cohorts>()[0].profile,
        &store.part<Cohorts>()[1].profile}) {
    ASSERT_GT(rows->width, 0);
    const Matrix x = found.middleCols(first, rows->width);
    first += rows->width;
    for (std::int32_t a = 0; a < kGenes; ++a) {
      for (std::int32_t b = 0; b < kGenes; ++b) {
        EXPECT_NEAR(
            x.row(a).dot(x.row(b)) / (x.row(a).norm() * x.row(b).norm()),
            rows->product(a, b), 1e-4)
            << first << " " << a << " " << b;
      }
    }
  }
  EXPECT_EQ(found.cols(),
            first + static_cast<Eigen::Index>(inputs.column.size()));
  EXPECT_EQ(neural_width(inputs, store), found.cols());
}

/// Twelve genes in two cohorts of `n` samples each; `turned` gives samples and
/// cohorts in another order.
struct TwoCohorts {
  std::vector<Eigen::MatrixXd> values;
  EvidenceInput input;

  explicit TwoCohorts(Eigen::Index n, bool turned = false,
                      std::uint64_t seed = 6) {
    Rng rng(seed);
    input.n_genes = 12;
    for (int k = 0; k < 2; ++k) {
      Eigen::MatrixXd x(12, n);
      std::generate_n(x.data(), x.size(), [&] { return 5 + rng.normal(); });
      if (turned) {
        const Eigen::MatrixXd given = x;
        for (Eigen::Index s = 0; s < n; ++s)
          x.col(s) = given.col((s * 7 + 3) % n);
      }
      values.push_back(std::move(x));
    }
    for (const int k : {turned ? 1 : 0, turned ? 0 : 1}) {
      input.cohorts.push_back({k == 0 ? "first" : "second",
                               {AssayView(values[k].data(), 12, n)},
                               {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11},
                               false});
    }
  }
};

const std::vector<std::int32_t> kTwelve = {0, 1, 2, 3, 4,  5,
                                           6, 7, 8, 9, 10, 11};

TEST(NeuralInputs, DoNotDependOnTheOrderOfSamplesAndCohorts) {
  // Profiles are the samples; exact axes; axes by iteration.
  for (const Eigen::Index n : {20, 200, 1500}) {
    const TwoCohorts given(n), turned(n, true);
    const auto x = make_evidence_store(given.input, 1, 1);
    const auto y = make_evidence_store(turned.input, 1, 1);
    EXPECT_EQ(x.part<Cohorts>()[0].mean, y.part<Cohorts>()[1].mean);
    EXPECT_EQ(x.part<Cohorts>()[0].sd, y.part<Cohorts>()[1].sd);
    EXPECT_EQ(x.part<Cohorts>()[0].profile.code,
              y.part<Cohorts>()[1].profile.code);
    const auto of_x = learn_neural_inputs(x), of_y = learn_neural_inputs(y);
    EXPECT_EQ(of_x.column, of_y.column);
    EXPECT_EQ(neural_inputs(of_x, x, x, {}, kTwelve),
              neural_inputs(of_y, y, y, {}, kTwelve));
  }
}

TEST(NeuralInputs, WithoutProfilesTakeTheSameSamplesInAnyOrder) {
  for (const Eigen::Index n : {20, 200}) {
    const TwoCohorts given(n), turned(n, true), other(n, false, 7);
    auto known = make_evidence_store(given.input, 1, 1);
    const auto inputs = learn_neural_inputs(known);
    const auto whole = neural_inputs(inputs, known, known, {}, kTwelve);
    for (auto& cohort : known.part<Cohorts>()) cohort.profile = {};
    const auto asked = make_evidence_store(turned.input, 1, 1);
    EXPECT_EQ(neural_inputs(inputs, known, asked, kTwelve, kTwelve), whole);
    const auto others = make_evidence_store(other.input, 1, 1);
    const auto axes = inputs.cohorts[0].axis.cols() * 2;
    EXPECT_EQ(neural_inputs(inputs, known, others, kTwelve, kTwelve)
                  .leftCols(axes)
                  .squaredNorm(),
              0);
  }
}

TEST(NeuralInputs, AxesPointToTheLongTail) {
  const TwoCohorts given(200);
  const auto store = make_evidence_store(given.input, 1, 1);
  const auto inputs = learn_neural_inputs(store);
  const Matrix x = neural_inputs(inputs, store, store, {}, kTwelve);
  for (Eigen::Index j = 0; j < 2 * inputs.cohorts[0].axis.cols(); ++j) {
    EXPECT_GE(x.col(j).array().cube().sum(), -1e-4) << j;
  }
}

TEST(NeuralInputs, ColumnsAreStandardisedOverTheGenesThatHaveThem) {
  const float none = std::nanf("");
  EvidenceInput input;
  input.n_genes = 4;
  input.part<GeneColumns>() = {{"all", "value", {1, 2, 3, 6}},
                               {"some", "value", {none, 4, 8, none}},
                               {"constant", "value", {7, 7, 7, 7}},
                               {"none", "value", {none, none, none, none}}};
  const auto store = make_evidence_store(input, 1, 1);
  const auto inputs = learn_neural_inputs(store);
  const auto found = neural_inputs(inputs, store, store, {}, {0, 1, 2, 3});
  const auto column = [&](const std::string& name) {
    const auto at =
        std::find(inputs.column.begin(), inputs.column.end(), "gene:" + name);
    const auto first =
        found.cols() - static_cast<Eigen::Index>(inputs.column.size());
    const Eigen::VectorXf values =
        found.col(first + (at - inputs.column.begin()));
    return std::vector<float>(values.data(), values.data() + values.size());
  };
  const float sd = std::sqrt(3.5F);  // of 1, 2, 3 and 6
  const std::vector<float> all = {-2 / sd, -1 / sd, 0, 3 / sd};
  for (std::size_t g = 0; g < 4; ++g) {
    EXPECT_NEAR(column("all")[g], all[g], 1e-6);
  }
  EXPECT_EQ(column("some"), (std::vector<float>{0, -1, 1, 0}));
  EXPECT_EQ(column("constant"), (std::vector<float>{0, 0, 0, 0}));
  EXPECT_EQ(column("none"), (std::vector<float>{0, 0, 0, 0}));
  for (const float mean : inputs.mean) EXPECT_TRUE(std::isfinite(mean));
}

}  // namespace
}  // namespace musl
