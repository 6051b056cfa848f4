#include <zlib.h>

#include <algorithm>
#include <cstring>
#include <limits>
#include <new>
#include <utility>

#include "io/archive_filters.h"
#include "io/archive_layout.h"
#include "musl/archive.h"
#include "musl/error.h"
#include "musl/half.h"
#include "musl/parallel.h"

namespace musl {

namespace {

using archive::Bytes;
using archive::Filter;

// "<name>|<filter>|<dtype>|<rows>,<columns>,..." is a tensor of bytes.
constexpr std::size_t kSmall = 512;         // bytes that are not worth it
constexpr std::uint64_t kMostRatio = 1040;  // deflate gives 1032 at most
constexpr std::uint64_t kMostBytes = std::numeric_limits<uInt>::max();
constexpr int kRawDeflate = -15;  // without header, the largest window
constexpr int kMemory = 9;
constexpr std::size_t kEachPiece = 16;       // bytes, more than it may add
constexpr std::size_t kMostTried = 4 << 20;  // bytes that are deflated twice

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

/// How to deflate.
struct Way {
  int strategy = Z_RLE;
  /// Every so many bytes, counted from the end, codes begin anew; 0 for never.
  std::size_t piece = 0;
};

/// Deflates the next n bytes; a piece ends if `flush` says so.
void deflate_next(std::size_t n, int flush, z_stream* z) {
  z->avail_in = static_cast<uInt>(n);
  (void)::deflate(z, flush);
}

Bytes deflated(const Bytes& bytes, const Way& way) {
  Stream stream(bytes, ::deflateEnd);
  z_stream* const z = stream.get();
  Stream::check_start(::deflateInit2(z, Z_DEFAULT_COMPRESSION, Z_DEFLATED,
                                     kRawDeflate, kMemory, way.strategy));
  const std::size_t n_pieces = way.piece == 0 ? 0 : bytes.size() / way.piece;
  Bytes out(::deflateBound(z, static_cast<uLong>(bytes.size())) +
            n_pieces * kEachPiece);
  stream.write_to(&out);
  if (way.piece > 0) {
    deflate_next(bytes.size() % way.piece, Z_BLOCK, z);
    for (std::size_t i = 0; i < n_pieces; ++i) {
      deflate_next(way.piece, Z_BLOCK, z);
    }
  }
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

std::string mark_of(Filter filter) {
  return std::string("|") + archive::filter_name(filter) + "|";
}

/// Position of the mark in a packed tensor's name, and its filter.
struct Mark {
  Filter filter = Filter::planes;
  std::size_t begin = std::string::npos, end = std::string::npos;
};

Mark find_mark(const std::string& name) {
  for (const Filter filter : archive::kFilters) {
    const std::string mark = mark_of(filter);
    const std::size_t at = name.find(mark);
    if (at != std::string::npos) return {filter, at, at + mark.size()};
  }
  return {};
}

bool is_packed(const std::string& name) {
  return find_mark(name).begin != std::string::npos;
}

std::string packed_name(const std::string& name, Filter filter,
                        const ArchiveTensor& tensor) {
  std::string out = name + mark_of(filter) + tensor.dtype + "|";
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
ArchiveTensor unpacked_tensor(const std::string& name, const Mark& mark,
                              const ArchiveTensor& packed) {
  const std::size_t bar = name.find('|', mark.end);
  if (bar == std::string::npos || packed.dtype != "U8") damaged_tensor(name);
  ArchiveTensor out;
  out.dtype = name.substr(mark.end, bar - mark.end);
  out.shape = parse_shape(name.substr(bar + 1), name);
  if (archive::element_size(out.dtype) == 0 ||
      archive::element_count(out.shape) < 0) {
    damaged_tensor(name);
  }
  const std::int64_t size = archive::filtered_size(mark.filter, out);
  const auto n = static_cast<std::uint64_t>(size);
  if (size < 0 || n > kMostBytes || n > kMostRatio * packed.bytes.size()) {
    damaged_tensor(name);
  }
  out.bytes = archive::restored(
      mark.filter, inflated(packed.bytes, static_cast<std::size_t>(n), name),
      out);
  return out;
}

/// A tensor's bytes after a filter, deflated; empty if the filter is no good.
struct Packed {
  Filter filter = Filter::planes;
  Bytes bytes;
};

/// With run lengths and Huffman codes, which suit all: longer matches take four
/// times as long. Columns of bytes differ in what they hold.
Packed packed_by(Filter filter, const ArchiveTensor& tensor) {
  const Bytes arranged = archive::filtered(filter, tensor);
  if (arranged.empty()) return {};
  Packed out = {filter, deflated(arranged, {})};
  const bool by_columns =
      filter == Filter::columns || filter == Filter::filled_rows;
  if (by_columns && arranged.size() <= kMostTried) {
    const auto rows = static_cast<std::size_t>(tensor.shape[0]);
    Bytes pieces = deflated(arranged, {Z_RLE, rows});
    if (pieces.size() < out.bytes.size()) out.bytes = std::move(pieces);
  }
  return out;
}

/// With longer matches, if they are shorter. Rows of bytes and of weights have
/// none.
void match_more(const ArchiveTensor& tensor, Packed* least) {
  const bool of_bytes = tensor.dtype == "U8" && tensor.shape.size() == 2;
  if (of_bytes || least->filter == Filter::coded_rows ||
      tensor.bytes.size() > kMostTried) {
    return;
  }
  Bytes bytes = deflated(archive::filtered(least->filter, tensor),
                         {Z_DEFAULT_STRATEGY, 0});
  if (bytes.size() < least->bytes.size()) least->bytes = std::move(bytes);
}

/// Packs with the filter that gives the smallest size, if worthwhile; returns
/// the name to store it under.
std::string pack(const std::string& name, ArchiveTensor* tensor) {
  if (is_packed(name)) return name;
  narrow(tensor);
  const std::size_t size = tensor->bytes.size();
  if (size < kSmall || size > kMostBytes / 2) return name;
  Packed least;
  for (const Filter filter : archive::filters_of(*tensor)) {
    Packed next = packed_by(filter, *tensor);
    if (next.bytes.empty()) continue;
    if (least.bytes.empty() || next.bytes.size() < least.bytes.size()) {
      least = std::move(next);
    }
  }
  match_more(*tensor, &least);
  if (least.bytes.size() >= size - size / 16) return name;
  std::string stored = packed_name(name, least.filter, *tensor);
  const auto n = static_cast<std::int64_t>(least.bytes.size());
  *tensor = {"U8", {n}, std::move(least.bytes)};
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
  std::vector<Mark> marks(items.size());
  parallel_for(static_cast<std::int64_t>(items.size()), /*threads=*/0,
               [&](std::int64_t k) {
                 const auto i = static_cast<std::size_t>(k);
                 const auto& [name, tensor] = *items[i];
                 marks[i] = find_mark(name);
                 tensors[i] = marks[i].begin == std::string::npos
                                  ? tensor
                                  : unpacked_tensor(name, marks[i], tensor);
               });
  Archive out;
  out.metadata = archive.metadata;
  for (std::size_t i = 0; i < items.size(); ++i) {
    const std::string name = items[i]->first.substr(0, marks[i].begin);
    if (!out.tensors.emplace(name, std::move(tensors[i])).second) {
      damaged_tensor(items[i]->first);
    }
  }
  return out;
}

}  // namespace musl
