#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "base/error.h"
#include "muse/interactions.h"
#include "muse/node_set.h"
#include "muse/site_state.h"
#include "random_chain.h"

namespace musl {
namespace {

constexpr float kNone = std::numeric_limits<float>::quiet_NaN();

SiteData two_chains() {
  SiteData data;
  data.nodes.kind = NodeKind::sequence;
  data.nodes.text = {"MKW", "AC"};
  data.label = {{1, 0, kNone}, {0, 1}};
  data.validation = {0, 1};
  return data;
}

TEST(Sites, FieldsHaveTheirRange) {
  EXPECT_NO_THROW(validate(SiteConfig{2, 0.2}));
  EXPECT_NO_THROW(validate(SiteConfig{4096, 0.0}));
  EXPECT_THROW(validate(SiteConfig{1, 0.2}), InputError);
  EXPECT_THROW(validate(SiteConfig{4097, 0.2}), InputError);
  EXPECT_THROW(validate(SiteConfig{16, 1.0}), InputError);
}

TEST(Sites, MeansOfAminoAcidsAreShrunk) {
  const SiteState state = make_site_state({}, two_chains());
  // M: one of one, K: none of one; the share of all is .5.
  const auto means = residue_means(state, two_chains().nodes);
  EXPECT_FLOAT_EQ(means[0][0], (1 + 1.5F) / 4);
  EXPECT_FLOAT_EQ(means[0][1], 1.5F / 4);
  EXPECT_FLOAT_EQ(means[0][2], 0.5F);
}

TEST(Sites, MetricsCountResiduesWithLabelsAlone) {
  // Together: scores .9 .2 .8 .1 of labels 1 0 0 1.
  const ResidueValues score = {{0.9F, 0.2F, 0.5F}, {0.8F, 0.1F}};
  const ResidueValues label = {{1, 0, kNone}, {0, 1}};
  const SiteMetrics found = site_metrics(score, label);
  EXPECT_DOUBLE_EQ(found.auroc, 0.5);
  EXPECT_DOUBLE_EQ(found.auprc, (1.0 + 0.5) / 2);
  EXPECT_DOUBLE_EQ(found.auroc_protein, 0.5);  // 1 and 0
  EXPECT_DOUBLE_EQ(found.auprc_protein, 0.75);
  EXPECT_TRUE(std::isnan(site_metrics({{1}}, {{1}}).auroc));
}

TEST(Sites, ColumnsAreStandardisedByTrainingChains) {
  Rng rng(1);
  SiteData data = two_chains();
  data.nodes.kind = NodeKind::residues;
  data.nodes.coordinates = {random_chain(3, &rng), random_chain(2, &rng)};
  Matrix first(3, 1), second(2, 1);
  first << 1, 2, 3;
  second << 100, 2;
  data.nodes.columns = {first, second};
  const SiteState state = make_site_state({}, data);
  EXPECT_FLOAT_EQ(state.scaler.mean[0], 2);
  EXPECT_FLOAT_EQ(state.scaler.scale[0], std::sqrt(2.0F / 3));
  const auto graphs = site_graphs(state, data.nodes);
  const auto last = graphs[1].user.cols() - 1;
  EXPECT_FLOAT_EQ(graphs[1].user(0, last), 6);  // clipped
  EXPECT_FLOAT_EQ(graphs[1].user(1, last), 0);
  data.nodes.columns.clear();
  EXPECT_THROW((void)site_graphs(state, data.nodes), InputError);
  data.nodes.kind = NodeKind::sequence;
  EXPECT_THROW((void)site_graphs(state, data.nodes), InputError);
}

TEST(Sites, AStateComesBackFromItsArchive) {
  Archive archive;
  const SiteState state = make_site_state({24, 0.3}, two_chains());
  put_sites(state, &archive);
  const SiteState back = take_sites(archive);
  EXPECT_EQ(back.config.width, 24);
  EXPECT_EQ(back.config.dropout, 0.3);
  EXPECT_EQ(back.kind, NodeKind::sequence);
  EXPECT_EQ(back.mean, state.mean);
  EXPECT_THROW((void)take_sites(Archive()), FormatError);
  SiteState none = state;
  none.members = 0;
  put_sites(none, &archive);
  EXPECT_THROW((void)take_sites(archive), FormatError);
  archive.metadata["sites"] = "{}";
  EXPECT_THROW((void)take_sites(archive), FormatError);
}

}  // namespace
}  // namespace musl
