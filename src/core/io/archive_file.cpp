#include "musl/archive_file.h"

#include <algorithm>
#include <string>

#include "io/archive_header.h"
#include "io/archive_layout.h"
#include "io/regular_file.h"
#include "musl/error.h"

namespace musl {

namespace {

using Json = nlohmann::json;

std::string text_of(const RegularFile& file) {
  std::uint8_t start[archive::kLengthBytes + 1] = {};
  file.read(0, std::min<std::uint64_t>(file.size(), sizeof(start)), start);
  std::string text(archive::check_start(start, file.size()), '\0');
  file.read(archive::kLengthBytes, text.size(), text.data());
  return text;
}

/// The object of this key. Converting a null is not safe if memory runs out
/// meanwhile.
Json& object_at(const char* key, Json* json) {
  if (!json->contains(key)) (*json)[key] = Json::object();
  return (*json)[key];
}

std::size_t part_of(const std::string& name,
                    const std::vector<std::string>& prefixes) {
  for (std::size_t i = 0; i < prefixes.size(); ++i) {
    if (name.rfind(prefixes[i], 0) == 0) return i + 1;
  }
  return 0;
}

}  // namespace

struct ArchiveFile::State {
  /// Position of a tensor in the file's data and in its part's data.
  struct Extent {
    std::uint64_t begin = 0, end = 0;
    std::size_t part = 0;
    std::uint64_t place = 0;
    std::string name;
  };

  struct Part {
    Json header = Json::object();
    std::string text;         // of the header
    std::uint64_t bytes = 0;  // of its data
    bool left_out = false;    // one of several that has no tensors

    /// As write_archive() writes it, its checksum not yet set.
    void end_header() {
      Json& strings = object_at(archive::kMetadata, &header);
      strings["format"] = "musl";
      strings["format_version"] = std::to_string(kFormatVersion);
      strings[archive::kChecksumKey] = archive::kUnset;
      text = archive::padded(header.dump());
      header = {};
    }
    [[nodiscard]] std::uint64_t start() const {
      return archive::kLengthBytes + text.size();
    }
  };

  explicit State(const std::string& path) : file(path), text(text_of(file)) {}

  [[nodiscard]] std::uint64_t start() const {
    return archive::kLengthBytes + text.size();
  }
  void deal_tensors(const Json& header,
                    const std::vector<std::string>& prefixes);
  void deal_metadata(const Json& header,
                     const std::vector<std::string>& prefixes);

  RegularFile file;
  std::string text;             // of the file's header
  std::vector<Extent> extents;  // in the order of the file
  std::vector<Part> parts;
};

void ArchiveFile::State::deal_tensors(
    const Json& header, const std::vector<std::string>& prefixes) {
  for (const auto& [name, tensor] :
       archive::tensors_of(header, file.size() - start())) {
    extents.push_back(
        {tensor.begin, tensor.end, part_of(name, prefixes), 0, name});
  }
  std::sort(extents.begin(), extents.end(),
            [](const Extent& x, const Extent& y) {
              return x.begin != y.begin ? x.begin < y.begin : x.end < y.end;
            });
  for (Extent& extent : extents) {
    Part& part = parts[extent.part];
    extent.place = part.bytes;
    part.bytes += extent.end - extent.begin;
    Json& entry = part.header[extent.name] = header.at(extent.name);
    entry["data_offsets"] =
        std::vector<std::uint64_t>{extent.place, part.bytes};
  }
}

void ArchiveFile::State::deal_metadata(
    const Json& header, const std::vector<std::string>& prefixes) {
  auto metadata = archive::metadata_of(header);
  for (const auto& key : archive::reserved_keys()) metadata.erase(key);
  for (const auto& [key, value] : metadata) {
    Part& part = parts[part_of(key, prefixes)];
    object_at(archive::kMetadata, &part.header)[key] = value;
  }
}

ArchiveFile::ArchiveFile(const std::string& path,
                         const std::vector<std::string>& prefixes)
    : state_(std::make_unique<State>(path)) {
  State& state = *state_;
  const Json header = archive::parse_header(state.text);
  state.parts.resize(prefixes.size() + 1);
  state.deal_tensors(header, prefixes);
  for (State::Part& part : state.parts) {
    part.left_out = state.parts.size() > 1 && part.header.empty();
  }
  state.deal_metadata(header, prefixes);
  for (State::Part& part : state.parts) part.end_header();
}

ArchiveFile::~ArchiveFile() = default;

std::uint64_t ArchiveFile::size(std::size_t part) const {
  const State::Part& asked = state_->parts.at(part);
  return asked.left_out ? 0 : asked.start() + asked.bytes;
}

void ArchiveFile::read(const std::vector<std::uint8_t*>& out) const {
  const State& state = *state_;
  archive::Checksum whole;
  const std::string found = whole.add_header(state.text);
  std::vector<archive::Checksum> sums(state.parts.size());
  for (std::size_t i = 0; i < sums.size(); ++i) {
    (void)sums[i].add_header(state.parts[i].text);
  }
  for (const State::Extent& extent : state.extents) {
    const std::uint64_t size = extent.end - extent.begin;
    const std::uint64_t place = state.parts[extent.part].start() + extent.place;
    std::uint8_t* bytes = out.at(extent.part) + place;
    state.file.read(state.start() + extent.begin, size, bytes);
    archive::Checksum::add_to_both(bytes, static_cast<std::size_t>(size),
                                   &whole, &sums[extent.part]);
  }
  archive::check_sum(whole, found);
  for (std::size_t i = 0; i < sums.size(); ++i) {
    if (state.parts[i].left_out) continue;
    std::string text = state.parts[i].text;
    const std::string sum = sums[i].digits();
    text.replace(archive::find_checksum(text), sum.size(), sum);
    archive::put_header(text, out.at(i));
  }
}

}  // namespace musl
