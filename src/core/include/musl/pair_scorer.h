#pragma once

#include <cstdint>
#include <functional>
#include <memory>

#include "musl/balance.h"
#include "musl/dataset.h"
#include "musl/explain.h"
#include "musl/matrix.h"
#include "musl/model.h"
#include "musl/pair_set.h"
#include "musl/partners.h"

namespace musl {

class Scorer;

/// A model made ready for one dataset: what does not depend on the pair is
/// computed once, and then any number of tables of pairs are scored.
class PairScorer {
 public:
  /// Work done and in all, in pairs times members; false cancels.
  using Tick = std::function<bool(std::int64_t, std::int64_t)>;

  /// data   as in Model::predict(); must outlive the scorer
  /// asked  the pairs that will be scored, as far as they are known pairs:
  ///        data.known for any
  /// Throws as Model::predict().
  PairScorer(const Model& model, const Dataset& data, const PairSet& asked,
             const PredictOptions& options);
  PairScorer(PairScorer&&) noexcept;
  PairScorer& operator=(PairScorer&&) noexcept;
  ~PairScorer();

  /// The vectors of all genes now, instead of those of a table's genes with
  /// each table; PredictOptions stay those of the constructor.
  void prepare_all_genes();

  /// As Model::predict(): the same table gives the same bits. Not reentrant.
  [[nodiscard]] Prediction score(const PairSet& pairs,
                                 const Tick& tick = {}) const;

  /// Why a pair, in either order, scores what it scores. The same bits whatever
  /// the number of threads. InputError for a pair without any modality or of a
  /// gene with itself, GeneError for a gene outside the universe.
  [[nodiscard]] Attribution attribute(
      std::int32_t a, std::int32_t b,
      const AttributionOptions& options = {}) const;

  /// How much each branch counts in the scores of labelled pairs; pairs without
  /// any modality are left out. The same bits whatever the number of threads.
  /// InputError where one class is missing among the rest.
  [[nodiscard]] Balance balance(const PairSet& pairs,
                                const BalanceOptions& options,
                                const Tick& tick = {}) const;

  [[nodiscard]] const Dataset& data() const;
  [[nodiscard]] const KnownPartners& partners() const;
  /// (G, members * Dg) outputs of the per-gene stages; no column where the
  /// network has none.
  [[nodiscard]] Matrix gene_vectors() const;

 private:
  std::unique_ptr<Scorer> scorer_;
};

}  // namespace musl
