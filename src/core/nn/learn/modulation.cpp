#include "nn/learn/modulation.h"

#include <cmath>
#include <cstddef>

namespace musl::nn {

Tensor modulation_tally(const Heard& branches, const Target& label) {
  const Tensor sign = (2 * label.value - 1).unsqueeze(1);  // (B, 1)
  Tensor counts = branches.present;                        // (B, M)
  if (label.weight.defined()) counts = counts * label.weight.unsqueeze(1);
  const Tensor chance = torch::sigmoid(branches.logit * sign);  // (B, M)
  return torch::cat({(chance * counts).sum(0), counts.sum(0)});
}

std::vector<double> modulation_factors(const std::vector<double>& tally,
                                       double alpha) {
  const std::size_t n = tally.size() / 2;
  double sum = 0, n_heard = 0;
  for (std::size_t m = 0; m < n; ++m) {
    if (tally[n + m] <= 0) continue;
    sum += tally[m] / tally[n + m];
    n_heard += 1;
  }
  std::vector<double> factors(n, 1.0);
  for (std::size_t m = 0; m < n; ++m) {
    if (tally[n + m] <= 0 || n_heard < 2) continue;
    const double own = tally[m] / tally[n + m];
    const double rho = own / ((sum - own) / (n_heard - 1));
    if (rho > 1) factors[m] = 1 - std::tanh(alpha * rho);
  }
  return factors;
}

}  // namespace musl::nn
