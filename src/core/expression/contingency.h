#pragma once

#include <cstdint>

namespace musl {

/// c log c of an integer; 0 for 0.
[[nodiscard]] double count_log(std::int64_t c);

/// Association in a table of counts (bins, bins), row-major.
struct TableAssociation {
  double mutual_information = 0;  // nats
  double entropy_rows = 0;
  double entropy_columns = 0;
  double kendall = 0;  // tau-b; 0 if a margin has only one bin
};

/// n is the sum of the counts; n == 0 gives zeros. O(bins^2): concordant pairs
/// come from running column sums.
[[nodiscard]] TableAssociation associate(const std::uint32_t* counts, int bins,
                                         std::int64_t n);

}  // namespace musl
