#include "io/archive_bytes.h"

#include <algorithm>
#include <cstring>

#include "musl/error.h"

namespace musl::archive {

namespace {

constexpr std::size_t kMostListed = 65536;
constexpr std::size_t kOfEach = 4;  // a value's least mean number of uses

/// Unsigned, so that differences wrap around.
template <class Whole>
Bytes differences(const Bytes& bytes, bool back) {
  Bytes out(bytes.size());
  Whole before = 0;
  for (std::size_t at = 0; at < bytes.size(); at += sizeof(Whole)) {
    Whole value = 0;
    std::memcpy(&value, bytes.data() + at, sizeof(value));
    const Whole made = back ? before + value : value - before;
    before = back ? made : value;
    std::memcpy(out.data() + at, &made, sizeof(made));
  }
  return out;
}

template <class Whole>
std::vector<Whole> whole_numbers(const Bytes& bytes) {
  std::vector<Whole> out(bytes.size() / sizeof(Whole));
  if (!out.empty()) std::memcpy(out.data(), bytes.data(), bytes.size());
  return out;
}

/// Empty for too many values.
template <class Whole>
std::vector<Whole> distinct(std::vector<Whole> values) {
  const std::size_t most = std::min(kMostListed, values.size() / kOfEach);
  std::sort(values.begin(), values.end());
  values.erase(std::unique(values.begin(), values.end()), values.end());
  if (values.size() > most) values.clear();
  return values;
}

template <class Whole>
Bytes listed(const Bytes& bytes) {
  const auto values = whole_numbers<Whole>(bytes);
  auto list = distinct(values);
  if (list.empty()) return {};
  std::vector<std::uint16_t> places(values.size());
  std::transform(
      values.begin(), values.end(), places.begin(), [&](const Whole x) {
        return static_cast<std::uint16_t>(
            std::lower_bound(list.begin(), list.end(), x) - list.begin());
      });
  list.resize(std::min(kMostListed, values.size()), list.back());
  Bytes plain(list.size() * sizeof(Whole)), last(places.size() * 2);
  std::memcpy(plain.data(), list.data(), plain.size());
  std::memcpy(last.data(), places.data(), last.size());
  Bytes out = by_planes(differences_of(plain, sizeof(Whole), /*back=*/false),
                        sizeof(Whole), /*back=*/false);
  last = by_planes(last, sizeof(places[0]), /*back=*/false);
  out.insert(out.end(), last.begin(), last.end());
  return out;
}

/// Number of values behind `size` bytes of listed().
std::size_t count_listed(std::size_t size, std::size_t width) {
  const std::size_t whole = kMostListed * (width + 2);
  return size <= whole ? size / (width + 2) : (size - kMostListed * width) / 2;
}

template <class Whole>
Bytes unlisted(const Bytes& bytes) {
  constexpr std::size_t kWidth = sizeof(Whole);
  const std::size_t n = count_listed(bytes.size(), kWidth);
  const auto middle = bytes.begin() + static_cast<std::ptrdiff_t>(
                                          std::min(kMostListed, n) * kWidth);
  const auto list = whole_numbers<Whole>(
      differences_of(by_planes({bytes.begin(), middle}, kWidth, /*back=*/true),
                     kWidth, /*back=*/true));
  const auto places = whole_numbers<std::uint16_t>(
      by_planes({middle, bytes.end()}, sizeof(std::uint16_t), /*back=*/true));
  Bytes out(n * kWidth);
  for (std::size_t i = 0; i < n; ++i) {
    if (places[i] >= list.size()) {
      throw FormatError(
          "The archive is damaged: a number of a compressed tensor is not in "
          "its list.");
    }
    std::memcpy(out.data() + i * kWidth, &list[places[i]], kWidth);
  }
  return out;
}

}  // namespace

Bytes by_planes(const Bytes& bytes, std::size_t width, bool back) {
  if (width < 2) return bytes;
  const std::size_t n = bytes.size() / width;
  Bytes out(bytes.size());
  for (std::size_t k = 0; k < width; ++k) {
    for (std::size_t i = 0; i < n; ++i) {
      const std::size_t plane = k * n + i, element = i * width + k;
      if (back) {
        out[element] = bytes[plane];
      } else {
        out[plane] = bytes[element];
      }
    }
  }
  return out;
}

Bytes differences_of(const Bytes& bytes, std::size_t width, bool back) {
  return width == sizeof(std::uint64_t)
             ? differences<std::uint64_t>(bytes, back)
             : differences<std::uint32_t>(bytes, back);
}

std::int64_t listed_size(std::int64_t count, std::int64_t width) {
  const auto most = static_cast<std::int64_t>(kMostListed);
  return std::min(most, count) * width + 2 * count;
}

Bytes listed_values(const Bytes& bytes, std::size_t width) {
  return width == sizeof(std::uint64_t) ? listed<std::uint64_t>(bytes)
                                        : listed<std::uint32_t>(bytes);
}

Bytes values_listed(const Bytes& bytes, std::size_t width) {
  return width == sizeof(std::uint64_t) ? unlisted<std::uint64_t>(bytes)
                                        : unlisted<std::uint32_t>(bytes);
}

}  // namespace musl::archive
