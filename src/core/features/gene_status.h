#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "features/gene_facts.h"

namespace musl {

/// Those of one gene; see GeneFacts.
struct OneGeneFacts {
  double dependent, expressed, sampled;
  bool judged, in_line, few_lines;
};

/// Whether cells can lose a gene, which a partner must allow: one row of
/// status_kinds(), the only place that names statuses. Their words are in R.
struct StatusKind {
  std::string name;
  /// 1 for genes that stand after all of tier 0 in a list, whatever their
  /// scores.
  int tier = 0;
  /// What is taken off the order of a list, in logits.
  double handicap = 0;
  double cut = 0;  // share of cell lines, 0 to 1, that `holds` reads
  /// Of the statuses that hold, the one of the highest precedence counts.
  int precedence = 0;
  /// Null for what lines tell of a pair (features/direction.h).
  bool (*holds)(const OneGeneFacts& gene, double cut) = nullptr;
};

/// All statuses. A status is a number from 1, its place among them, or 0: it is
/// not known whether cells need the gene.
[[nodiscard]] const std::vector<StatusKind>& status_kinds();
/// That of a number; one without a name for 0.
[[nodiscard]] StatusKind status_kind(int status);
/// The number of a name, 0 for none.
[[nodiscard]] int status_code(const std::string& name);

/// (G) The status of each gene.
[[nodiscard]] std::vector<int> gene_status(const GeneFacts& facts);

}  // namespace musl
