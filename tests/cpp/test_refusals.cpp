#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <string>
#include <vector>

#include "expression_fixture.h"
#include "judge/kernel_ridge.h"
#include "musl/boosting.h"
#include "musl/csr_graph.h"
#include "musl/dataset.h"
#include "musl/error.h"
#include "musl/evidence.h"
#include "musl/judge.h"
#include "musl/negatives.h"
#include "musl/reliability.h"

// Messages name what is wrong by its place: rows, columns and pairs of the
// user's tables count from 1, indices of genes from 0 to one less than there
// are.

namespace musl {
namespace {

/// What is said of a call; "" if it is fine.
std::string fault(const std::function<void()>& call) {
  try {
    call();
    return "";
  } catch (const Error& error) {
    return error.what();
  }
}

/// What is said of a cohort of two genes and three samples.
std::string fault_of(const AssayView& assay,
                     const std::vector<std::int32_t>& genes, bool linear) {
  return fault([&] {
    ExpressionInput input;
    input.name = "bulk";
    input.assays.push_back(assay);
    input.gene_of_row = genes;
    input.linear = linear;
    (void)make_expression_cohort(input, {}, 4, nullptr, /*compact=*/false,
                                 /*threads=*/1);
  });
}

TEST(Refusals, NameTheValueOfACohort) {
  Eigen::MatrixXd x = testing::normal_matrix(2, 3, 1).cwiseAbs();
  const auto said = [&](bool linear) {
    return fault_of({x.data(), 2, 3}, {3, 0}, linear);
  };
  EXPECT_EQ(said(true), "");
  x(1, 2) = -1;
  EXPECT_EQ(said(false), "");
  EXPECT_EQ(said(true),
            "Source \"bulk\" must hold finite values, on the linear scale >= "
            "0: -1.000000 found in assay 1, row 2, sample 3.");
  x(1, 2) = INFINITY;
  EXPECT_EQ(said(false),
            "Source \"bulk\" must hold finite values: inf found in assay 1, "
            "row 2, sample 3.");
}

TEST(Refusals, NameTheGeneOfARowThatIsNotThere) {
  const Eigen::MatrixXd x = testing::normal_matrix(2, 3, 1);
  for (const std::int32_t gene : {-1, 4}) {
    const auto said = fault_of({x.data(), 2, 3}, {3, gene}, false);
    EXPECT_NE(said.find("has a row of gene index " + std::to_string(gene) +
                        ", outside 0 to 3."),
              std::string::npos)
        << said;
  }
}

TEST(Refusals, NameTheRowAndColumnOfASparseMatrixOutOfOrder) {
  const std::vector<double> value{1, 2, 3};
  const std::vector<std::int32_t> start{0, 1, 1, 3};
  const auto said = [&](const std::vector<std::int32_t>& row) {
    return fault_of(AssayView({value.data(), row.data(), start.data(), 2, 3}),
                    {3, 0}, false);
  };
  EXPECT_EQ(said({1, 0, 1}), "");
  const std::string of_column =
      " of column 3 does not. Build the matrix by Matrix::sparseMatrix().";
  const std::string rows =
      "Rows of a sparse column must ascend from 0 to 1; row ";
  EXPECT_EQ(said({1, 0, 0}), rows + "0" + of_column);
  EXPECT_EQ(said({1, 0, 2}), rows + "2" + of_column);
  EXPECT_EQ(said({1, 1, 0}), rows + "0" + of_column);
}

TEST(Refusals, NameTheNodeOrWeightOfAnEdge) {
  const auto said = [](std::int32_t to, float weight) {
    return fault([&] { (void)make_graph(3, {0, 1}, {1, to}, {1, weight}); });
  };
  EXPECT_EQ(said(2, 1), "");
  EXPECT_EQ(said(3, 1), "Node 3 of edge 1 is outside 0 to 2.");
  EXPECT_EQ(said(-1, 1), "Node -1 of edge 1 is outside 0 to 2.");
  EXPECT_EQ(said(2, 0),
            "Edge weights must be finite and above 0; edge 1 has 0.000000.");
  EXPECT_EQ(said(2, INFINITY),
            "Edge weights must be finite and above 0; edge 1 has inf.");
}

TEST(Refusals, NameTheGeneOfAPair) {
  const auto said = [](std::int32_t b) {
    return fault([&] { check_pairs({{0, 1}, {1, b}, {}}, 3); });
  };
  EXPECT_EQ(said(2), "");
  EXPECT_EQ(said(3), "Gene index 3 of pair 1 is outside 0 to 2.");
  EXPECT_EQ(said(-1), "Gene index -1 of pair 1 is outside 0 to 2.");
  EXPECT_EQ(fault([] {
              check_pairs({{0}, {}, {}}, 3);
            }),
            "Pairs must have as many first as second genes: 1 and 0.");
  EXPECT_EQ(fault([] {
              check_pairs({{0}, {1}, {1, 0}}, 3);
            }),
            "Pairs must have one label each: 2 labels, 1 pairs.");
}

TEST(Refusals, NameTheRowAndColumnOfAFeature) {
  Matrix x = Matrix::Ones(3, 2);
  x(1, 1) = INFINITY;
  EXPECT_EQ(fault([&] {
              (void)fit_boosting(x, {0, 1, 1}, {}, 1);
            }),
            "Features must not be infinite; column 2 is in row 2.");
}

TEST(Refusals, NameTheAlignedPair) {
  const auto said = [](const std::function<void(ParalogsInput*)>& change) {
    EvidenceInput input;
    input.n_genes = 3;
    input.paralogs = {{0, 1}, {1, 2}, {.5F, 0}, {1, .5F}, {20, 30}, {1, 1, 1}};
    change(&input.paralogs);
    return fault([&] { (void)make_evidence_store(input, 1, 1); });
  };
  EXPECT_EQ(said([](auto*) {}), "");
  const std::string no_pair = "Aligned pair 2 is no pair of two genes.";
  EXPECT_EQ(said([](auto* x) { x->a[1] = 2; }), no_pair);
  EXPECT_EQ(said([](auto* x) { x->a[1] = -1; }), no_pair);
  EXPECT_EQ(said([](auto* x) { x->b[1] = -1; }), no_pair);
  EXPECT_EQ(said([](auto* x) { x->b[1] = 3; }), "");  // of no given gene
  const std::string no_share =
      "Identity and coverage of aligned pair 2 must be from 0 to 1, and its "
      "score finite.";
  for (const float beyond : {-.1F, 1.1F, std::nanf("")}) {
    EXPECT_EQ(said([&](auto* x) { x->identity[1] = beyond; }), no_share);
    EXPECT_EQ(said([&](auto* x) { x->coverage[1] = beyond; }), no_share);
  }
  EXPECT_EQ(said([](auto* x) { x->score[1] = INFINITY; }), no_share);
  EXPECT_EQ(said([](auto* x) { x->searched.pop_back(); }),
            "Aligned pairs must tell of each gene whether it was searched.");
  const std::string uneven =
      "Aligned pairs must have one value each of all columns.";
  EXPECT_EQ(said([](auto* x) { x->b.pop_back(); }), uneven);
  EXPECT_EQ(said([](auto* x) { x->identity.pop_back(); }), uneven);
  EXPECT_EQ(said([](auto* x) { x->coverage.push_back(1); }), uneven);
  EXPECT_EQ(said([](auto* x) { x->score.pop_back(); }), uneven);
}

TEST(Refusals, NameTheScoredPair) {
  const auto said = [](const std::function<void(ScoredPairs*)>& change) {
    ScoredPairs scored;
    scored.pairs = {{0, 1}, {1, 2}, {1, 0}};
    scored.score = {.2, .3};
    scored.probability = {0, 1};
    scored.called = {1, 0};
    scored.query = {0, -1};
    change(&scored);
    return fault([&] { (void)Judge(scored, {parse_metric("auroc")}, 3); });
  };
  EXPECT_EQ(said([](auto*) {}), "");
  EXPECT_EQ(said([](auto* x) { x->query = {1, 2}; }), "");
  EXPECT_EQ(said([](auto* x) { x->query[1] = 0; }),
            "A query must be a gene of its pair; that of number 1 is not.");
  EXPECT_EQ(said([](auto* x) { x->pairs.label[1] = .5F; }),
            "Labels must be 0, 1 or NaN; number 1 is 0.500000.");
  EXPECT_EQ(said([](auto* x) { x->pairs.b[1] = 1; }),
            "Pairs must be of two genes; number 1 is of one with itself.");
  EXPECT_EQ(said([](auto* x) { x->probability[1] = 1.5; }),
            "Probabilities must lie from 0 to 1, not 1.500000.");
  EXPECT_EQ(said([](auto* x) { x->probability[1] = -.5; }),
            "Probabilities must lie from 0 to 1, not -0.500000.");
  EXPECT_EQ(said([](auto* x) { x->score.pop_back(); }),
            "There must be one score for each pair: 1 for 2.");
  EXPECT_EQ(said([](auto* x) { x->probability.pop_back(); }),
            "There must be one probability for each pair: 1 for 2.");
  EXPECT_EQ(said([](auto* x) { x->called.pop_back(); }),
            "There must be one call for each pair: 1 for 2.");
  EXPECT_EQ(said([](auto* x) { x->query.pop_back(); }),
            "There must be one query for each pair: 1 for 2.");
}

TEST(Refusals, NameTheMetricThatIsNone) {
  const auto said = [](const std::string& name) {
    return fault([&] { (void)parse_metric(name); });
  };
  EXPECT_EQ(parse_metric("ndcg_1").k, 1);
  EXPECT_EQ(parse_metric("map_999999").k, 999999);
  for (const char* name : {"ndcg_0", "ndcg_", "ndcg_1000000", "ndcg_1x",
                           "ndcg_-1", "ndcg", "auroc_10", "recall_10_10", ""}) {
    EXPECT_EQ(said(name), "There is no metric \"" + std::string(name) + "\".");
  }
}

}  // namespace
}  // namespace musl
