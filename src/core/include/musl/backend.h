#pragma once

// The only interface to LibTorch. Everything that computes with it (training,
// prediction, embedding) is behind the classes and functions below, in a shared
// library that open_backend() opens at run time or that is linked into the
// program. They use only types of the standard library and of the core.

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
  /// Arguments and errors as of make_pair_scorer(); `model` is the one that
  /// holds these networks.
  [[nodiscard]] virtual std::unique_ptr<PairScorer> make_scorer(
      const Model& model, const Dataset& data, const PairSet& asked,
      const PredictOptions& options) const = 0;
};

/// Everything that needs LibTorch. The public functions of the same names call
/// these; their headers describe them.
struct Backend {
  decltype(&musl::device_info) device_info;
  decltype(&musl::resolve_device) resolve_device;
  decltype(&musl::encoder_list) encoder_list;

  FitResult (*fit)(const ArchitectureConfig& architecture,
                   const ControlConfig& control, Dataset data,
                   const std::vector<TrainingPart>& parts,
                   const EventSink& sink);
  decltype(&musl::fit_member) fit_member;
  decltype(&musl::join_members) join_members;
  /// The networks of an archive; `state` holds the rest of it. FormatError and
  /// ShapeError for weights or inputs that do not fit `state`.
  std::shared_ptr<const Networks> (*read_networks)(const Archive& archive,
                                                   int n_members,
                                                   const ModelState& state);

  decltype(&musl::train_student) train_student;
  decltype(&musl::read_student) read_student;
  decltype(&musl::train_neural) train_neural;
  decltype(&musl::embed_proteins) embed_proteins;
  decltype(&musl::fit_interactions) fit_interactions;
  decltype(&musl::read_interactions) read_interactions;
  decltype(&musl::fit_sites) fit_sites;
  decltype(&musl::read_sites) read_sites;
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
