#include <zlib.h>

#include <algorithm>
#include <cstring>
#include <limits>
#include <utility>

#include "io/archive_layout.h"
#include "musl/archive.h"
#include "musl/error.h"
#include "musl/half.h"

namespace musl {

namespace {

using Bytes = std::vector<std::uint8_t>;

// "<name>|deflate|<dtype>|<rows>,<columns>,..." is a tensor of bytes.
constexpr char kMark[] = "|deflate|";
constexpr std::size_t kSmall = 512;         // bytes that are not worth it
constexpr std::uint64_t kMostRatio = 1040;  // deflate gives 1032 at most
constexpr std::uint64_t kMostBytes = std::numeric_limits<uInt>::max();
constexpr int kRawDeflate = -15;  // without header, the largest window
constexpr int kMemory = 9;

[[noreturn]] void damaged_tensor(const std::string& name) {
  throw FormatError("The archive is damaged: the compressed tensor `" + name +
                    "` does not unfold to what it announces.");
}

/// F32 as F16 where that gives back every bit.
void narrow(ArchiveTensor* tensor) {
  if (tensor->dtype != "F32") return;
  const std::size_t n = tensor->bytes.size() / sizeof(float);
  Bytes halves(n * sizeof(std::uint16_t));
  for (std::size_t i = 0; i < n; ++i) {
    float value = 0;
    std::memcpy(&value, tensor->bytes.data() + i * sizeof(value),
                sizeof(value));
    const std::uint16_t half = to_half(value);
    const float back = from_half(half);
    if (std::memcmp(&back, &value, sizeof(value)) != 0) return;
    std::memcpy(halves.data() + i * sizeof(half), &half, sizeof(half));
  }
  tensor->dtype = "F16";
  tensor->bytes = std::move(halves);
}

/// First bytes of all elements, then their second ones, ...: alike bytes come
/// together. `back` undoes it.
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

/// Runs and Huffman's codes alone: longer repeats save a hundredth and take
/// four times as long.
Bytes deflated(const Bytes& bytes) {
  z_stream stream{};
  if (::deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, kRawDeflate,
                     kMemory, Z_RLE) != Z_OK) {
    throw InternalError("zlib could not be started.");
  }
  Bytes out(::deflateBound(&stream, static_cast<uLong>(bytes.size())));
  // zlib does not write to its input; its interface is older than const.
  stream.next_in = const_cast<Bytef*>(bytes.data());
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = out.data();
  stream.avail_out = static_cast<uInt>(out.size());
  const int status = ::deflate(&stream, Z_FINISH);
  out.resize(out.size() - stream.avail_out);
  ::deflateEnd(&stream);
  if (status != Z_STREAM_END) throw InternalError("zlib did not end.");
  return out;
}

/// Neither more nor less than `size` bytes.
Bytes inflated(const Bytes& bytes, std::size_t size, const std::string& name) {
  z_stream stream{};
  if (::inflateInit2(&stream, kRawDeflate) != Z_OK) {
    throw InternalError("zlib could not be started.");
  }
  Bytes out(size);
  stream.next_in = const_cast<Bytef*>(bytes.data());
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = out.data();
  stream.avail_out = static_cast<uInt>(size);
  const int status = ::inflate(&stream, Z_FINISH);
  const bool whole =
      status == Z_STREAM_END && stream.avail_out == 0 && stream.avail_in == 0;
  ::inflateEnd(&stream);
  if (!whole) damaged_tensor(name);
  return out;
}

std::string packed_name(const std::string& name, const ArchiveTensor& tensor) {
  std::string out = name + kMark + tensor.dtype + "|";
  for (const std::int64_t dimension : tensor.shape) {
    out += std::to_string(dimension) + ",";
  }
  return out;
}

std::vector<std::int64_t> parse_shape(const std::string& text,
                                      const std::string& name) {
  constexpr std::size_t kMostDigits = 18;
  std::vector<std::int64_t> shape;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t comma = text.find(',', at);
    const std::string digits = text.substr(at, comma - at);
    if (comma == std::string::npos || digits.empty() ||
        digits.size() > kMostDigits ||
        digits.find_first_not_of("0123456789") != std::string::npos) {
      damaged_tensor(name);
    }
    shape.push_back(std::stoll(digits));
    at = comma + 1;
  }
  return shape;
}

/// The tensor behind a packed one, whose name is `name` and has kMark at
/// `mark`. Its size is checked before there is room for it.
ArchiveTensor unpacked_tensor(const std::string& name, std::size_t mark,
                              const ArchiveTensor& packed) {
  const std::size_t start = mark + sizeof(kMark) - 1;
  const std::size_t bar = name.find('|', start);
  if (bar == std::string::npos || packed.dtype != "U8") damaged_tensor(name);
  ArchiveTensor out;
  out.dtype = name.substr(start, bar - start);
  out.shape = parse_shape(name.substr(bar + 1), name);
  const std::int64_t each = archive::element_size(out.dtype);
  const std::int64_t count = archive::element_count(out.shape);
  if (each == 0 || count < 0) damaged_tensor(name);
  const auto size = static_cast<std::uint64_t>(count * each);
  if (size > kMostBytes || size > kMostRatio * packed.bytes.size()) {
    damaged_tensor(name);
  }
  out.bytes =
      by_planes(inflated(packed.bytes, static_cast<std::size_t>(size), name),
                static_cast<std::size_t>(each), /*back=*/true);
  return out;
}

}  // namespace

Archive packed(Archive archive) {
  Archive out;
  out.metadata = std::move(archive.metadata);
  for (auto& [name, tensor] : archive.tensors) {
    narrow(&tensor);
    const std::size_t size = tensor.bytes.size();
    if (size >= kSmall && size <= kMostBytes / 2) {
      const auto each =
          static_cast<std::size_t>(archive::element_size(tensor.dtype));
      Bytes bytes = deflated(by_planes(tensor.bytes, each, /*back=*/false));
      if (bytes.size() < size - size / 16) {
        const auto n = static_cast<std::int64_t>(bytes.size());
        out.tensors[packed_name(name, tensor)] = {"U8", {n}, std::move(bytes)};
        continue;
      }
    }
    out.tensors[name] = std::move(tensor);
  }
  return out;
}

Archive unpacked(const Archive& archive) {
  Archive out;
  out.metadata = archive.metadata;
  for (const auto& [name, tensor] : archive.tensors) {
    const std::size_t mark = name.find(kMark);
    const bool is_new = mark == std::string::npos
                            ? out.tensors.emplace(name, tensor).second
                            : out.tensors
                                  .emplace(name.substr(0, mark),
                                           unpacked_tensor(name, mark, tensor))
                                  .second;
    if (!is_new) damaged_tensor(name);
  }
  return out;
}

}  // namespace musl
