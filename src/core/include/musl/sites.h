#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "musl/archive.h"
#include "musl/config.h"
#include "musl/events.h"
#include "musl/node_set.h"

namespace musl {

/// Configuration of a network for sites. R: arguments of musl_interactions().
struct SiteConfig {
  int width = 128;       // of a residue's vector; 2 to 4096
  double dropout = 0.2;  // 0 to below 1
};

/// Throws an InputError that names the field, its value and its range.
void validate(const SiteConfig& config);

/// Values of residues: one vector per chain, one number per residue.
using ResidueValues = std::vector<std::vector<float>>;

/// Chains with labels for their residues, in training of both classes.
struct SiteData {
  NodeSet nodes;        // sequences, with coordinates or without
  ResidueValues label;  // 0 or 1, NaN if unknown
  /// (N) 1: its labels choose the best epoch and are not trained on.
  std::vector<std::uint8_t> validation;
};

/// Scores of each residue of each chain.
struct SiteScores {
  ResidueValues score;  // probability that the label is 1
  /// Share of label 1 among training residues of the same amino acid, shrunk as
  /// if three more had the overall share.
  ResidueValues residue_mean;
};

struct SiteMetrics {
  double auroc = 0, auprc = 0;  // over all residues; NaN without both classes
  double auroc_protein = 0, auprc_protein = 0;  // means over the chains that
                                                // have both; NaN without any
};

/// score and label of each residue of each chain; residues with label NaN are
/// left out.
[[nodiscard]] SiteMetrics site_metrics(const ResidueValues& score,
                                       const ResidueValues& label);

/// Trained networks that score residues of any chain of the kind they were
/// trained on.
class SiteModel {
 public:
  virtual ~SiteModel() = default;
  /// The bits do not depend on `threads`. InputError for nodes of another kind,
  /// ShapeError for another number of residue columns.
  [[nodiscard]] virtual SiteScores score(const NodeSet& nodes, int threads,
                                         const EventSink& sink) const = 0;
  [[nodiscard]] virtual std::int64_t n_parameters() const = 0;
};

struct SiteFit {
  Archive archive;  // as read_sites() takes it
  std::vector<EpochRecord> history;
  bool cancelled = false;
  bool converged = true;
};

}  // namespace musl
