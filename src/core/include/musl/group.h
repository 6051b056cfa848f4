#pragma once

#include <string>
#include <vector>

namespace musl {

/// The place of this process in a group that trains one model together.
struct GroupConfig {
  int rank = 0;  // 0 to size - 1; rank 0 reports, saves and returns the model
  int size = 1;  // processes; 1: this one alone
  /// A file that every process of this machine can write, new for each run.
  std::string rendezvous;
  std::string backend = "gloo";  // gloo, nccl
  double timeout = 300;          // seconds to wait for the others, up to a day
};

/// Throws an InputError that names the field, its value and its range.
void validate(const GroupConfig& config);

/// Back ends for summing gradients over processes in this build: of "gloo"
/// (CPUs and GPUs) and "nccl" (GPUs, one per process), or none.
[[nodiscard]] std::vector<std::string> group_backends();

}  // namespace musl
