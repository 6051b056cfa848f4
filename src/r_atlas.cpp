#include <Rcpp.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "atlas/atlas.h"
#include "base/error.h"
#include "io/file.h"
#include "model/list_order.h"
#include "model/scorer.h"
#include "r_callback.h"
#include "r_convert.h"

namespace {

using TilePointer = Rcpp::XPtr<musl::TileScorer>;
using TopPointer = Rcpp::XPtr<musl::TopPairs>;

musl::AtlasTile as_tile(const Rcpp::List& tile) {
  return {Rcpp::as<std::vector<std::int32_t>>(tile["rows"]),
          Rcpp::as<std::vector<std::int32_t>>(tile["cols"])};
}

/// Events of a part of the work: `before` pairs are done, `all` are to do.
class PartTick {
 public:
  PartTick(const Rcpp::List& work, musl::EventSink sink)
      : before_(Rcpp::as<double>(work["before"])),
        size_(Rcpp::as<double>(work["size"])),
        all_(Rcpp::as<double>(work["all"])),
        sink_(std::move(sink)) {}

  bool operator()(std::int64_t done, std::int64_t of) const {
    const double share =
        of > 0 ? static_cast<double>(done) / static_cast<double>(of) : 0;
    return sink_(
        musl::progress_event(static_cast<std::int64_t>(before_ + share * size_),
                             static_cast<std::int64_t>(all_)));
  }

 private:
  double before_, size_, all_;
  musl::EventSink sink_;
};

/// R's matrices are column-major, tiles row-major.
Rcpp::NumericMatrix as_matrix(const std::vector<float>& score, int n_rows,
                              int n_cols) {
  Rcpp::NumericMatrix out(n_rows, n_cols);
  auto value = score.begin();
  for (int i = 0; i < n_rows; ++i) {
    for (int j = 0; j < n_cols; ++j) out(i, j) = *value++;
  }
  return out;
}

std::vector<float> as_scores(const Rcpp::NumericMatrix& score) {
  std::vector<float> out;
  out.reserve(static_cast<std::size_t>(score.size()));
  for (int i = 0; i < score.nrow(); ++i) {
    for (int j = 0; j < score.ncol(); ++j) {
      out.push_back(static_cast<float>(score(i, j)));
    }
  }
  return out;
}

}  // namespace

// Scores a tile and writes its shard.
// tile  list(rows, cols: 0-based; number)
// work  list(before, size, all) in pairs, for the callback
// [[Rcpp::export(rng = false)]]
void cpp_atlas_score_tile(SEXP scorer, Rcpp::List tile, std::string path,
                          std::string key, Rcpp::List work, SEXP callback) {
  const musl::TileScorer& ready = *TilePointer(scorer).checked_get();
  musl_r::RSink sink(callback);
  const PartTick tick(work, sink.events());
  const auto scores = musl::score_tile(
      as_tile(tile),
      [&](const musl::PairSet& set) { return ready.score(set, tick); });
  musl::write_shard(path, key, Rcpp::as<int>(tile["number"]), scores);
}

// list(score, order: NULL if the score orders lists), each rows x columns.
// [[Rcpp::export(rng = false)]]
Rcpp::List cpp_atlas_read_shard(std::string path, std::string key, int tile,
                                int n_rows, int n_cols) {
  const auto found = musl::read_shard(
      path, key, tile, std::int64_t{n_rows} * std::int64_t{n_cols});
  Rcpp::RObject order;
  if (!found.order.empty()) order = as_matrix(found.order, n_rows, n_cols);
  return Rcpp::List::create(
      Rcpp::Named("score") = as_matrix(found.score, n_rows, n_cols),
      Rcpp::Named("order") = order);
}

// [[Rcpp::export(rng = false)]]
void cpp_publish_file(std::string temporary, std::string path) {
  musl::publish_file(temporary, path);
}

// mirrored, tier  one a gene, or empty
// [[Rcpp::export(rng = false)]]
SEXP cpp_top_pairs(double n, std::vector<int> mirrored, std::vector<int> tier) {
  return musl_r::hand_over(std::make_unique<musl::TopPairs>(
      static_cast<std::int64_t>(n),
      std::vector<std::uint8_t>(mirrored.begin(), mirrored.end()),
      std::vector<std::int8_t>(tier.begin(), tier.end())));
}

// [[Rcpp::export(rng = false)]]
void cpp_top_pairs_add(SEXP top, Rcpp::List tile, Rcpp::NumericMatrix score) {
  TopPointer(top).checked_get()->add(as_tile(tile), as_scores(score));
}

// list(a, b: 1-based; score), best first
// [[Rcpp::export(rng = false)]]
Rcpp::List cpp_top_pairs_sorted(SEXP top) {
  const auto entries = TopPointer(top).checked_get()->sorted();
  std::vector<int> a, b;
  std::vector<double> score;
  for (const auto& entry : entries) {
    a.push_back(entry.a + 1);
    b.push_back(entry.b + 1);
    score.push_back(entry.score);
  }
  return Rcpp::List::create(Rcpp::Named("a") = a, Rcpp::Named("b") = b,
                            Rcpp::Named("score") = score);
}
