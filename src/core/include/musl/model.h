#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "musl/archive.h"
#include "musl/calibration.h"
#include "musl/config.h"
#include "musl/dataset.h"
#include "musl/events.h"
#include "musl/group.h"
#include "musl/pair_set.h"
#include "musl/stacking.h"

namespace musl {

struct ModelState;

/// Scores of N pairs with M modalities, in the order of the pairs.
struct Prediction {
  std::vector<double> score;          // (N) logit; NaN: no modality at all
  std::vector<std::string> encoders;  // (M) names
  Matrix gates;                       // (N, M) sum to 1, 0 where masked
  Matrix branch_scores;               // (N, M) logits of the branches
  Matrix embedding;                   // (N, members * fusion width), on request
  Matrix logits;  // (N, 1 + M) fused and branch logits of one network
};

struct PredictOptions {
  std::string device = "auto";
  int threads = 0;
  int micro_batch = 0;  // pairs at once; 0: as many as pay off
  bool parts = false;   // fill gates and branch_scores
  bool embedding = false;
  /// Encoders to hear; the others are masked. Empty: all.
  std::vector<std::string> encoders;
};

/// A trained network, or an ensemble of some, with its preprocessing, its SL
/// graph and (unless left out) the per-gene inputs it was trained on. Copies
/// share the same immutable state. Its networks need a backend (backend.h), all
/// else does not.
class Model {
 public:
  explicit Model(std::shared_ptr<ModelState> state);

  [[nodiscard]] const ArchitectureConfig& architecture() const;
  [[nodiscard]] std::int64_t n_genes() const;
  [[nodiscard]] bool keeps_inputs() const;
  /// The per-gene inputs kept in the model; n_genes == 0 when left out.
  [[nodiscard]] const Dataset& kept() const;
  /// What make_dataset(known =) needs of the model: kept() where there is one,
  /// else its genes' rows, bin edges and spectral rows alone.
  /// with_vectors  whether the new dataset may have neither edges nor
  ///               embeddings and then reads the model's gene vectors
  [[nodiscard]] const Dataset& reference(bool with_vectors = true) const;
  [[nodiscard]] std::int64_t n_parameters() const;  // of all members
  [[nodiscard]] int n_members() const;
  /// How much the fused logit and each branch count in the score.
  [[nodiscard]] const StackWeights& stack() const;

  /// Scores pairs of `data`'s universe; pass kept() for the model's own genes.
  ///
  /// The score is the mean over the members. Modalities that `data` lacks
  /// altogether are masked. (a, b) and (b, a) give the same bits. Known
  /// partners come from data.known; a pair that is itself known is judged
  /// without the fifth of the known pairs that holds it. Throws InputError for
  /// an encoder that the model lacks, CancelledError, DeviceError, ShapeError
  /// (sources, bins, embedding columns that differ from the model's).
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
  [[nodiscard]] const ModelState& state() const { return *state_; }

 private:
  /// Makes of the kept inputs what scoring reads, once, at the first need: a
  /// file holds the one, and the other is ten times as large.
  void prepare() const;

  std::shared_ptr<ModelState> state_;
  std::shared_ptr<std::once_flag> prepared_;
};

/// What one member is trained on.
struct TrainingPart {
  PairSet training;
  PairSet validation;  // may be empty: the last epoch is kept
  /// Pairs beside the validation pairs that branches are weighed and
  /// probabilities calibrated by, and no epoch is chosen by; may be empty. Of
  /// two seen genes, where a split's validation pairs have none of these.
  PairSet calibration{};

  /// The validation pairs, then the calibration pairs: what is scored by the
  /// member that did not train on it.
  [[nodiscard]] PairSet judged() const {
    return joined(validation, calibration);
  }
};

struct FitResult {
  Model model;
  std::vector<EpochRecord> history;
  /// Scores of each member's judged() pairs by that member alone, knowing its
  /// own training pairs only; member by member, in their order.
  std::vector<double> valid_score;
  /// Genes of each of these pairs that the member's training pairs lack: 0..2.
  std::vector<int> valid_n_unseen;
  bool cancelled = false;  // true: the best model so far after an interrupt
  bool converged = true;   // false: the best epoch was the last one allowed
};

/// Trains a network for each of `parts`: one, or the members of an ensemble.
///
/// data        prepared with make_dataset(known = null)
/// parts       labelled pairs; both classes present (InputError)
/// init        continue from this model's weights and scalers (same
///             architecture), or null
///
/// Scalers are learned on the union of the training pairs, which is also the SL
/// graph that the model predicts with.
///
/// Encoders for which the data has nothing at all are left out; the model's
/// architecture() says what is in it.
///
/// The same seed gives the same bits on the CPU whatever `threads`. An
/// interrupt (sink returned false) ends training after the current chunk: with
/// at least one finished epoch the best model so far comes back, else
/// CancelledError. Throws DivergedError when the loss is not finite.
///
/// group  the processes that train this model together. Each calls fit() with
///        the same arguments but for control.device, control.threads, sink and
///        its rank. Rank 0 alone writes checkpoints and ends with the model;
///        the result of the others holds no finished one. The model is that of
///        a single process but for rounding; its bits are not. An interrupt of
///        one ends training in all; a process that dies is a DeviceError of
///        the others.
[[nodiscard]] FitResult fit(const ArchitectureConfig& architecture,
                            const ControlConfig& control, Dataset data,
                            const std::vector<TrainingPart>& parts,
                            const Model* init, const EventSink& sink = {},
                            const GroupConfig& group = {});

/// The same for a single network.
[[nodiscard]] inline FitResult fit(const ArchitectureConfig& architecture,
                                   const ControlConfig& control, Dataset data,
                                   const PairSet& training,
                                   const PairSet& validation, const Model* init,
                                   const EventSink& sink = {}) {
  return fit(architecture, control, std::move(data),
             std::vector<TrainingPart>{{training, validation}}, init, sink);
}

/// Trains member number `member` (from 0) of the model that fit() would train
/// on the same arguments, in a process of its own. What comes back holds its
/// weights, its history and the logits of its validation pairs; join_members()
/// makes the model of all members' archives.
///
/// Its checkpoint, if any, is the one that fit() writes for this member; it
/// stays until join_members(). Throws what fit() does, and CancelledError after
/// any interrupt.
[[nodiscard]] Archive fit_member(const ArchitectureConfig& architecture,
                                 const ControlConfig& control, Dataset data,
                                 const std::vector<TrainingPart>& parts,
                                 int member, const Model* init,
                                 const EventSink& sink = {});

/// The result of fit() on these arguments, to the bit, from what fit_member()
/// made on them: one archive a part, in their order. The device of `control` is
/// not used. FormatError for an archive that is damaged, of another member or
/// of other arguments (the first difference is named).
[[nodiscard]] FitResult join_members(const ArchitectureConfig& architecture,
                                     const ControlConfig& control, Dataset data,
                                     const std::vector<TrainingPart>& parts,
                                     const std::vector<Archive>& members,
                                     const Model* init);

}  // namespace musl
