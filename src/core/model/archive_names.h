#pragma once

// Names in a model file, shared by writer and reader.

#include <cstddef>
#include <string>

#include "base/numbers.h"

namespace musl {

constexpr char kPairScaler[] = "scaler/";

inline std::string cohort_prefix(std::size_t i) {
  return "cohort/" + std::to_string(i) + "/";
}

}  // namespace musl
