#include "nn/infer/balance.h"

#include <algorithm>
#include <cmath>
#include <functional>

#include "musl/error.h"
#include "musl/parallel.h"
#include "musl/rng.h"

namespace musl::nn {

namespace {

using Flags = std::vector<std::uint8_t>;
using Of = std::function<std::vector<double>(const EncodedPairs&)>;

std::vector<double> mean_of(const std::vector<EncodedPairs>& members,
                            const Of& of) {
  std::vector<double> sum;
  for (const auto& member : members) {
    const auto more = of(member);
    sum.resize(more.size(), 0.0);
    for (std::size_t i = 0; i < more.size(); ++i) sum[i] += more[i];
  }
  for (auto& value : sum) value /= static_cast<double>(members.size());
  return sum;
}

/// Pairs that have any branch.
Flags scorable(const EncodedPairs& pairs, std::size_t n_branches,
               std::size_t n) {
  Flags use(n, 0);
  for (std::size_t m = 0; m < n_branches; ++m) {
    const Flags has = pairs.has(static_cast<int>(m));
    for (std::size_t i = 0; i < n; ++i) use[i] |= has[i];
  }
  return use;
}

Ranked mean_probe(const std::vector<EncodedPairs>& members, int branch,
                  const std::vector<float>& label, const Flags& has,
                  const BalanceOptions& options, int threads) {
  Ranked sum{0, 0};
  for (const auto& member : members) {
    const auto found = probe_vectors(member.vectors(branch), label, has,
                                     derive_seed(options.seed, 1), threads);
    sum.auroc += found.auroc / static_cast<double>(members.size());
    sum.auprc += found.auprc / static_cast<double>(members.size());
  }
  return sum;
}

}  // namespace

Balance balance_of(const std::vector<EncodedPairs>& members,
                   const Tensor& stack,
                   const std::vector<std::string>& encoders,
                   const std::vector<float>& label,
                   const BalanceOptions& options, int threads) {
  const EncodedPairs& first = members.front();
  const Flags use = scorable(first, encoders.size(), label.size());
  Balance out;
  out.n_pairs = std::count(use.begin(), use.end(), 1);
  const auto score = mean_of(members, [&](const EncodedPairs& pairs) {
    return pairs.score(stack, /*branch=*/-1, {});
  });
  out.score = ranked(score, label, use);
  if (std::isnan(out.score.auroc)) {
    throw InputError(
        "Both SL and non-SL pairs must be among those that can be scored: " +
        std::to_string(out.n_pairs) + " of " + std::to_string(label.size()) +
        ".");
  }
  for (std::size_t m = 0; m < encoders.size(); ++m) {
    const auto branch = static_cast<int>(m);
    const Flags has = first.has(branch);
    BranchBalance one;
    one.encoder = encoders[m];
    one.n_pairs = std::count(has.begin(), has.end(), 1);
    one.permuted.resize(static_cast<std::size_t>(options.repeats));
    parallel_for(options.repeats, threads, [&](std::int64_t repeat) {
      const auto order = dealt(
          has,
          derive_seed(options.seed, 0, static_cast<std::uint64_t>(repeat)));
      const auto scores = mean_of(members, [&](const EncodedPairs& pairs) {
        return pairs.score(stack, branch, order);
      });
      one.permuted[static_cast<std::size_t>(repeat)] =
          ranked(scores, label, use);
    });
    one.own = ranked(mean_of(members,
                             [&](const EncodedPairs& pairs) {
                               return pairs.own_logit(branch);
                             }),
                     label, has);
    one.probe = mean_probe(members, branch, label, has, options, threads);
    out.branches.push_back(one);
  }
  return out;
}

}  // namespace musl::nn
