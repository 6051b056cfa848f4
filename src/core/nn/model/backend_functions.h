#pragma once

#include <memory>
#include <vector>

#include "musl/backend.h"
#include "musl/interactions.h"
#include "musl/model.h"
#include "musl/neural_member.h"
#include "musl/sites.h"
#include "nn/nets/pair_net.h"

// What this library implements of musl/backend.h, by file.

namespace musl::nn {

/// Implement the public functions of the same names.
[[nodiscard]] FitResult fit(const ArchitectureConfig& architecture,
                            const ControlConfig& control, Dataset data,
                            const std::vector<TrainingPart>& parts,
                            const Model* init, const EventSink& sink);
[[nodiscard]] Archive fit_member(const ArchitectureConfig& architecture,
                                 const ControlConfig& control, Dataset data,
                                 const std::vector<TrainingPart>& parts,
                                 int member, const Model* init,
                                 const EventSink& sink);
[[nodiscard]] FitResult join_members(const ArchitectureConfig& architecture,
                                     const ControlConfig& control, Dataset data,
                                     const std::vector<TrainingPart>& parts,
                                     const std::vector<Archive>& members,
                                     const Model* init);

/// Implement musl::fit_interactions() and musl::read_interactions().
[[nodiscard]] InteractionFit fit_interactions(const InteractionConfig& config,
                                              const ControlConfig& control,
                                              int members,
                                              const InteractionData& data,
                                              const EventSink& sink);
[[nodiscard]] std::shared_ptr<const InteractionModel> read_interactions(
    const Archive& archive);

/// The weights of a network, for scoring without LibTorch.
[[nodiscard]] NeuralNet plain_net(const PairNet& net);

/// Implements the function of the same name in musl/neural_member.h.
[[nodiscard]] NeuralNet train_neural(const NeuralTraining& training,
                                     std::uint64_t seed,
                                     const std::function<bool()>& go_on);

/// Implements Networks::make_scorer() for a model of this backend.
[[nodiscard]] std::unique_ptr<Scorer> make_scorer(
    const Model& model, const Dataset& data, const PairSet& asked,
    const PredictOptions& options);

/// Implement musl::fit_sites() and musl::read_sites().
[[nodiscard]] SiteFit fit_sites(const SiteConfig& config,
                                const ControlConfig& control, int members,
                                const SiteData& data, const EventSink& sink);
[[nodiscard]] std::shared_ptr<const SiteModel> read_sites(
    const Archive& archive);

/// Implement the functions of Backend of the same names.
[[nodiscard]] std::shared_ptr<const StudentNet> train_student(
    const StudentFeatures& features, const PairSet& pairs,
    const std::vector<double>& target, std::uint64_t seed, int threads,
    const PairScorer::Tick& tick);
[[nodiscard]] std::shared_ptr<const StudentNet> read_student(
    const Archive& archive, const StudentFeatures& features);

}  // namespace musl::nn
