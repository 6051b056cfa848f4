#pragma once

#include <cstdint>

#include "graph/csr_graph.h"

namespace musl {

/// What a network says of two genes beyond what their degrees let expect.
///
/// Genes with many edges share neighbours with any gene. Subtracted is the
/// expectation of a random network with the same degrees (the configuration
/// model: two nodes of degrees d and d' have an edge with probability d d' / 2E
/// of E edges). Source: Newman (2010), Networks, section 13.2.
class NetworkEvidence {
 public:
  /// Refers to `network`, which may be empty.
  explicit NetworkEvidence(const CsrGraph& network);

  [[nodiscard]] bool is_empty() const { return network_.empty(); }

  /// min(4, log(1 + max(0, A - A'))) + 3 w / (1 + d d' / 2E) of the
  /// Adamic-Adar index A, its expectation A' for their degrees d and d', and
  /// the weight w of their edge, at most 1; 0 without either. The same bits for
  /// (b, a).
  [[nodiscard]] double of(std::int32_t a, std::int32_t b) const;

 private:
  const CsrGraph& network_;
  // By the product of both degrees: A' and the probability of an edge.
  double shared_ = 0, edge_ = 0;
};

}  // namespace musl
