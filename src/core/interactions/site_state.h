#pragma once

#include <vector>

#include "musl/archive.h"
#include "musl/preprocess.h"
#include "musl/residue_graph.h"
#include "musl/sites.h"

namespace musl {

/// All of a model of sites but its networks.
struct SiteState {
  SiteConfig config;
  NodeKind kind = NodeKind::residues;
  int members = 1;
  Scaler scaler;            // of the columns that the user gave
  std::vector<float> mean;  // (kResidueCodes) SiteScores::residue_mean

  [[nodiscard]] std::int64_t n_columns() const {
    return static_cast<std::int64_t>(scaler.mean.size());
  }
};

/// Learns scaler and means from the training chains; networks are left to the
/// caller.
[[nodiscard]] SiteState make_site_state(const SiteConfig& config,
                                        const SiteData& data);

/// Chains as the networks read them: behind each residue's own columns its
/// surroundings and the user's, standardised; edges with orientations. Empty
/// for sequences alone. InputError and ShapeError for nodes unlike those that
/// the state was made of.
[[nodiscard]] std::vector<ResidueGraph> site_graphs(const SiteState& state,
                                                    const NodeSet& nodes);

/// state.mean for each residue.
[[nodiscard]] ResidueValues residue_means(const SiteState& state,
                                          const NodeSet& nodes);

void put_sites(const SiteState& state, Archive* archive);
/// FormatError for an archive of something else or parts that do not fit.
[[nodiscard]] SiteState take_sites(const Archive& archive);

}  // namespace musl
