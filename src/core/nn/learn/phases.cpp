#include "nn/learn/phases.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "nn/base/adamw.h"

namespace musl::nn {

namespace {

/// Number of times that `length` consecutive values were no better than the
/// previous best.
int count_plateaus(const std::vector<double>& values, int length) {
  int plateaus = 0, worse = 0;
  double best = std::numeric_limits<double>::quiet_NaN();
  for (const double value : values) {
    const bool is_better = std::isnan(best) || value > best;
    if (is_better) best = value;
    worse = is_better ? 0 : worse + 1;
    if (worse < length) continue;
    ++plateaus;
    worse = 0;
  }
  return plateaus;
}

}  // namespace

bool trains(const Phase& phase, const std::string& parameter) {
  const auto& prefixes = phase.trained;
  return prefixes.empty() ||
         std::any_of(prefixes.begin(), prefixes.end(), [&](const auto& prefix) {
           return parameter.rfind(prefix, 0) == 0;
         });
}

double rate_at(const Phase& phase, std::int64_t step, std::int64_t total,
               const std::vector<double>& values) {
  if (phase.schedule == "plateau") {
    return std::ldexp(phase.learning_rate,
                      -count_plateaus(values, phase.plateau));
  }
  return one_cycle(step, total, phase.learning_rate, phase.warmup);
}

Phase phase_of(const std::string& name, const ControlConfig& control) {
  Phase phase;
  phase.name = name;
  phase.epochs = control.epochs;
  phase.patience = control.patience;
  phase.learning_rate = control.learning_rate;
  phase.weight_decay = control.weight_decay;
  phase.schedule = control.schedule;
  return phase;
}

}  // namespace musl::nn
