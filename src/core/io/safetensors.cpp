#include "io/safetensors.h"

#include <algorithm>
#include <cstring>
#include <limits>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "musl/error.h"
#include "musl/matrix.h"

namespace musl {

namespace {

using Json = nlohmann::json;

constexpr std::size_t kMaxDepth = 8;

/// Checks the keys of every object; the parser alone keeps the last of two, and
/// with a callback takes time in the square of the keys.
class KeyCheck final : public nlohmann::json_sax<Json> {
 public:
  bool key(std::string& name) override {
    if (name.find('\0') != std::string::npos) {
      throw FormatError("its header has a zero byte in the name " +
                        show_field(name));
    }
    if (!keys_.back().insert(name).second) {
      throw FormatError("its header has " + show_field(name) + " twice");
    }
    return true;
  }
  bool start_object(std::size_t /*size*/) override { return open(); }
  bool start_array(std::size_t /*size*/) override { return open(); }
  bool end_object() override { return close(); }
  bool end_array() override { return close(); }
  bool null() override { return true; }
  bool boolean(bool /*value*/) override { return true; }
  bool number_integer(std::int64_t /*value*/) override { return true; }
  bool number_unsigned(std::uint64_t /*value*/) override { return true; }
  bool number_float(double /*value*/, const std::string& /*text*/) override {
    return true;
  }
  bool string(std::string& /*value*/) override { return true; }
  bool binary(Json::binary_t& /*value*/) override { return true; }
  bool parse_error(std::size_t /*position*/, const std::string& /*token*/,
                   const Json::exception& /*error*/) override {
    return false;
  }

 private:
  bool open() {
    if (keys_.size() > kMaxDepth) {
      throw FormatError("its header is nested too deep");
    }
    keys_.emplace_back();
    return true;
  }
  bool close() {
    keys_.pop_back();
    return true;
  }

  std::vector<std::set<std::string>> keys_;  // of what is open
};

}  // namespace

std::string show_field(std::string_view field) {
  constexpr std::size_t kMost = 40;
  std::size_t end = std::min(field.size(), kMost);
  // A character of several bytes is not cut in two.
  while (end > 0 && end < field.size() &&
         (static_cast<unsigned char>(field[end]) & 0xc0u) == 0x80u) {
    --end;
  }
  std::string shown = std::string(field.substr(0, end));
  for (char& c : shown) {
    if (static_cast<unsigned char>(c) < 0x20 || c == '\x7f') c = '?';
  }
  return "\"" + shown + (field.size() > end ? "..." : "") + "\"";
}

Json parse_json_header(const std::string& text) {
  KeyCheck check;
  Json header;
  if (Json::sax_parse(text, &check)) {
    header = Json::parse(text, nullptr, /*allow_exceptions=*/false);
  }
  if (!header.is_object()) throw FormatError("its header is no JSON object");
  return header;
}

namespace {

using Json = nlohmann::json;

[[noreturn]] void damaged(const std::string& what) { throw FormatError(what); }

/// Bytes of one element of any type the format knows, 0 for others.
std::int64_t stored_size(const std::string& dtype) {
  static const std::map<std::string, std::int64_t> sizes = {
      {"BOOL", 1}, {"U8", 1},  {"I8", 1},      {"F8_E5M2", 1},
      {"I16", 2},  {"U16", 2}, {"F16", 2},     {"BF16", 2},
      {"I32", 4},  {"U32", 4}, {"F32", 4},     {"I64", 8},
      {"U64", 8},  {"F64", 8}, {"F8_E4M3", 1}, {"C64", 8}};
  const auto found = sizes.find(dtype);
  return found == sizes.end() ? 0 : found->second;
}

std::uint64_t whole_number(const Json& value, const std::string& name) {
  if (!value.is_number_unsigned()) {
    damaged("shape and offsets of `" + name + "` must be whole numbers");
  }
  return value.get<std::uint64_t>();
}

void check_extent(const std::string& name, const StoredTensor& tensor) {
  const std::int64_t each = stored_size(tensor.dtype);
  const std::int64_t count = archive::element_count(tensor.shape);
  if (each == 0) {
    damaged("`" + name + "` has the unknown type \"" + tensor.dtype + "\"");
  }
  if (count < 0 || tensor.end < tensor.begin ||
      tensor.end - tensor.begin != static_cast<std::uint64_t>(count * each)) {
    damaged("shape and offsets of `" + name + "` do not agree");
  }
}

StoredTensor read_stored(const std::string& name, const Json& entry) {
  const bool complete =
      entry.is_object() && entry.contains("dtype") &&
      entry["dtype"].is_string() && entry.contains("shape") &&
      entry["shape"].is_array() && entry.contains("data_offsets") &&
      entry["data_offsets"].is_array() && entry["data_offsets"].size() == 2;
  if (!complete) damaged("tensor `" + name + "` lacks type, shape or offsets");
  StoredTensor tensor;
  tensor.dtype = entry["dtype"].get<std::string>();
  for (const auto& dimension : entry["shape"]) {
    const std::uint64_t value = whole_number(dimension, name);
    if (value >
        static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) {
      damaged("a dimension of `" + name + "` overflows");
    }
    tensor.shape.push_back(static_cast<std::int64_t>(value));
  }
  tensor.begin = whole_number(entry["data_offsets"][0], name);
  tensor.end = whole_number(entry["data_offsets"][1], name);
  check_extent(name, tensor);
  return tensor;
}

void check_layout(const StoredTensors& tensors, std::uint64_t data_bytes) {
  std::vector<std::pair<std::uint64_t, std::uint64_t>> extents;
  for (const auto& item : tensors) {
    extents.emplace_back(item.second.begin, item.second.end);
  }
  std::sort(extents.begin(), extents.end());
  std::uint64_t expected = 0;
  for (const auto& extent : extents) {
    if (extent.first != expected) damaged("its tensors overlap or leave gaps");
    expected = extent.second;
  }
  if (expected != data_bytes) {
    damaged("its tensors need " + std::to_string(expected) + " bytes, " +
            std::to_string(data_bytes) + " are there; is the file whole?");
  }
}

float from_bfloat(std::uint16_t bits) {
  const std::uint32_t wide = static_cast<std::uint32_t>(bits) << 16;
  float value = 0;
  std::memcpy(&value, &wide, sizeof(value));
  return value;
}

}  // namespace

std::int64_t StoredTensor::size() const {
  return archive::element_count(shape);
}

StoredTensors stored_tensors(const Json& header, std::uint64_t data_bytes) {
  StoredTensors tensors;
  for (const auto& item : header.items()) {
    if (item.key() == archive::kMetadata) continue;
    tensors[item.key()] = read_stored(item.key(), item.value());
  }
  check_layout(tensors, data_bytes);
  return tensors;
}

SafetensorsFile::SafetensorsFile(const std::string& path)
    : path_(path), file_(path) {
  read_header();
}

void SafetensorsFile::refuse(const std::string& what) const {
  throw FormatError("Can't read the safetensors file \"" + path_ +
                    "\": " + what + ".");
}

void SafetensorsFile::read_header() {
  const std::uint64_t size = file_.size();
  std::uint8_t start[archive::kLengthBytes + 1];
  if (size < sizeof(start)) {
    refuse("it must have at least 9 bytes, not " + std::to_string(size));
  }
  file_.read(0, sizeof(start), start);
  const std::uint64_t length = archive::header_length(start);
  if (start[archive::kLengthBytes] != '{' || length > archive::kMaxHeader) {
    refuse("it does not begin as the format does");
  }
  if (length > size - archive::kLengthBytes) {
    refuse("its header must have " + std::to_string(length) + " bytes, " +
           std::to_string(size - archive::kLengthBytes) +
           " are there; is the file whole?");
  }
  data_start_ = archive::kLengthBytes + length;
  std::string text(static_cast<std::size_t>(length), '\0');
  file_.read(archive::kLengthBytes, length, text.data());
  try {
    tensors_ = stored_tensors(parse_json_header(text), size - data_start_);
  } catch (const FormatError& error) {
    refuse(error.what());
  }
}

void SafetensorsFile::read_floats(const std::string& name, float* out) const {
  const StoredTensor& tensor = tensors_.at(name);
  const std::uint64_t offset = data_start_ + tensor.begin;
  const std::uint64_t bytes = tensor.end - tensor.begin;
  const auto count = static_cast<std::size_t>(tensor.size());
  if (tensor.dtype == "F32") {
    file_.read(offset, bytes, out);
  } else if (tensor.dtype == "F64") {
    std::vector<double> values(count);
    file_.read(offset, bytes, values.data());
    std::transform(values.begin(), values.end(), out,
                   [](double x) { return static_cast<float>(x); });
  } else if (tensor.dtype == "F16" || tensor.dtype == "BF16") {
    std::vector<std::uint16_t> values(count);
    file_.read(offset, bytes, values.data());
    const auto widen = tensor.dtype == "F16" ? from_half : from_bfloat;
    std::transform(values.begin(), values.end(), out, widen);
  } else {
    refuse("`" + name + "` must be of type F32, F16, BF16 or F64, not " +
           tensor.dtype);
  }
}

void SafetensorsFile::add_to(ContentHash* hash,
                             const std::function<void()>& step) const {
  std::vector<char> block(1 << 20);
  for (std::uint64_t at = 0; at < file_.size(); at += block.size()) {
    const auto n = static_cast<std::size_t>(
        std::min<std::uint64_t>(block.size(), file_.size() - at));
    file_.read(at, n, block.data());
    hash->update(block.data(), n);
    step();
  }
}

}  // namespace musl
