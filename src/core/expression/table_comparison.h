#pragma once

#include <cstdint>

namespace musl {

/// How the margins of a table of counts differ, and how much a row tells of a
/// column. Margins are distributions p of the rows and q of the columns over
/// the same bins.
struct TableComparison {
  // Kullback-Leibler divergences, of margins with half a sample added a bin
  double kl_rows = 0;     // sum p log(p / q)
  double kl_columns = 0;  // sum q log(q / p)
  double jensen_shannon = 0;
  double hellinger = 0;
  double total_variation = 0;
  double kolmogorov = 0;   // largest difference of the cumulated margins
  double wasserstein = 0;  // their mean difference over the bins
  double cramer_v = 0;
  // Correlation ratios: share of the variance of a bin's number that the other
  // bin tells; 0 where it has none
  double ratio_rows = 0;  // of the rows' bin, told by the column
  double ratio_columns = 0;
};

/// counts (bins, bins), row-major, at most 64 bins; n is their sum, > 0.
[[nodiscard]] TableComparison compare_margins(const std::uint32_t* counts,
                                              int bins, std::int64_t n);

}  // namespace musl
