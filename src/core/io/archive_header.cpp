#include "io/archive_header.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "io/archive_layout.h"
#include "io/json_header.h"
#include "musl/error.h"

namespace musl::archive {

namespace {

using Json = nlohmann::json;

[[noreturn]] void refuse_header(const std::string& what) {
  throw FormatError("The archive is damaged: " + what + ".");
}

constexpr std::uint64_t kMaxDimension = std::uint64_t{1} << 62;

void check_version(const std::string& version) {
  const bool number =
      !version.empty() && version.size() < 10 &&
      version.find_first_not_of("0123456789") == std::string::npos;
  if (!number) refuse_header("format version \"" + version + "\" is no number");
  if (std::stoi(version) > kFormatVersion) {
    throw FormatError("The archive has format version " + version +
                      ", newer than " + std::to_string(kFormatVersion) +
                      ", the newest this version of MuSL reads. Update MuSL.");
  }
}

Announced read_entry(const std::string& name, const Json& entry) {
  Announced out;
  const bool complete =
      entry.is_object() && entry.size() == 3 && entry.contains("dtype") &&
      entry["dtype"].is_string() && entry.contains("shape") &&
      entry["shape"].is_array() && entry.contains("data_offsets") &&
      entry["data_offsets"].is_array() && entry["data_offsets"].size() == 2;
  if (!complete)
    refuse_header("tensor `" + name + "` lacks type, shape or offsets");
  out.tensor.dtype = entry["dtype"].get<std::string>();
  for (const auto& dimension : entry["shape"]) {
    if (!dimension.is_number_unsigned())
      refuse_header("`" + name + "` has no shape");
    const auto extent = dimension.get<std::uint64_t>();
    if (extent > kMaxDimension)
      refuse_header("a dimension of `" + name + "` overflows");
    out.tensor.shape.push_back(static_cast<std::int64_t>(extent));
  }
  const Json& offsets = entry["data_offsets"];
  if (!offsets[0].is_number_unsigned() || !offsets[1].is_number_unsigned()) {
    refuse_header("the offsets of `" + name + "` are no whole numbers");
  }
  out.begin = offsets[0].get<std::uint64_t>();
  out.end = offsets[1].get<std::uint64_t>();
  const std::int64_t bytes_each = element_size(out.tensor.dtype);
  const std::int64_t count = element_count(out.tensor.shape);
  if (bytes_each == 0) {
    refuse_header("`" + name + "` has the unknown type \"" + out.tensor.dtype +
                  "\"");
  }
  if (count < 0 || out.end < out.begin ||
      out.end - out.begin != static_cast<std::uint64_t>(count * bytes_each)) {
    refuse_header("shape and offsets of `" + name + "` do not agree");
  }
  return out;
}

/// Each extent begins where the one before it ends.
void check_extents(const std::map<std::string, Announced>& tensors,
                   std::uint64_t data_bytes) {
  std::vector<std::pair<std::uint64_t, std::uint64_t>> extents;
  extents.reserve(tensors.size());
  for (const auto& item : tensors) {
    extents.emplace_back(item.second.begin, item.second.end);
  }
  std::sort(extents.begin(), extents.end());
  std::uint64_t expected = 0;
  for (const auto& extent : extents) {
    if (extent.first != expected)
      refuse_header("its tensors overlap or leave gaps");
    expected = extent.second;
  }
  if (expected != data_bytes) {
    refuse_header("its tensors need " + std::to_string(expected) + " bytes, " +
                  std::to_string(data_bytes) + " are there");
  }
}

}  // namespace

std::uint64_t check_start(const std::uint8_t* start, std::uint64_t size) {
  if (size <= kLengthBytes) {
    refuse_header("it must have at least 9 bytes, not " + std::to_string(size));
  }
  const std::uint64_t length = header_length(start);
  if (start[kLengthBytes] != '{' || length > kMaxHeader) {
    throw FormatError(
        "The file must be an archive of MuSL; it does not begin as one.");
  }
  if (length > size - kLengthBytes) {
    refuse_header("its header must have " + std::to_string(length) +
                  " bytes, " + std::to_string(size - kLengthBytes) +
                  " are there");
  }
  return length;
}

Json parse_header(const std::string& text) {
  Json header;
  try {
    header = parse_json_header(text);
  } catch (const FormatError& error) {
    refuse_header(error.what());
  }
  auto metadata = metadata_of(header);
  if (metadata["format"] != "musl") {
    throw FormatError(
        "The file must be an archive of MuSL; its metadata do not say so.");
  }
  check_version(metadata["format_version"]);
  return header;
}

std::map<std::string, std::string> metadata_of(const Json& header) {
  const auto found = header.find(kMetadata);
  std::map<std::string, std::string> metadata;
  if (found == header.end() || !found->is_object()) return metadata;
  for (const auto& item : found->items()) {
    if (!item.value().is_string())
      refuse_header("its metadata must be strings");
    metadata[item.key()] = item.value().get<std::string>();
  }
  return metadata;
}

std::map<std::string, Announced> tensors_of(const Json& header,
                                            std::uint64_t data_bytes) {
  std::map<std::string, Announced> tensors;
  for (const auto& item : header.items()) {
    if (item.key() == kMetadata) continue;
    tensors[item.key()] = read_entry(item.key(), item.value());
  }
  check_extents(tensors, data_bytes);
  return tensors;
}

void check_sum(const Checksum& sum, const std::string& found) {
  if (sum.digits() != found) {
    refuse_header("its checksum does not match its content");
  }
}

}  // namespace musl::archive
