#include "musl/archive.h"
#include "musl/atlas.h"
#include "musl/error.h"
#include "musl/file.h"

namespace musl {

namespace {

const char kScore[] = "score";
const char kOrder[] = "order";
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
  const auto put = [&](const char* name, const std::vector<float>& values) {
    archive.put(name, {static_cast<std::int64_t>(values.size())},
                values.data());
  };
  put(kScore, shard.scores.score);
  if (!shard.scores.order.empty()) put(kOrder, shard.scores.order);
  archive.metadata = {{kKey, shard.key},
                      {kTileKey, std::to_string(shard.tile)}};
  write_file(path, write_archive(archive));
}

TileScores read_shard(const std::string& path, const std::string& key,
                      std::int64_t tile, std::int64_t n_scores) {
  const auto bytes = read_file(path);
  const Archive archive = read_archive(bytes.data(), bytes.size());
  if (text_of(archive, kKey) != key) refuse(path, "no tile of this atlas");
  if (text_of(archive, kTileKey) != std::to_string(tile)) {
    refuse(path, "another tile than number " + std::to_string(tile));
  }
  const auto take = [&](const char* name) {
    auto values = archive.floats(name);
    if (static_cast<std::int64_t>(values.size()) != n_scores) {
      refuse(path, "a tile of " + std::to_string(values.size()) +
                       " scores, not " + std::to_string(n_scores));
    }
    return values;
  };
  TileScores out;
  out.score = take(kScore);
  if (archive.has(kOrder)) out.order = take(kOrder);
  return out;
}

}  // namespace musl
