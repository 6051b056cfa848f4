#pragma once

#include <memory>

#include "musl/sites.h"

namespace musl::nn {

/// Implement musl::fit_sites() and musl::read_sites().
[[nodiscard]] SiteFit fit_sites(const SiteConfig& config,
                                const ControlConfig& control, int members,
                                const SiteData& data, const EventSink& sink);
[[nodiscard]] std::shared_ptr<const SiteModel> read_sites(
    const Archive& archive);

}  // namespace musl::nn
