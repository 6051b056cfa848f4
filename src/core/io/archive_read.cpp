#include "io/archive_header.h"
#include "io/archive_layout.h"
#include "musl/archive.h"
#include "musl/error.h"

namespace musl {

Archive read_archive(const std::uint8_t* data, std::size_t size) {
  const auto length =
      static_cast<std::size_t>(archive::check_start(data, size));
  const std::string text(
      reinterpret_cast<const char*>(data) + archive::kLengthBytes, length);
  const nlohmann::json header = archive::parse_header(text);
  const std::size_t start = archive::kLengthBytes + length;
  archive::Checksum sum;
  const std::string found = sum.add_header(text);
  sum.add(data + start, size - start);
  archive::check_sum(sum, found);

  Archive out;
  out.metadata = archive::metadata_of(header);
  for (const auto& key : archive::reserved_keys()) out.metadata.erase(key);
  for (auto& [name, announced] : archive::tensors_of(header, size - start)) {
    ArchiveTensor& tensor = out.tensors[name] = announced.tensor;
    tensor.bytes.assign(data + start + announced.begin,
                        data + start + announced.end);
  }
  return out;
}

}  // namespace musl
