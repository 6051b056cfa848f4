#include "io/archive_pack.h"

#include <algorithm>
#include <cstring>
#include <limits>
#include <new>
#include <utility>

#include "base/error.h"
#include "base/matrix.h"
#include "base/parallel.h"
#include "base/row_codes.h"
#include "io/archive.h"
#include "io/safetensors.h"
#include "io/zlib.h"

namespace musl {

namespace {

using Bytes = std::vector<std::uint8_t>;

// "<name>|<filter>|<dtype>|<rows>,<columns>,..." is a tensor of bytes, which a
// filter rearranges before deflation.
enum class Filter {
  /// First bytes of all elements, then their second ones, ...
  planes,
  /// F32 whose rows, along the first dimension, are integers times a scale per
  /// row (row_codes.h): the scales, as planes, and one byte per number.
  coded_rows,
  /// Integers less the one before each, as planes: small where they ascend.
  steps,
};

struct Mark {
  Filter filter;
  const char* text;
};

constexpr Mark kMarks[] = {{Filter::planes, "|deflate|"},
                           {Filter::coded_rows, "|coded|"},
                           {Filter::steps, "|steps|"}};
constexpr std::size_t kSmall = 512;         // bytes that are not worth it
constexpr std::uint64_t kMostRatio = 1040;  // deflate gives 1032 at most
constexpr std::uint64_t kMostBytes = std::numeric_limits<uInt>::max();
constexpr int kRawDeflate = -15;  // without header, the largest window
constexpr int kMemory = 9;

[[noreturn]] void damaged_tensor(const std::string& name) {
  throw FormatError("The archive is damaged: the compressed tensor `" + name +
                    "` does not unfold to what it announces.");
}

/// F32 as F16 if that restores every bit.
void narrow(ArchiveTensor* tensor) {
  if (tensor->dtype != "F32") return;
  const std::size_t n = tensor->bytes.size() / sizeof(float);
  Bytes halves(n * sizeof(std::uint16_t));
  for (std::size_t i = 0; i < n; ++i) {
    float value = 0;
    std::memcpy(&value, tensor->bytes.data() + i * sizeof(value),
                sizeof(value));
    const std::uint16_t half = to_half(value);
    if (bits_of(from_half(half)) != bits_of(value)) return;
    std::memcpy(halves.data() + i * sizeof(half), &half, sizeof(half));
  }
  tensor->dtype = "F16";
  tensor->bytes = std::move(halves);
}

/// A stream of zlib, ended with its scope.
class Stream {
 public:
  using End = int (*)(z_streamp);
  Stream(const Bytes& in, End end) : end_(end) {
    // zlib does not write to its input; its interface is older than const.
    stream_.next_in = const_cast<Bytef*>(in.data());
    stream_.avail_in = static_cast<uInt>(in.size());
  }
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;
  ~Stream() { end_(&stream_); }

  [[nodiscard]] z_stream* get() { return &stream_; }
  static void check_start(int status) {
    if (status == Z_MEM_ERROR) throw std::bad_alloc();
    if (status != Z_OK) throw InternalError("zlib could not be started.");
  }
  void write_to(Bytes* out) {
    stream_.next_out = out->data();
    stream_.avail_out = static_cast<uInt>(out->size());
  }

 private:
  z_stream stream_{};
  End end_;
};

Bytes deflated(const Bytes& bytes) {
  Stream stream(bytes, ::deflateEnd);
  z_stream* const z = stream.get();
  Stream::check_start(::deflateInit2(z, Z_DEFAULT_COMPRESSION, Z_DEFLATED,
                                     kRawDeflate, kMemory, Z_DEFAULT_STRATEGY));
  Bytes out(::deflateBound(z, static_cast<uLong>(bytes.size())));
  stream.write_to(&out);
  const int status = ::deflate(z, Z_FINISH);
  out.resize(out.size() - z->avail_out);
  if (status != Z_STREAM_END) throw InternalError("zlib did not end.");
  return out;
}

/// Neither more nor less than `size` bytes.
Bytes inflated(const Bytes& bytes, std::size_t size, const std::string& name) {
  Stream stream(bytes, ::inflateEnd);
  z_stream* const z = stream.get();
  Stream::check_start(::inflateInit2(z, kRawDeflate));
  Bytes out(size);
  stream.write_to(&out);
  const int status = ::inflate(z, Z_FINISH);
  if (status == Z_MEM_ERROR) throw std::bad_alloc();
  if (status != Z_STREAM_END || z->avail_out != 0 || z->avail_in != 0) {
    damaged_tensor(name);
  }
  return out;
}

std::size_t width_of(const ArchiveTensor& tensor) {
  return static_cast<std::size_t>(archive::element_size(tensor.dtype));
}

/// First bytes of all elements of `width` bytes, then their second ones, ...;
/// `back` undoes it.
Bytes by_planes(const Bytes& bytes, std::size_t width, bool back) {
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

/// Each number less the one before it, modulo their range; `back` undoes it.
template <class Number>
Bytes steps_of(const Bytes& bytes, bool back) {
  Bytes out(bytes.size());
  Number before = 0;
  for (std::size_t i = 0; i < bytes.size(); i += sizeof(Number)) {
    Number x = 0;
    std::memcpy(&x, bytes.data() + i, sizeof(x));
    const auto y = static_cast<Number>(back ? before + x : x - before);
    std::memcpy(out.data() + i, &y, sizeof(y));
    before = back ? y : x;
  }
  return out;
}

bool has_steps(const ArchiveTensor& tensor) {
  return tensor.dtype == "I32" || tensor.dtype == "I64";
}

Bytes steps_of(const Bytes& bytes, const ArchiveTensor& tensor, bool back) {
  return tensor.dtype == "I32" ? steps_of<std::uint32_t>(bytes, back)
                               : steps_of<std::uint64_t>(bytes, back);
}

/// Numbers of a row along the first dimension.
std::size_t row_size(const ArchiveTensor& tensor) {
  const std::int64_t rows = tensor.shape[0];
  const std::int64_t count = archive::element_count(tensor.shape);
  return rows == 0 ? 0 : static_cast<std::size_t>(count / rows);
}

bool has_rows(const ArchiveTensor& tensor) {
  return tensor.dtype == "F32" && tensor.shape.size() > 1;
}

/// Empty if codes would not restore every bit.
Bytes coded_rows(const ArchiveTensor& tensor) {
  if (!has_rows(tensor)) return {};
  const auto rows = static_cast<std::size_t>(tensor.shape[0]);
  const std::size_t cols = row_size(tensor);
  std::vector<float> row(cols), scales(rows);
  std::vector<std::int8_t> codes(rows * cols);
  for (std::size_t i = 0; i < rows; ++i) {
    const std::size_t size = cols * sizeof(row[0]);
    std::memcpy(row.data(), tensor.bytes.data() + i * size, size);
    if (!code_row(row.data(), cols, codes.data() + i * cols, &scales[i])) {
      return {};
    }
  }
  Bytes plain(rows * sizeof(scales[0]));
  std::memcpy(plain.data(), scales.data(), plain.size());
  Bytes out = by_planes(plain, sizeof(scales[0]), /*back=*/false);
  out.insert(out.end(), codes.begin(), codes.end());
  return out;
}

Bytes rows_of_codes(const Bytes& bytes, const ArchiveTensor& tensor) {
  const auto rows = static_cast<std::size_t>(tensor.shape[0]);
  const std::size_t cols = row_size(tensor);
  std::vector<float> row(cols), scales(rows);
  const auto middle =
      bytes.begin() + static_cast<std::ptrdiff_t>(rows * sizeof(scales[0]));
  const Bytes plain =
      by_planes({bytes.begin(), middle}, sizeof(scales[0]), /*back=*/true);
  std::memcpy(scales.data(), plain.data(), plain.size());
  const std::vector<std::int8_t> codes(middle, bytes.end());
  const std::size_t size = cols * sizeof(row[0]);
  Bytes out(rows * size);
  for (std::size_t i = 0; i < rows; ++i) {
    row_of_codes(codes.data() + i * cols, cols, scales[i], row.data());
    std::memcpy(out.data() + i * size, row.data(), size);
  }
  return out;
}

/// Number of bytes before deflation, or -1 if the filter does not suit the
/// type and shape.
std::int64_t filtered_size(Filter filter, const ArchiveTensor& tensor) {
  const std::int64_t count = archive::element_count(tensor.shape);
  if (filter == Filter::steps && !has_steps(tensor)) return -1;
  if (filter != Filter::coded_rows) {
    return count * archive::element_size(tensor.dtype);
  }
  constexpr std::int64_t kEachScale = sizeof(float);
  constexpr std::int64_t kMostRows = std::numeric_limits<std::int32_t>::max();
  if (!has_rows(tensor) || tensor.shape[0] > kMostRows) return -1;
  return count + tensor.shape[0] * kEachScale;
}

/// The mark in a packed tensor's name and its position.
struct Place {
  Mark mark = kMarks[0];
  std::size_t begin = std::string::npos, end = std::string::npos;
};

Place find_mark(const std::string& name) {
  for (const Mark& mark : kMarks) {
    const std::size_t at = name.find(mark.text);
    if (at != std::string::npos) {
      return {mark, at, at + std::strlen(mark.text)};
    }
  }
  return {};
}

std::string packed_name(const std::string& name, const Mark& mark,
                        const ArchiveTensor& tensor) {
  std::string out = name + mark.text + tensor.dtype + "|";
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

/// Unpacks a tensor with this name. Its size is checked before memory is
/// allocated.
ArchiveTensor unpacked_tensor(const std::string& name, const Place& place,
                              const ArchiveTensor& packed) {
  const std::size_t bar = name.find('|', place.end);
  if (bar == std::string::npos || packed.dtype != "U8") damaged_tensor(name);
  ArchiveTensor out;
  out.dtype = name.substr(place.end, bar - place.end);
  out.shape = parse_shape(name.substr(bar + 1), name);
  if (archive::element_size(out.dtype) == 0 ||
      archive::element_count(out.shape) < 0) {
    damaged_tensor(name);
  }
  const Filter filter = place.mark.filter;
  const std::int64_t size = filtered_size(filter, out);
  const auto n = static_cast<std::uint64_t>(size);
  if (size < 0 || n > kMostBytes || n > kMostRatio * packed.bytes.size()) {
    damaged_tensor(name);
  }
  out.bytes = inflated(packed.bytes, static_cast<std::size_t>(n), name);
  if (filter == Filter::coded_rows) {
    out.bytes = rows_of_codes(out.bytes, out);
    return out;
  }
  out.bytes = by_planes(out.bytes, width_of(out), /*back=*/true);
  if (filter == Filter::steps) {
    out.bytes = steps_of(out.bytes, out, /*back=*/true);
  }
  return out;
}

/// What a filter that suits the tensor makes of it; the filter that gives less
/// after deflation, where two do.
std::pair<Filter, Bytes> smallest(const ArchiveTensor& tensor) {
  Bytes bytes = coded_rows(tensor);
  if (!bytes.empty()) return {Filter::coded_rows, deflated(bytes)};
  const std::size_t width = width_of(tensor);
  bytes = deflated(by_planes(tensor.bytes, width, /*back=*/false));
  if (!has_steps(tensor)) return {Filter::planes, std::move(bytes)};
  Bytes steps = deflated(by_planes(
      steps_of(tensor.bytes, tensor, /*back=*/false), width, /*back=*/false));
  if (steps.size() >= bytes.size()) return {Filter::planes, std::move(bytes)};
  return {Filter::steps, std::move(steps)};
}

/// Packs with the filter that suits, if worthwhile; returns the name to store
/// the tensor under.
std::string pack(const std::string& name, ArchiveTensor* tensor) {
  if (find_mark(name).begin != std::string::npos) return name;
  narrow(tensor);
  const std::size_t size = tensor->bytes.size();
  if (size < kSmall || size > kMostBytes / 2) return name;
  auto [filter, bytes] = smallest(*tensor);
  const Mark& mark = kMarks[static_cast<std::size_t>(filter)];
  if (bytes.size() >= size - size / 16) return name;
  std::string stored = packed_name(name, mark, *tensor);
  const auto n = static_cast<std::int64_t>(bytes.size());
  *tensor = {"U8", {n}, std::move(bytes)};
  return stored;
}

}  // namespace

Archive packed(Archive archive) {
  using Item = std::pair<const std::string, ArchiveTensor>;
  std::vector<Item*> items;
  for (Item& item : archive.tensors) items.push_back(&item);
  std::sort(items.begin(), items.end(), [](const Item* x, const Item* y) {
    return x->second.bytes.size() > y->second.bytes.size();
  });
  std::vector<std::string> stored(items.size());
  parallel_for(static_cast<std::int64_t>(items.size()), /*threads=*/0,
               [&](std::int64_t k) {
                 const auto i = static_cast<std::size_t>(k);
                 stored[i] = pack(items[i]->first, &items[i]->second);
               });
  Archive out;
  out.metadata = std::move(archive.metadata);
  for (std::size_t i = 0; i < items.size(); ++i) {
    out.tensors[stored[i]] = std::move(items[i]->second);
  }
  return out;
}

Archive unpacked(const Archive& archive) {
  using Item = std::pair<const std::string, ArchiveTensor>;
  std::vector<const Item*> items;
  for (const Item& item : archive.tensors) items.push_back(&item);
  std::vector<ArchiveTensor> tensors(items.size());
  std::vector<Place> places(items.size());
  parallel_for(static_cast<std::int64_t>(items.size()), /*threads=*/0,
               [&](std::int64_t k) {
                 const auto i = static_cast<std::size_t>(k);
                 const auto& [name, tensor] = *items[i];
                 places[i] = find_mark(name);
                 tensors[i] = places[i].begin == std::string::npos
                                  ? tensor
                                  : unpacked_tensor(name, places[i], tensor);
               });
  Archive out;
  out.metadata = archive.metadata;
  for (std::size_t i = 0; i < items.size(); ++i) {
    const std::string name = items[i]->first.substr(0, places[i].begin);
    if (!out.tensors.emplace(name, std::move(tensors[i])).second) {
      damaged_tensor(items[i]->first);
    }
  }
  return out;
}

}  // namespace musl
