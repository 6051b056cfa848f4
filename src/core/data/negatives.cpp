#include "data/negatives.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <unordered_set>
#include <utility>

#include "base/error.h"
#include "base/numbers.h"
#include "base/rng.h"

namespace musl {

namespace {

using KeySet = std::unordered_set<std::int64_t>;

/// For `random` each gene once, else the ends unchanged.
std::vector<std::int32_t> ends_for(NegativePolicy policy,
                                   const std::vector<std::int32_t>& ends) {
  return policy == NegativePolicy::random ? once(ends) : ends;
}

/// Candidates for sampling: ends of either side with their multiplicity.
/// A pair's weight is the product over its ends, summed over both orders; for
/// `random` all pairs are drawn alike.
class Candidates {
 public:
  explicit Candidates(const NegativeRequest& request)
      : equal_(request.policy == NegativePolicy::random),
        n_genes_(request.n_genes),
        ends_a_(ends_for(request.policy, request.ends_a)),
        ends_b_(ends_for(request.policy, request.ends_b)),
        times_a_(count_ends(ends_a_)),
        times_b_(count_ends(ends_b_)) {}

  /// Number of unordered pairs with a weight that are not excluded.
  [[nodiscard]] std::int64_t n_free(const KeySet& excluded) const {
    std::int64_t in_a = 0, in_b = 0, in_both = 0;
    for (std::size_t g = 0; g < times_a_.size(); ++g) {
      in_a += times_a_[g] > 0 ? 1 : 0;
      in_b += times_b_[g] > 0 ? 1 : 0;
      in_both += times_a_[g] > 0 && times_b_[g] > 0 ? 1 : 0;
    }
    std::int64_t taken = 0;
    for (const std::int64_t key : excluded) {
      const std::int64_t a = key / n_genes_, b = key % n_genes_;
      if (key >= 0 && a < b && weight(a, b) > 0) ++taken;
    }
    return in_a * in_b - in_both - in_both * (in_both - 1) / 2 - taken;
  }

  /// Samples one by one, each pair in proportion to its weight among those
  /// left, as long as most draws give a new pair. Returns whether all were
  /// found.
  bool draw_by_rejection(std::int64_t count, Rng* rng, KeySet* taken,
                         PairSet* out) const {
    std::int64_t attempts = 20 * count + 1000;
    while (out->size() < count && attempts-- > 0) {
      const auto x = ends_a_[rng->below(ends_a_.size())];
      const auto y = ends_b_[rng->below(ends_b_.size())];
      if (x == y) continue;
      // A pair of genes on both sides is sampled in two orders.
      if (equal_ && weight(x, y) > 1 && rng->below(2) == 1) continue;
      const std::int64_t key = pair_key(x, y, n_genes_);
      if (taken->insert(key).second) add_pair(key, out);
    }
    return out->size() == count;
  }

  /// The same distribution from the list of all remaining pairs: exponential
  /// clocks, the first `count` to ring. Source: Efraimidis and Spirakis (2006),
  /// IPL 97.
  void draw_from_all(std::int64_t count, Rng* rng, const KeySet& taken,
                     PairSet* out) const {
    std::vector<std::pair<double, std::int64_t>> clocks;
    for (std::int64_t a = 0; a < n_genes_; ++a) {
      if (times_a_[at(a)] + times_b_[at(a)] == 0) continue;
      for (std::int64_t b = a + 1; b < n_genes_; ++b) {
        const double w = weight(a, b);
        const std::int64_t key = a * n_genes_ + b;
        if (w <= 0 || taken.count(key) > 0) continue;
        clocks.emplace_back(-std::log1p(-rng->uniform()) / (equal_ ? 1.0 : w),
                            key);
      }
    }
    const auto last = clocks.begin() + (count - out->size());
    std::partial_sort(clocks.begin(), last, clocks.end());
    for (auto clock = clocks.begin(); clock != last; ++clock) {
      add_pair(clock->second, out);
    }
  }

 private:
  [[nodiscard]] std::vector<double> count_ends(
      const std::vector<std::int32_t>& ends) const {
    std::vector<double> times(at(n_genes_), 0.0);
    for (const std::int32_t gene : ends) ++times[at(gene)];
    return times;
  }
  [[nodiscard]] double weight(std::int64_t a, std::int64_t b) const {
    return times_a_[at(a)] * times_b_[at(b)] +
           times_a_[at(b)] * times_b_[at(a)];
  }
  void add_pair(std::int64_t key, PairSet* out) const {
    out->a.push_back(static_cast<std::int32_t>(key / n_genes_));
    out->b.push_back(static_cast<std::int32_t>(key % n_genes_));
    out->label.push_back(0);
  }

  bool equal_;
  std::int64_t n_genes_;
  std::vector<std::int32_t> ends_a_, ends_b_;
  std::vector<double> times_a_, times_b_;
};

}  // namespace

PairSet sample_negatives(const NegativeRequest& request) {
  const Candidates candidates(request);
  KeySet taken(request.forbidden.begin(), request.forbidden.end());
  const std::int64_t free = candidates.n_free(taken);
  if (free < request.count && !request.allow_fewer) {
    throw InputError("Can't draw " + std::to_string(request.count) +
                     " negative pairs: only " + std::to_string(free) +
                     " exist beside the known and the excluded pairs. Ask for "
                     "fewer or give more genes.");
  }
  const std::int64_t count = std::min(request.count, free);
  PairSet out;
  if (count == 0) return out;
  Rng rng(request.seed);
  if (!candidates.draw_by_rejection(count, &rng, &taken, &out)) {
    candidates.draw_from_all(count, &rng, taken, &out);
  }
  return out;
}

}  // namespace musl
