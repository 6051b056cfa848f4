#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "nn/learn/learner.h"
#include "nn/train/gradient_exchange.h"

namespace musl::nn {

/// Makes a table of n rows and `columns` columns: each process makes its share
/// of the rows; all get the whole table with the same bits.
///
/// own   makes the rows of a share, size * columns values
/// tick  as Tick, called once more when this process's rows are done
///
/// An interrupt in one process, by `own` or `tick`, throws CancelledError in
/// all.
[[nodiscard]] std::vector<double> share_rows(
    std::int64_t n, std::int64_t columns,
    const std::function<std::vector<double>(const Share&)>& own,
    const Tick& tick, GradientExchange* exchange);

}  // namespace musl::nn
