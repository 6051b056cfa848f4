#include "nn/learn/phase.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "musl/error.h"
#include "nn/base/adamw.h"

namespace musl::nn {

namespace {

void check_known(const Phase& phase, const std::string& field,
                 const std::string& value,
                 const std::vector<std::string>& known) {
  if (std::find(known.begin(), known.end(), value) != known.end()) return;
  std::string list;
  for (const auto& name : known)
    list += (list.empty() ? "\"" : ", \"") + name + "\"";
  throw InputError("The " + field + " of phase \"" + phase.name +
                   "\" must be one of " + list + ", not \"" + value + "\".");
}

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

void check_phase(const Phase& phase) {
  check_known(phase, "optimiser", phase.optimiser, {"adamw"});
  check_known(phase, "schedule", phase.schedule,
              {"one_cycle", "plateau", "constant"});
  check_known(phase, "monitor", phase.monitor, {"auprc", "loss"});
  if (phase.losses.empty()) {
    throw InputError("Phase \"" + phase.name + "\" must have a loss.");
  }
}

double rate_at(const Phase& phase, std::int64_t step, std::int64_t total,
               const std::vector<double>& values) {
  if (phase.schedule == "constant") return phase.learning_rate;
  if (phase.schedule == "plateau") {
    return std::ldexp(phase.learning_rate,
                      -count_plateaus(values, phase.plateau));
  }
  return one_cycle(step, total, phase.learning_rate, phase.warmup);
}

}  // namespace musl::nn
