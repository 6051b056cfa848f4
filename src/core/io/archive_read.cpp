#include <nlohmann/json.hpp>
#include <utility>

#include "io/archive_layout.h"
#include "io/safetensors.h"
#include "musl/archive.h"
#include "musl/error.h"

namespace musl {

namespace {

using Json = nlohmann::json;

[[noreturn]] void refuse_header(const std::string& what) {
  throw FormatError("The archive is damaged: " + what + ".");
}

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

/// Length of the header in bytes.
std::size_t check_start(const std::uint8_t* start, std::size_t size) {
  if (size <= archive::kLengthBytes) {
    refuse_header("it must have at least 9 bytes, not " + std::to_string(size));
  }
  const std::uint64_t length = archive::header_length(start);
  if (start[archive::kLengthBytes] != '{' || length > archive::kMaxHeader) {
    throw FormatError(
        "The file must be an archive of MuSL; it does not begin as one.");
  }
  if (length > size - archive::kLengthBytes) {
    refuse_header("its header must have " + std::to_string(length) +
                  " bytes, " + std::to_string(size - archive::kLengthBytes) +
                  " are there");
  }
  return static_cast<std::size_t>(length);
}

/// The strings of a header, including the reserved ones.
std::map<std::string, std::string> metadata_of(const Json& header) {
  const auto found = header.find(archive::kMetadata);
  std::map<std::string, std::string> metadata;
  if (found == header.end() || !found->is_object()) return metadata;
  for (const auto& item : found->items()) {
    if (!item.value().is_string())
      refuse_header("its metadata must be strings");
    metadata[item.key()] = item.value().get<std::string>();
  }
  return metadata;
}

/// The header, checked to be of MuSL and of a known version.
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

StoredTensors tensors_of(const Json& header, std::size_t data_bytes) {
  StoredTensors tensors;
  try {
    tensors = stored_tensors(header, data_bytes);
  } catch (const FormatError& error) {
    refuse_header(error.what());
  }
  for (const auto& [name, tensor] : tensors) {
    if (archive::element_size(tensor.dtype) == 0) {
      refuse_header("`" + name + "` has the type \"" + tensor.dtype +
                    "\", which archives do not hold");
    }
  }
  return tensors;
}

}  // namespace

Archive read_archive(const std::uint8_t* data, std::size_t size) {
  const std::size_t length = check_start(data, size);
  const std::size_t start = archive::kLengthBytes + length;
  std::string text(reinterpret_cast<const char*>(data) + archive::kLengthBytes,
                   length);
  const Json header = parse_header(text);
  const std::string unset = archive::kUnset;
  const std::size_t at = archive::find_checksum(text);
  const std::string found = text.substr(at, unset.size());
  text.replace(at, unset.size(), unset);
  if (archive::checksum(text, data + start, size - start) != found) {
    refuse_header("its checksum does not match its content");
  }
  Archive out;
  out.metadata = metadata_of(header);
  for (const auto& key : archive::reserved_keys()) out.metadata.erase(key);
  for (auto& [name, stored] : tensors_of(header, size - start)) {
    out.tensors[name] = {
        stored.dtype,
        stored.shape,
        {data + start + stored.begin, data + start + stored.end}};
  }
  return out;
}

std::vector<Archive> split_archive(Archive archive,
                                   const std::vector<std::string>& prefixes) {
  const auto part_of = [&prefixes](const std::string& name) {
    for (std::size_t i = 0; i < prefixes.size(); ++i) {
      if (name.rfind(prefixes[i], 0) == 0) return i + 1;
    }
    return std::size_t{0};
  };
  std::vector<Archive> parts(prefixes.size() + 1);
  for (auto& [name, tensor] : archive.tensors) {
    parts[part_of(name)].tensors[name] = std::move(tensor);
  }
  for (auto& [key, value] : archive.metadata) {
    parts[part_of(key)].metadata[key] = std::move(value);
  }
  return parts;
}

}  // namespace musl
