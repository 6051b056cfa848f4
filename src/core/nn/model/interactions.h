#pragma once

#include <memory>

#include "musl/interactions.h"

namespace musl::nn {

/// Implement musl::fit_interactions() and musl::read_interactions().
[[nodiscard]] InteractionFit fit_interactions(const InteractionConfig& config,
                                              const ControlConfig& control,
                                              int members,
                                              const InteractionData& data,
                                              const EventSink& sink);
[[nodiscard]] std::shared_ptr<const InteractionModel> read_interactions(
    const Archive& archive);

}  // namespace musl::nn
