#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <utility>
#include <vector>

#include "io/archive_filters.h"

namespace musl::archive {
namespace {

// Places of rows are numbers of four bytes. Sizes need no bytes.
TEST(ArchiveFilters, OfRowsSuitAsManyAsTheirPlacesCount) {
  constexpr std::int64_t kMost = std::numeric_limits<std::int32_t>::max();
  const auto size = [](Filter filter, const char* dtype,
                       std::vector<std::int64_t> shape) {
    ArchiveTensor tensor;
    tensor.dtype = dtype;
    tensor.shape = std::move(shape);
    return filtered_size(filter, tensor);
  };
  EXPECT_EQ(size(Filter::coded_rows, "F32", {kMost - 1, 2}), 6 * (kMost - 1));
  EXPECT_EQ(size(Filter::coded_rows, "F32", {kMost, 2}), -1);
  EXPECT_EQ(size(Filter::coded_rows, "F32", {5}), -1);
  EXPECT_EQ(size(Filter::coded_rows, "F16", {5, 2}), -1);
  EXPECT_EQ(size(Filter::columns, "U8", {kMost - 1, 2}), 2 * (kMost - 1));
  EXPECT_EQ(size(Filter::columns, "U8", {5, 1}), 5);
  EXPECT_EQ(size(Filter::sorted_rows, "U8", {kMost - 1, 2}), 6 * (kMost - 1));
  EXPECT_EQ(size(Filter::filled_rows, "U8", {9, 2}), 9 * 2 + 2);
  for (const Filter filter :
       {Filter::columns, Filter::sorted_rows, Filter::filled_rows}) {
    EXPECT_EQ(size(filter, "U8", {kMost, 2}), -1);
    EXPECT_EQ(size(filter, "U8", {5, 0}), -1);
    EXPECT_EQ(size(filter, "U8", {5}), -1);
    EXPECT_EQ(size(filter, "U8", {5, 2, 1}), -1);
    EXPECT_EQ(size(filter, "F32", {5, 2}), -1);
  }
}

}  // namespace
}  // namespace musl::archive
