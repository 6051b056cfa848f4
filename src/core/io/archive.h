#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace musl {

/// A tensor in an archive: dtype as safetensors names it (F32, F16, F64, I32,
/// I64, U8), row-major little-endian bytes.
struct ArchiveTensor {
  std::string dtype;
  std::vector<std::int64_t> shape;
  std::vector<std::uint8_t> bytes;
};

/// Named tensors and strings in one safetensors file.
///
/// Layout: the safetensors format (8-byte little-endian header length, JSON
/// header, data). `__metadata__` holds the strings, "format" ("musl"),
/// "format_version" and "checksum": the 64-bit FNV-1a of the header text, with
/// the checksum's digits set to zeros, and of the data. These three names are
/// reserved for the file; reading removes them from `metadata`.
struct Archive {
  std::map<std::string, ArchiveTensor> tensors;
  std::map<std::string, std::string> metadata;

  /// values  as many as the product of `shape`, of one of those types
  template <class Value>
  void put(const std::string& name, const std::vector<std::int64_t>& shape,
           const Value* values) {
    put_bytes(name, dtype_of(values), shape, values, sizeof(Value));
  }

  [[nodiscard]] bool has(const std::string& name) const;
  /// Copies a tensor out as the requested type; F16 widens to float.
  /// FormatError if the tensor is missing or has another type or size.
  template <class Value>
  [[nodiscard]] std::vector<Value> values(const std::string& name) const {
    constexpr const Value* kType = nullptr;
    std::vector<Value> out(count(name, dtype_of(kType), sizeof(Value)));
    copy(name, out.data());
    return out;
  }
  [[nodiscard]] auto floats(const std::string& name) const {
    return values<float>(name);
  }
  [[nodiscard]] auto doubles(const std::string& name) const {
    return values<double>(name);
  }
  [[nodiscard]] auto ints(const std::string& name) const {
    return values<std::int32_t>(name);
  }
  [[nodiscard]] auto longs(const std::string& name) const {
    return values<std::int64_t>(name);
  }
  [[nodiscard]] auto bytes(const std::string& name) const {
    return values<std::uint8_t>(name);
  }
  /// The same into `out`, which has room for the product of shape() floats.
  void copy_floats(const std::string& name, float* out) const {
    (void)count(name, "F32", sizeof(float));
    copy(name, out);
  }
  [[nodiscard]] const std::vector<std::int64_t>& shape(
      const std::string& name) const;

 private:
  static const char* dtype_of(const float*) { return "F32"; }
  static const char* dtype_of(const double*) { return "F64"; }
  static const char* dtype_of(const std::int32_t*) { return "I32"; }
  static const char* dtype_of(const std::int64_t*) { return "I64"; }
  static const char* dtype_of(const std::uint8_t*) { return "U8"; }
  void put_bytes(const std::string& name, const char* dtype,
                 const std::vector<std::int64_t>& shape, const void* values,
                 std::size_t size);
  /// The number of values of this type and size.
  [[nodiscard]] std::size_t count(const std::string& name,
                                  const std::string& dtype,
                                  std::size_t size) const;
  void copy(const std::string& name, void* out) const;
};

inline constexpr int kFormatVersion = 1;

}  // namespace musl
