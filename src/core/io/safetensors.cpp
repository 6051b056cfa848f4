#include "io/safetensors.h"

#include <algorithm>
#include <cstring>
#include <limits>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "base/error.h"
#include "base/matrix.h"

namespace musl {

namespace {

using Json = nlohmann::json;

[[noreturn]] void damaged(const std::string& what) { throw FormatError(what); }

std::uint64_t whole_number(const Json& value, const std::string& name) {
  if (!value.is_number_unsigned()) {
    damaged("shape and offsets of `" + name + "` must be whole numbers");
  }
  return value.get<std::uint64_t>();
}

void check_extent(const std::string& name, const StoredTensor& tensor) {
  const std::int64_t each = archive::element_size(tensor.dtype);
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

std::int64_t archive::element_size(const std::string& dtype) {
  static const std::map<std::string, std::int64_t> sizes = {
      {"BOOL", 1}, {"U8", 1},  {"I8", 1},      {"F8_E5M2", 1},
      {"I16", 2},  {"U16", 2}, {"F16", 2},     {"BF16", 2},
      {"I32", 4},  {"U32", 4}, {"F32", 4},     {"I64", 8},
      {"U64", 8},  {"F64", 8}, {"F8_E4M3", 1}, {"C64", 8}};
  const auto found = sizes.find(dtype);
  return found == sizes.end() ? 0 : found->second;
}

std::int64_t archive::element_count(const std::vector<std::int64_t>& shape) {
  std::int64_t count = 1;
  for (const std::int64_t dimension : shape) {
    if (dimension < 0) return -1;
    if (dimension > 0 &&
        count > std::numeric_limits<std::int64_t>::max() / 16 / dimension) {
      return -1;
    }
    count *= dimension;
  }
  return count;
}

std::uint64_t archive::header_length(const std::uint8_t* start,
                                     std::uint64_t size) {
  if (size <= kLengthBytes) {
    damaged("it must have at least 9 bytes, not " + std::to_string(size));
  }
  std::uint64_t length = 0;
  for (std::size_t i = kLengthBytes; i-- > 0;) length = length << 8 | start[i];
  if (start[kLengthBytes] != '{' || length > kMaxHeader) {
    damaged("it does not begin as the format does");
  }
  if (length > size - kLengthBytes) {
    damaged("its header must have " + std::to_string(length) + " bytes, " +
            std::to_string(size - kLengthBytes) +
            " are there; is the file whole?");
  }
  return length;
}

std::int64_t StoredTensor::size() const {
  return archive::element_count(shape);
}

Json parse_json_header(const std::string& text) {
  Json header = Json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (!header.is_object()) damaged("its header is no JSON object");
  return header;
}

StoredTensors stored_tensors(const Json& header, std::uint64_t data_bytes) {
  StoredTensors tensors;
  for (const auto& item : header.items()) {
    if (item.key() == archive::kMetadata) continue;
    if (item.key().find('\0') != std::string::npos) {
      damaged("its header has a zero byte in the name of a tensor");
    }
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
  file_.read(0, std::min<std::uint64_t>(sizeof(start), size), start);
  try {
    const std::uint64_t length = archive::header_length(start, size);
    data_start_ = archive::kLengthBytes + length;
    std::string text(static_cast<std::size_t>(length), '\0');
    file_.read(archive::kLengthBytes, length, text.data());
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
