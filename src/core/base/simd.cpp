#include "base/simd.h"

namespace musl {

namespace {

std::vector<InstructionSet> find_instruction_sets() {
  std::vector<InstructionSet> found{InstructionSet::plain};
#if defined(__x86_64__)
  __builtin_cpu_init();
  const bool avx2 = __builtin_cpu_supports("avx2");
  if (avx2) found.push_back(InstructionSet::avx2);
  if (avx2 && __builtin_cpu_supports("avx512f") &&
      __builtin_cpu_supports("avx512bw") &&
      __builtin_cpu_supports("avx512dq") &&
      __builtin_cpu_supports("avx512vl")) {
    found.push_back(InstructionSet::avx512);
  }
#endif
  return found;
}

}  // namespace

const std::vector<InstructionSet>& instruction_sets() {
  static const std::vector<InstructionSet> found = find_instruction_sets();
  return found;
}

}  // namespace musl
