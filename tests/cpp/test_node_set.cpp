#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <string>

#include "base/error.h"
#include "muse/node_fields.h"
#include "muse/node_set.h"
#include "random_nodes.h"

namespace musl {
namespace {

NodeSet texts(NodeKind kind, std::vector<std::string> text) {
  NodeSet nodes;
  nodes.kind = kind;
  nodes.text = std::move(text);
  return nodes;
}

NodeSet chains() {
  NodeSet nodes = texts(NodeKind::residues, {"MK", "A"});
  Matrix two(2, 3), one(1, 3);
  two << 0, 0, 0, 3.8F, 0, 0;
  one << 1, 2, 3;
  nodes.coordinates = {two, one};
  return nodes;
}

TEST(NodeSet, KindsHaveTheirNames) {
  for (const auto* name : {"features", "sequence", "smiles", "residues"}) {
    EXPECT_EQ(node_kind_name(node_kind(name)), name);
  }
  EXPECT_THROW((void)node_kind("sdf"), InputError);
}

TEST(NodeSet, FaultsTellThePlaceOfEachNodeThatCannotBeRead) {
  const auto smiles =
      node_faults(texts(NodeKind::smiles, {"CC", "C(C", "c1ccccc1"}));
  EXPECT_EQ(smiles[0], "");
  EXPECT_NE(smiles[1].find("place"), std::string::npos);
  EXPECT_EQ(smiles[2], "");
  const auto sequences = node_faults(texts(NodeKind::sequence, {"MKV", "M2"}));
  EXPECT_EQ(sequences[0], "");
  EXPECT_NE(sequences[1].find('2'), std::string::npos);

  NodeSet nodes = chains();
  nodes.coordinates[1](0, 0) = std::numeric_limits<float>::quiet_NaN();
  const auto missing = node_faults(nodes);
  EXPECT_EQ(missing[0], "");
  EXPECT_NE(missing[1], "");  // its one residue is missing
  nodes.coordinates.pop_back();
  EXPECT_THROW((void)node_faults(nodes), ShapeError);
}

TEST(NodeFile, NodesComeBackAsTheyWere) {
  Archive archive;
  put_nodes("nodes/0", texts(NodeKind::smiles, {"CC", "C"}), &archive);
  put_nodes("nodes/1", chains(), &archive);
  EXPECT_EQ(take_nodes("nodes/0", NodeKind::smiles, archive).text,
            (std::vector<std::string>{"CC", "C"}));
  const NodeSet found = take_nodes("nodes/1", NodeKind::residues, archive);
  EXPECT_EQ(found.text, chains().text);
  ASSERT_EQ(found.coordinates.size(), 2U);
  for (std::size_t i = 0; i < 2; ++i) {
    EXPECT_EQ(found.coordinates[i], chains().coordinates[i]);
  }
}

TEST(NodeFile, NodesThatDoNotFitAreAFormatError) {
  Archive archive;
  put_nodes("nodes", chains(), &archive);
  put("nodes/coordinates", Matrix(Matrix::Zero(2, 3)), &archive);
  EXPECT_THROW((void)take_nodes("nodes", NodeKind::residues, archive),
               FormatError);
  put("nodes/coordinates", Matrix(Matrix::Zero(4, 3)), &archive);
  EXPECT_THROW((void)take_nodes("nodes", NodeKind::residues, archive),
               FormatError);
  put_nodes("nodes", texts(NodeKind::smiles, {"MK"}), &archive);
  EXPECT_THROW((void)take_nodes("nodes", NodeKind::smiles, archive),
               FormatError);
  EXPECT_THROW((void)take_nodes("others", NodeKind::smiles, archive),
               FormatError);
}

}  // namespace
}  // namespace musl
