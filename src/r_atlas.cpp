#include <Rcpp.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "musl/atlas.h"
#include "musl/error.h"
#include "musl/file.h"
#include "musl/list_order.h"
#include "musl/scorer.h"
#include "r_callback.h"
#include "r_convert.h"

namespace {

using TilePointer = Rcpp::XPtr<musl::TileScorer>;
using ShortlistPointer = Rcpp::XPtr<musl::Shortlist>;
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

/// Events of steps that report their number.
musl::Tick step_tick(musl_r::RSink& sink) {
  return [events = sink.events()](std::int64_t done, std::int64_t all) {
    return events(musl::progress_event(done, all));
  };
}

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

// Trains a student, measures its recall and writes it to `path`.
// pool    list(rows, cols): the atlas as one tile
// config  list(top, pairs, test, seed, threads)
// [[Rcpp::export(rng = false)]]
void cpp_atlas_make_shortlist(SEXP scorer, Rcpp::List pool, Rcpp::List config,
                              std::string path, std::string key,
                              SEXP callback) {
  const auto held = TilePointer(scorer).checked_get()->taught();
  musl::ShortlistConfig how;
  how.top = Rcpp::as<double>(config["top"]);
  how.pairs = Rcpp::as<int>(config["pairs"]);
  how.test = Rcpp::as<int>(config["test"]);
  how.seed = static_cast<std::uint64_t>(Rcpp::as<int>(config["seed"]));
  how.threads = Rcpp::as<int>(config["threads"]);
  musl_r::RSink sink(callback);
  const auto shortlist =
      musl::make_shortlist(held.scorer, held.features, as_tile(pool), how,
                           step_tick(sink), held.order);
  musl::write_shortlist(path, key, shortlist);
}

// list(threshold, n_training, n_test, n_best, n_passed)
// [[Rcpp::export(rng = false)]]
Rcpp::List cpp_atlas_shortlist_report(std::string path, std::string key) {
  const auto report = musl::read_shortlist_report(path, key);
  return Rcpp::List::create(
      Rcpp::Named("threshold") = report.threshold,
      Rcpp::Named("n_training") = static_cast<double>(report.n_training),
      Rcpp::Named("n_test") = static_cast<double>(report.n_test),
      Rcpp::Named("n_best") = static_cast<double>(report.n_best),
      Rcpp::Named("n_passed") = static_cast<double>(report.n_passed));
}

// [[Rcpp::export(rng = false)]]
SEXP cpp_atlas_load_shortlist(SEXP scorer, std::string path, std::string key) {
  const auto held = TilePointer(scorer).checked_get()->taught();
  auto value = std::make_unique<musl::Shortlist>(
      musl::read_shortlist(path, key, held.features));
  // The student refers to the scorer.
  return musl_r::hand_over(std::move(value), scorer);
}

// Scores a tile and writes its shard.
// shortlist  cpp_atlas_load_shortlist(), or NULL: all of its pairs
// tile       list(rows, cols: 0-based; number)
// work       list(before, size, all) in pairs, for the callback
// threads    of the student
// [[Rcpp::export(rng = false)]]
void cpp_atlas_score_tile(SEXP scorer, SEXP shortlist, Rcpp::List tile,
                          std::string path, std::string key, Rcpp::List work,
                          int threads, SEXP callback) {
  musl::TileScorer& ready = *TilePointer(scorer).checked_get();
  musl_r::RSink sink(callback);
  const PartTick tick(work, sink.events());
  musl::KeepPairs keep;
  if (!Rf_isNull(shortlist)) {
    const musl::Shortlist& held = *ShortlistPointer(shortlist).checked_get();
    const musl::ListOrder* order = ready.taught().order;
    keep = [&held, order, threads](const musl::PairSet& pairs) {
      return musl::passes(held, pairs, threads, order);
    };
  }
  const auto scores = musl::score_tile(
      as_tile(tile),
      [&](const musl::PairSet& set) { return ready.score(set, tick); }, keep);
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
