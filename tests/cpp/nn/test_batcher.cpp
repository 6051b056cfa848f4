#include <gtest/gtest.h>

#include <numeric>
#include <string>
#include <vector>

#include "nn/inputs/batcher.h"
#include "small_world.h"

namespace musl::nn {
namespace {

using test::kGenes;
using test::small_architecture;
using test::small_world;
using test::SmallWorld;

const WantedInputs kInputs = {
    {"histogram", "descriptors", "topology", "seen", "partners", "genes"},
    {{"histogram", {"histogram"}},
     {"graph", {"genes", "topology", "seen"}},
     {"partners", {"partners", "seen"}}}};

class KeptPairs : public ::testing::Test {
 protected:
  KeptPairs()
      : world_(small_world(small_architecture())),
        preprocess_(test::small_preprocess(world_)),
        partners_(
            make_partner_inputs(partner_spaces(world_.data, preprocess_, 1),
                                world_.training, world_.training, kGenes, 1)) {}

  [[nodiscard]] Batcher batcher() const {
    return {{world_.data, preprocess_, partners_},
            kInputs,
            input_sizes(world_.data, preprocess_),
            torch::kCPU};
  }

  SmallWorld world_;
  Preprocess preprocess_;
  PartnerInputs partners_;
};

/// The first n pairs, each with a <= b as make() asks for it.
PairSet first_pairs(const PairSet& pairs, std::int64_t n) {
  std::vector<std::int64_t> order(static_cast<std::size_t>(n));
  std::iota(order.begin(), order.end(), std::int64_t{0});
  return take_pairs(pairs, order, 0, n);
}

void expect_same_bits(const PairBatch& kept, const PairBatch& made) {
  ASSERT_EQ(kept.tensors.size(), made.tensors.size());
  for (const auto& [name, tensor] : made.tensors) {
    EXPECT_TRUE(torch::equal(kept.at(name), tensor)) << name;
  }
}

TEST_F(KeptPairs, AreMadeByThreadsWithTheBitsOfOne) {
  const PairSet pairs = first_pairs(world_.training, 101);
  expect_same_bits(batcher().make(pairs, 3), batcher().make(pairs));
}

TEST_F(KeptPairs, HaveTheBitsOfPairsMadeAnew) {
  Batcher keeping = batcher();
  // More than one item of work; pairs that repeat; no order.
  PairSet many = world_.training;
  for (int i = 0; i < 3; ++i) {
    many.a.insert(many.a.end(), world_.validation.b.begin(),
                  world_.validation.b.end());
    many.b.insert(many.b.end(), world_.validation.a.begin(),
                  world_.validation.a.end());
  }
  for (std::int32_t gene = 0; gene + 1 < kGenes; ++gene) {
    for (std::int32_t other = gene + 1; other < kGenes; other += 7) {
      many.a.push_back(other);
      many.b.push_back(gene);
    }
  }
  many.label.clear();
  keeping.keep(many, /*threads=*/2);
  const PairSet& training = world_.training;
  for (const PairSet& asked :
       {first_pairs(training, training.size()),
        first_pairs(world_.validation, world_.validation.size()),
        first_pairs(world_.validation, 1)}) {
    expect_same_bits(keeping.make(asked), batcher().make(asked));
  }
}

TEST_F(KeptPairs, DoNotServePairsThatAreNotThere) {
  Batcher keeping = batcher();
  keeping.keep(world_.validation, /*threads=*/1);
  PairSet asked = first_pairs(world_.validation, 5);
  asked.a.push_back(50);
  asked.b.push_back(test::kUnknownGene);
  expect_same_bits(keeping.make(asked), batcher().make(asked));
}

}  // namespace
}  // namespace musl::nn
