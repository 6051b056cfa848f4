#include <gtest/gtest.h>

#include "base/error.h"
#include "protein/protein.h"

namespace musl {
namespace {

TEST(Sequences, LoseCaseAndTheStop) {
  EXPECT_EQ(clean_sequence({"a", "mkV*"}), "MKV");
  EXPECT_EQ(clean_sequence({"a", "M*K-.J"}), "M*K-.J");
  EXPECT_THROW((void)clean_sequence({"a", "MK@"}), InputError);
  EXPECT_THROW((void)clean_sequence({"a", "M\xc3\xa9"}), InputError);
  EXPECT_THROW((void)clean_sequence({"a", "*"}), InputError);
}

}  // namespace
}  // namespace musl
