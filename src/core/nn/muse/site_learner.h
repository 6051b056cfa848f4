#pragma once

#include <memory>

#include "data/config.h"
#include "muse/interactions.h"
#include "nn/learn/learner.h"
#include "nn/muse/site_net.h"

namespace musl::nn {

/// Training data of a network of sites; members must outlive the learner.
struct SiteProblem {
  const ControlConfig& control;
  const SiteData& data;
  const SiteChains& chains;
};

/// A network of sites trained on labels of residues by cross-entropy. Items are
/// training chains; validation items are the labelled residues of the others. A
/// batch has about `batch_size` labelled residues, of at least four chains.
[[nodiscard]] std::unique_ptr<Learner> make_site_learner(
    SiteNet net, const SiteProblem& problem);

}  // namespace musl::nn
