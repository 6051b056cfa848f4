#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "musl/boosting.h"
#include "musl/matrix.h"

namespace musl {

/// Number of boosted models and what each may read.
struct Bagging {
  int models = 6;        // >= 1
  double columns = 0.4;  // share of the columns, above 0, at most 1
};

/// The mean of boosted models that each read a random share of the columns (at
/// least one), as one sum of trees: its log-odds are the mean of theirs, its
/// features those of x. Few strong columns cannot rule all of them.
///
/// Arguments, errors and go_on are those of fit_boosting(), and an InputError
/// for a field of `bagging` out of range. The bits depend on `seed` and not on
/// `threads`. Source: Ho (1998), IEEE PAMI 20:832, for random subspaces.
[[nodiscard]] BoostedTrees fit_bagged_boosting(
    const Matrix& x, const std::vector<float>& label,
    const std::vector<float>& weight, const BoostingConfig& config,
    const Bagging& bagging, std::uint64_t seed, int threads,
    const std::function<bool()>& go_on = {});

}  // namespace musl
