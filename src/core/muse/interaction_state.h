#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "data/preprocess.h"
#include "io/archive.h"
#include "muse/interactions.h"
#include "muse/label_graph.h"
#include "muse/link_kernel.h"
#include "muse/node_set.h"
#include "muse/scale_fusion.h"

namespace musl {

/// A model of interactions without its networks.
struct InteractionState {
  InteractionConfig config;
  bool is_joint = false;
  int members = 1;
  std::vector<NodeSet> nodes;   // of each type, features standardised
  std::vector<Scaler> scalers;  // of each type, empty where there are none
  LabelGraph graph;
  Matrix kernels;  // (R, C) of KernelFit: standardised affinities or log-odds
  ScaleFusion fusion;
  LabelThresholds threshold;
  int profile_power = 0;  // of LabelProfiles; 0: there are none
  LinkKernel links;       // empty where there is none
  double mean = 0,
         scale = 1;  // of affinities, which networks know standardised

  /// That the fusion reads, without node means.
  [[nodiscard]] std::size_t n_scales() const {
    return 3U + (kernels.size() > 0 ? 1U : 0U) + (profile_power > 0 ? 1U : 0U) +
           (links.own.empty() ? 0U : 1U);
  }
  /// Whether the fusion reads node means, as that of labels does.
  [[nodiscard]] bool fuses_means() const {
    return fusion.weights.weight[0].size() > n_scales();
  }
};

/// The nodes, with features standardised by mean and sd over the nodes of the
/// training pairs.
void standardise_nodes(const InteractionData& data, InteractionState* state);

/// Affinities standardised by mean and sd of the training pairs; labels
/// unchanged.
[[nodiscard]] InteractionData standardise_labels(
    const InteractionConfig& config, InteractionData data,
    InteractionState* state);

void put_interactions(const InteractionState& state, Archive* archive);
/// FormatError for an archive of another kind or inconsistent parts.
[[nodiscard]] InteractionState take_interactions(const Archive& archive);

}  // namespace musl
