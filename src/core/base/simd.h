#pragma once

// Vectors as compiler extensions, and the instruction sets of this processor.
// The order of every sum is explicit and products are not fused with sums
// (-ffp-contract=off), so that bits do not depend on compiler flags, addresses
// or the processor.

#include <cstdint>
#include <cstring>
#include <vector>

// A function with one of these may use instructions that some processors lack:
// call it only if instruction_sets() includes the set. Functions that it calls
// must be MUSL_INLINE to use these instructions.
#define MUSL_INLINE inline __attribute__((always_inline))
// Where it unwinds by SEH, gcc aligns stacks to 16 bytes (its bug 54412), too
// little for the wider vectors that it puts there.
#if defined(__x86_64__) && !defined(__SEH__)
#define MUSL_X86
#define MUSL_AVX2 __attribute__((target("avx2,popcnt")))
#define MUSL_AVX512 \
  __attribute__((target("avx2,popcnt,avx512f,avx512bw,avx512dq,avx512vl")))
#else
#define MUSL_AVX2
#define MUSL_AVX512
#endif

namespace musl {

using Bytes16 = std::uint8_t __attribute__((vector_size(16)));
using Floats4 = float __attribute__((vector_size(16)));
using Floats8 = float __attribute__((vector_size(32)));
using Floats16 = float __attribute__((vector_size(64)));

enum class InstructionSet { plain, avx2, avx512 };

/// The instruction sets of this processor, best last; always has `plain`. The
/// environment's MUSL_SIMD=plain and MUSL_SIMD=avx2 leave out what is better.
[[nodiscard]] const std::vector<InstructionSet>& instruction_sets();

/// Selects the variant for `set` of work compiled for three instruction sets.
template <typename Work>
[[nodiscard]] Work work_for(InstructionSet set, Work plain, Work avx2,
                            Work avx512) {
  if (set == InstructionSet::avx512) return avx512;
  return set == InstructionSet::avx2 ? avx2 : plain;
}

/// `work`, which must be MUSL_INLINE, compiled for each instruction set.
template <auto work>
struct Compiled;
template <class Result, class... Values, Result (*work)(Values...)>
struct Compiled<work> {
  static Result plain(Values... x) { return work(x...); }
  MUSL_AVX2 static Result avx2(Values... x) { return work(x...); }
  MUSL_AVX512 static Result avx512(Values... x) { return work(x...); }
  [[nodiscard]] static auto with(InstructionSet set) {
    return work_for(set, plain, avx2, avx512);
  }
};

/// Loads a vector, through a pointer, since returning wide vectors differs with
/// and without their instructions.
template <typename Vector, typename Value>
MUSL_INLINE void load(const Value* from, Vector* to) {
  std::memcpy(to, from, sizeof(Vector));
}

MUSL_INLINE Bytes16 load_bytes(const std::uint8_t* from) {
  Bytes16 x;
  std::memcpy(&x, from, sizeof(x));
  return x;
}

MUSL_INLINE float sum_lanes(Floats4 x) { return (x[0] + x[1]) + (x[2] + x[3]); }

}  // namespace musl
