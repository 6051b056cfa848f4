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
#include "musl/measured_model.h"
#include "musl/pair_scorer.h"
#include "musl/shortlist.h"
#include "r_callback.h"
#include "r_convert.h"

namespace {

/// A scorer of tiles.
class TileScorer {
 public:
  TileScorer() = default;
  TileScorer(const TileScorer&) = delete;
  TileScorer& operator=(const TileScorer&) = delete;
  virtual ~TileScorer() = default;
  /// One score per pair, NaN if there is none. CancelledError if `tick` returns
  /// false.
  [[nodiscard]] virtual std::vector<double> score(
      const musl::PairSet& pairs, const musl::PairScorer::Tick& tick) const = 0;
};

/// Members for measured pairs, on a store that R keeps alive.
class MeasuredScorer : public TileScorer {
 public:
  MeasuredScorer(const musl::MeasuredModel& model,
                 const musl::EvidenceStore& store,
                 std::vector<std::int32_t> gene_of,
                 musl::MeasuredOptions options)
      : model_(model),
        store_(store),
        gene_of_(std::move(gene_of)),
        options_(std::move(options)) {}

  [[nodiscard]] std::vector<double> score(
      const musl::PairSet& pairs,
      const musl::PairScorer::Tick& tick) const override {
    std::vector<double> out;
    for (std::int64_t first = 0; first < pairs.size(); first += kBlock) {
      if (tick && !tick(first, pairs.size())) {
        throw musl::CancelledError("Interrupted.");
      }
      const auto last = std::min(pairs.size(), first + kBlock);
      const musl::PairSet block{
          {pairs.a.begin() + first, pairs.a.begin() + last},
          {pairs.b.begin() + first, pairs.b.begin() + last},
          {}};
      const auto scored =
          musl::predict_measured(model_, store_, gene_of_, block, options_);
      out.insert(out.end(), scored.score.begin(), scored.score.end());
    }
    return out;
  }

 private:
  static constexpr std::int64_t kBlock = 65536;
  const musl::MeasuredModel& model_;
  const musl::EvidenceStore& store_;
  std::vector<std::int32_t> gene_of_;
  musl::MeasuredOptions options_;
};

/// A network's scorer, with the data that it reads if these are not the
/// model's.
class HeldScorer : public TileScorer {
 public:
  HeldScorer(const musl::Model& model, std::unique_ptr<musl::Dataset> data,
             const musl::PredictOptions& options)
      : data_(std::move(data)),
        scorer_(model, data_ ? *data_ : model.kept(),
                data_ ? data_->known : model.kept().known, options) {
    scorer_.prepare_all_genes();
  }
  [[nodiscard]] const musl::PairScorer& network() const { return scorer_; }
  [[nodiscard]] std::vector<double> score(
      const musl::PairSet& pairs,
      const musl::PairScorer::Tick& tick) const override {
    return scorer_.score(pairs, tick).score;
  }
  /// Inputs of students, computed when a student is first requested.
  [[nodiscard]] const musl::StudentFeatures& features() {
    if (!features_) {
      features_ = std::make_unique<musl::StudentFeatures>(
          scorer_.data(), scorer_.partners(), scorer_.gene_vectors());
    }
    return *features_;
  }

 private:
  std::unique_ptr<musl::Dataset> data_;
  musl::PairScorer scorer_;
  std::unique_ptr<musl::StudentFeatures> features_;
};

/// The pairs that a student passes to the model.
struct HeldShortlist {
  musl::Student student;
  double threshold;
};

using ModelPointer = Rcpp::XPtr<musl::Model>;
using ScorerPointer = Rcpp::XPtr<TileScorer>;
using ShortlistPointer = Rcpp::XPtr<HeldShortlist>;
using TopPointer = Rcpp::XPtr<musl::TopPairs>;

template <class Pointer, class Value>
SEXP hand_over(std::unique_ptr<Value> value) {
  Pointer pointer(value.get(), /*set_delete_finalizer=*/true);
  (void)value.release();  // R's finalizer owns it now
  return pointer;
}

/// The network's scorer, which students need.
HeldScorer& network_scorer(SEXP scorer) {
  auto* held = dynamic_cast<HeldScorer*>(ScorerPointer(scorer).checked_get());
  if (held == nullptr) throw musl::InputError("A student needs a network.");
  return *held;
}

musl::AtlasTile as_tile(const Rcpp::List& tile) {
  return {Rcpp::as<std::vector<std::int32_t>>(tile["rows"]),
          Rcpp::as<std::vector<std::int32_t>>(tile["cols"]),
          Rcpp::as<bool>(tile["crossed"])};
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
    musl::TrainEvent event;
    event.kind = musl::TrainEvent::Kind::predict;
    event.phase = "predict";
    event.batch = static_cast<std::int64_t>(before_ + share * size_);
    event.n_batches = static_cast<std::int64_t>(all_);
    return sink_(event);
  }

 private:
  double before_, size_, all_;
  musl::EventSink sink_;
};

/// Events of steps that report their number.
musl::PairScorer::Tick step_tick(musl_r::RSink& sink) {
  return [events = sink.events()](std::int64_t done, std::int64_t all) {
    musl::TrainEvent event;
    event.kind = musl::TrainEvent::Kind::predict;
    event.phase = "predict";
    event.batch = done;
    event.n_batches = all;
    return events(event);
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

// input, gene_of, options  as cpp_model_predict() takes them
// [[Rcpp::export(rng = false)]]
SEXP cpp_atlas_scorer(SEXP model, Rcpp::Nullable<Rcpp::List> input,
                      std::vector<int> gene_of, Rcpp::List options) {
  const musl::Model& fitted = *ModelPointer(model).checked_get();
  const auto how = musl_r::as_predict_options(options);
  std::unique_ptr<musl::Dataset> data;
  if (input.isNotNull()) {
    data = std::make_unique<musl::Dataset>(musl_r::prediction_dataset(
        fitted, Rcpp::List(input.get()), gene_of, how.threads));
  }
  return hand_over<ScorerPointer>(std::unique_ptr<TileScorer>(
      std::make_unique<HeldScorer>(fitted, std::move(data), how)));
}

// As cpp_measured_predict() takes them; `store` is NULL for the model's own.
// [[Rcpp::export(rng = false)]]
SEXP cpp_atlas_measured_scorer(SEXP model, SEXP store,
                               std::vector<std::int32_t> gene_of,
                               Rcpp::List options) {
  const musl::MeasuredModel& known =
      *Rcpp::XPtr<musl::MeasuredModel>(model).checked_get();
  musl::MeasuredOptions how;
  how.members = Rcpp::as<std::vector<std::string>>(options["members"]);
  how.rates = Rcpp::as<std::vector<std::string>>(options["rates"]);
  how.threads = Rcpp::as<int>(options["threads"]);
  const bool own = Rf_isNull(store);
  std::unique_ptr<TileScorer> scorer = std::make_unique<MeasuredScorer>(
      known,
      own ? known.store : *Rcpp::XPtr<musl::EvidenceStore>(store).checked_get(),
      own ? std::vector<std::int32_t>{} : std::move(gene_of), std::move(how));
  // It refers to both, which must outlive it.
  ScorerPointer pointer(scorer.get(), /*set_delete_finalizer=*/true, R_NilValue,
                        Rcpp::List::create(model, store));
  (void)scorer.release();  // R's finalizer owns it now
  return pointer;
}

// Trains a student, measures its recall and writes it to `path`.
// pool    list(rows, cols, crossed): the atlas as one tile
// config  list(top, pairs, test, seed, threads)
// [[Rcpp::export(rng = false)]]
void cpp_atlas_make_shortlist(SEXP scorer, Rcpp::List pool, Rcpp::List config,
                              std::string path, std::string key,
                              SEXP callback) {
  HeldScorer& held = network_scorer(scorer);
  musl::ShortlistConfig how;
  how.top = Rcpp::as<double>(config["top"]);
  how.pairs = Rcpp::as<int>(config["pairs"]);
  how.test = Rcpp::as<int>(config["test"]);
  how.seed = static_cast<std::uint64_t>(Rcpp::as<int>(config["seed"]));
  how.threads = Rcpp::as<int>(config["threads"]);
  musl_r::RSink sink(callback);
  const auto shortlist = musl::make_shortlist(
      held.network(), held.features(), as_tile(pool), how, step_tick(sink));
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
  HeldScorer& held = network_scorer(scorer);
  auto shortlist = musl::read_shortlist(path, key, held.features());
  auto value = std::make_unique<HeldShortlist>(
      HeldShortlist{std::move(shortlist.student), shortlist.report.threshold});
  // The student refers to the scorer, which must outlive it.
  ShortlistPointer pointer(value.get(), /*set_delete_finalizer=*/true,
                           R_NilValue, scorer);
  (void)value.release();  // R's finalizer owns it now
  return pointer;
}

// Scores a tile and writes its shard.
// shortlist  cpp_atlas_load_shortlist(), or NULL: all of its pairs
// tile       list(rows, cols: 0-based; crossed, number)
// work       list(before, size, all) in pairs, for the callback
// threads    of the student
// [[Rcpp::export(rng = false)]]
void cpp_atlas_score_tile(SEXP scorer, SEXP shortlist, Rcpp::List tile,
                          std::string path, std::string key, Rcpp::List work,
                          int threads, SEXP callback) {
  const TileScorer& ready = *ScorerPointer(scorer).checked_get();
  musl_r::RSink sink(callback);
  const PartTick tick(work, sink.events());
  musl::KeepPairs keep;
  if (!Rf_isNull(shortlist)) {
    const HeldShortlist& held = *ShortlistPointer(shortlist).checked_get();
    keep = [&held, threads](const musl::PairSet& pairs) {
      return musl::passes(held.student, held.threshold, pairs, threads);
    };
  }
  auto scores = musl::score_tile(
      as_tile(tile),
      [&](const musl::PairSet& set) { return ready.score(set, tick); }, keep);
  musl::write_shard(path,
                    {key, Rcpp::as<int>(tile["number"]), std::move(scores)});
}

// The scores of a shard: rows x columns of a crossed tile, else pairs x 1.
// [[Rcpp::export(rng = false)]]
Rcpp::NumericMatrix cpp_atlas_read_shard(std::string path, std::string key,
                                         int tile, int n_rows, int n_cols) {
  const auto score = musl::read_shard(
      path, key, tile, std::int64_t{n_rows} * std::int64_t{n_cols});
  return as_matrix(score, n_rows, n_cols);
}

// [[Rcpp::export(rng = false)]]
void cpp_publish_file(std::string temporary, std::string path) {
  musl::publish_file(temporary, path);
}

// mirrored  0/1 one a gene, or empty
// [[Rcpp::export(rng = false)]]
SEXP cpp_top_pairs(double n, std::vector<int> mirrored) {
  return hand_over<TopPointer>(std::make_unique<musl::TopPairs>(
      static_cast<std::int64_t>(n),
      std::vector<std::uint8_t>(mirrored.begin(), mirrored.end())));
}

// [[Rcpp::export(rng = false)]]
void cpp_top_pairs_add(SEXP top, Rcpp::List tile, Rcpp::NumericMatrix score) {
  TopPointer(top).checked_get()->add(as_tile(tile), as_scores(score));
}

// list(a, b: 1-based; score), highest first
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
