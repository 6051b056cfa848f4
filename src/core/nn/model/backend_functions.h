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

/// The public functions of the same names and types.
FitResult fit(const ArchitectureConfig& architecture,
              const ControlConfig& control, Dataset data,
              const std::vector<TrainingPart>& parts, const Model* init,
              const EventSink& sink);
decltype(musl::fit_member) fit_member;
decltype(musl::join_members) join_members;
decltype(musl::train_neural) train_neural;
decltype(musl::fit_interactions) fit_interactions;
decltype(musl::read_interactions) read_interactions;
decltype(musl::fit_sites) fit_sites;
decltype(musl::read_sites) read_sites;

/// The weights of a network, for scoring without LibTorch.
[[nodiscard]] NeuralNet plain_net(const PairNet& net);

/// Implements Networks::make_scorer() for a model of this backend.
[[nodiscard]] std::unique_ptr<Scorer> make_scorer(
    const Model& model, const Dataset& data, const PairSet& asked,
    const PredictOptions& options);

/// Implement the functions of Backend of the same names.
[[nodiscard]] std::shared_ptr<const StudentNet> train_student(
    const StudentFeatures& features, const PairSet& pairs,
    const std::vector<double>& target, std::uint64_t seed, int threads,
    const PairScorer::Tick& tick);
[[nodiscard]] std::shared_ptr<const StudentNet> read_student(
    const Archive& archive, const StudentFeatures& features);

}  // namespace musl::nn
