#pragma once

#include <cstdint>
#include <limits>
#include <memory>
#include <string>
#include <vector>

#include "musl/archive.h"
#include "musl/config.h"
#include "musl/events.h"
#include "musl/matrix.h"
#include "musl/node_set.h"

namespace musl {

/// What a network of interactions is. R: arguments of musl_interactions().
struct InteractionConfig {
  std::string task = "binary";  // binary, multilabel, affinity
  /// What the network scale reads of a node: structure (what the structure
  /// scale makes of it), features (its own numbers, where it has them).
  std::string node_input = "structure";
  int width = 128;  // of a node's vectors
  int layers = 2;   // of message passing
  bool common_neighbours = true;
  double dropout = 0.2;
  /// Share of a batch's nodes whose edges are hidden, so that the network
  /// learns what to say of nodes without any.
  double hidden_nodes = 0.1;
  /// The most residues that are read of a sequence; 0: all.
  int crop = 1024;
  /// Affinities of two types are learned by ridge regression with kernels, too.
  bool kernels = true;
};

/// InputError that names the field, its value and what is allowed.
void validate(const InteractionConfig& config);

/// Pairs of nodes, numbered through both types.
struct LabelledPairs {
  std::vector<std::int32_t> a, b;
  Matrix label;  // (n, C), none where nothing is known

  [[nodiscard]] std::int64_t size() const {
    return static_cast<std::int64_t>(a.size());
  }
};

/// Nodes, what is known of pairs of them, and a network.
struct InteractionData {
  /// Of one or two types. Nodes of the second are numbered behind those of the
  /// first, and pairs have one of either.
  std::vector<NodeSet> nodes;
  LabelledPairs training;
  LabelledPairs validation;
  /// Never to be learned from: pairs of a test part. Neither they nor
  /// validation pairs are edges.
  LabelledPairs held_out;
  /// Unlabelled pairs to teach each other on; none: drawn.
  LabelledPairs unlabelled;
  bool has_network = false;  // else the positive training pairs are one
  std::vector<std::int32_t> edge_from, edge_to;

  [[nodiscard]] std::int64_t n_nodes() const;
};

/// ShapeError and InputError for parts that do not fit: no training or
/// validation pair, nodes out of range or of a wrong type, pairs of a node with
/// itself or twice in the parts, labels that are missing or not of the task.
void check_interactions(const InteractionConfig& config,
                        const InteractionData& data);

/// What an iteration of expectation and maximisation came to.
struct EmRecord {
  int member = 1;
  int iteration = 0;          // 0: before any
  double fused = 0;           // monitored value of both scales' mean
  std::int64_t n_pairs = 0;   // unlabelled ones that were learned from
  double share_positive = 0;  // of their pseudo-labels, by weight
  bool best = false;
};

/// Probabilities of labels, or affinities on their own scale, (n, C) each.
struct InteractionScores {
  Matrix fused, structure, network;
  Matrix kernels;  // of affinities of two types, or empty
  /// What the two nodes' training pairs say on average, without the edges of
  /// all these pairs: mean label of either node, as if three pairs more had the
  /// mean of all; of affinities the mean and both nodes' differences from it.
  Matrix node_mean;
  std::vector<int> n_unseen;  // nodes that no training pair showed
};

/// Trained networks and all they need to score pairs of their nodes.
class InteractionModel {
 public:
  virtual ~InteractionModel() = default;
  /// Of pairs of known nodes; an edge of the pair itself is masked. The same
  /// for any number of threads.
  [[nodiscard]] virtual InteractionScores score(
      const LabelledPairs& pairs, int threads, const EventSink& sink) const = 0;
  [[nodiscard]] virtual std::int64_t n_parameters() const = 0;
};

struct InteractionFit {
  Archive archive;  // as read_interactions() takes it
  std::vector<EpochRecord> history;
  std::vector<EmRecord> em;
  bool cancelled = false;
  bool converged = true;
};

/// Trains `members` networks by the phases of control.strategy; needs the
/// backend (through_backend.cpp). The same bits for any number of threads.
///
/// Throws what check_interactions() and train() throw.
[[nodiscard]] InteractionFit fit_interactions(const InteractionConfig& config,
                                              const ControlConfig& control,
                                              int members,
                                              const InteractionData& data,
                                              const EventSink& sink);

/// FormatError for an archive that is damaged or of something else.
[[nodiscard]] std::shared_ptr<const InteractionModel> read_interactions(
    const Archive& archive);

}  // namespace musl
