#include "musl/archive.h"

#include <algorithm>
#include <cstring>
#include <limits>
#include <utility>

#include "io/safetensors.h"
#include "musl/error.h"
#include "musl/matrix.h"

namespace musl {

namespace {

const ArchiveTensor& find_tensor(const Archive& archive,
                                 const std::string& name) {
  const auto found = archive.tensors.find(name);
  if (found == archive.tensors.end()) {
    throw FormatError("The archive must hold the tensor `" + name +
                      "`; it does not.");
  }
  return found->second;
}

/// The number of values.
template <class Value>
std::size_t check_type(const ArchiveTensor& tensor, const std::string& name,
                       const char* dtype) {
  if (tensor.dtype != dtype ||
      archive::element_count(tensor.shape) *
              static_cast<std::int64_t>(sizeof(Value)) !=
          static_cast<std::int64_t>(tensor.bytes.size())) {
    throw FormatError("Tensor `" + name + "` must be of type " + dtype +
                      " and of the size of its shape; it is " + tensor.dtype +
                      " with " + std::to_string(tensor.bytes.size()) +
                      " bytes.");
  }
  return tensor.bytes.size() / sizeof(Value);
}

template <class Value>
std::vector<Value> values_of(const ArchiveTensor& tensor,
                             const std::string& name, const char* dtype) {
  std::vector<Value> values(check_type<Value>(tensor, name, dtype));
  if (!values.empty()) {
    std::memcpy(values.data(), tensor.bytes.data(), tensor.bytes.size());
  }
  return values;
}

}  // namespace

void Archive::put_bytes(const std::string& name, const char* dtype,
                        const std::vector<std::int64_t>& shape,
                        const void* values, std::size_t size) {
  const std::int64_t count = archive::element_count(shape);
  if (count < 0) {
    throw ShapeError(
        "A tensor's dimensions must be 0 or more, and fit memory.");
  }
  ArchiveTensor tensor{dtype, shape, {}};
  tensor.bytes.resize(static_cast<std::size_t>(count) * size);
  if (count > 0) std::memcpy(tensor.bytes.data(), values, tensor.bytes.size());
  tensors[name] = std::move(tensor);
}

bool Archive::has(const std::string& name) const {
  return tensors.count(name) > 0;
}

std::vector<float> Archive::floats(const std::string& name) const {
  const ArchiveTensor& tensor = find_tensor(*this, name);
  const std::size_t size = tensor.dtype == "F16" ? 2 : 4;
  std::vector<float> values(tensor.bytes.size() / size);
  copy_floats(name, values.data());
  return values;
}

void Archive::copy_floats(const std::string& name, float* out) const {
  const ArchiveTensor& tensor = find_tensor(*this, name);
  if (tensor.dtype != "F16") {
    const std::size_t size = check_type<float>(tensor, name, "F32");
    if (size > 0) std::memcpy(out, tensor.bytes.data(), tensor.bytes.size());
    return;
  }
  const std::size_t size = check_type<std::uint16_t>(tensor, name, "F16");
  for (std::size_t i = 0; i < size; ++i) {
    std::uint16_t half = 0;
    std::memcpy(&half, tensor.bytes.data() + i * sizeof(half), sizeof(half));
    out[i] = from_half(half);
  }
}

std::vector<double> Archive::doubles(const std::string& name) const {
  return values_of<double>(find_tensor(*this, name), name, "F64");
}

std::vector<std::int32_t> Archive::ints(const std::string& name) const {
  return values_of<std::int32_t>(find_tensor(*this, name), name, "I32");
}

std::vector<std::int64_t> Archive::longs(const std::string& name) const {
  return values_of<std::int64_t>(find_tensor(*this, name), name, "I64");
}

std::vector<std::uint8_t> Archive::bytes(const std::string& name) const {
  return values_of<std::uint8_t>(find_tensor(*this, name), name, "U8");
}

const std::vector<std::int64_t>& Archive::shape(const std::string& name) const {
  return find_tensor(*this, name).shape;
}

namespace archive {

std::uint64_t header_length(const std::uint8_t* start) {
  std::uint64_t length = 0;
  for (std::size_t i = kLengthBytes; i-- > 0;) length = length << 8 | start[i];
  return length;
}

std::int64_t element_size(const std::string& dtype) {
  if (dtype == "F64" || dtype == "I64") return 8;
  if (dtype == "F32" || dtype == "I32") return 4;
  if (dtype == "F16") return 2;
  if (dtype == "U8") return 1;
  return 0;
}

std::int64_t element_count(const std::vector<std::int64_t>& shape) {
  std::int64_t count = 1;
  for (const std::int64_t dimension : shape) {
    if (dimension < 0) return -1;
    if (dimension > 0 &&
        count > std::numeric_limits<std::int64_t>::max() / 16 / dimension) {
      return -1;
    }
    count *= dimension;
  }
  return count;
}

}  // namespace archive

}  // namespace musl
