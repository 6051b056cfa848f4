#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "nn/learn/learner.h"
#include "nn/train/gradient_exchange.h"

namespace musl::nn {

/// Makes a table of n rows and `columns` columns, row by row: each process its
/// share of the rows; all get all of it, to the same bits.
///
/// own   makes the rows of a share, size * columns values
/// tick  as Tick, asked once more when the own rows are there
///
/// An interrupt of one process, of `own` or `tick`, is a CancelledError of all.
[[nodiscard]] std::vector<double> share_rows(
    std::int64_t n, std::int64_t columns,
    const std::function<std::vector<double>(const Share&)>& own,
    const Tick& tick, GradientExchange* exchange);

}  // namespace musl::nn
