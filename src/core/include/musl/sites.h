#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "musl/archive.h"
#include "musl/config.h"
#include "musl/events.h"
#include "musl/node_set.h"

namespace musl {

/// What a network of sites is. R: arguments of musl_interactions().
struct SiteConfig {
  int width = 128;  // of a residue's vector
  double dropout = 0.2;
};

/// InputError that names the field, its value and what is allowed.
void validate(const SiteConfig& config);

/// Numbers of residues: one vector a chain, one number a residue.
using ResidueValues = std::vector<std::vector<float>>;

/// Chains with labels of their residues.
struct SiteData {
  NodeSet nodes;        // sequences, with coordinates or without
  ResidueValues label;  // 0 or 1, NaN where it is not known
  /// (N) 1: its labels choose the best epoch and are not learned from.
  std::vector<std::uint8_t> validation;
};

/// ShapeError and InputError for what does not fit: nodes of another kind or
/// that cannot be read, labels of another length or that are neither 0, 1 nor
/// NaN, a part without a label, training labels of one class.
void check_sites(const SiteConfig& config, const SiteData& data);

/// Of each residue of each chain.
struct SiteScores {
  ResidueValues score;  // probability that the label is 1
  /// Share of the training residues of the same amino acid with label 1, as if
  /// three more had the share of all.
  ResidueValues residue_mean;
};

struct SiteMetrics {
  double auroc = 0, auprc = 0;  // over all residues; NaN without both classes
  double auroc_protein = 0, auprc_protein = 0;  // means over the chains that
                                                // have both; NaN without any
};

/// score and label of each residue of each chain; where the label is NaN the
/// residue does not count. ShapeError for sizes that differ.
[[nodiscard]] SiteMetrics site_metrics(const ResidueValues& score,
                                       const ResidueValues& label);

/// Trained networks that score residues of any chain of the kind that they
/// learned from.
class SiteModel {
 public:
  virtual ~SiteModel() = default;
  /// The same for any number of threads. InputError for nodes of another kind,
  /// ShapeError for other columns of residues.
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

/// Trains `members` networks; needs the backend (through_backend.cpp). The same
/// bits for any number of threads.
///
/// Throws what check_sites() and train() throw.
[[nodiscard]] SiteFit fit_sites(const SiteConfig& config,
                                const ControlConfig& control, int members,
                                const SiteData& data, const EventSink& sink);

/// FormatError for an archive that is damaged or of something else.
[[nodiscard]] std::shared_ptr<const SiteModel> read_sites(
    const Archive& archive);

}  // namespace musl
