#include "nn/learn/phase.h"

#include <algorithm>
#include <sstream>

#include "musl/error.h"
#include "nn/base/adamw.h"
#include "nn/base/initialise.h"

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

}  // namespace

std::string LossTerm::text() const {
  std::ostringstream out;
  if (weight != 1.0) out << weight << " ";
  out << kind;
  if (branch.empty()) return out.str();
  out << "(" << branch;
  if (target != "label") out << ", target = " << target;
  out << ")";
  return out.str();
}

bool trains(const Phase& phase, const std::string& parameter) {
  return has_prefix(parameter, phase.trained);
}

void check_phase(const Phase& phase) {
  check_known(phase, "optimiser", phase.optimiser, {"adamw"});
  check_known(phase, "schedule", phase.schedule, {"one_cycle", "constant"});
  check_known(phase, "monitor", phase.monitor, {"auprc", "auroc", "loss"});
  if (phase.losses.empty()) {
    throw InputError("Phase \"" + phase.name + "\" must have a loss.");
  }
}

double rate_at(const Phase& phase, std::int64_t step, std::int64_t total) {
  if (phase.schedule == "constant") return phase.learning_rate;
  return one_cycle(step, total, phase.learning_rate, phase.warmup);
}

}  // namespace musl::nn
