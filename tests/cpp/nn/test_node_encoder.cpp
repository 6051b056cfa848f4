#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "muse/smiles.h"
#include "nn/base/parameters.h"
#include "nn/muse/molecule_stage.h"
#include "nn/muse/node_encoder.h"
#include "nn/muse/pair_groups.h"

namespace musl::nn {
namespace {

constexpr std::int64_t kWidth = 6;

NodeSet molecules() {
  NodeSet nodes;
  nodes.kind = NodeKind::smiles;
  nodes.text = {"CCO", "c1ccccc1", "CCO", "C#N"};
  return nodes;
}

TEST(NodeEncoder, NodesOfOneTextAreOneEntry) {
  const NodeValues values(molecules(), torch::kCPU);
  EXPECT_EQ(values.entry, (std::vector<std::int64_t>{0, 1, 0, 2}));
  EXPECT_EQ(values.molecules.size(), 3U);
}

TEST(NodeEncoder, ChainsOfOneSequenceAndOtherCoordinatesAreTwo) {
  NodeSet nodes;
  nodes.kind = NodeKind::residues;
  nodes.text = {"MK", "MK", "MK"};
  Matrix near(2, 3), far(2, 3);
  near << 0, 0, 0, 3.8F, 0, 0;
  far << 0, 0, 0, 3.8F, 1, 0;
  nodes.coordinates = {near, far, near};
  EXPECT_EQ(NodeValues(nodes, torch::kCPU).entry,
            (std::vector<std::int64_t>{0, 1, 0}));
}

TEST(NodeEncoder, RowsComeInTheOrderInWhichTheyAreAsked) {
  const torch::NoGradGuard no_grad;
  NodeEncoder encoder(NodeShape{NodeKind::smiles, 0, 0}, kWidth, 0.0);
  initialise(*encoder, 1);
  MoleculeStage alone(kWidth);
  for (const auto& parameter : alone.named_parameters()) {
    parameter.value().copy_(
        encoder->named_parameters()["molecule." + parameter.key()]);
  }
  const NodeValues values(molecules(), torch::kCPU);
  const Tensor found = encoder->forward(values, {3, 2, 0, 1}, nullptr, 0);
  const std::vector<std::string> asked{"C#N", "CCO", "CCO", "c1ccccc1"};
  for (std::size_t i = 0; i < asked.size(); ++i) {
    const Molecule molecule = read_smiles(asked[i]);
    EXPECT_TRUE(torch::allclose(found[static_cast<std::int64_t>(i)],
                                alone.forward({&molecule}, nullptr)[0], 1e-5,
                                1e-6));
  }
}

TEST(PairGroups, HoldEachPairOnceWithOthersOfItsNode) {
  const auto groups = PairGroups::by_node({7, 3, 7, 7, 3});
  ASSERT_EQ(groups.size(), 2);
  EXPECT_EQ(groups.of(0), (std::vector<std::int64_t>{0, 2, 3}));
  EXPECT_EQ(groups.of(1), (std::vector<std::int64_t>{1, 4}));
  EXPECT_DOUBLE_EQ(groups.mean_size(), 2.5);
  EXPECT_EQ(groups.groups_for(100), 40);
  EXPECT_EQ(groups.groups_for(3), PairGroups::kFewestNodes);
}

TEST(PairGroups, SinglePairsAreItems) {
  const auto groups = PairGroups::single(3);
  EXPECT_EQ(groups.size(), 3);
  EXPECT_EQ(groups.of(2), (std::vector<std::int64_t>{2}));
  EXPECT_EQ(groups.groups_for(64), 64);
  EXPECT_EQ(PairGroups::single(0).size(), 0);
}

}  // namespace
}  // namespace musl::nn
