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
              const std::vector<TrainingPart>& parts, const EventSink& sink);
decltype(musl::fit_member) fit_member;
decltype(musl::join_members) join_members;
decltype(musl::train_student) train_student;
decltype(musl::read_student) read_student;
decltype(musl::train_neural) train_neural;
decltype(musl::fit_interactions) fit_interactions;
decltype(musl::read_interactions) read_interactions;
decltype(musl::fit_sites) fit_sites;
decltype(musl::read_sites) read_sites;

/// The weights of a network, for scoring without LibTorch.
[[nodiscard]] NeuralNet plain_net(const PairNet& net);

/// Implements Networks::make_scorer() for a model of this backend.
[[nodiscard]] std::unique_ptr<PairScorer> make_scorer(
    const Model& model, const Dataset& data, const PairSet& asked,
    const PredictOptions& options);

}  // namespace musl::nn
