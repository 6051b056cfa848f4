#include "musl/archive.h"

#include <algorithm>
#include <cstring>
#include <limits>
#include <nlohmann/json.hpp>
#include <utility>

#include "musl/error.h"
#include "musl/half.h"

namespace musl {

namespace {

using Json =
    nlohmann::json;  // keys ascend, so that the bytes are deterministic

constexpr std::size_t kLengthBytes = 8;
constexpr std::size_t kAlignment = 8;
constexpr std::size_t kMaxHeader = 100 * 1000 * 1000;  // as in safetensors
constexpr char kMetadata[] = "__metadata__";
constexpr char kChecksumKey[] = "checksum";
constexpr char kUnset[] = "0000000000000000";
const std::vector<std::string> kReserved = {"format", "format_version",
                                            kChecksumKey};

/// Bytes of one element, 0 for a type we do not know.
std::int64_t element_size(const std::string& dtype) {
  if (dtype == "F64" || dtype == "I64") return 8;
  if (dtype == "F32" || dtype == "I32") return 4;
  if (dtype == "F16") return 2;
  if (dtype == "U8") return 1;
  return 0;
}

/// Number of elements, or -1 for a negative dimension or an overflow.
std::int64_t element_count(const std::vector<std::int64_t>& shape) {
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

std::uint64_t fnv1a(std::uint64_t hash, const std::uint8_t* data,
                    std::size_t size) {
  for (std::size_t i = 0; i < size; ++i) {
    hash = (hash ^ data[i]) * 0x100000001b3ULL;
  }
  return hash;
}

std::string hexadecimal(std::uint64_t value) {
  std::string out(16, '0');
  for (std::size_t i = 16; i-- > 0; value >>= 4) {
    out[i] = "0123456789abcdef"[value & 15];
  }
  return out;
}

/// FNV-1a of the header, its checksum field set to zeros, and of the data:
/// every byte of the file counts.
std::string checksum(const std::string& unset_header, const std::uint8_t* data,
                     std::size_t size) {
  const auto* text = reinterpret_cast<const std::uint8_t*>(unset_header.data());
  const std::uint64_t start =
      fnv1a(0xcbf29ce484222325ULL, text, unset_header.size());
  return hexadecimal(fnv1a(start, data, size));
}

/// Where the digits of the checksum stand in the header text.
std::size_t find_checksum(const std::string& header) {
  const std::string field = "\"" + std::string(kChecksumKey) + "\":\"";
  const std::size_t at = header.find(field);
  if (at == std::string::npos ||
      at + field.size() + sizeof(kUnset) > header.size() ||
      header.find(field, at + 1) != std::string::npos) {
    throw FormatError("The archive must hold one checksum; it is damaged.");
  }
  return at + field.size();
}

/// Names in file order: wide elements first, so that every tensor is aligned to
/// its element without gaps, which safetensors forbids.
std::vector<std::string> file_order(
    const std::map<std::string, ArchiveTensor>& tensors) {
  std::vector<std::string> names;
  for (const auto& item : tensors) names.push_back(item.first);
  std::stable_sort(names.begin(), names.end(),
                   [&](const std::string& x, const std::string& y) {
                     return element_size(tensors.at(x).dtype) >
                            element_size(tensors.at(y).dtype);
                   });
  return names;
}

void check_tensor(const std::string& name, const ArchiveTensor& tensor) {
  const std::int64_t count = element_count(tensor.shape);
  const std::int64_t size = element_size(tensor.dtype);
  if (name == kMetadata || size == 0 || count < 0 ||
      count * size != static_cast<std::int64_t>(tensor.bytes.size())) {
    throw ShapeError("Tensor `" + name + "` must have as many bytes as its " +
                     "shape and type " + tensor.dtype + " need; found " +
                     std::to_string(tensor.bytes.size()) + ".");
  }
}

Json header_metadata(const Archive& archive) {
  Json json = Json::object();
  for (const auto& item : archive.metadata) json[item.first] = item.second;
  for (const auto& key : kReserved) {
    if (json.contains(key)) {
      throw InputError("Metadata key `" + key +
                       "` is the archive's own; use another name.");
    }
  }
  json["format"] = "musl";
  json["format_version"] = std::to_string(kFormatVersion);
  json[kChecksumKey] = kUnset;
  return json;
}

std::string header_text(const Archive& archive,
                        const std::vector<std::string>& order) {
  Json header = Json::object();
  header[kMetadata] = header_metadata(archive);
  std::size_t offset = 0;
  for (const auto& name : order) {
    const ArchiveTensor& tensor = archive.tensors.at(name);
    check_tensor(name, tensor);
    const std::size_t end = offset + tensor.bytes.size();
    header[name] = {{"dtype", tensor.dtype},
                    {"shape", tensor.shape},
                    {"data_offsets", {offset, end}}};
    offset = end;
  }
  std::string text;
  try {
    text = header.dump();
  } catch (const Json::type_error&) {
    throw InputError("Names and metadata of an archive must be UTF-8.");
  }
  text.append((kAlignment - text.size() % kAlignment) % kAlignment, ' ');
  return text;
}

[[noreturn]] void refuse(const std::string& what) {
  throw FormatError("The archive is damaged: " + what + ".");
}

/// The header's text; checks what the first eight bytes promise.
std::string read_header(const std::uint8_t* data, std::size_t size) {
  if (size < kLengthBytes) {
    refuse("it must have at least 8 bytes, not " + std::to_string(size));
  }
  std::uint64_t length = 0;
  for (std::size_t i = kLengthBytes; i-- > 0;) length = length << 8 | data[i];
  if (length > kMaxHeader || length > size - kLengthBytes) {
    refuse("a header of " + std::to_string(length) + " bytes is announced, " +
           std::to_string(size - kLengthBytes) + " bytes follow");
  }
  return std::string(reinterpret_cast<const char*>(data) + kLengthBytes,
                     static_cast<std::size_t>(length));
}

std::map<std::string, std::string> read_metadata(const Json& header) {
  const auto found = header.find(kMetadata);
  std::map<std::string, std::string> metadata;
  if (found != header.end() && found->is_object()) {
    for (const auto& item : found->items()) {
      if (!item.value().is_string()) refuse("its metadata must be strings");
      metadata[item.key()] = item.value().get<std::string>();
    }
  }
  if (metadata["format"] != "musl") {
    throw FormatError(
        "The file must be an archive of MuSL; its metadata do not say so.");
  }
  return metadata;
}

void check_version(const std::string& version) {
  const bool number =
      !version.empty() && version.size() < 10 &&
      version.find_first_not_of("0123456789") == std::string::npos;
  if (!number) refuse("format version \"" + version + "\" is no number");
  if (std::stoi(version) > kFormatVersion) {
    throw FormatError("The archive has format version " + version +
                      ", newer than " + std::to_string(kFormatVersion) +
                      ", the newest this version of MuSL reads. Update MuSL.");
  }
}

void check_checksum(std::string header, const std::uint8_t* data,
                    std::size_t size) {
  const std::size_t at = find_checksum(header);
  const std::size_t digits = sizeof(kUnset) - 1;
  const std::string found = header.substr(at, digits);
  header.replace(at, digits, kUnset);
  if (checksum(header, data, size) != found) {
    refuse("its checksum does not match its content");
  }
}

/// A tensor's place in the data section.
struct Extent {
  std::uint64_t begin;
  std::uint64_t end;
};

Extent read_extent(const std::string& name, const Json& entry,
                   ArchiveTensor* tensor) {
  const bool complete =
      entry.is_object() && entry.size() == 3 && entry.contains("dtype") &&
      entry["dtype"].is_string() && entry.contains("shape") &&
      entry["shape"].is_array() && entry.contains("data_offsets") &&
      entry["data_offsets"].is_array() && entry["data_offsets"].size() == 2;
  if (!complete) refuse("tensor `" + name + "` lacks type, shape or offsets");
  tensor->dtype = entry["dtype"].get<std::string>();
  for (const auto& dimension : entry["shape"]) {
    if (!dimension.is_number_unsigned()) refuse("`" + name + "` has no shape");
    tensor->shape.push_back(dimension.get<std::int64_t>());
  }
  const Json& offsets = entry["data_offsets"];
  if (!offsets[0].is_number_unsigned() || !offsets[1].is_number_unsigned()) {
    refuse("the offsets of `" + name + "` are no whole numbers");
  }
  const Extent extent{offsets[0].get<std::uint64_t>(),
                      offsets[1].get<std::uint64_t>()};
  const std::int64_t bytes_each = element_size(tensor->dtype);
  const std::int64_t count = element_count(tensor->shape);
  if (bytes_each == 0) {
    refuse("`" + name + "` has the unknown type \"" + tensor->dtype + "\"");
  }
  if (count < 0 || extent.end < extent.begin ||
      extent.end - extent.begin !=
          static_cast<std::uint64_t>(count * bytes_each)) {
    refuse("shape and offsets of `" + name + "` do not agree");
  }
  return extent;
}

void read_tensors(const Json& header, const std::uint8_t* data,
                  std::size_t size, Archive* archive) {
  std::vector<std::pair<Extent, std::string>> extents;
  for (const auto& item : header.items()) {
    if (item.key() == kMetadata) continue;
    ArchiveTensor& tensor = archive->tensors[item.key()];
    extents.emplace_back(read_extent(item.key(), item.value(), &tensor),
                         item.key());
  }
  std::sort(extents.begin(), extents.end(), [](const auto& x, const auto& y) {
    return std::make_pair(x.first.begin, x.first.end) <
           std::make_pair(y.first.begin, y.first.end);
  });
  std::uint64_t expected = 0;
  for (const auto& [extent, name] : extents) {
    if (extent.begin != expected) refuse("its tensors overlap or leave gaps");
    expected = extent.end;
  }
  if (expected != size) {
    refuse("its tensors need " + std::to_string(expected) + " bytes, " +
           std::to_string(size) + " are there");
  }
  for (const auto& [extent, name] : extents) {
    archive->tensors[name].bytes.assign(data + extent.begin, data + extent.end);
  }
}

template <class Value>
ArchiveTensor make_tensor(const char* dtype,
                          const std::vector<std::int64_t>& shape,
                          const Value* values) {
  const std::int64_t count = element_count(shape);
  if (count < 0) {
    throw ShapeError(
        "A tensor's dimensions must be 0 or more, and fit memory.");
  }
  ArchiveTensor tensor{dtype, shape, {}};
  tensor.bytes.resize(static_cast<std::size_t>(count) * sizeof(Value));
  if (count > 0) std::memcpy(tensor.bytes.data(), values, tensor.bytes.size());
  return tensor;
}

const ArchiveTensor& find_tensor(const Archive& archive,
                                 const std::string& name) {
  const auto found = archive.tensors.find(name);
  if (found == archive.tensors.end()) {
    throw FormatError("The archive must hold the tensor `" + name +
                      "`; it does not.");
  }
  return found->second;
}

template <class Value>
std::vector<Value> values_of(const ArchiveTensor& tensor,
                             const std::string& name, const char* dtype) {
  if (tensor.dtype != dtype ||
      element_count(tensor.shape) * static_cast<std::int64_t>(sizeof(Value)) !=
          static_cast<std::int64_t>(tensor.bytes.size())) {
    throw FormatError("Tensor `" + name + "` must be of type " + dtype +
                      " and of the size of its shape; it is " + tensor.dtype +
                      " with " + std::to_string(tensor.bytes.size()) +
                      " bytes.");
  }
  std::vector<Value> values(tensor.bytes.size() / sizeof(Value));
  if (!values.empty()) {
    std::memcpy(values.data(), tensor.bytes.data(), tensor.bytes.size());
  }
  return values;
}

}  // namespace

void Archive::put(const std::string& name,
                  const std::vector<std::int64_t>& shape, const float* values) {
  tensors[name] = make_tensor("F32", shape, values);
}

void Archive::put(const std::string& name,
                  const std::vector<std::int64_t>& shape,
                  const std::int32_t* values) {
  tensors[name] = make_tensor("I32", shape, values);
}

void Archive::put(const std::string& name,
                  const std::vector<std::int64_t>& shape,
                  const std::int64_t* values) {
  tensors[name] = make_tensor("I64", shape, values);
}

void Archive::put(const std::string& name,
                  const std::vector<std::int64_t>& shape,
                  const double* values) {
  tensors[name] = make_tensor("F64", shape, values);
}

void Archive::put(const std::string& name,
                  const std::vector<std::int64_t>& shape,
                  const std::uint8_t* values) {
  tensors[name] = make_tensor("U8", shape, values);
}

void Archive::put_half(const std::string& name,
                       const std::vector<std::int64_t>& shape,
                       const float* values) {
  const auto count =
      static_cast<std::size_t>(std::max<std::int64_t>(0, element_count(shape)));
  std::vector<std::uint16_t> half(count);
  std::transform(values, values + count, half.begin(), to_half);
  tensors[name] = make_tensor("F16", shape, half.data());
}

bool Archive::has(const std::string& name) const {
  return tensors.count(name) > 0;
}

std::vector<float> Archive::floats(const std::string& name) const {
  const ArchiveTensor& tensor = find_tensor(*this, name);
  if (tensor.dtype != "F16") return values_of<float>(tensor, name, "F32");
  const auto half = values_of<std::uint16_t>(tensor, name, "F16");
  std::vector<float> values(half.size());
  std::transform(half.begin(), half.end(), values.begin(), from_half);
  return values;
}

std::vector<double> Archive::doubles(const std::string& name) const {
  return values_of<double>(find_tensor(*this, name), name, "F64");
}

std::vector<std::int32_t> Archive::ints(const std::string& name) const {
  return values_of<std::int32_t>(find_tensor(*this, name), name, "I32");
}

std::vector<std::int64_t> Archive::longs(const std::string& name) const {
  return values_of<std::int64_t>(find_tensor(*this, name), name, "I64");
}

std::vector<std::uint8_t> Archive::bytes(const std::string& name) const {
  return values_of<std::uint8_t>(find_tensor(*this, name), name, "U8");
}

const std::vector<std::int64_t>& Archive::shape(const std::string& name) const {
  return find_tensor(*this, name).shape;
}

std::vector<std::uint8_t> write_archive(const Archive& archive) {
  const std::vector<std::string> order = file_order(archive.tensors);
  std::string header = header_text(archive, order);
  std::vector<std::uint8_t> out(kLengthBytes + header.size());
  for (const auto& name : order) {
    const auto& bytes = archive.tensors.at(name).bytes;
    out.insert(out.end(), bytes.begin(), bytes.end());
  }
  const std::size_t start = kLengthBytes + header.size();
  const std::string sum =
      checksum(header, out.data() + start, out.size() - start);
  header.replace(find_checksum(header), sum.size(), sum);
  for (std::size_t i = 0; i < kLengthBytes; ++i) {
    out[i] = static_cast<std::uint8_t>(header.size() >> (8 * i));
  }
  std::copy(header.begin(), header.end(), out.begin() + kLengthBytes);
  return out;
}

Archive read_archive(const std::uint8_t* data, std::size_t size) {
  const std::string text = read_header(data, size);
  const Json header = Json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (!header.is_object()) refuse("its header is no JSON object");

  Archive archive;
  archive.metadata = read_metadata(header);
  check_version(archive.metadata["format_version"]);
  const std::size_t start = kLengthBytes + text.size();
  check_checksum(text, data + start, size - start);
  for (const auto& key : kReserved) archive.metadata.erase(key);
  read_tensors(header, data + start, size - start, &archive);
  return archive;
}

}  // namespace musl
