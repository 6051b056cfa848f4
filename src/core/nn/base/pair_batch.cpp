#include "nn/base/pair_batch.h"

#include <functional>
#include <numeric>
#include <utility>

#include "musl/error.h"

namespace musl::nn {

const Tensor& PairBatch::at(const std::string& name) const {
  const auto found = tensors.find(name);
  if (found == tensors.end()) {
    throw InternalError("A chunk of pairs lacks the tensor \"" + name +
                        "\". This is a defect of MuSL; please report it.");
  }
  return found->second;
}

const InputSizes::Shape& InputSizes::of(const std::string& input) const {
  static const Shape none;
  const auto found = shapes_.find(input);
  return found == shapes_.end() ? none : found->second;
}

std::int64_t InputSizes::values(const std::string& input) const {
  const Shape& shape = of(input);
  if (shape.empty()) return 0;
  return std::accumulate(shape.begin(), shape.end(), std::int64_t{1},
                         std::multiplies<>());
}

std::int64_t InputSizes::columns(const std::string& input) const {
  const Shape& shape = of(input);
  return std::accumulate(shape.begin(), shape.end(), std::int64_t{0});
}

void InputSizes::set(const std::string& input, Shape shape) {
  shapes_[input] = std::move(shape);
}

}  // namespace musl::nn
