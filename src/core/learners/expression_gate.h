#pragma once

#include <cstdint>
#include <vector>

#include "store/gene_store.h"

namespace musl {

/// What the lower expressed gene of a pair takes off its score. A gene that
/// cells do not express cannot kill them: hits of such pairs are false.
///
/// weight log(.02 + s): near 0 for an expressed gene, the steeper the lower. s
/// is the lower of the two genes' expressed_share(), one half if unknown, and
/// the weight .25; in a line that knows both genes s is expressed_at() of the
/// lower level, and the weight .5. 0 for all pairs if nothing is known of any
/// gene. Weights were chosen on development screens.
class ExpressionGate {
 public:
  /// line  of store.lines, -1 for none
  ExpressionGate(const GeneStore& store, std::int32_t line);

  /// The same bits for (b, a).
  [[nodiscard]] double of(std::int32_t a, std::int32_t b) const;

  /// What it reads of a pair: the lower level in the line, else the lower share
  /// of lines; NaN if the share of either is unknown.
  struct Lower {
    bool in_line = false;
    double value = 0;
  };
  [[nodiscard]] Lower lower(std::int32_t a, std::int32_t b) const;

 private:
  std::vector<float> share_;  // (G) empty: nothing is known
  std::vector<float> level_;  // (G) in the line; empty: none is asked for
};

}  // namespace musl
