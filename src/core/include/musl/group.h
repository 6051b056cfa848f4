#pragma once

#include <string>
#include <vector>

namespace musl {

/// The place of this process in a group that trains one model together.
struct GroupConfig {
  int rank = 0;  // 0 to size - 1; 0 reports, saves and has the model
  int size = 1;  // processes; 1: this one alone
  /// A file that every process of this machine can write, new for each run.
  std::string rendezvous;
  std::string backend = "gloo";  // gloo, nccl
  double timeout = 300;          // seconds that one waits for the others
};

/// Throws InputError that names the field, its value and its range.
void validate(const GroupConfig& config);

/// What processes can add up their gradients over in this build: of "gloo"
/// (CPUs and GPUs) and "nccl" (GPUs, each process one of its own), or none.
[[nodiscard]] std::vector<std::string> group_backends();

}  // namespace musl
