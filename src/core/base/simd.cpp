#include "base/simd.h"

#include <algorithm>
#include <cstdlib>
#include <string>

namespace musl {

namespace {

std::vector<InstructionSet> find_instruction_sets() {
  std::vector<InstructionSet> found{InstructionSet::plain};
#ifdef MUSL_X86
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

// Tests compute as a processor of fewer sets by MUSL_SIMD=plain or =avx2.
std::size_t most_sets() {
  const char* name = std::getenv("MUSL_SIMD");
  const std::string most = name == nullptr ? "" : name;
  if (most == "plain") return 1;
  return most == "avx2" ? 2 : 3;
}

}  // namespace

const std::vector<InstructionSet>& instruction_sets() {
  static const std::vector<InstructionSet> found = [] {
    auto sets = find_instruction_sets();
    sets.resize(std::min(sets.size(), most_sets()));
    return sets;
  }();
  return found;
}

}  // namespace musl
