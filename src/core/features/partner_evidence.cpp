#include "features/partner_evidence.h"

#include <algorithm>

#include "base/numbers.h"
#include "base/rng.h"

namespace musl {

namespace {

constexpr std::int64_t kFewestPairs = 100, kMostPairs = 5000;

/// The pairs of these ends, less those of a gene with itself and those of
/// `taken`, ascending keys.
PairSet paired_anew(const PairSet& pairs,
                    const std::vector<std::int64_t>& taken,
                    std::int64_t n_genes, Rng* rng) {
  const auto other = rng->permutation(pairs.size());
  PairSet out;
  for (std::size_t i = 0; i < pairs.a.size(); ++i) {
    const auto a = pairs.a[i], b = pairs.b[at(other[i])];
    if (a == b) continue;
    const auto key = pair_key(a, b, n_genes);
    if (std::binary_search(taken.begin(), taken.end(), key)) continue;
    out.a.push_back(a);
    out.b.push_back(b);
  }
  return out;
}

constexpr AurocInterval kUnknown{kNaN, kNaN, kNaN, kNaN};

}  // namespace

EvidenceTest test_evidence(const PartnerEvidence& evidence, const PairSet& sl,
                           std::uint64_t seed, int threads) {
  const auto n_genes = evidence.n_genes();
  check_pairs(sl, n_genes);
  if (evidence.is_empty() || sl.size() < kFewestPairs) {
    return {kUnknown, kUnknown, kUnknown};
  }
  Rng rng(seed);
  auto order = rng.permutation(sl.size());
  order.resize(at(std::min(sl.size(), kMostPairs)));
  PairSet asked;
  for (const auto i : order) {
    asked.a.push_back(sl.a[at(i)]);
    asked.b.push_back(sl.b[at(i)]);
  }
  const auto n_sl = asked.size();
  const auto taken = pair_keys(sl, n_genes);
  asked = joined(asked, paired_anew(asked, taken, n_genes, &rng));
  std::vector<float> label(asked.a.size(), 0);
  std::fill_n(label.begin(), n_sl, 1.0F);
  const EvidenceValues values = evidence.of(asked, threads);
  const auto auroc_of = [&](const std::vector<double>& value) {
    return auroc_interval(value, label, kTellingQuantile);
  };
  return {auroc_of(values.pair), auroc_of(values.network),
          auroc_of(values.correlation)};
}

}  // namespace musl
