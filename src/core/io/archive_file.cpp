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

/// As write_archive() writes it, its checksum not yet set.
std::string text_without(Json header, const std::vector<std::string>& keys) {
  Json& metadata = header[archive::kMetadata];
  for (const auto& key : keys) metadata.erase(key);
  metadata[archive::kChecksumKey] = archive::kUnset;
  return archive::padded(header.dump());
}

}  // namespace

struct ArchiveFile::State {
  explicit State(const std::string& path) : file(path) {}

  RegularFile file;
  std::string text;     // of the file's header
  std::string changed;  // of the header that read() writes
  std::map<std::string, std::string> metadata;
};

ArchiveFile::ArchiveFile(const std::string& path,
                         const std::vector<std::string>& without)
    : state_(std::make_unique<State>(path)) {
  State& state = *state_;
  state.text = text_of(state.file);
  const Json header = archive::parse_header(state.text);
  const std::uint64_t start = archive::kLengthBytes + state.text.size();
  (void)archive::tensors_of(header, state.file.size() - start);
  state.metadata = archive::metadata_of(header);
  for (const auto& key : archive::reserved_keys()) state.metadata.erase(key);
  state.changed = text_without(header, without);
}

ArchiveFile::~ArchiveFile() = default;

const std::map<std::string, std::string>& ArchiveFile::metadata() const {
  return state_->metadata;
}

std::uint64_t ArchiveFile::size() const {
  return state_->file.size() - state_->text.size() + state_->changed.size();
}

void ArchiveFile::read(std::uint8_t* out) const {
  const State& state = *state_;
  std::uint8_t* data = out + archive::kLengthBytes + state.changed.size();
  const std::uint64_t start = archive::kLengthBytes + state.text.size();
  const std::uint64_t size = state.file.size() - start;
  state.file.read(start, size, data);
  archive::check_sum(state.text, data, static_cast<std::size_t>(size));
  std::string text = state.changed;
  const std::string sum =
      archive::checksum(text, data, static_cast<std::size_t>(size));
  text.replace(archive::find_checksum(text), sum.size(), sum);
  archive::put_header(text, out);
}

}  // namespace musl
