#include <gtest/gtest.h>

#include <cstdint>

#include "musl/evidence.h"

namespace musl {
namespace {

TEST(EvidenceStore, ReadsTermsOfTwoToThreeHundredGenes) {
  EvidenceInput input;
  input.n_genes = 400;
  const std::vector<std::int32_t> sizes = {1, 2, 300, 301};
  for (std::size_t set = 0; set < sizes.size(); ++set) {
    for (std::int32_t gene = 0; gene < sizes[set]; ++gene) {
      input.terms.gene.push_back(gene);
      input.terms.set.push_back(static_cast<std::int32_t>(set));
    }
  }
  input.terms.branch_of_set.assign(sizes.size(), 0);
  input.terms.branches = {"BP"};
  const auto store = make_evidence_store(input, 1, 1);
  EXPECT_EQ(store.terms.size, (std::vector<float>{2, 300}));
}

TEST(EvidenceStore, HasSixtyFourCoordinatesOfTheNetwork) {
  EvidenceInput input;
  input.n_genes = 200;
  for (std::int32_t gene = 0; gene < 200; ++gene) {
    for (const std::int32_t step : {1, 7}) {
      input.edge_from.push_back(gene);
      input.edge_to.push_back((gene + step) % 200);
      input.edge_weight.push_back(1);
    }
  }
  EXPECT_EQ(make_evidence_store(input, 1, 1).network_rows.width, 64);
}

}  // namespace
}  // namespace musl
