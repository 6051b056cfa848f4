#pragma once

// The only interface to LibTorch. Everything that computes with it (training,
// prediction, embedding) is behind the classes below, in a shared library that
// open_backend() opens at run time or that is linked into the program. The
// classes use only types of the standard library and of the core.

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "musl/archive.h"
#include "musl/config.h"
#include "musl/dataset.h"
#include "musl/device.h"
#include "musl/esm2.h"
#include "musl/events.h"
#include "musl/explain.h"
#include "musl/interactions.h"
#include "musl/matrix.h"
#include "musl/model.h"
#include "musl/neural_member.h"
#include "musl/pair_scorer.h"
#include "musl/pair_set.h"
#include "musl/partners.h"
#include "musl/sites.h"
#include "musl/student_features.h"

namespace musl {

/// Implements PairScorer, which describes these functions.
class Scorer {
 public:
  virtual ~Scorer() = default;
  virtual void prepare_all_genes() = 0;
  [[nodiscard]] virtual Prediction score(
      const PairSet& pairs, const PairScorer::Tick& tick) const = 0;
  [[nodiscard]] virtual Attribution attribute(
      std::int32_t a, std::int32_t b,
      const AttributionOptions& options) const = 0;
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
  /// the gene vectors if its inputs are node blocks only.
  virtual void prepare(int threads, ModelState* model) const = 0;
  virtual void prepare_vectors(int threads, ModelState* model) const = 0;
  /// The same networks, which remember nothing of a model's inputs yet.
  [[nodiscard]] virtual std::shared_ptr<const Networks> afresh() const = 0;
  /// Arguments and errors as of PairScorer's constructor; `model` is the one
  /// that holds these networks.
  [[nodiscard]] virtual std::unique_ptr<Scorer> make_scorer(
      const Model& model, const Dataset& data, const PairSet& asked,
      const PredictOptions& options) const = 0;
};

/// Implements Student, which describes these functions.
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

  [[nodiscard]] virtual FitResult fit(const ArchitectureConfig& architecture,
                                      const ControlConfig& control,
                                      Dataset data,
                                      const std::vector<TrainingPart>& parts,
                                      const Model* init,
                                      const EventSink& sink) const = 0;
  [[nodiscard]] virtual Archive fit_member(
      const ArchitectureConfig& architecture, const ControlConfig& control,
      Dataset data, const std::vector<TrainingPart>& parts, int member,
      const Model* init, const EventSink& sink) const = 0;
  [[nodiscard]] virtual FitResult join_members(
      const ArchitectureConfig& architecture, const ControlConfig& control,
      Dataset data, const std::vector<TrainingPart>& parts,
      const std::vector<Archive>& members, const Model* init) const = 0;

  /// The networks of an archive; `state` holds the rest of it. FormatError and
  /// ShapeError for weights or inputs that do not fit `state`.
  [[nodiscard]] virtual std::shared_ptr<const Networks> read_networks(
      const Archive& archive, int n_members, const ModelState& state) const = 0;

  [[nodiscard]] virtual std::vector<EncoderReads> encoder_list() const = 0;

  /// Like Student::train() and Student::from_archive().
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

/// Opens the shared library at `path` as this process's backend; does nothing
/// if it is already open. A process keeps the first backend it opened: two
/// copies of LibTorch cannot share a process.
///
/// BackendError if it cannot be loaded, is not a backend of MuSL or belongs to
/// another build, or if another backend is open.
void open_backend(const std::string& path);

/// For a program linked with the backend.
void use_backend(const Backend& backend);

[[nodiscard]] bool has_backend();
/// Path of the open backend; empty if there is none or it is linked in.
[[nodiscard]] std::string backend_path();
/// The open backend. BackendError if there is none.
[[nodiscard]] const Backend& backend();

}  // namespace musl
