#include "musl/backend.h"

#include <ATen/Parallel.h>
#include <pthread.h>

#include <utility>

#include "model/backend_stamp.h"
#include "nn/base/device.h"
#include "nn/embed/embed_proteins.h"
#include "nn/model/backend_functions.h"
#include "nn/model/networks.h"
#include "nn/model/start.h"

namespace musl::nn {

namespace {

class TorchBackend final : public Backend {
 public:
  // A forked child has none of LibTorch's worker threads and would wait for
  // them forever.
  TorchBackend() {
    pthread_atfork(nullptr, nullptr, [] { at::set_num_threads(1); });
  }

  [[nodiscard]] DeviceInfo device_info() const override {
    return nn::device_info();
  }

  [[nodiscard]] std::string resolve_device(
      const std::string& name) const override {
    return nn::resolve_device(name);
  }

  [[nodiscard]] FitResult fit(const ArchitectureConfig& architecture,
                              const ControlConfig& control, Dataset data,
                              const std::vector<TrainingPart>& parts,
                              const Model* init,
                              const EventSink& sink) const override {
    return nn::fit(architecture, control, std::move(data), parts, init, sink);
  }

  [[nodiscard]] Archive fit_member(const ArchitectureConfig& architecture,
                                   const ControlConfig& control, Dataset data,
                                   const std::vector<TrainingPart>& parts,
                                   int member, const Model* init,
                                   const EventSink& sink) const override {
    return nn::fit_member(architecture, control, std::move(data), parts, member,
                          init, sink);
  }

  [[nodiscard]] FitResult join_members(const ArchitectureConfig& architecture,
                                       const ControlConfig& control,
                                       Dataset data,
                                       const std::vector<TrainingPart>& parts,
                                       const std::vector<Archive>& members,
                                       const Model* init) const override {
    return nn::join_members(architecture, control, std::move(data), parts,
                            members, init);
  }

  [[nodiscard]] std::shared_ptr<const Networks> read_networks(
      const Archive& archive, int n_members,
      const ModelState& state) const override {
    return nn::read_networks(archive, n_members, state);
  }

  [[nodiscard]] std::vector<EncoderReads> encoder_list() const override {
    return nn::encoder_list();
  }

  [[nodiscard]] std::shared_ptr<const StudentNet> train_student(
      const StudentFeatures& features, const PairSet& pairs,
      const std::vector<double>& target, std::uint64_t seed, int threads,
      const PairScorer::Tick& tick) const override {
    return nn::train_student(features, pairs, target, seed, threads, tick);
  }

  [[nodiscard]] std::shared_ptr<const StudentNet> read_student(
      const Archive& archive, const StudentFeatures& features) const override {
    return nn::read_student(archive, features);
  }

  [[nodiscard]] NeuralNet train_neural(
      const NeuralTraining& training, std::uint64_t seed,
      const std::function<bool()>& go_on) const override {
    return nn::train_neural(training, seed, go_on);
  }

  [[nodiscard]] ProteinEmbeddings embed_proteins(
      const Esm2Folder& folder, const std::vector<std::string>& sequences,
      const EmbedOptions& options, const EventSink& sink) const override {
    return nn::embed_proteins(folder, sequences, options, sink);
  }

  [[nodiscard]] InteractionFit fit_interactions(
      const InteractionConfig& config, const ControlConfig& control,
      int members, const InteractionData& data,
      const EventSink& sink) const override {
    return nn::fit_interactions(config, control, members, data, sink);
  }

  [[nodiscard]] std::shared_ptr<const InteractionModel> read_interactions(
      const Archive& archive) const override {
    return nn::read_interactions(archive);
  }

  [[nodiscard]] SiteFit fit_sites(const SiteConfig& config,
                                  const ControlConfig& control, int members,
                                  const SiteData& data,
                                  const EventSink& sink) const override {
    return nn::fit_sites(config, control, members, data, sink);
  }

  [[nodiscard]] std::shared_ptr<const SiteModel> read_sites(
      const Archive& archive) const override {
    return nn::read_sites(archive);
  }
};

}  // namespace

}  // namespace musl::nn

extern "C" {

/// Read from the file, and never called.
// NOLINTNEXTLINE(readability-identifier-naming): a C name
extern const char musl_backend_stamp[];
const char musl_backend_stamp[] = MUSL_BACKEND_MARK MUSL_BACKEND_STAMP;

/// The backend of this library; it lives as long as the process.
const musl::Backend* musl_backend() {
  static const musl::nn::TorchBackend the_backend;
  return &the_backend;
}

}  // extern "C"
