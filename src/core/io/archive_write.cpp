#include <algorithm>
#include <nlohmann/json.hpp>

#include "io/archive_layout.h"
#include "musl/archive.h"
#include "musl/error.h"

namespace musl {

namespace {

using Json = nlohmann::json;  // keys ascend: deterministic bytes

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

void check_tensor(const std::string& name, const ArchiveTensor& tensor) {
  const std::int64_t count = archive::element_count(tensor.shape);
  const std::int64_t size = archive::element_size(tensor.dtype);
  if (name == archive::kMetadata || size == 0 || count < 0 ||
      count * size != static_cast<std::int64_t>(tensor.bytes.size())) {
    throw ShapeError("Tensor `" + name + "` must have as many bytes as its " +
                     "shape and type " + tensor.dtype + " need; found " +
                     std::to_string(tensor.bytes.size()) + ".");
  }
}

Json header_metadata(const Archive& archive) {
  Json json = Json::object();
  for (const auto& item : archive.metadata) json[item.first] = item.second;
  for (const auto& key : archive::reserved_keys()) {
    if (json.contains(key)) {
      throw InputError("Metadata key `" + key +
                       "` is the archive's own; use another name.");
    }
  }
  json["format"] = "musl";
  json["format_version"] = std::to_string(kFormatVersion);
  json[archive::kChecksumKey] = archive::kUnset;
  return json;
}

std::string header_text(const Archive& archive,
                        const std::vector<std::string>& order) {
  Json header = Json::object();
  header[archive::kMetadata] = header_metadata(archive);
  std::size_t offset = 0;
  for (const auto& name : order) {
    const ArchiveTensor& tensor = archive.tensors.at(name);
    check_tensor(name, tensor);
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
    return archive::padded(header.dump());
  } catch (const Json::type_error&) {
    throw InputError("Names and metadata of an archive must be UTF-8.");
  }
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
      archive::checksum(header, out.data() + start, out.size() - start);
  header.replace(archive::find_checksum(header), sum.size(), sum);
  archive::put_header(header, out.data());
  return out;
}

}  // namespace musl
