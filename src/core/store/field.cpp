#include "store/field.h"

#include <algorithm>
#include <limits>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/numbers.h"

namespace musl {

namespace {

template <class Value>
Value only_one(const std::vector<Value>& values, const char* what) {
  if (values.size() != 1) {
    throw InputError(std::string("A part of the evidence must have one ") +
                     what + ", not " + std::to_string(values.size()) + ".");
  }
  return values[0];
}

}  // namespace

const Field& Field::operator[](const std::string& name) const {
  const auto found = std::find(names.begin(), names.end(), name);
  if (found == names.end()) {
    throw InputError("A part of the evidence lacks the field \"" + name +
                     "\".");
  }
  return fields[static_cast<std::size_t>(found - names.begin())];
}

std::string Field::text() const { return only_one(texts, "text"); }

std::int32_t Field::integer() const { return only_one(integers(), "integer"); }

std::vector<std::int32_t> Field::integers() const {
  if (numbers == nullptr) return ints;
  std::vector<std::int32_t> out(at(rows * cols));
  std::transform(numbers, numbers + rows * cols, out.begin(),
                 [](double x) { return static_cast<std::int32_t>(x); });
  return out;
}

std::vector<float> Field::floats() const {
  constexpr auto kMissing = std::numeric_limits<std::int32_t>::min();
  std::vector<float> out(numbers == nullptr ? ints.size() : at(rows * cols));
  for (std::size_t i = 0; i < out.size(); ++i) {
    if (numbers != nullptr) {
      out[i] = static_cast<float>(numbers[i]);
    } else {
      out[i] = ints[i] == kMissing ? kFloatNaN : static_cast<float>(ints[i]);
    }
  }
  return out;
}

Matrix Field::matrix() const {
  const std::vector<float> values = floats();
  if (values.empty()) return Matrix(rows, cols);
  return Eigen::Map<const Eigen::MatrixXf>(values.data(), rows, cols);
}

}  // namespace musl
