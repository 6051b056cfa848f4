#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>

namespace musl {

/// 128 bits that tell contents apart: two lanes of multiply and shift over
/// words of eight bytes, several gigabytes a second. It guards against
/// mistakes, not against forgery.
class ContentHash {
 public:
  /// Takes bytes in. Their sum over all calls counts, not how they were divided
  /// into calls.
  void update(const void* data, std::size_t size);
  void update(const std::string& text) { update(text.data(), text.size()); }
  /// Takes text and its length in, so that neighbouring fields cannot run into
  /// each other.
  void update_field(const std::string& text);

  /// 32 hexadecimal digits of what was taken in so far.
  [[nodiscard]] std::string hex() const;

 private:
  void mix(std::uint64_t word);

  std::uint64_t first_ = 0x9e3779b97f4a7c15ULL;
  std::uint64_t second_ = 0xc2b2ae3d27d4eb4fULL;
  std::uint64_t size_ = 0;
  std::array<unsigned char, 8> rest_{};  // bytes of the word in work
};

}  // namespace musl
