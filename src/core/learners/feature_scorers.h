#pragma once

#include "learners/boosted_trees.h"
#include "learners/logistic.h"

namespace musl {

/// What scorers of features learned: parts of MeasuredModel, empty if absent.
/// The pair network's is NeuralMember.

/// On normal scores and evidence columns.
struct LinearScorer {
  static constexpr const char* kArchive = "linear";
  LogisticModel path;
};
/// On evidence columns alone.
struct RelationScorer {
  static constexpr const char* kArchive = "evidence";
  LogisticModel path;
};
/// On raw columns, monotone where columns say so.
struct BoostingScorer {
  BoostedTrees trees;
};
/// On raw columns, from recorded pairs.
struct RecordedScorer {
  BoostedTrees trees;
};
/// On gene_places(), from recorded pairs.
struct TermsScorer {
  LogisticModel path;
};

}  // namespace musl
