// The bytes of an archive: header, checksum and tensors.

#include "io/archive_file.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/error.h"
#include "io/archive.h"
#include "io/safetensors.h"

namespace musl {

namespace {

using Json = nlohmann::json;  // keys ascend: deterministic bytes

constexpr std::size_t kAlignment = 8;
constexpr char kChecksumKey[] = "checksum";
/// Placeholder in the header while the checksum is computed.
constexpr char kUnset[] = "0000000000000000";

/// FNV-1a, continued.
std::uint64_t hashed(std::uint64_t hash, const std::uint8_t* data,
                     std::size_t size) {
  constexpr std::uint64_t kFactor = 0x100000001b3ULL;  // for 64 bits
  for (std::size_t i = 0; i < size; ++i) hash = (hash ^ data[i]) * kFactor;
  return hash;
}

std::string hexadecimal(std::uint64_t value) {
  std::string out(16, '0');
  for (std::size_t i = 16; i-- > 0; value >>= 4) {
    out[i] = "0123456789abcdef"[value & 15];
  }
  return out;
}

/// FNV-1a of the header, with its checksum field set to zeros, and of the data:
/// covers every byte of the file.
std::string checksum(const std::string& unset_header, const std::uint8_t* data,
                     std::size_t size) {
  constexpr std::uint64_t kStart = 0xcbf29ce484222325ULL;
  const auto* text = reinterpret_cast<const std::uint8_t*>(unset_header.data());
  return hexadecimal(
      hashed(hashed(kStart, text, unset_header.size()), data, size));
}

/// Position of the checksum's digits in the header text. FormatError if they
/// are missing or repeated.
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

// ---- Writing ----

/// A header's text with trailing blanks, so that the data start 8-byte aligned.
std::string padded(std::string header) {
  header.append((kAlignment - header.size() % kAlignment) % kAlignment, ' ');
  return header;
}

/// Writes a header and its length to `out`.
void put_header(const std::string& text, std::uint8_t* out) {
  for (std::size_t i = 0; i < archive::kLengthBytes; ++i) {
    out[i] = static_cast<std::uint8_t>(text.size() >> (8 * i));
  }
  std::copy(text.begin(), text.end(), out + archive::kLengthBytes);
}

/// Names in file order: wide elements first, so that every tensor is aligned to
/// its element without gaps, which safetensors forbids.
std::vector<std::string> file_order(
    const std::map<std::string, ArchiveTensor>& tensors) {
  std::vector<std::string> names;
  names.reserve(tensors.size());
  for (const auto& item : tensors) names.push_back(item.first);
  std::stable_sort(names.begin(), names.end(),
                   [&](const std::string& x, const std::string& y) {
                     return archive::element_size(tensors.at(x).dtype) >
                            archive::element_size(tensors.at(y).dtype);
                   });
  return names;
}

Json header_metadata(const Archive& archive) {
  Json json = Json::object();
  for (const auto& item : archive.metadata) json[item.first] = item.second;
  json["format"] = "musl";
  json["format_version"] = std::to_string(kFormatVersion);
  json[kChecksumKey] = kUnset;
  return json;
}

std::string header_text(const Archive& archive,
                        const std::vector<std::string>& order) {
  Json header = Json::object();
  header[archive::kMetadata] = header_metadata(archive);
  std::size_t offset = 0;
  for (const auto& name : order) {
    const ArchiveTensor& tensor = archive.tensors.at(name);
    const std::size_t end = offset + tensor.bytes.size();
    // A list in braces, or a null that becomes an object, is not safe if memory
    // runs out within it.
    Json entry = Json::object();
    entry["dtype"] = tensor.dtype;
    entry["shape"] = tensor.shape;
    entry["data_offsets"] = std::vector<std::size_t>{offset, end};
    header[name] = std::move(entry);
    offset = end;
  }
  try {
    return padded(header.dump());
  } catch (const Json::type_error&) {
    throw InputError("Names and metadata of an archive must be UTF-8.");
  }
}

// ---- Reading ----

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

/// What `read` gives, with its clauses about damage in a sentence.
template <class Read>
auto checked(const Read& read) {
  try {
    return read();
  } catch (const FormatError& error) {
    refuse_header(error.what());
  }
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
  Json header = checked([&] { return parse_json_header(text); });
  auto metadata = metadata_of(header);
  if (metadata["format"] != "musl") {
    throw FormatError(
        "The file must be an archive of MuSL; its metadata do not say so.");
  }
  check_version(metadata["format_version"]);
  return header;
}

}  // namespace

std::vector<std::uint8_t> write_archive(const Archive& archive) {
  const std::vector<std::string> order = file_order(archive.tensors);
  std::string header = header_text(archive, order);
  std::vector<std::uint8_t> out(archive::kLengthBytes + header.size());
  for (const auto& name : order) {
    const auto& bytes = archive.tensors.at(name).bytes;
    out.insert(out.end(), bytes.begin(), bytes.end());
  }
  const std::size_t start = archive::kLengthBytes + header.size();
  const std::string sum =
      checksum(header, out.data() + start, out.size() - start);
  header.replace(find_checksum(header), sum.size(), sum);
  put_header(header, out.data());
  return out;
}

Archive read_archive(const std::uint8_t* data, std::size_t size) {
  const std::size_t length =
      checked([&] { return archive::header_length(data, size); });
  const std::size_t start = archive::kLengthBytes + length;
  std::string text(reinterpret_cast<const char*>(data) + archive::kLengthBytes,
                   length);
  const Json header = parse_header(text);
  const std::string unset = kUnset;
  const std::size_t at = find_checksum(text);
  const std::string found = text.substr(at, unset.size());
  text.replace(at, unset.size(), unset);
  if (checksum(text, data + start, size - start) != found) {
    refuse_header("its checksum does not match its content");
  }
  Archive out;
  out.metadata = metadata_of(header);
  for (const auto* key : {"format", "format_version", kChecksumKey}) {
    out.metadata.erase(key);
  }
  const auto tensors =
      checked([&] { return stored_tensors(header, size - start); });
  for (const auto& [name, stored] : tensors) {
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
