#pragma once

#include <cstdint>
#include <memory>

#include "musl/dataset.h"
#include "musl/explain.h"
#include "musl/interface.h"
#include "musl/matrix.h"
#include "musl/model.h"
#include "musl/pair_set.h"
#include "musl/partners.h"
#include "musl/prediction.h"

namespace musl {

/// A network prepared for one dataset: computes once what does not depend on
/// the pair, then scores any number of tables of pairs. The backend implements
/// it.
class PairScorer : public Interface {
 public:
  /// Computes the vectors of all genes now, instead of those of a table's genes
  /// with each table, with the options of make_pair_scorer().
  virtual void prepare_all_genes() = 0;

  /// Like Model::predict(): the same table gives the same bits. Not reentrant.
  [[nodiscard]] virtual Prediction score(const PairSet& pairs,
                                         const Tick& tick = {}) const = 0;

  /// Explains the score of a pair, in either order. The bits do not depend on
  /// the number of threads. InputError for a pair without any modality or of a
  /// gene with itself, GeneError for a gene outside the universe.
  [[nodiscard]] virtual Attribution attribute(
      std::int32_t a, std::int32_t b,
      const AttributionOptions& options = {}) const = 0;

  [[nodiscard]] virtual const Dataset& data() const = 0;
  [[nodiscard]] virtual const KnownPartners& partners() const = 0;
  /// (G, members * Dg) outputs of the per-gene stages; no columns if the
  /// network has no such stage.
  [[nodiscard]] virtual Matrix gene_vectors() const = 0;
};

/// data   as in Model::predict(); must outlive the scorer
/// asked  the known pairs that will be scored; data.known allows any
/// Throws like Model::predict().
[[nodiscard]] std::unique_ptr<PairScorer> make_pair_scorer(
    const Model& model, const Dataset& data, const PairSet& asked,
    const PredictOptions& options);

}  // namespace musl
