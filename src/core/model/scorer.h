#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "atlas/atlas.h"
#include "base/error.h"
#include "base/events.h"
#include "base/prediction.h"
#include "data/dataset.h"
#include "model/list_order.h"

namespace musl {

/// Scores of the pairs, of a network with the evidence of each as `relation`
/// where that orders lists, and what orders them.
struct PartnerLists : Prediction {
  bool combined = false;  // whether more than the score ranks
  /// (N) orders each list, highest first; NaN where the score is.
  std::vector<double> rank_by;
  /// (R A) of a network, scores of each of A anchors, in order of appearance,
  /// with the reference genes; NaN with itself.
  std::vector<double> reference;
};

/// Scores the tiles of an atlas.
class TileScorer : public Interface {
 public:
  /// CancelledError if `tick` returns false.
  [[nodiscard]] virtual PairScores score(const PairSet& pairs,
                                         const Tick& tick) const = 0;
  /// What take_off_means() of lists needs of each gene; none if it is not used.
  [[nodiscard]] virtual std::vector<double> mean_scores(
      const std::vector<std::int32_t>& genes,
      const std::vector<std::int32_t>& others) const {
    (void)genes, (void)others;
    return {};
  }
};

/// What gives the pairs of one universe of genes a number: scorers of a model,
/// with the data that they read.
class Scorer : public Interface {
 public:
  /// Not reentrant.
  [[nodiscard]] virtual Prediction score(const PairSet& pairs,
                                         const PredictOptions& options,
                                         const EventSink& sink) const = 0;
  /// Lists of partners; `request.annotation` is for scorers that read none.
  [[nodiscard]] virtual PartnerLists lists(const PartnerRequest& request,
                                           const PredictOptions& options,
                                           const EventSink& sink) const = 0;
  /// The first of the pairs in full; the others, which it is compared with,
  /// perhaps in fewer steps.
  [[nodiscard]] virtual std::vector<Attribution> explain(
      const PairSet& pairs, const PredictOptions& options) const = 0;
  /// order  pairs and reference are not read
  [[nodiscard]] virtual std::unique_ptr<TileScorer> tiles(
      const PredictOptions& options, const PartnerRequest& order) const = 0;
  /// The expression whose histograms scores read, or null.
  [[nodiscard]] virtual const Dataset* data() const { return nullptr; }
  /// The columns that scores read of pairs, (N, columns), and their names.
  [[nodiscard]] virtual Matrix features(const PairSet& pairs,
                                        int threads) const {
    (void)threads;
    return Matrix(pairs.size(), 0);
  }
  [[nodiscard]] virtual std::vector<std::string> feature_names() const {
    return {};
  }
};

}  // namespace musl
