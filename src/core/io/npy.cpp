#include <algorithm>
#include <charconv>
#include <cstring>
#include <string_view>

#include "io/archive_layout.h"
#include "io/text_memory.h"
#include "musl/embedding_file.h"
#include "musl/error.h"
#include "musl/half.h"
#include "musl/text_file.h"

namespace musl {

namespace {

constexpr std::string_view kNpyMagic("\x93NUMPY", 6);
constexpr std::size_t kMaxHeader = 1 << 16;

[[noreturn]] void refuse_npy(
    const std::string& name, const std::string& what,
    const std::string& remedy = "Write it again by numpy.save().") {
  refuse_text(name, 0, "", what, remedy);
}

struct Header {
  std::string type;
  bool fortran = false;
  std::vector<std::int64_t> shape;
  std::size_t data_start = 0;
};

std::size_t little_endian(std::string_view bytes) {
  std::size_t value = 0;
  for (std::size_t i = bytes.size(); i-- > 0;) {
    value = value << 8 | static_cast<unsigned char>(bytes[i]);
  }
  return value;
}

/// The text after a key of the header, a Python literal.
std::string_view value_of(const std::string& name, std::string_view text,
                          const std::string& key) {
  const std::size_t at = text.find("'" + key + "'");
  const std::size_t colon = text.find(':', at);
  if (at == std::string_view::npos || colon == std::string_view::npos) {
    refuse_npy(name, "the header of its array lacks " + key);
  }
  text.remove_prefix(colon + 1);
  const std::size_t first = text.find_first_not_of(' ');
  return first == std::string_view::npos ? "" : text.substr(first);
}

std::vector<std::int64_t> read_shape(const std::string& name,
                                     std::string_view text) {
  const std::size_t end = text.find(')');
  if (text.empty() || text[0] != '(' || end == std::string_view::npos) {
    refuse_npy(name, "the shape of its array is damaged");
  }
  text = text.substr(1, end - 1);
  std::vector<std::int64_t> shape;
  while (!text.empty()) {
    const std::size_t first = text.find_first_not_of(" ,");
    if (first == std::string_view::npos) break;
    text.remove_prefix(first);
    std::int64_t dimension = 0;
    const auto [stop, error] =
        std::from_chars(text.data(), text.data() + text.size(), dimension);
    if (error != std::errc() || dimension < 0) {
      refuse_npy(name, "the shape of its array is damaged or too large");
    }
    shape.push_back(dimension);
    text.remove_prefix(static_cast<std::size_t>(stop - text.data()));
  }
  return shape;
}

Header read_header(const std::string& name, std::string_view bytes) {
  if (bytes.substr(0, kNpyMagic.size()) != kNpyMagic || bytes.size() < 12) {
    refuse_npy(name, "it is no NumPy array, or truncated");
  }
  const int version = static_cast<unsigned char>(bytes[6]);
  if (version < 1 || version > 3) {
    refuse_npy(name,
               "its array has the unknown version " + std::to_string(version));
  }
  const std::size_t digits = version == 1 ? 2 : 4;
  const std::size_t start = kNpyMagic.size() + 2 + digits;
  const std::size_t length = little_endian(bytes.substr(8, digits));
  if (length > kMaxHeader || length > bytes.size() - start) {
    refuse_npy(name, "a header of " + std::to_string(length) +
                         " bytes is announced, " +
                         std::to_string(bytes.size() - start) +
                         " bytes follow");
  }
  const std::string_view text = bytes.substr(start, length);
  Header out;
  out.data_start = start + length;
  const std::string_view type = value_of(name, text, "descr");
  if (type.empty() || type[0] != '\'') {
    refuse_npy(name, "its array has fields, not numbers alone");
  }
  out.type = type.substr(1, type.find('\'', 1) - 1);
  out.fortran = value_of(name, text, "fortran_order").substr(0, 4) == "True";
  out.shape = read_shape(name, value_of(name, text, "shape"));
  return out;
}

/// Bytes of one number of a supported type, else an error with the reason.
std::size_t number_bytes(const std::string& name, const std::string& type) {
  if (type == "<f2") return 2;
  if (type == "<f4") return 4;
  if (type == "<f8") return 8;
  if (type == "|O" || type == "O") {
    refuse_npy(name, "its array holds Python objects, which run code when read",
               "Save numbers: numpy.save(path, numpy.asarray(x, dtype='f4')).");
  }
  refuse_npy(
      name,
      "its array has the type " + show_field(type) + ", not <f2, <f4 or <f8",
      "Save it as numbers of single precision: "
      "numpy.save(path, x.astype('<f4')).");
}

double number_at(const char* data, std::size_t bytes) {
  if (bytes == 8) {
    double value = 0;
    std::memcpy(&value, data, sizeof(value));
    return value;
  }
  if (bytes == 4) {
    float value = 0;
    std::memcpy(&value, data, sizeof(value));
    return static_cast<double>(value);
  }
  std::uint16_t half = 0;
  std::memcpy(&half, data, sizeof(half));
  return static_cast<double>(from_half(half));
}

EmbeddingTable parse(const std::string& name, std::string_view bytes) {
  const Header header = read_header(name, bytes);
  const std::size_t each = number_bytes(name, header.type);
  if (header.shape.empty() || header.shape.size() > 2) {
    refuse_npy(name,
               "its array has " + std::to_string(header.shape.size()) +
                   " dimensions, not one or two",
               "Save one row a protein, such as the mean over its residues.");
  }
  const std::int64_t count = archive::element_count(header.shape);
  const std::size_t there = bytes.size() - header.data_start;
  if (count < 0 || static_cast<std::uint64_t>(count) * each != there) {
    refuse_npy(name, "its array must have " + std::to_string(count) +
                         " numbers; " + std::to_string(there / each) +
                         " are there");
  }
  EmbeddingTable out;
  out.rows = header.shape.size() == 2 ? header.shape[0] : 1;
  out.columns = header.shape.back();
  // An array without numbers may announce any number of rows.
  if (std::max(out.rows, out.columns) > kMaxExtent) {
    refuse_npy(name, "its array is " + std::to_string(out.rows) + " x " +
                         std::to_string(out.columns) +
                         ", and R's matrices have 2^31 - 1 rows at most");
  }
  if (count == 0) return out;
  out.values.resize(static_cast<std::size_t>(count));
  const char* data = bytes.data() + header.data_start;
  for (std::int64_t r = 0; r < out.rows; ++r) {
    for (std::int64_t c = 0; c < out.columns; ++c) {
      const std::int64_t from =
          header.fortran ? c * out.rows + r : r * out.columns + c;
      out.values[static_cast<std::size_t>(c * out.rows + r)] =
          number_at(data + static_cast<std::size_t>(from) * each, each);
    }
  }
  return out;
}

}  // namespace

EmbeddingTable parse_npy(const std::string& name, const std::uint8_t* data,
                         std::size_t size) {
  return parse(name, {reinterpret_cast<const char*>(data), size});
}

EmbeddingTable read_npy(const std::string& path) {
  const MappedFile file(path);
  EmbeddingTable out = parse(path, file.bytes());
  file.check_size();
  return out;
}

}  // namespace musl
