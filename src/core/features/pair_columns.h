#pragma once

#include <cstdint>
#include <limits>
#include <memory>
#include <string>
#include <vector>

#include "musl/evidence.h"

namespace musl {

/// Inputs of the pair evidence columns for one pair; NaN if unknown.
struct PairFacts {
  static constexpr float kUnknown = std::numeric_limits<float>::quiet_NaN();
  float adamic_adar = kUnknown, edge = kUnknown;
  float term_cosine = kUnknown, term_sum = kUnknown, term_max = kUnknown;
  float family_smallest = kUnknown, family_sum = kUnknown;
  float family_jaccard = kUnknown;
  float module_shared = kUnknown, module_sum = kUnknown;
  float words = kUnknown;
  float paralog_identity = kUnknown, paralog_coverage = kUnknown;
  float paralog_rank = kUnknown;    // the worse of the two
  float other_paralogs = kUnknown;  // that are expressed; the fewer of the two
  float correlation = kUnknown;     // mean over the cohorts
  float expressed = kUnknown;  // the lower mean percentile of the two genes
};

/// Columns of a pair computed from one kind of input.
class ColumnGroup {
 public:
  ColumnGroup() = default;
  ColumnGroup(const ColumnGroup&) = delete;
  ColumnGroup& operator=(const ColumnGroup&) = delete;
  virtual ~ColumnGroup() = default;

  [[nodiscard]] const std::vector<EvidenceColumn>& columns() const {
    return columns_;
  }
  /// Writes columns().size() numbers and the known facts; a < b. Reentrant.
  virtual void write(std::int32_t a, std::int32_t b, float* out,
                     PairFacts* facts) const = 0;

 protected:
  void add(const std::string& name, const std::string& group, bool of_pair,
           int monotone = 0) {
    columns_.push_back({name, group, of_pair, monotone, /*evidence=*/false});
  }
  /// The lower and the higher value of the two genes.
  void add_both(const std::string& name, const std::string& group,
                int monotone_min = 0) {
    add(name + "_min", group, /*of_pair=*/false, monotone_min);
    add(name + "_max", group, /*of_pair=*/false);
  }

 private:
  std::vector<EvidenceColumn> columns_;
};

/// The lower and the higher of two values; both NaN if either is.
inline float* write_both(float x, float y, float* out) {
  const bool known = x == x && y == y;
  out[0] = known ? (x < y ? x : y) : PairFacts::kUnknown;
  out[1] = known ? (x < y ? y : x) : PairFacts::kUnknown;
  return out + 2;
}

// One factory per kind of input; null if the store has no such input. The
// groups refer to the store, which must outlive them.
std::unique_ptr<ColumnGroup> network_columns(const EvidenceStore& store);
std::unique_ptr<ColumnGroup> term_columns(const EvidenceStore& store);
std::unique_ptr<ColumnGroup> family_columns(const EvidenceStore& store);
std::unique_ptr<ColumnGroup> word_columns(const EvidenceStore& store);
std::unique_ptr<ColumnGroup> paralog_columns(const EvidenceStore& store);
std::unique_ptr<ColumnGroup> module_columns(const EvidenceStore& store);
std::unique_ptr<ColumnGroup> gene_columns(const EvidenceStore& store);
std::unique_ptr<ColumnGroup> related_columns(const EvidenceStore& store);
std::unique_ptr<ColumnGroup> expression_columns(const EvidenceStore& store);

/// evidence_columns() and pair_evidence() of a store, which must outlive this,
/// for many sets of pairs: computes per-gene data once.
class PairEvidence {
 public:
  explicit PairEvidence(const EvidenceStore& store);

  [[nodiscard]] std::vector<EvidenceColumn> columns() const;
  [[nodiscard]] Matrix of(const PairSet& pairs, int threads) const;

 private:
  const EvidenceStore& store_;
  std::vector<std::unique_ptr<ColumnGroup>> groups_;
};

/// The second set of columns: facts on scales of about 0 to 4, 0 for none.
/// Those of alignments are last, if the store has paralogs.
[[nodiscard]] std::vector<EvidenceColumn> scaled_evidence_columns(
    const EvidenceStore& store);
void write_scaled_evidence(const PairFacts& facts, bool aligned, float* out);

}  // namespace musl
