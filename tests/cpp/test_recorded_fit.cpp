#include <gtest/gtest.h>

#include <cmath>

#include "base/error.h"
#include "base/prediction.h"
#include "io/archive.h"
#include "io/archive_file.h"
#include "learners/gene_places.h"
#include "learners/measured_archive.h"
#include "learners/measured_model.h"
#include "learners/measured_scorer.h"
#include "learners/recorded_fit.h"
#include "learners/scorer_kind.h"
#include "store/gene_columns.h"
#include "store/gene_sets.h"

namespace musl {
namespace {

constexpr std::int32_t kGenes = 60;
const std::string kPrefix = "measured/";

/// Gene g has the wide term g % 3 and the pathway g % 5.
GeneStore annotated_genes() {
  EvidenceInput input;
  input.n_genes = kGenes;
  for (std::int32_t gene = 0; gene < kGenes; ++gene) {
    input.part<SetInputs>().wide.gene.push_back(gene);
    input.part<SetInputs>().wide.set.push_back(gene % 3);
    input.part<SetInputs>().pathways.gene.push_back(gene);
    input.part<SetInputs>().pathways.set.push_back(gene % 5);
  }
  input.part<SetInputs>().wide.branch_of_set.assign(3, 0);
  input.part<SetInputs>().wide.branches = {"wide"};
  input.part<SetInputs>().pathways.branch_of_set.assign(5, 0);
  input.part<SetInputs>().pathways.branches = {"pathways"};
  GeneColumn column{"order", "gene", {}};
  for (int gene = 0; gene < kGenes; ++gene) {
    column.value.push_back(static_cast<float>(gene));
  }
  input.part<GeneColumns>() = {column};
  return make_evidence_store(input, 1, 1);
}

/// Pairs of the genes [first, last); SL where both have the wide term 0.
PairSet pairs_of(std::int32_t first, std::int32_t last) {
  PairSet out;
  for (std::int32_t a = first; a < last; ++a) {
    for (std::int32_t b = a + 1; b < last; ++b) {
      out.a.push_back(a);
      out.b.push_back(b);
      out.label.push_back(a % 3 == 0 && b % 3 == 0 ? 1.0F : 0.0F);
    }
  }
  return out;
}

MeasuredModel fitted(int threads = 1) {
  return fit_recorded(annotated_genes(), pairs_of(0, 40), RecordedConfig{},
                      threads, [] { return true; });
}

Prediction hear(const MeasuredModel& model, const PairSet& pairs,
                const std::vector<std::string>& members = {}) {
  PredictOptions options;
  options.parts = true;
  options.scorers = members;
  options.prior = 0.5;
  options.threads = 1;
  return predict_measured(model, model.store, {}, pairs, options);
}

TEST(RecordedModel, PairsOfAMuchRecordedGeneWeighLess) {
  // Gene 0 has four SL pairs, genes 5 and 6 one; and two others.
  const PairSet pairs{
      {0, 0, 0, 0, 5, 1, 2}, {1, 2, 3, 4, 6, 5, 6}, {1, 1, 1, 1, 1, 0, 0}};
  const auto weight = weigh_recorded(pairs, 7, 0.5);
  // 4 pairs at 1/2 and one at 1, to a sum of 5.
  for (std::size_t i = 0; i < 4; ++i) EXPECT_FLOAT_EQ(weight[i], 5.0F / 6);
  EXPECT_FLOAT_EQ(weight[4], 5.0F / 3);
  EXPECT_FLOAT_EQ(weight[5], 1);
  EXPECT_FLOAT_EQ(weight[6], 1);
  for (const float w : weigh_recorded(pairs, 7, 0)) EXPECT_FLOAT_EQ(w, 1);
}

TEST(RecordedModel, PlacesAreSumsOfBothGenesRows) {
  const auto store = annotated_genes();
  const PairSet pairs{{3, 9, 4}, {9, 3, 4}, {}};
  const Matrix x = gene_places(store, {}, pairs);
  ASSERT_EQ(x.cols(), gene_places_width(store));
  EXPECT_EQ(Matrix(x.row(0)), Matrix(x.row(1)));
  // Of one gene twice: each block has a mean square of 4.
  EXPECT_NEAR(x.row(2).squaredNorm(), 4.0F * static_cast<float>(x.cols()),
              1e-3 * static_cast<double>(x.cols()));
  // |a + b|^2 = |a|^2 + |b|^2 + 2 |a| |b| cosine, block by block.
  double expected = 0;
  for (const auto* rows :
       {&store.part<WideTerms>().rows, &store.part<Pathways>().rows}) {
    expected += static_cast<double>(rows->width) *
                (2 + 2 * static_cast<double>(rows->product(3, 9)));
  }
  EXPECT_NEAR(x.row(0).squaredNorm(), expected, 1e-3 * expected);
  // An unknown gene has no place.
  std::vector<std::int32_t> gene_of(kGenes, -1);
  EXPECT_EQ(gene_places(store, gene_of, pairs).cwiseAbs().maxCoeff(), 0);
}

TEST(RecordedModel, TellsPairsOfGenesThatItNeverSaw) {
  const auto model = fitted();
  const auto test = pairs_of(40, kGenes);
  const auto scored = hear(model, test, {"terms"});
  double lowest_sl = INFINITY, highest_other = -INFINITY;
  for (std::size_t i = 0; i < scored.score.size(); ++i) {
    if (test.label[i] > 0.5F) {
      lowest_sl = std::min(lowest_sl, scored.score[i]);
    } else {
      highest_other = std::max(highest_other, scored.score[i]);
    }
    EXPECT_EQ(scored.relation[i], 0);
    EXPECT_EQ(scored.measured[i], -1);
  }
  EXPECT_GT(lowest_sl, highest_other);
}

TEST(RecordedModel, ScoreIsTheMeanOfItsMembers) {
  const auto model = fitted();
  EXPECT_EQ(scorer_names(model),
            (std::vector<std::string>{"recorded", "terms"}));
  const auto pairs = pairs_of(35, 45);
  const auto both = hear(model, pairs);
  for (std::size_t i = 0; i < both.score.size(); ++i) {
    const auto row = both.scorer_scores.row(static_cast<Eigen::Index>(i));
    EXPECT_NEAR(both.score[i], (row[0] + row[1]) / 2, 1e-5);
    EXPECT_NEAR(both.probability[i], 1 / (1 + std::exp(-both.score[i])), 1e-12);
  }
}

TEST(RecordedModel, ThreadsAndFilesKeepTheBits) {
  const auto model = fitted();
  Archive archive;
  put_measured(kPrefix, model, &archive);
  const auto bytes = write_archive(archive);
  const std::vector<std::uint8_t> copy(bytes.begin(), bytes.end());
  const auto loaded =
      read_measured(kPrefix, read_archive(copy.data(), copy.size()));
  const auto pairs = pairs_of(0, kGenes);
  const auto before = hear(model, pairs);
  EXPECT_EQ(before.score, hear(loaded, pairs).score);
  EXPECT_EQ(before.score, hear(fitted(3), pairs).score);
  for (const auto& item : archive.tensors) {
    Archive lacking = archive;
    lacking.tensors.erase(item.first);
    EXPECT_THROW(static_cast<void>(read_measured(kPrefix, lacking)), Error)
        << item.first;
  }
}

TEST(RecordedModel, SharesOfAPairMakeItsScore) {
  const auto model = fitted();
  const auto scored = hear(model, {{0}, {3}, {}});
  PredictOptions options;
  options.parts = true;
  options.threads = 1;
  const auto constant_of = [&](std::int32_t a, std::int32_t b) {
    double sum = 0;
    for (const auto& share :
         MeasuredScorer(model, model.store, {}).explain(a, b, options)) {
      sum += share.contribution;
    }
    return hear(model, {{a}, {b}, {}}).score[0] - sum;
  };
  EXPECT_NEAR(constant_of(0, 3), constant_of(41, 57), 1e-6);
}

TEST(RecordedModel, LeavesOutWhatSurroundsAPair) {
  EvidenceInput input;
  input.n_genes = kGenes;
  for (std::int32_t gene = 1; gene < kGenes; ++gene) {
    input.edge_from.push_back(gene - 1);
    input.edge_to.push_back(gene);
    input.edge_weight.push_back(1);
  }
  GeneColumn column{"share", "dependent", {}};
  for (int gene = 0; gene < kGenes; ++gene) {
    column.value.push_back(static_cast<float>(gene % 3));
  }
  input.part<GeneColumns>() = {column};
  const auto model =
      fit_recorded(make_evidence_store(input, 1, 1), pairs_of(0, 40),
                   RecordedConfig{}, /*threads=*/1, {});
  const auto all = evidence_columns(model.store);
  EXPECT_EQ(model.columns.size() + 4, all.size());
  for (const auto& kept : model.columns) {
    EXPECT_EQ(kept.name.find("share:"), std::string::npos);
  }
  // A file keeps what was left out.
  Archive archive;
  put_measured(kPrefix, model, &archive);
  const auto back = read_measured(kPrefix, archive);
  EXPECT_EQ(back.columns.size(), model.columns.size());
  // share tells the pairs, and is still read.
  const auto test = pairs_of(40, kGenes);
  const auto scored = hear(model, test);
  EXPECT_EQ(hear(back, test).score, scored.score);
  double lowest_sl = INFINITY, highest_other = -INFINITY;
  for (std::size_t i = 0; i < scored.score.size(); ++i) {
    EXPECT_EQ(scored.score[i],
              hear(model, {{test.b[i]}, {test.a[i]}, {}}).score[0]);
    if (test.label[i] > 0.5F) {
      lowest_sl = std::min(lowest_sl, scored.score[i]);
    } else {
      highest_other = std::max(highest_other, scored.score[i]);
    }
  }
  EXPECT_GT(lowest_sl, highest_other);
}

TEST(RecordedModel, RefusesPairsOfOneClass) {
  for (const float label : {1.0F, 0.0F}) {
    const PairSet pairs{{0, 1}, {2, 3}, {label, label}};
    EXPECT_THROW(static_cast<void>(weigh_recorded(pairs, kGenes, 0.5)),
                 InputError)
        << label;
    EXPECT_THROW(static_cast<void>(fit_recorded(annotated_genes(), pairs,
                                                RecordedConfig{}, 1, {})),
                 InputError)
        << label;
  }
}

// Its weights leave the shares of both classes as they are.
TEST(RecordedModel, GivesTheLogOddsAtEqualShares) {
  EXPECT_NEAR(fitted().part<RecordedScorer>().trees.base, 0, 1e-6);
  // Genes of one pair each: 8 SL pairs and 22 others.
  PairSet pairs;
  for (std::int32_t g = 0; g + 1 < kGenes; g += 2) {
    pairs.a.push_back(g);
    pairs.b.push_back(g + 1);
    pairs.label.push_back(g % 8 == 0 ? 1.0F : 0.0F);
  }
  const auto model = fit_recorded(annotated_genes(), pairs, RecordedConfig{},
                                  /*threads=*/1, {});
  EXPECT_NEAR(model.part<RecordedScorer>().trees.base, 0, 1e-6);
  // The intercept has no penalty: probabilities sum to the number of SL pairs
  // at the shares that there are.
  const auto scored = hear(model, pairs, {"terms"});
  double sum = 0;
  for (const double score : scored.score) {
    sum += 1 / (1 + std::exp(-score - std::log(8.0 / 22)));
  }
  EXPECT_NEAR(sum, 8, 1e-3);
}

}  // namespace
}  // namespace musl
