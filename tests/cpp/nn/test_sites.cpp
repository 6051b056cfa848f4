#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "../random_chain.h"
#include "base/error.h"
#include "model/backend.h"
#include "muse/interactions.h"
#include "muse/node_set.h"

namespace musl {
namespace {

/// Chains whose sites are the residues near a W, of which a residue's own
/// columns say nothing.
SiteData near_tryptophan(std::int64_t n_chains, bool with_places) {
  Rng rng(5);
  SiteData data;
  data.nodes.kind = with_places ? NodeKind::residues : NodeKind::sequence;
  for (std::int64_t i = 0; i < n_chains; ++i) {
    const Eigen::Index length = 40 + i % 7;
    const Matrix place = random_chain(length, &rng);
    const std::string text = random_letters(length, &rng);
    std::vector<float> label;
    for (Eigen::Index r = 0; r < length; ++r) {
      bool near = false;
      for (Eigen::Index j = 0; j < length; ++j) {
        near = near || (text[static_cast<std::size_t>(j)] == 'W' && j != r &&
                        (place.row(j) - place.row(r)).norm() < 7.0F);
      }
      label.push_back(near ? 1.0F : 0.0F);
    }
    if (with_places) data.nodes.coordinates.push_back(place);
    data.nodes.text.push_back(text);
    data.label.push_back(label);
    data.validation.push_back(i % 4 == 0 ? 1 : 0);
  }
  return data;
}

ControlConfig quick(int epochs) {
  ControlConfig control;
  control.epochs = control.patience = epochs;
  control.batch_size = 200;
  control.learning_rate = 3e-3;
  control.threads = 1;
  control.seed = 1;
  return control;
}

std::shared_ptr<const SiteModel> fitted(const SiteData& data,
                                        const ControlConfig& control) {
  return backend().read_sites(
      backend().fit_sites({16, 0.1}, control, 1, data, {}).archive);
}

NodeSet one_of(const NodeSet& nodes, std::size_t i) {
  NodeSet one;
  one.kind = nodes.kind;
  one.text = {nodes.text[i]};
  if (!nodes.coordinates.empty()) one.coordinates = {nodes.coordinates[i]};
  return one;
}

TEST(SiteModel, LearnsWhatNeighboursInSpaceTell) {
  const SiteData data = near_tryptophan(32, true);
  const auto model = fitted(data, quick(25));
  const SiteData fresh = near_tryptophan(40, true);
  SiteData unseen;
  unseen.nodes.kind = NodeKind::residues;
  for (std::size_t i = 32; i < 40; ++i) {
    unseen.nodes.text.push_back(fresh.nodes.text[i]);
    unseen.nodes.coordinates.push_back(fresh.nodes.coordinates[i]);
    unseen.label.push_back(fresh.label[i]);
  }
  const SiteScores found = model->score(unseen.nodes, 1, {});
  EXPECT_GT(site_metrics(found.score, unseen.label).auroc, 0.8);
  EXPECT_LT(site_metrics(found.residue_mean, unseen.label).auroc, 0.65);
}

TEST(SiteModel, ScoresDoNotDependOnPlaceTurnOrCompany) {
  const SiteData data = near_tryptophan(8, true);
  const auto model = fitted(data, quick(1));
  const auto all = model->score(data.nodes, 1, {}).score;
  NodeSet moved = one_of(data.nodes, 3);
  const auto alone = model->score(moved, 1, {}).score.front();
  moved.coordinates[0] = moved_chain(moved.coordinates[0]);
  const auto turned = model->score(moved, 1, {}).score.front();
  for (std::size_t r = 0; r < alone.size(); ++r) {
    EXPECT_NEAR(alone[r], all[3][r], 1e-5);
    EXPECT_NEAR(turned[r], alone[r], 1e-4);
    EXPECT_GT(alone[r], 0);
    EXPECT_LT(alone[r], 1);
  }
}

TEST(SiteModel, ThreadsLeaveTheBits) {
  for (const bool with_places : {true, false}) {
    const SiteData data = near_tryptophan(8, with_places);
    auto control = quick(2);
    const auto one = fitted(data, control)->score(data.nodes, 1, {}).score;
    control.threads = 2;
    EXPECT_EQ(fitted(data, control)->score(data.nodes, 2, {}).score, one);
    control.seed = 2;
    EXPECT_NE(fitted(data, control)->score(data.nodes, 1, {}).score, one);
  }
}

TEST(SiteModel, LabelsOfValidationChainsAreNotLearned) {
  SiteData data = near_tryptophan(8, true);
  auto control = quick(1);
  const auto as_is = fitted(data, control)->score(data.nodes, 1, {}).score;
  for (std::size_t i = 0; i < data.label.size(); ++i) {
    if (data.validation[i] == 0) continue;
    for (float& label : data.label[i]) label = 1 - label;
  }
  EXPECT_EQ(fitted(data, control)->score(data.nodes, 1, {}).score, as_is);
}

TEST(SiteModel, OneResidueAndMissingOnesAreScored) {
  const SiteData data = near_tryptophan(8, true);
  const auto model = fitted(data, quick(1));
  NodeSet odd;
  odd.kind = NodeKind::residues;
  odd.text = {"M", "MKVX"};
  odd.coordinates = {Matrix::Zero(1, 3), Matrix::Zero(4, 3)};
  odd.coordinates[1].col(0) << 0, 3.8F, 7.6F, 11.4F;
  odd.coordinates[1](2, 1) = std::nanf("");
  for (const auto& chain : model->score(odd, 1, {}).score) {
    for (const float value : chain) EXPECT_TRUE(std::isfinite(value));
  }
}

TEST(SiteModel, OtherNodesAndOtherArchivesAreRefused) {
  const SiteData data = near_tryptophan(8, true);
  auto archive = backend().fit_sites({16, 0.1}, quick(1), 1, data, {}).archive;
  const auto model = backend().read_sites(archive);
  EXPECT_THROW((void)model->score(near_tryptophan(2, false).nodes, 1, {}),
               InputError);
  archive.tensors.erase("residue_mean");
  EXPECT_THROW((void)backend().read_sites(archive), FormatError);
}

}  // namespace
}  // namespace musl
