#include "nn/train/share_rows.h"

#include <algorithm>

#include "musl/error.h"

namespace musl::nn {

std::vector<double> share_rows(
    std::int64_t n, std::int64_t columns,
    const std::function<std::vector<double>(const Share&)>& own,
    const Tick& tick, GradientExchange* exchange) {
  const Share share = share_of(n, exchange);
  if (exchange == nullptr || n == 0) return own(share);
  std::vector<double> rows;
  bool go_on = true;
  try {
    rows = own(share);
    go_on = !tick || tick();
  } catch (const CancelledError&) {
    go_on = false;
  }
  if (!all_go_on(go_on, exchange)) {
    throw CancelledError("Training was interrupted.");
  }
  // Zeros in the rows of the others.
  Tensor table = torch::zeros({n * columns}, torch::kFloat64);
  std::copy(rows.begin(), rows.end(),
            table.data_ptr<double>() + share.first * columns);
  exchange->sum(&table);
  const double* values = table.data_ptr<double>();
  return {values, values + n * columns};
}

}  // namespace musl::nn
