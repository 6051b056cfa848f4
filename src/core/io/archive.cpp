#include "io/archive.h"

#include <algorithm>
#include <cstring>
#include <limits>
#include <utility>

#include "base/error.h"
#include "base/matrix.h"
#include "io/safetensors.h"

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

std::size_t Archive::count(const std::string& name, const std::string& dtype,
                           std::size_t size) const {
  const ArchiveTensor& tensor = find_tensor(*this, name);
  const bool widens = tensor.dtype == "F16" && dtype == "F32";
  if (widens) size = sizeof(std::uint16_t);
  if ((tensor.dtype != dtype && !widens) ||
      archive::element_count(tensor.shape) * static_cast<std::int64_t>(size) !=
          static_cast<std::int64_t>(tensor.bytes.size())) {
    throw FormatError("Tensor `" + name + "` must be of type " + dtype +
                      " and of the size of its shape; it is " + tensor.dtype +
                      " with " + std::to_string(tensor.bytes.size()) +
                      " bytes.");
  }
  return tensor.bytes.size() / size;
}

void Archive::copy(const std::string& name, void* out) const {
  const ArchiveTensor& tensor = find_tensor(*this, name);
  const auto& bytes = tensor.bytes;
  if (tensor.dtype != "F16") {
    if (!bytes.empty()) std::memcpy(out, bytes.data(), bytes.size());
    return;
  }
  for (std::size_t i = 0; i < bytes.size() / sizeof(std::uint16_t); ++i) {
    std::uint16_t half = 0;
    std::memcpy(&half, bytes.data() + i * sizeof(half), sizeof(half));
    static_cast<float*>(out)[i] = from_half(half);
  }
}

const std::vector<std::int64_t>& Archive::shape(const std::string& name) const {
  return find_tensor(*this, name).shape;
}

}  // namespace musl
