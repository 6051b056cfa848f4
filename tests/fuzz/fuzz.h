#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "base/error.h"

// Each fuzz_*.cpp feeds one parser with bytes that libFuzzer makes up from the
// seeds in corpus/. Bytes are read or refused by a musl::Error; whatever else
// leaves a parser, and whatever the sanitizers see, is a finding.
namespace musl::fuzz {

template <class Parse>
int run(const std::uint8_t* data, std::size_t size, const Parse& parse) {
  try {
    parse(std::string(reinterpret_cast<const char*>(data), size));
  } catch (const InternalError&) {
    throw;  // of zlib's and ours: never by an input
  } catch (const Error&) {
  }
  return 0;
}

/// What must hold of anything that was read.
inline void require(bool holds) {
  if (!holds) __builtin_trap();
}

}  // namespace musl::fuzz
