#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/matrix.h"

namespace musl {

/// What a caller brings for a part of a store: values of one type, or fields,
/// which may have names. An absent one has nothing.
struct Field {
  std::vector<std::int32_t> ints;
  std::vector<std::uint8_t> bytes;
  std::vector<std::string> texts;
  const double* numbers = nullptr;  // owned by the caller
  std::int64_t rows = 0, cols = 0;  // by columns; one column for a vector
  std::vector<std::string> names;   // of the fields, or none
  std::vector<Field> fields;

  /// The field of this name. InputError if there is none.
  [[nodiscard]] const Field& operator[](const std::string& name) const;
  /// The only text or integer. InputError if there are none or more.
  [[nodiscard]] std::string text() const;
  [[nodiscard]] std::int32_t integer() const;
  /// As integers, and as floats, NaN where they are missing.
  [[nodiscard]] std::vector<std::int32_t> integers() const;
  [[nodiscard]] std::vector<float> floats() const;
  [[nodiscard]] Matrix matrix() const;
};

}  // namespace musl
