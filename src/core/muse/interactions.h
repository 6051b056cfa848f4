#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/events.h"
#include "base/matrix.h"
#include "data/config.h"
#include "io/archive.h"
#include "judge/label_metrics.h"
#include "judge/metrics.h"
#include "muse/node_set.h"

namespace musl {

/// How the scales teach each other. R: argument `em` of musl_interactions().
struct EmConfig {
  int iterations = 3;  // 0 to 8; 0: each scale separately
  double prior = 0.5;  // share of positives among unlabelled pairs
};

/// Configuration of an interaction network. R: arguments of
/// musl_interactions().
struct InteractionConfig {
  std::string task = "binary";  // binary, multilabel, affinity
  int width = 128;              // of a node's vectors; 2 to 4096
  double dropout = 0.2;         // 0 to below 1
  /// Largest number of residues read of a sequence; 0: all.
  int crop = 1024;
  /// Whether affinities of two types, and binary labels, are also learned by
  /// kernel ridge regression.
  bool kernels = true;
  /// Whether all pairs, and those to score, are edges, their labels unknown.
  bool known_edges = false;
  // Of training alone: not part of a saved model.
  std::string strategy = "branches";  // branches, em, joint
  EmConfig em;                        // strategy "em" only
};

/// Throws an InputError that names the field, its value and the allowed values,
/// for what is saved with a model.
void validate(const InteractionConfig& config);

/// Pairs of nodes, numbered across both types.
struct LabelledPairs {
  std::vector<std::int32_t> a, b;
  Matrix label;  // (n, C); empty for unlabelled pairs

  [[nodiscard]] std::int64_t size() const {
    return static_cast<std::int64_t>(a.size());
  }
};

/// Nodes, labelled pairs of them, and a network. Training and validation parts
/// have pairs, labels of the task and the same number of these; no pair occurs
/// twice, and none is of a node with itself.
struct InteractionData {
  /// Of one or two types. Nodes of the second are numbered after those of the
  /// first, and pairs have one of each.
  std::vector<NodeSet> nodes;
  LabelledPairs training;
  LabelledPairs validation;
  /// Pairs of a test part, never used for training. Neither they nor validation
  /// pairs are edges.
  LabelledPairs held_out;
  /// Unlabelled pairs on which the scales teach each other; empty: sampled.
  LabelledPairs unlabelled;
  bool has_network = false;  // else positive training pairs are the edges
  std::vector<std::int32_t> edge_from, edge_to;

  [[nodiscard]] std::int64_t n_nodes() const;
};

/// Result of one iteration of expectation and maximisation.
struct EmRecord {
  int member = 1;
  int iteration = 0;          // 0: before any
  double fused = 0;           // monitored value of both scales' mean
  std::int64_t n_pairs = 0;   // unlabelled pairs used for training
  double share_positive = 0;  // of their pseudo-labels, by weight
  bool best = false;
};

/// Probabilities of labels, or affinities on their original scale, (n, C) each.
struct InteractionScores {
  Matrix fused, structure, network;
  Matrix kernels;  // of affinities of two types or binary labels, or empty
  /// Baseline from the training pairs of the two nodes, without the edges of
  /// all scored pairs: the average of the nodes' mean labels, each shrunk as if
  /// three more pairs had the overall mean; for affinities the overall mean
  /// plus both nodes' deviations from it.
  Matrix node_mean;
  /// Baseline of labels from the training pairs of nodes that have alike
  /// labels, without the pair's own; empty for affinities, and for more nodes
  /// than LabelProfiles takes.
  Matrix profile;
  /// Of labels with known edges, what LinkKernel says, or empty.
  Matrix links;
  std::vector<int> n_unseen;  // (n) nodes without a labelled edge
};

/// From which probability on a label is called, by scorer: what has the largest
/// micro-F1 on the validation part of several labels (for the sum of scales see
/// fused_threshold()), else one half.
struct LabelThresholds {
  double fused = kUsualThreshold, structure = kUsualThreshold,
         network = kUsualThreshold, node_mean = kUsualThreshold,
         profile = kUsualThreshold, links = kUsualThreshold;
};

/// Trained networks with everything needed to score pairs of their nodes.
class InteractionModel {
 public:
  virtual ~InteractionModel() = default;
  /// Scores pairs of known nodes; the edge between a pair's nodes is masked,
  /// with config.known_edges its label alone, and all these pairs are edges.
  /// The bits do not depend on `threads`.
  [[nodiscard]] virtual InteractionScores score(
      const LabelledPairs& pairs, int threads, const EventSink& sink) const = 0;
  [[nodiscard]] virtual std::int64_t n_parameters() const = 0;
  [[nodiscard]] virtual LabelThresholds thresholds() const = 0;
};

struct InteractionFit {
  Archive archive;  // as read_interactions() takes it
  std::vector<EpochRecord> history;
  std::vector<EmRecord> em;
  bool cancelled = false;
  bool converged = true;
};

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
