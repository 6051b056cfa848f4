#pragma once

#include <cstdint>
#include <functional>
#include <memory>

#include "musl/dataset.h"
#include "musl/explain.h"
#include "musl/matrix.h"
#include "musl/model.h"
#include "musl/pair_set.h"
#include "musl/partners.h"

namespace musl {

class Scorer;

/// A model prepared for one dataset: computes once what does not depend on the
/// pair, then scores any number of tables of pairs.
class PairScorer {
 public:
  /// Work done and total work, in pairs times members; false cancels.
  using Tick = std::function<bool(std::int64_t, std::int64_t)>;

  /// data   as in Model::predict(); must outlive the scorer
  /// asked  the known pairs that will be scored; data.known allows any
  /// Throws like Model::predict().
  PairScorer(const Model& model, const Dataset& data, const PairSet& asked,
             const PredictOptions& options);
  PairScorer(PairScorer&&) noexcept;
  PairScorer& operator=(PairScorer&&) noexcept;
  ~PairScorer();

  /// Computes the vectors of all genes now, instead of those of a table's genes
  /// with each table, with the constructor's PredictOptions.
  void prepare_all_genes();

  /// Like Model::predict(): the same table gives the same bits. Not reentrant.
  [[nodiscard]] Prediction score(const PairSet& pairs,
                                 const Tick& tick = {}) const;

  /// Explains the score of a pair, in either order. The bits do not depend on
  /// the number of threads. InputError for a pair without any modality or of a
  /// gene with itself, GeneError for a gene outside the universe.
  [[nodiscard]] Attribution attribute(
      std::int32_t a, std::int32_t b,
      const AttributionOptions& options = {}) const;

  [[nodiscard]] const Dataset& data() const;
  [[nodiscard]] const KnownPartners& partners() const;
  /// (G, members * Dg) outputs of the per-gene stages; no columns if the
  /// network has no such stage.
  [[nodiscard]] Matrix gene_vectors() const;

 private:
  std::unique_ptr<Scorer> scorer_;
};

}  // namespace musl
