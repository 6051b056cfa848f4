#pragma once

// The one door to LibTorch. What computes with it (training, predicting,
// embedding) lies behind the classes below, in a shared library that
// open_backend() opens in a running program, or that is linked into it. They
// speak of the standard library's types and the core's own alone.

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "musl/archive.h"
#include "musl/balance.h"
#include "musl/config.h"
#include "musl/dataset.h"
#include "musl/device.h"
#include "musl/esm2.h"
#include "musl/events.h"
#include "musl/explain.h"
#include "musl/group.h"
#include "musl/interactions.h"
#include "musl/matrix.h"
#include "musl/model.h"
#include "musl/neural_member.h"
#include "musl/pair_scorer.h"
#include "musl/pair_set.h"
#include "musl/partners.h"
#include "musl/plan.h"
#include "musl/sites.h"
#include "musl/student_features.h"

namespace musl {

/// Behind PairScorer, whose functions these are.
class Scorer {
 public:
  virtual ~Scorer() = default;
  virtual void prepare_all_genes() = 0;
  [[nodiscard]] virtual Prediction score(
      const PairSet& pairs, const PairScorer::Tick& tick) const = 0;
  [[nodiscard]] virtual Attribution attribute(
      std::int32_t a, std::int32_t b,
      const AttributionOptions& options) const = 0;
  [[nodiscard]] virtual Balance balance(const PairSet& pairs,
                                        const BalanceOptions& options,
                                        const PairScorer::Tick& tick) const = 0;
  [[nodiscard]] virtual const Dataset& data() const = 0;
  [[nodiscard]] virtual const KnownPartners& partners() const = 0;
  [[nodiscard]] virtual Matrix gene_vectors() const = 0;
};

/// The networks of a model, one a member.
class Networks {
 public:
  virtual ~Networks() = default;
  [[nodiscard]] virtual int n_members() const = 0;
  [[nodiscard]] virtual std::int64_t n_parameters() const = 0;
  /// As the tensors "weights/<member>/<name>".
  virtual void put_weights(Archive* archive) const = 0;
  /// Fills in the partner spaces of the model that holds these networks, and
  /// the gene vectors, where its inputs are node blocks alone.
  virtual void prepare(int threads, ModelState* model) const = 0;
  virtual void prepare_vectors(int threads, ModelState* model) const = 0;
  /// Arguments and errors as of PairScorer's constructor; `model` is the one
  /// that holds these networks.
  [[nodiscard]] virtual std::unique_ptr<Scorer> make_scorer(
      const Model& model, const Dataset& data, const PairSet& asked,
      const PredictOptions& options) const = 0;
};

/// Behind Student, whose functions these are.
class StudentNet {
 public:
  virtual ~StudentNet() = default;
  [[nodiscard]] virtual std::vector<float> score(
      const PairSet& pairs, int threads,
      const PairScorer::Tick& tick) const = 0;
  [[nodiscard]] virtual Archive to_archive() const = 0;
};

/// Everything that needs LibTorch. The public functions of the same names call
/// these; their headers describe them.
class Backend {
 public:
  virtual ~Backend() = default;

  [[nodiscard]] virtual DeviceInfo device_info() const = 0;
  [[nodiscard]] virtual std::string resolve_device(
      const std::string& name) const = 0;
  [[nodiscard]] virtual std::vector<std::string> group_backends() const = 0;

  [[nodiscard]] virtual FitResult fit(const ArchitectureConfig& architecture,
                                      const ControlConfig& control,
                                      Dataset data,
                                      const std::vector<TrainingPart>& parts,
                                      const Model* init, const EventSink& sink,
                                      const GroupConfig& group) const = 0;
  [[nodiscard]] virtual Archive fit_member(
      const ArchitectureConfig& architecture, const ControlConfig& control,
      Dataset data, const std::vector<TrainingPart>& parts, int member,
      const Model* init, const EventSink& sink) const = 0;
  [[nodiscard]] virtual FitResult join_members(
      const ArchitectureConfig& architecture, const ControlConfig& control,
      Dataset data, const std::vector<TrainingPart>& parts,
      const std::vector<Archive>& members, const Model* init) const = 0;

  /// The networks of an archive, of which `state` holds all the rest.
  /// FormatError and ShapeError for weights or inputs that do not fit it.
  [[nodiscard]] virtual std::shared_ptr<const Networks> read_networks(
      const Archive& archive, int n_members, const ModelState& state) const = 0;

  [[nodiscard]] virtual std::vector<PlannedPhase> training_plan(
      const ArchitectureConfig& architecture,
      const ControlConfig& control) const = 0;
  [[nodiscard]] virtual std::vector<InputInfo> input_list() const = 0;
  [[nodiscard]] virtual std::vector<EncoderReads> encoder_list() const = 0;

  /// As Student::train() and Student::from_archive().
  [[nodiscard]] virtual std::shared_ptr<const StudentNet> train_student(
      const StudentFeatures& features, const PairSet& pairs,
      const std::vector<double>& target, std::uint64_t seed, int threads,
      const PairScorer::Tick& tick) const = 0;
  [[nodiscard]] virtual std::shared_ptr<const StudentNet> read_student(
      const Archive& archive, const StudentFeatures& features) const = 0;

  [[nodiscard]] virtual NeuralNet train_neural(
      const NeuralTraining& training, std::uint64_t seed,
      const std::function<bool()>& go_on) const = 0;

  [[nodiscard]] virtual ProteinEmbeddings embed_proteins(
      const Esm2Folder& folder, const std::vector<std::string>& sequences,
      const EmbedOptions& options, const EventSink& sink) const = 0;

  [[nodiscard]] virtual InteractionFit fit_interactions(
      const InteractionConfig& config, const ControlConfig& control,
      int members, const InteractionData& data,
      const EventSink& sink) const = 0;
  [[nodiscard]] virtual std::shared_ptr<const InteractionModel>
  read_interactions(const Archive& archive) const = 0;

  [[nodiscard]] virtual SiteFit fit_sites(const SiteConfig& config,
                                          const ControlConfig& control,
                                          int members, const SiteData& data,
                                          const EventSink& sink) const = 0;
  [[nodiscard]] virtual std::shared_ptr<const SiteModel> read_sites(
      const Archive& archive) const = 0;
};

/// Opens the shared library at `path` as this process's backend; nothing
/// happens if it is that already. A process keeps the first one it opened:
/// two LibTorch cannot live in one.
///
/// BackendError when it cannot be loaded, is no backend of MuSL or of another
/// build of it, or when another one is open.
void open_backend(const std::string& path);

/// For a program that has the backend linked in.
void use_backend(const Backend& backend);

[[nodiscard]] bool has_backend();
/// Of the open backend; empty where there is none or it is linked in.
[[nodiscard]] std::string backend_path();
/// The open backend. BackendError when there is none.
[[nodiscard]] const Backend& backend();

}  // namespace musl
