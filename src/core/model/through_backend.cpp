// The public functions that need LibTorch, each calling the backend's function
// of the same name.

#include <utility>

#include "musl/backend.h"

namespace musl {

DeviceInfo device_info() { return backend().device_info(); }

std::string resolve_device(const std::string& name) {
  return backend().resolve_device(name);
}

std::vector<EncoderReads> encoder_list() { return backend().encoder_list(); }

FitResult fit(const ArchitectureConfig& architecture,
              const ControlConfig& control, Dataset data,
              const std::vector<TrainingPart>& parts, const EventSink& sink) {
  return backend().fit(architecture, control, std::move(data), parts, sink);
}

Archive fit_member(const ArchitectureConfig& architecture,
                   const ControlConfig& control, Dataset data,
                   const std::vector<TrainingPart>& parts, int member,
                   const EventSink& sink) {
  return backend().fit_member(architecture, control, std::move(data), parts,
                              member, sink);
}

FitResult join_members(const ArchitectureConfig& architecture,
                       const ControlConfig& control, Dataset data,
                       const std::vector<TrainingPart>& parts,
                       const std::vector<Archive>& members) {
  return backend().join_members(architecture, control, std::move(data), parts,
                                members);
}

std::shared_ptr<const Student> train_student(const StudentFeatures& features,
                                             const PairSet& pairs,
                                             const std::vector<double>& target,
                                             std::uint64_t seed, int threads,
                                             const Tick& tick) {
  return backend().train_student(features, pairs, target, seed, threads, tick);
}

std::shared_ptr<const Student> read_student(const Archive& archive,
                                            const StudentFeatures& features) {
  return backend().read_student(archive, features);
}

NeuralNet train_neural(const NeuralTraining& training, std::uint64_t seed,
                       const std::string& device,
                       const std::function<bool()>& go_on) {
  return backend().train_neural(training, seed, device, go_on);
}

ProteinEmbeddings embed_proteins(const Esm2Folder& folder,
                                 const std::vector<std::string>& sequences,
                                 const EmbedOptions& options,
                                 const EventSink& sink) {
  return backend().embed_proteins(folder, sequences, options, sink);
}

InteractionFit fit_interactions(const InteractionConfig& config,
                                const ControlConfig& control, int members,
                                const InteractionData& data,
                                const EventSink& sink) {
  return backend().fit_interactions(config, control, members, data, sink);
}

std::shared_ptr<const InteractionModel> read_interactions(
    const Archive& archive) {
  return backend().read_interactions(archive);
}

SiteFit fit_sites(const SiteConfig& config, const ControlConfig& control,
                  int members, const SiteData& data, const EventSink& sink) {
  return backend().fit_sites(config, control, members, data, sink);
}

std::shared_ptr<const SiteModel> read_sites(const Archive& archive) {
  return backend().read_sites(archive);
}

}  // namespace musl
