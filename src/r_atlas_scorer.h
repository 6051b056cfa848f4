#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "musl/atlas.h"
#include "musl/dataset.h"
#include "musl/list_order.h"
#include "musl/model.h"
#include "musl/pair_scorer.h"
#include "musl/partner_lists.h"
#include "musl/student_features.h"

namespace musl_r {

/// A scorer of tiles.
class TileScorer {
 public:
  TileScorer() = default;
  TileScorer(const TileScorer&) = delete;
  TileScorer& operator=(const TileScorer&) = delete;
  virtual ~TileScorer() = default;
  /// CancelledError if `tick` returns false.
  [[nodiscard]] virtual musl::PairScores score(
      const musl::PairSet& pairs, const musl::PairScorer::Tick& tick) const = 0;
};

/// What orders lists of a network, if not the score.
struct OrderRequest {
  musl::SumEvidence sum = musl::SumEvidence::never;
  musl::PairSet sl;                                 // known SL pairs
  const musl::EvidenceStore* annotation = nullptr;  // R keeps it alive
};

/// A network's scorer, with the data that it reads if these are not the
/// model's.
class NetworkScorer : public TileScorer {
 public:
  NetworkScorer(const musl::Model& model, std::unique_ptr<musl::Dataset> data,
                const musl::PredictOptions& options, const OrderRequest& order);

  [[nodiscard]] const musl::PairScorer& network() const { return scorer_; }
  [[nodiscard]] musl::PairScores score(
      const musl::PairSet& pairs,
      const musl::PairScorer::Tick& tick) const override;
  /// Inputs of students, computed when a student is first requested.
  [[nodiscard]] const musl::StudentFeatures& features();
  /// What orders lists, null for the score.
  [[nodiscard]] const musl::ListOrder* order() const { return order_.get(); }

 private:
  std::unique_ptr<musl::Dataset> data_;
  int threads_;
  musl::PairScorer scorer_;
  std::unique_ptr<musl::ListOrder> order_;
  std::unique_ptr<musl::StudentFeatures> features_;
};

}  // namespace musl_r
