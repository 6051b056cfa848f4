#include "musl/negatives.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <unordered_set>
#include <utility>

#include "base/numbers.h"
#include "musl/error.h"
#include "musl/rng.h"

namespace musl {

namespace {

/// Candidates for sampling: ends of either side with their multiplicity.
/// A pair's weight is the product over its ends, summed over both orders.
class Candidates {
 public:
  Candidates(std::int64_t n_genes, const std::vector<std::int32_t>& ends_a,
             const std::vector<std::int32_t>& ends_b)
      : n_genes_(n_genes),
        ends_a_(ends_a),
        ends_b_(ends_b),
        times_a_(count_ends(ends_a)),
        times_b_(count_ends(ends_b)) {}

  /// Samples a pair in proportion to its weight; both ends may be the same
  /// gene.
  [[nodiscard]] std::pair<std::int32_t, std::int32_t> draw(Rng* rng) const {
    const auto a = ends_a_[rng->below(ends_a_.size())];
    const auto b = ends_b_[rng->below(ends_b_.size())];
    return {std::min(a, b), std::max(a, b)};
  }

  [[nodiscard]] double weight(std::int32_t a, std::int32_t b) const {
    return times(times_a_, a) * times(times_b_, b) +
           times(times_a_, b) * times(times_b_, a);
  }
  [[nodiscard]] double weight(std::int64_t key) const {
    return weight(static_cast<std::int32_t>(key / n_genes_),
                  static_cast<std::int32_t>(key % n_genes_));
  }

  /// Number of unordered pairs with a weight.
  [[nodiscard]] std::int64_t n_pairs() const {
    std::int64_t in_a = 0, in_b = 0, in_both = 0;
    for (std::size_t g = 0; g < times_a_.size(); ++g) {
      in_a += times_a_[g] > 0 ? 1 : 0;
      in_b += times_b_[g] > 0 ? 1 : 0;
      in_both += times_a_[g] > 0 && times_b_[g] > 0 ? 1 : 0;
    }
    return in_a * in_b - in_both - in_both * (in_both - 1) / 2;
  }

  /// Calls visit(a, b, weight) for each of them, a < b, ascending.
  template <class Visit>
  void for_each(Visit&& visit) const {
    const auto n = static_cast<std::int32_t>(n_genes_);
    for (std::int32_t a = 0; a < n; ++a) {
      if (times(times_a_, a) + times(times_b_, a) == 0) continue;
      for (std::int32_t b = a + 1; b < n; ++b) {
        const double w = weight(a, b);
        if (w > 0) visit(a, b, w);
      }
    }
  }

 private:
  [[nodiscard]] std::vector<double> count_ends(
      const std::vector<std::int32_t>& ends) const {
    std::vector<double> times(static_cast<std::size_t>(n_genes_), 0.0);
    for (const std::int32_t gene : ends) {
      ++times[static_cast<std::size_t>(gene)];
    }
    return times;
  }
  [[nodiscard]] static double times(const std::vector<double>& of,
                                    std::int32_t gene) {
    return of[static_cast<std::size_t>(gene)];
  }

  std::int64_t n_genes_;
  const std::vector<std::int32_t>& ends_a_;
  const std::vector<std::int32_t>& ends_b_;
  std::vector<double> times_a_;
  std::vector<double> times_b_;
};

using KeySet = std::unordered_set<std::int64_t>;

/// Number of pairs that are not excluded.
std::int64_t count_free(const Candidates& candidates, const KeySet& excluded,
                        std::int64_t n_genes) {
  std::int64_t taken = 0;
  for (const std::int64_t key : excluded) {
    const bool pair = key >= 0 && key / n_genes < key % n_genes;
    if (pair && candidates.weight(key) > 0) ++taken;
  }
  return candidates.n_pairs() - taken;
}

void add_pair(std::int32_t a, std::int32_t b, PairSet* out) {
  out->a.push_back(a);
  out->b.push_back(b);
  out->label.push_back(0);
}

/// Samples one by one, each pair in proportion to its weight among those left,
/// as long as most draws give a new pair. Returns whether all were found.
bool draw_by_rejection(const Candidates& candidates, bool equal_weights,
                       std::int64_t count, std::int64_t n_genes, Rng* rng,
                       KeySet* taken, PairSet* out) {
  std::int64_t attempts = 20 * count + 1000;
  while (out->size() < count && attempts-- > 0) {
    const auto [a, b] = candidates.draw(rng);
    if (a == b) continue;
    // A pair of genes on both sides is sampled in two orders.
    if (equal_weights && candidates.weight(a, b) > 1 && rng->below(2) == 1) {
      continue;
    }
    if (!taken->insert(pair_key(a, b, n_genes)).second) continue;
    add_pair(a, b, out);
  }
  return out->size() == count;
}

/// The same distribution from the list of all remaining pairs: exponential
/// clocks, the first `count` to ring. Source: Efraimidis and Spirakis (2006),
/// IPL 97.
void draw_from_all(const Candidates& candidates, bool equal_weights,
                   std::int64_t count, std::int64_t n_genes, Rng* rng,
                   const KeySet& taken, PairSet* out) {
  std::vector<std::pair<double, std::int64_t>> clocks;
  candidates.for_each([&](std::int32_t a, std::int32_t b, double weight) {
    const std::int64_t key = pair_key(a, b, n_genes);
    if (taken.count(key) > 0) return;
    const double rate = equal_weights ? 1.0 : weight;
    clocks.emplace_back(-std::log1p(-rng->uniform()) / rate, key);
  });
  const auto last = clocks.begin() + (count - out->size());
  std::partial_sort(clocks.begin(), last, clocks.end());
  for (auto clock = clocks.begin(); clock != last; ++clock) {
    add_pair(static_cast<std::int32_t>(clock->second / n_genes),
             static_cast<std::int32_t>(clock->second % n_genes), out);
  }
}

/// For `random` each gene once, else the ends unchanged.
std::vector<std::int32_t> ends_for(NegativePolicy policy,
                                   std::vector<std::int32_t> ends) {
  return policy == NegativePolicy::random ? once(std::move(ends)) : ends;
}

/// How many pairs to draw of the `free` ones.
std::int64_t checked_count(const NegativeRequest& request, std::int64_t free) {
  if (free < request.count && !request.allow_fewer) {
    throw InputError("Can't draw " + std::to_string(request.count) +
                     " negative pairs: only " + std::to_string(free) +
                     " exist beside the known and the excluded pairs. Ask for "
                     "fewer or give more genes.");
  }
  return std::min(request.count, free);
}

}  // namespace

PairSet sample_negatives(const NegativeRequest& request) {
  const std::int64_t n_genes = request.n_genes;
  const auto side_a = ends_for(request.policy, request.ends_a);
  const auto side_b = ends_for(request.policy, request.ends_b);
  const Candidates candidates(n_genes, side_a, side_b);
  KeySet taken(request.forbidden.begin(), request.forbidden.end());
  const std::int64_t count =
      checked_count(request, count_free(candidates, taken, n_genes));

  PairSet out;
  if (count == 0) return out;
  Rng rng(request.seed);
  const bool equal_weights = request.policy == NegativePolicy::random;
  if (!draw_by_rejection(candidates, equal_weights, count, n_genes, &rng,
                         &taken, &out)) {
    draw_from_all(candidates, equal_weights, count, n_genes, &rng, taken, &out);
  }
  return out;
}

}  // namespace musl
