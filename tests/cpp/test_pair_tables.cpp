#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <string>

#include "base/error.h"
#include "evidence_fixture.h"
#include "store/pair_tables.h"

namespace musl {
namespace {

using testing::row_of;

const float kMissing = std::nanf("");

/// Three pairs of five genes, one of them given in the other order.
PairTableInput some_table() {
  Matrix value(3, 2);
  value << 1, .5F, 2, kMissing, -3, .25F;
  return {"mine", {"x", "y"}, {{3, 0, 4}, {1, 2, 0}, {}}, value};
}

GeneStore store_of(const PairTableInput& table) {
  EvidenceInput input;
  input.n_genes = 5;
  input.part<PairTableInputs>() = {table};
  return make_evidence_store(input, 1, 1);
}

void expect_number(float x, float expected) {
  EXPECT_TRUE(x == expected || (std::isnan(x) && std::isnan(expected)))
      << x << " instead of " << expected;
}

TEST(PairTables, ComeBackFromAnArchive) {
  const auto store = store_of(some_table());
  Archive archive;
  put_evidence("s/", store, &archive);
  const auto read = read_evidence("s/", archive);
  for (std::int32_t a = 0; a < 5; ++a) {
    for (std::int32_t b = a + 1; b < 5; ++b) {
      auto x = row_of(read, a, b), y = row_of(store, a, b);
      expect_number(x["table:mine:x"], y["table:mine:x"]);
      expect_number(x["table:mine:y"], y["table:mine:y"]);
    }
  }
}

TEST(PairTables, AreRefusedFromAnArchiveThatDoesNotAddUp) {
  const auto store = store_of(some_table());
  const auto refused = [&](const auto& bend) {
    auto bent = store;
    bend(&bent.part<PairTables>()[0]);
    Archive archive;
    put_evidence("s/", bent, &archive);
    EXPECT_THROW((void)read_evidence("s/", archive), FormatError);
  };
  refused([](PairTable* table) { table->partner[0] = 5; });
  refused([](PairTable* table) { table->partner[0] = 0; });
  refused([](PairTable* table) { table->partner.pop_back(); });
  refused([](PairTable* table) { table->offset.back() = 9; });
  refused([](PairTable* table) { table->columns.pop_back(); });
}

TEST(PairTables, KeepThePairsThatAnotherUniverseHas) {
  const auto moved = remap_evidence(store_of(some_table()), {2, 0, -1, 4});
  expect_number(row_of(moved, 0, 1)["table:mine:x"], 2);
  expect_number(row_of(moved, 1, 3)["table:mine:x"], -3);
  expect_number(row_of(moved, 0, 3)["table:mine:x"], kMissing);
  EXPECT_EQ(moved.part<PairTables>()[0].partner.size(), 2u);
}

TEST(PairTables, OfAModelCompleteThoseOfOtherNames) {
  auto other = some_table();
  other.value(0, 0) = 7;
  auto known = store_of(some_table());
  known.part<PairTables>().push_back(known.part<PairTables>()[0]);
  known.part<PairTables>()[1].name = "yours";
  const auto completed = complete_evidence(store_of(other), known);
  expect_number(row_of(completed, 1, 3)["table:mine:x"], 7);
  expect_number(row_of(completed, 1, 3)["table:yours:x"], 1);
}

}  // namespace
}  // namespace musl
