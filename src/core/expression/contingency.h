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

/// How the margins of a table of counts differ, and how well rows predict
/// columns. Margins are distributions p of the rows and q of the columns over
/// the same bins.
struct TableComparison {
  // Kullback-Leibler divergences of margins with half a sample added per bin
  double kl_rows = 0;     // sum p log(p / q)
  double kl_columns = 0;  // sum q log(q / p)
  double jensen_shannon = 0;
  double hellinger = 0;
  double total_variation = 0;
  double kolmogorov = 0;   // largest difference of the cumulated margins
  double wasserstein = 0;  // their mean difference over the bins
  double cramer_v = 0;
  // Correlation ratios: share of the variance of one gene's bin index that the
  // other gene's bin explains; 0 without variance
  double ratio_rows = 0;  // of the rows' bin, given the column
  double ratio_columns = 0;
};

/// counts (bins, bins), row-major, at most 64 bins; n is their sum, > 0.
[[nodiscard]] TableComparison compare_margins(const std::uint32_t* counts,
                                              int bins, std::int64_t n);

}  // namespace musl
