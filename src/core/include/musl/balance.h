#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

namespace musl {

struct BalanceOptions {
  int repeats = 20;  // permutations of each branch
  std::uint64_t seed = 1;
};

/// How well scores separate the labels; NaN if a class is missing.
struct Ranked {
  double auroc = std::numeric_limits<double>::quiet_NaN();
  double auprc = std::numeric_limits<double>::quiet_NaN();
};

/// What one branch contributes to a model's scores.
struct BranchBalance {
  std::string encoder;
  std::int64_t n_pairs = 0;  // that have it
  /// Of the score, with the branch's vectors permuted among the pairs that have
  /// it, once per repeat. Branches that cover the same pairs, and all members,
  /// share the permutations.
  std::vector<Ranked> permuted;
  Ranked own;    // of the branch's logit, over the pairs that have it
  Ranked probe;  // of a logistic regression on its vectors, likewise, each
                 // pair scored by one fitted to the other four fifths
};

struct Balance {
  std::int64_t n_pairs = 0;  // that can be scored
  Ranked score;
  std::vector<BranchBalance> branches;
};

}  // namespace musl
