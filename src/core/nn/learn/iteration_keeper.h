#pragma once

#include <limits>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "musl/archive.h"
#include "nn/base/weights.h"
#include "nn/learn/phase.h"

namespace musl::nn {

/// Weights that training may restore: those before a phase that made its branch
/// worse, and those of the best of several iterations.
class IterationKeeper {
 public:
  explicit IterationKeeper(NamedParameters parameters)
      : parameters_(std::move(parameters)) {}

  /// Call before a phase; restores the best iteration's weights if the phase
  /// requests them.
  void begin(const Phase& phase);
  /// Call after a phase with its monitored value; true: the phase made its
  /// branch worse, and the weights before it are restored.
  [[nodiscard]] bool undo_loss(const Phase& phase, double value);
  /// Call after an iteration with the value of all branches together.
  void end_iteration(double value);
  /// Restores the best iteration's weights, if there is one.
  void take_best();

  /// The monitored output of each phase that was undone, in order.
  [[nodiscard]] const std::vector<std::string>& undone() const {
    return undone_;
  }

  void put_state(const std::string& prefix, Archive* archive) const;
  void get_state(const std::string& prefix, const Archive& archive);

 private:
  NamedParameters parameters_;
  std::vector<Tensor> before_, best_;
  double best_value_ = -std::numeric_limits<double>::infinity();
  std::vector<std::string> undone_;
  std::map<std::string, double> first_;  // value by the monitored output
};

}  // namespace musl::nn
