#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "musl/archive.h"
#include "musl/calibration.h"
#include "musl/config.h"
#include "musl/dataset.h"
#include "musl/events.h"
#include "musl/pair_set.h"

namespace musl {

/// Scores of N pairs with M modalities, in the order of the pairs.
struct Prediction {
  std::vector<double> score;            // (N) logit; NaN: no modality at all
  std::vector<std::string> encoders;    // (M) names
  Matrix gates;                         // (N, M) sum to 1, 0 where masked
  Matrix branch_scores;                 // (N, M) logits of the branches
  Matrix embedding;                     // (N, fusion width), on request
};

struct PredictOptions {
  std::string device = "auto";
  int threads = 0;
  int micro_batch = 64;
  bool parts = false;      // fill gates and branch_scores
  bool embedding = false;
};

/// A trained network with its preprocessing, and (unless left out) the per-gene
/// inputs it was trained on. Copies share the same immutable state.
class Model {
 public:
  struct Impl;
  explicit Model(std::shared_ptr<const Impl> impl);

  [[nodiscard]] const ArchitectureConfig& architecture() const;
  [[nodiscard]] std::int64_t n_genes() const;
  /// The per-gene inputs kept in the model; n_genes == 0 when left out.
  [[nodiscard]] const Dataset& kept() const;
  /// What make_dataset(known =) needs of the model: kept() where there is one,
  /// else its genes' rows, bin edges and spectral rows alone.
  [[nodiscard]] const Dataset& reference() const;
  [[nodiscard]] std::int64_t n_parameters() const;

  /// Scores pairs of `data`'s universe; pass kept() for the model's own genes.
  ///
  /// Modalities that `data` lacks altogether are masked. (a, b) and (b, a) give
  /// the same bits. Throws CancelledError, DeviceError, ShapeError (sources,
  /// bins, embedding columns that differ from the model's).
  [[nodiscard]] Prediction predict(const Dataset& data, const PairSet& pairs,
                                   const PredictOptions& options,
                                   const EventSink& sink = {}) const;

  /// Everything as tensors. keep_inputs = false leaves codes, rows and the
  /// network out (a shareable model that needs `data` to predict).
  [[nodiscard]] Archive to_archive(bool keep_inputs) const;
  [[nodiscard]] static Model from_archive(const Archive& archive);
  /// Bytes of the kept per-gene inputs, to decide on leaving them out.
  [[nodiscard]] std::int64_t kept_bytes() const;
  /// For the core's own use.
  [[nodiscard]] const Impl& impl() const { return *impl_; }

 private:
  std::shared_ptr<const Impl> impl_;
};

struct FitResult {
  Model model;
  std::vector<EpochRecord> history;
  /// Scores of the validation pairs by the chosen weights, in their order.
  std::vector<double> valid_score;
  bool cancelled = false;  // true: the best model so far after an interrupt
  bool converged = true;   // false: the best epoch was the last one allowed
};

/// Trains a network.
///
/// data        prepared with make_dataset(known = null)
/// training    labelled pairs; both classes present (InputError)
/// validation  labelled pairs that choose the epoch; may be empty: the last
///             epoch is kept
/// init        continue from this model's weights and scalers (same
///             architecture), or null
///
/// Encoders for which the data has nothing at all are left out; the model's
/// architecture() says what is in it.
///
/// The same seed gives the same bits on the CPU whatever `threads`. An interrupt
/// (sink returned false) ends training after the current chunk: with at least
/// one finished epoch the best model so far comes back, else CancelledError.
/// Throws DivergedError when the loss is not finite.
[[nodiscard]] FitResult fit(const ArchitectureConfig& architecture,
                            const ControlConfig& control, Dataset data,
                            const PairSet& training, const PairSet& validation,
                            const Model* init, const EventSink& sink = {});

}  // namespace musl
