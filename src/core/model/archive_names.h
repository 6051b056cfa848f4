#pragma once

// Names in a model file, shared by writer and reader.

#include <cstddef>
#include <cstdint>
#include <string>

namespace musl {

constexpr char kPairScaler[] = "scaler/";

inline std::string cohort_prefix(std::size_t i) {
  return "cohort/" + std::to_string(i) + "/";
}

template <typename T>
std::int64_t size_of(const T& values) {
  return static_cast<std::int64_t>(values.size());
}

}  // namespace musl
