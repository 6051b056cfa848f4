#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "base/pair_set.h"

namespace musl {

/// Part of an atlas: every gene of `rows` with every gene of `cols`, row by
/// row.
struct AtlasTile {
  std::vector<std::int32_t> rows, cols;

  /// Number of scores.
  [[nodiscard]] std::int64_t size() const;
  /// Genes of score number i.
  [[nodiscard]] std::int32_t a(std::int64_t i) const;
  [[nodiscard]] std::int32_t b(std::int64_t i) const;
};

/// Of each pair the logit, NaN without a score, and, unless the score does,
/// what orders lists of partners.
struct PairScores {
  std::vector<double> score;
  bool has_order = false;
  std::vector<double> order;  // empty without one
};

using ScorePairs = std::function<PairScores(const PairSet&)>;

/// Of each pair of a tile what PairScores has, (tile.size()); NaN for a gene
/// with itself and for pairs without a score.
struct TileScores {
  std::vector<float> score;
  std::vector<float> order;  // empty if the score orders lists
};

/// Scores the pairs of a tile, each unordered pair once.
///
/// Uses about 120 bytes a pair in addition to the memory of `score`.
[[nodiscard]] TileScores score_tile(const AtlasTile& tile,
                                    const ScorePairs& score);

/// Writes the scores of a tile to a safetensors file with a checksum,
/// completely or not at all.
///
/// key  of the atlas; another atlas's tile is refused
void write_shard(const std::string& path, const std::string& key,
                 std::int64_t tile, const TileScores& scores);

/// FormatError for a damaged file, and for one of another atlas, tile or size.
[[nodiscard]] TileScores read_shard(const std::string& path,
                                    const std::string& key, std::int64_t tile,
                                    std::int64_t n_scores);

/// The n best pairs of tiles added one after another.
class TopPairs {
 public:
  struct Entry {
    float score;
    std::int32_t a, b;
    std::int8_t tier = 0;
  };

  /// n         at least 0
  /// mirrored  (G) 1 for genes that are both rows and columns of the atlas: a
  ///           pair of two such genes has two cells, only one of which counts;
  ///           empty: no such genes
  /// tier      (G) pairs without a gene of a higher tier come first, whatever
  ///           their scores; empty: all genes are of one tier
  TopPairs(std::int64_t n, std::vector<std::uint8_t> mirrored,
           std::vector<std::int8_t> tier = {});

  /// score (tile.size()); NaN is skipped.
  void add(const AtlasTile& tile, const std::vector<float>& score);

  /// By tier, then highest first, ties by genes, a < b.
  [[nodiscard]] std::vector<Entry> sorted() const;

 private:
  [[nodiscard]] bool is_mirror(std::int32_t a, std::int32_t b) const;
  [[nodiscard]] std::int8_t tier_of(std::int32_t a, std::int32_t b) const;
  /// False if no pair of this score can enter the list.
  [[nodiscard]] bool beats(float score) const;

  std::size_t n_;
  std::vector<std::uint8_t> mirrored_;
  std::vector<std::int8_t> tier_;
  std::vector<Entry> heap_;  // the lowest of the best in front
};

}  // namespace musl
