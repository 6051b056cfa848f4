// The loop that bench/histogram.R times: the core alone, called through .C().
#include <algorithm>
#include <cstdint>
#include <ctime>
#include <vector>

#include "musl/binning.h"
#include "musl/histogram.h"

namespace {

double seconds(std::clock_t from) {
  return static_cast<double>(std::clock() - from) / CLOCKS_PER_SEC;
}

}  // namespace

/// x (samples x genes) column-major; size holds samples, genes, pairs, bins and
/// repeats; a, b 0-based. Fills the processor time of binning and of counting,
/// and the counts of the last pair.
extern "C" void time_counts(const double* x, const int* size, const int* a,
                            const int* b, double* binning, double* counting,
                            int* counts) {
  const int samples = size[0], genes = size[1], pairs = size[2];
  const int bins = size[3], repeats = size[4];
  const auto cells = static_cast<std::size_t>(bins * bins);
  std::vector<std::uint8_t> codes(static_cast<std::size_t>(samples) *
                                  static_cast<std::size_t>(genes));
  const auto row = [&](int gene) { return codes.data() + gene * samples; };

  std::clock_t start = std::clock();
  for (int g = 0; g < genes; ++g) {
    const std::vector<float> values(x + g * samples, x + (g + 1) * samples);
    const auto ends = std::minmax_element(values.begin(), values.end());
    musl::bin_by_value(values.data(), samples, *ends.first, *ends.second, bins,
                       row(g));
  }
  *binning = seconds(start);

  std::vector<std::uint32_t> out(cells);
  start = std::clock();
  for (int r = 0; r < repeats; ++r) {
    for (int p = 0; p < pairs; ++p) {
      musl::joint_histogram(row(a[p]), row(b[p]), samples, bins, out.data());
    }
  }
  *counting = seconds(start);
  std::copy(out.begin(), out.end(), counts);
}
