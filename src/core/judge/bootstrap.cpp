#include "musl/bootstrap.h"

#include <algorithm>

#include "musl/parallel.h"
#include "musl/rng.h"

namespace musl {

std::vector<std::int32_t> gene_multiplicity(std::int64_t n_genes,
                                            std::uint64_t seed,
                                            std::int64_t replicate) {
  Rng rng(derive_seed(seed, static_cast<std::uint64_t>(replicate)));
  std::vector<std::int32_t> times(static_cast<std::size_t>(n_genes), 0);
  for (std::int64_t i = 0; i < n_genes; ++i) {
    ++times[rng.below(static_cast<std::uint64_t>(n_genes))];
  }
  return times;
}

std::vector<double> node_bootstrap(const Judge& judge, std::int64_t replicates,
                                   std::uint64_t seed, int threads) {
  const std::size_t width = judge.metrics().size();
  std::vector<double> out(static_cast<std::size_t>(replicates) * width);
  parallel_for(replicates, threads, [&](std::int64_t replicate) {
    const std::vector<double> values =
        judge.measure(gene_multiplicity(judge.n_genes(), seed, replicate));
    std::copy(values.begin(), values.end(),
              out.begin() + replicate * static_cast<std::int64_t>(width));
  });
  return out;
}

}  // namespace musl
