#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "base/error.h"
#include "base/events.h"
#include "base/pair_set.h"
#include "base/prediction.h"
#include "data/config.h"
#include "data/dataset.h"
#include "data/preprocess.h"
#include "io/archive.h"
#include "judge/stacking.h"

namespace musl {

class Networks;

/// The contents of a model.
struct ModelState {
  ArchitectureConfig architecture;
  Preprocess preprocess;
  StackWeights stack;
  Dataset data;             // stored inputs, or those of Model::reference()
  bool has_inputs = false;  // false: `data` is a reference only
  std::shared_ptr<const Networks> networks;
  std::once_flag unfolded, prepared;  // see Model
};

/// A trained network or an ensemble of networks, with its preprocessing, its SL
/// graph and (unless left out) the per-gene inputs it was trained on. Copies
/// share the same immutable state. Only its networks need a backend
/// (backend.h).
class Model {
 public:
  explicit Model(std::shared_ptr<ModelState> state)
      : state_(std::move(state)) {}

  [[nodiscard]] const ArchitectureConfig& architecture() const {
    return state_->architecture;
  }
  [[nodiscard]] bool keeps_inputs() const { return state_->has_inputs; }
  /// The per-gene inputs stored in the model; n_genes == 0 if left out.
  [[nodiscard]] const Dataset& kept() const;
  /// What make_dataset(known =) needs of the model: kept() if there is one,
  /// else only its genes' rows, bin edges and spectral rows.
  /// with_vectors  whether the new dataset may have neither edges nor
  ///               embeddings; it then uses the model's gene vectors
  [[nodiscard]] const Dataset& reference(bool with_vectors = true) const;
  /// The same model with `data`, as make_dataset(known = &reference()) gives
  /// them, as its kept() inputs: what the networks compute of their genes is
  /// kept from call to call. Scores are those of predict(data), to rounding:
  /// vectors of genes are computed in other blocks.
  [[nodiscard]] Model on(Dataset data) const;
  [[nodiscard]] std::int64_t n_parameters() const;  // of all members
  [[nodiscard]] int n_members() const;
  /// Weights of the fused logit and of each branch in the score.
  [[nodiscard]] const StackWeights& stack() const { return state_->stack; }

  /// Scores pairs of `data`'s universe; pass kept() for the model's own genes.
  ///
  /// The score is the mean over the members. Modalities that `data` lacks are
  /// masked. (a, b) and (b, a) give the same bits. Known partners come from
  /// data.known; a known pair is scored without the fifth of the known pairs
  /// that contains it. Throws InputError for an encoder that the model lacks,
  /// CancelledError, DeviceError, ShapeError (cohorts, bins, embedding columns
  /// that differ from the model's).
  [[nodiscard]] Prediction predict(const Dataset& data, const PairSet& pairs,
                                   const PredictOptions& options,
                                   const EventSink& sink = {}) const;

  /// The model as tensors. keep_inputs = false leaves out codes, rows and the
  /// network (a shareable model that needs `data` to predict).
  [[nodiscard]] Archive to_archive(bool keep_inputs) const;
  [[nodiscard]] static Model from_archive(const Archive& archive);
  /// For use inside the core.
  [[nodiscard]] const ModelState& state() const { return *state_; }

 private:
  /// Expands the stored rows of cohorts to those that scoring reads, once, when
  /// first needed: the expanded form is ten times as large.
  void unfold() const;
  /// Computes what networks read of stored inputs, once, when first needed.
  void prepare() const;

  std::shared_ptr<ModelState> state_;
};

/// What one member is trained on.
struct TrainingPart {
  PairSet training;
  PairSet validation;  // may be empty: the last epoch is kept
  /// Additional pairs for weighting branches and calibrating probabilities,
  /// never for choosing an epoch; may be empty. Pairs of two seen genes, if a
  /// split's validation pairs have none of these.
  PairSet calibration{};

  /// The validation pairs, then the calibration pairs: scored by the member
  /// that did not train on them.
  [[nodiscard]] PairSet judged() const {
    return joined(validation, calibration);
  }
};

struct FitResult {
  Model model;
  std::vector<EpochRecord> history;
  /// Scores of each member's judged() pairs by that member alone, given only
  /// its training pairs; member by member, in their order.
  std::vector<double> valid_score;
  /// Genes of each of these pairs that the member's training pairs lack: 0..2.
  std::vector<int> valid_n_unseen;
  bool cancelled = false;  // true: interrupted, the best model so far
  bool converged = true;   // false: the best epoch was the last one allowed
};

/// A network prepared for one dataset: computes once what does not depend on
/// the pair, then scores any number of tables of pairs. The backend implements
/// it.
class PairScorer : public Interface {
 public:
  /// Computes the vectors of all genes now, instead of those of a table's genes
  /// with each table, with the options of make_pair_scorer().
  virtual void prepare_all_genes() = 0;

  /// Like Model::predict(): the same table gives the same bits. Not reentrant.
  [[nodiscard]] virtual Prediction score(const PairSet& pairs,
                                         const Tick& tick = {}) const = 0;

  /// Explains the score of a pair, in either order. The bits do not depend on
  /// the number of threads. InputError for a pair without any modality or of a
  /// gene with itself, GeneError for a gene outside the universe.
  ///
  /// most_steps  of the path from the reference pair
  [[nodiscard]] virtual Attribution attribute(std::int32_t a, std::int32_t b,
                                              int most_steps = 4096) const = 0;
};

/// data   as in Model::predict(); must outlive the scorer
/// asked  the known pairs that will be scored; data.known allows any
/// Throws like Model::predict().
[[nodiscard]] std::unique_ptr<PairScorer> make_pair_scorer(
    const Model& model, const Dataset& data, const PairSet& asked,
    const PredictOptions& options);

}  // namespace musl
