#pragma once

#include <cstdint>
#include <vector>

#include "data/preprocess.h"
#include "io/archive.h"
#include "muse/interactions.h"
#include "muse/node_set.h"
#include "muse/residue_graph.h"

namespace musl {

/// A model of sites without its networks.
struct SiteState {
  SiteConfig config;
  NodeKind kind = NodeKind::residues;
  int members = 1;
  Scaler scaler;            // of the user's columns
  std::vector<float> mean;  // (kResidueCodes) SiteScores::residue_mean

  [[nodiscard]] std::int64_t n_columns() const {
    return static_cast<std::int64_t>(scaler.mean.size());
  }
};

/// Learns scaler and means from the training chains; the caller adds networks.
[[nodiscard]] SiteState make_site_state(const SiteConfig& config,
                                        const SiteData& data);

/// Chains as the networks read them: each residue's columns, then its
/// neighbourhood and the user's columns, standardised; edges with orientations.
/// Empty for sequences without coordinates. InputError and ShapeError for nodes
/// that do not match the state.
[[nodiscard]] std::vector<ResidueGraph> site_graphs(const SiteState& state,
                                                    const NodeSet& nodes);

/// state.mean for each residue.
[[nodiscard]] ResidueValues residue_means(const SiteState& state,
                                          const NodeSet& nodes);

void put_sites(const SiteState& state, Archive* archive);
/// FormatError for an archive of another kind or inconsistent parts.
[[nodiscard]] SiteState take_sites(const Archive& archive);

}  // namespace musl
