#include "musl/content_hash.h"

#include <algorithm>
#include <cstring>

namespace musl {

namespace {

/// The finaliser of SplitMix64: every input bit affects every output bit.
std::uint64_t avalanche(std::uint64_t x) {
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ULL;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebULL;
  return x ^ (x >> 31);
}

std::uint64_t load_word(const unsigned char* bytes) {
  std::uint64_t word = 0;
  std::memcpy(&word, bytes, sizeof(word));
  return word;
}

}  // namespace

void ContentHash::mix(std::uint64_t word) {
  first_ = (first_ ^ word) * 0x9fb21c651e98df25ULL;
  first_ ^= first_ >> 32;
  second_ = (second_ + word) * 0xd6e8feb86659fd93ULL;
  second_ ^= second_ >> 29;
}

void ContentHash::update(const void* data, std::size_t size) {
  const auto* bytes = static_cast<const unsigned char*>(data);
  while (size > 0) {
    const std::size_t filled = size_ % rest_.size();
    if (filled == 0 && size >= rest_.size()) {
      mix(load_word(bytes));
      bytes += rest_.size();
      size -= rest_.size();
      size_ += rest_.size();
      continue;
    }
    const std::size_t taken = std::min(size, rest_.size() - filled);
    std::memcpy(rest_.data() + filled, bytes, taken);
    bytes += taken;
    size -= taken;
    size_ += taken;
    if (size_ % rest_.size() == 0) mix(load_word(rest_.data()));
  }
}

void ContentHash::update_field(const std::string& text) {
  const std::uint64_t size = text.size();
  update(&size, sizeof(size));
  update(text);
}

std::string ContentHash::hex() const {
  ContentHash end = *this;
  const std::size_t filled = size_ % rest_.size();
  std::fill(end.rest_.begin() + static_cast<std::ptrdiff_t>(filled),
            end.rest_.end(), static_cast<unsigned char>(0));
  if (filled > 0) end.mix(load_word(end.rest_.data()));
  end.mix(size_);
  std::string out;
  for (const std::uint64_t lane :
       {avalanche(end.first_), avalanche(end.second_ ^ end.first_)}) {
    for (int shift = 60; shift >= 0; shift -= 4) {
      out += "0123456789abcdef"[(lane >> shift) & 15U];
    }
  }
  return out;
}

}  // namespace musl
