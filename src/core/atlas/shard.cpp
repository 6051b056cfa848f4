#include "musl/archive.h"
#include "musl/atlas.h"
#include "musl/error.h"
#include "musl/file.h"

namespace musl {

namespace {

const char kScore[] = "score";
const char kKey[] = "atlas";
const char kTileKey[] = "tile";

std::string text_of(const Archive& archive, const std::string& name) {
  const auto found = archive.metadata.find(name);
  return found == archive.metadata.end() ? std::string() : found->second;
}

[[noreturn]] void refuse(const std::string& path, const std::string& what) {
  throw FormatError("\"" + path + "\" is " + what +
                    ".\nRemove the file; its tile is then scored again.");
}

}  // namespace

void write_shard(const std::string& path, const Shard& shard) {
  Archive archive;
  archive.put(kScore, {static_cast<std::int64_t>(shard.score.size())},
              shard.score.data());
  archive.metadata = {{kKey, shard.key},
                      {kTileKey, std::to_string(shard.tile)}};
  write_file(path, write_archive(archive));
}

std::vector<float> read_shard(const std::string& path, const std::string& key,
                              std::int64_t tile, std::int64_t n_scores) {
  const auto bytes = read_file(path);
  const Archive archive = read_archive(bytes.data(), bytes.size());
  if (text_of(archive, kKey) != key) refuse(path, "no tile of this atlas");
  if (text_of(archive, kTileKey) != std::to_string(tile)) {
    refuse(path, "another tile than number " + std::to_string(tile));
  }
  auto score = archive.floats(kScore);
  if (static_cast<std::int64_t>(score.size()) != n_scores) {
    refuse(path, "a tile of " + std::to_string(score.size()) + " scores, not " +
                     std::to_string(n_scores));
  }
  return score;
}

}  // namespace musl
