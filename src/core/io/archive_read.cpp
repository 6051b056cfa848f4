#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "io/archive_layout.h"
#include "musl/archive.h"
#include "musl/error.h"

namespace musl {

namespace {

using Json = nlohmann::json;

constexpr std::size_t kMaxHeader = 100 * 1000 * 1000;  // as in safetensors

[[noreturn]] void refuse(const std::string& what) {
  throw FormatError("The archive is damaged: " + what + ".");
}

/// The header's text; checks what the first eight bytes promise.
std::string read_header(const std::uint8_t* data, std::size_t size) {
  if (size < archive::kLengthBytes) {
    refuse("it must have at least 8 bytes, not " + std::to_string(size));
  }
  std::uint64_t length = 0;
  for (std::size_t i = archive::kLengthBytes; i-- > 0;) {
    length = length << 8 | data[i];
  }
  if (length > kMaxHeader || length > size - archive::kLengthBytes) {
    refuse("a header of " + std::to_string(length) + " bytes is announced, " +
           std::to_string(size - archive::kLengthBytes) + " bytes follow");
  }
  return std::string(
      reinterpret_cast<const char*>(data) + archive::kLengthBytes,
      static_cast<std::size_t>(length));
}

std::map<std::string, std::string> read_metadata(const Json& header) {
  const auto found = header.find(archive::kMetadata);
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
  const std::size_t at = archive::find_checksum(header);
  const std::size_t digits = sizeof(archive::kUnset) - 1;
  const std::string found = header.substr(at, digits);
  header.replace(at, digits, archive::kUnset);
  if (archive::checksum(header, data, size) != found) {
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
  const std::int64_t bytes_each = archive::element_size(tensor->dtype);
  const std::int64_t count = archive::element_count(tensor->shape);
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
    if (item.key() == archive::kMetadata) continue;
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

}  // namespace

Archive read_archive(const std::uint8_t* data, std::size_t size) {
  const std::string text = read_header(data, size);
  const Json header = Json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (!header.is_object()) refuse("its header is no JSON object");

  Archive archive;
  archive.metadata = read_metadata(header);
  check_version(archive.metadata["format_version"]);
  const std::size_t start = archive::kLengthBytes + text.size();
  check_checksum(text, data + start, size - start);
  for (const auto& key : archive::reserved_keys()) archive.metadata.erase(key);
  read_tensors(header, data + start, size - start, &archive);
  return archive;
}

}  // namespace musl
