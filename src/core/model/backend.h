#pragma once

// The only interface to LibTorch. Everything that computes with it (training,
// prediction, embedding) is behind the classes and functions below, in a shared
// library that open_backend() opens at run time or that is linked into the
// program: backend().fit(...). They use only types of the standard library and
// of the core.

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "atlas/atlas.h"
#include "base/events.h"
#include "base/pair_set.h"
#include "base/prediction.h"
#include "data/config.h"
#include "data/dataset.h"
#include "io/archive.h"
#include "learners/neural_member.h"
#include "model/model.h"
#include "muse/interactions.h"
#include "protein/esm2.h"
#include "protein/esm2_folder.h"

namespace musl {

/// What this build of LibTorch offers.
struct DeviceInfo {
  std::string libtorch_version;
  bool cuda_built = false;  // LibTorch was built with CUDA
  int cuda_devices = 0;     // devices it can use now
  std::string products;     // who multiplies matrices: "oneDNN" or "BLAS"
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
  /// Arguments and errors as of make_pair_scorer(); `model` is the one that
  /// holds these networks.
  [[nodiscard]] virtual std::unique_ptr<PairScorer> make_scorer(
      const Model& model, const Dataset& data, const PairSet& asked,
      const PredictOptions& options) const = 0;
};

/// Everything that needs LibTorch.
struct Backend {
  DeviceInfo (*device_info)();
  /// "auto" gives "cuda:0" if there is one, else "cpu". Throws DeviceError if
  /// the requested device is absent, InputError if the name is unknown.
  std::string (*resolve_device)(const std::string& name);
  /// All registered encoders, ordered by name.
  std::vector<EncoderReads> (*encoder_list)();

  /// Trains one network for each of `parts`, the members of an ensemble if
  /// there are several.
  ///
  /// data        prepared with make_dataset(known = null)
  /// parts       labelled pairs; both classes present (InputError)
  ///
  /// Scalers are learned on the union of the training pairs, which is also the
  /// SL graph that the model predicts with.
  ///
  /// Encoders without any data are left out; the model's architecture() lists
  /// the rest.
  ///
  /// On the CPU the same seed gives the same bits for any `threads`. An
  /// interrupt (sink returns false) ends training after the current chunk:
  /// after at least one finished epoch the best model so far is returned, else
  /// CancelledError is thrown. Throws DivergedError if the loss is not finite.
  FitResult (*fit)(const ArchitectureConfig& architecture,
                   const ControlConfig& control, Dataset data,
                   const std::vector<TrainingPart>& parts,
                   const EventSink& sink);
  /// Trains member `member` (from 0) of the model that fit() would train on the
  /// same arguments, for use in a separate process. The archive holds its
  /// weights, its history and the logits of its judged() pairs; join_members()
  /// builds the model from the archives of all members.
  ///
  /// Its checkpoint, if any, is the one that fit() writes for this member; it
  /// remains until join_members(). Throws like fit(), and CancelledError after
  /// any interrupt.
  Archive (*fit_member)(const ArchitectureConfig& architecture,
                        const ControlConfig& control, Dataset data,
                        const std::vector<TrainingPart>& parts, int member,
                        const EventSink& sink);
  /// Combines the archives of fit_member(), one per part in their order, into
  /// the bits that fit() gives on these arguments. The device of `control` is
  /// not used. FormatError for an archive of another shape.
  FitResult (*join_members)(const ArchitectureConfig& architecture,
                            const ControlConfig& control, Dataset data,
                            const std::vector<TrainingPart>& parts,
                            const std::vector<Archive>& members);
  /// The networks of an archive; `state` holds the rest of it. FormatError and
  /// ShapeError for weights or inputs that do not fit `state`.
  std::shared_ptr<const Networks> (*read_networks)(const Archive& archive,
                                                   int n_members,
                                                   const ModelState& state);

  /// Trains one pair network. The bits do not depend on the threads. go_on as
  /// in fit_measured().
  NeuralNet (*train_neural)(const NeuralTraining& training, std::uint64_t seed,
                            const std::string& device,
                            const std::function<bool()>& go_on);

  /// Computes the mean over the residues, without the two end tokens, of the
  /// last layer after the final layer norm.
  ///
  /// sequences  clean_sequence() of each protein
  ///
  /// A sequence of more than config.max_residues is read in windows of that
  /// length that overlap by a quarter or more; a residue's vector is the mean
  /// over the windows that contain it. Batches depend only on the sequences and
  /// each is computed on one thread, so the bits do not depend on the number of
  /// threads.
  ///
  /// FormatError for weights that are missing or have another shape, InputError
  /// for options out of range, DeviceError if memory is short, CancelledError;
  /// the cache then holds everything finished before.
  ProteinEmbeddings (*embed_proteins)(const Esm2Folder& folder,
                                      const std::vector<std::string>& sequences,
                                      const EmbedOptions& options,
                                      const EventSink& sink);

  /// Trains `members` networks by the phases of config.strategy. The bits do
  /// not depend on the threads. Throws what validate() and training throw.
  InteractionFit (*fit_interactions)(const InteractionConfig& config,
                                     const ControlConfig& control, int members,
                                     const InteractionData& data,
                                     const EventSink& sink);
  /// FormatError for an archive that is damaged or not of interactions.
  std::shared_ptr<const InteractionModel> (*read_interactions)(
      const Archive& archive);
  /// Trains `members` networks. The bits do not depend on the threads. Throws
  /// what validate() and training throw.
  SiteFit (*fit_sites)(const SiteConfig& config, const ControlConfig& control,
                       int members, const SiteData& data,
                       const EventSink& sink);
  /// FormatError for an archive that is damaged or not of sites.
  std::shared_ptr<const SiteModel> (*read_sites)(const Archive& archive);
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
