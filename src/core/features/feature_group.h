#pragma once

#include <cstdint>
#include <limits>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/error.h"
#include "features/evidence.h"

namespace musl {

/// Inputs of the scaled columns for one pair; NaN if unknown.
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

/// Columns of a pair computed from one kind of what is known.
class PairColumns : public Interface {
 public:
  /// of_measured  as in EvidenceColumn
  explicit PairColumns(bool of_measured = false) : of_measured_(of_measured) {}

  [[nodiscard]] const std::vector<EvidenceColumn>& columns() const {
    return columns_;
  }
  /// Writes columns().size() numbers, of which there are some, and the known
  /// facts; a < b. Reentrant.
  virtual void write(std::int32_t a, std::int32_t b, float* out,
                     PairFacts* facts) const = 0;

 protected:
  /// A column that relates the two genes.
  ///
  /// words  what it says, as explanations tell it
  void add(const std::string& name, const std::string& group,
           const std::string& words, int monotone = 0) {
    add({name, group, /*of_pair=*/true, monotone, /*evidence=*/false, words});
  }
  /// The lower and the higher value of the two genes.
  void add_both(const std::string& name, const std::string& group,
                const std::string& words, int monotone_min = 0) {
    add({name + "_min", group, /*of_pair=*/false, monotone_min,
         /*evidence=*/false, words + ", lower of the two"});
    add({name + "_max", group, /*of_pair=*/false, /*monotone=*/0,
         /*evidence=*/false, words + ", higher of the two"});
  }

 private:
  void add(EvidenceColumn column) {
    column.of_measured = of_measured_;
    columns_.push_back(std::move(column));
  }

  std::vector<EvidenceColumn> columns_;
  bool of_measured_;
};

/// The lower and the higher of two values; both NaN if either is.
inline float* write_both(float x, float y, float* out) {
  const bool known = x == x && y == y;
  out[0] = known ? (x < y ? x : y) : PairFacts::kUnknown;
  out[1] = known ? (x < y ? y : x) : PairFacts::kUnknown;
  return out + 2;
}

/// One kind of what is known of genes and pairs, such as a network or the
/// tables of a user. A kind is one file, which registers it; no other code
/// names it. Scorers, lists, explanations and archives read it from here.
struct FeatureGroup {
  std::string name;
  int place = 0;  // columns stand in this order, those of one place by name
  /// Computes the kind's data from the inputs; null if others do. A member of
  /// the store takes them, for most kinds `vectors` or `tables`.
  void (*make)(const EvidenceInput& input, std::uint64_t seed, int threads,
               GeneStore* store) = nullptr;
  /// Its columns of pairs, which may refer to the store; no column without
  /// data.
  std::unique_ptr<PairColumns> (*columns)(const GeneStore& store) = nullptr;
};

/// FeatureGroup::columns of a class.
template <class Columns>
std::unique_ptr<PairColumns> make_columns(const GeneStore& store) {
  return std::make_unique<Columns>(store);
}

/// Adds a kind; returns true (for a static initialiser).
bool register_feature_group(FeatureGroup group);
/// All kinds in the order of their columns.
[[nodiscard]] const std::vector<FeatureGroup>& feature_groups();

/// evidence_columns() and pair_evidence() of a store, which must outlive this,
/// for many sets of pairs: computes per-gene data once.
class PairEvidence {
 public:
  explicit PairEvidence(const GeneStore& store);

  [[nodiscard]] std::vector<EvidenceColumn> columns() const;
  [[nodiscard]] Matrix of(const PairSet& pairs, int threads) const;

 private:
  const GeneStore& store_;
  std::vector<std::unique_ptr<PairColumns>> groups_;
};

}  // namespace musl
