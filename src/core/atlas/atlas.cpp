#include "atlas/atlas.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/error.h"
#include "base/numbers.h"
#include "io/archive.h"
#include "io/archive_file.h"
#include "io/file.h"

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

/// The pairs of a tile that have a score, each unordered pair once.
struct TilePairs {
  PairSet pairs;
  std::vector<std::int64_t> at;  // of each pair among the tile's scores
};

/// A tile on the diagonal has each pair twice, mirrored.
bool is_diagonal(const AtlasTile& tile) { return tile.rows == tile.cols; }

TilePairs tile_pairs(const AtlasTile& tile) {
  const bool diagonal = is_diagonal(tile);
  const auto n_cols = static_cast<std::int64_t>(tile.cols.size());
  TilePairs out;
  for (std::int64_t i = 0; i < tile.size(); ++i) {
    const auto a = tile.a(i), b = tile.b(i);
    if (a == b || (diagonal && i / n_cols > i % n_cols)) continue;
    out.pairs.a.push_back(a);
    out.pairs.b.push_back(b);
    out.at.push_back(i);
  }
  return out;
}

/// The values of pairs at their places in the tile, NaN elsewhere.
std::vector<float> spread(const AtlasTile& tile, const TilePairs& pairs,
                          const std::vector<double>& values) {
  std::vector<float> out(static_cast<std::size_t>(tile.size()), kFloatNaN);
  const bool diagonal = is_diagonal(tile);
  const auto n_cols = static_cast<std::int64_t>(tile.cols.size());
  for (std::size_t i = 0; i < values.size(); ++i) {
    const auto value = static_cast<float>(values[i]);
    const std::int64_t at = pairs.at[i];
    out[static_cast<std::size_t>(at)] = value;
    if (!diagonal) continue;
    const std::int64_t mirror = at % n_cols * n_cols + at / n_cols;
    out[static_cast<std::size_t>(mirror)] = value;
  }
  return out;
}

/// Lower tiers come first, then higher scores, then lower genes.
bool precedes(const TopPairs::Entry& x, const TopPairs::Entry& y) {
  if (x.tier != y.tier) return x.tier < y.tier;
  if (x.score != y.score) return x.score > y.score;
  return std::make_pair(x.a, x.b) < std::make_pair(y.a, y.b);
}

}  // namespace

void write_shard(const std::string& path, const std::string& key,
                 std::int64_t tile, const TileScores& scores) {
  Archive archive;
  const auto put = [&](const char* name, const std::vector<float>& values) {
    archive.put(name, {static_cast<std::int64_t>(values.size())},
                values.data());
  };
  put(kScore, scores.score);
  if (!scores.order.empty()) put(kOrder, scores.order);
  archive.metadata = {{kKey, key}, {kTileKey, std::to_string(tile)}};
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

std::int64_t AtlasTile::size() const {
  return static_cast<std::int64_t>(rows.size() * cols.size());
}

std::int32_t AtlasTile::a(std::int64_t i) const {
  return rows[static_cast<std::size_t>(i) / cols.size()];
}

std::int32_t AtlasTile::b(std::int64_t i) const {
  return cols[static_cast<std::size_t>(i) % cols.size()];
}

TileScores score_tile(const AtlasTile& tile, const ScorePairs& score) {
  const TilePairs todo = tile_pairs(tile);
  const PairScores found = score(todo.pairs);
  TileScores out;
  out.score = spread(tile, todo, found.score);
  if (found.has_order) out.order = spread(tile, todo, found.order);
  return out;
}

TopPairs::TopPairs(std::int64_t n, std::vector<std::uint8_t> mirrored,
                   std::vector<std::int8_t> tier)
    : n_(static_cast<std::size_t>(std::max<std::int64_t>(n, 0))),
      mirrored_(std::move(mirrored)),
      tier_(std::move(tier)) {}

std::int8_t TopPairs::tier_of(std::int32_t a, std::int32_t b) const {
  if (tier_.empty()) return 0;
  return std::max(tier_[static_cast<std::size_t>(a)],
                  tier_[static_cast<std::size_t>(b)]);
}

bool TopPairs::beats(float score) const {
  if (heap_.size() < n_ || heap_[0].tier > 0) return true;
  return score >= heap_[0].score;
}

bool TopPairs::is_mirror(std::int32_t a, std::int32_t b) const {
  return !mirrored_.empty() && a > b &&
         mirrored_[static_cast<std::size_t>(a)] != 0 &&
         mirrored_[static_cast<std::size_t>(b)] != 0;
}

void TopPairs::add(const AtlasTile& tile, const std::vector<float>& score) {
  if (static_cast<std::int64_t>(score.size()) != tile.size()) {
    throw ShapeError("A tile must have one score a pair; found " +
                     std::to_string(score.size()) + " for " +
                     std::to_string(tile.size()) + " pairs.");
  }
  for (std::size_t i = 0; i < score.size() && n_ > 0; ++i) {
    const bool full = heap_.size() == n_;
    if (std::isnan(score[i]) || !beats(score[i])) continue;
    const auto a = tile.a(static_cast<std::int64_t>(i));
    const auto b = tile.b(static_cast<std::int64_t>(i));
    if (a == b || is_mirror(a, b)) continue;
    const Entry entry{score[i], std::min(a, b), std::max(a, b), tier_of(a, b)};
    if (full && !precedes(entry, heap_[0])) continue;
    if (full) {
      std::pop_heap(heap_.begin(), heap_.end(), precedes);
      heap_.pop_back();
    }
    heap_.push_back(entry);
    std::push_heap(heap_.begin(), heap_.end(), precedes);
  }
}

std::vector<TopPairs::Entry> TopPairs::sorted() const {
  std::vector<Entry> out = heap_;
  std::sort(out.begin(), out.end(), precedes);
  return out;
}

}  // namespace musl
