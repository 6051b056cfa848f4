#pragma once

#include <cstdint>
#include <functional>

#include "features/feature_group.h"
#include "features/network_evidence.h"
#include "features/partner_evidence.h"
#include "store/gene_store.h"

namespace musl {

/// Evidence from the columns of a store: network, coexpression, and terms,
/// families, modules and sequences.
class StoreEvidence final : public PartnerEvidence {
 public:
  /// Refers to `store`.
  explicit StoreEvidence(const GeneStore& store);

  [[nodiscard]] std::int64_t n_genes() const override { return store_.n_genes; }
  [[nodiscard]] bool is_empty() const override { return false; }
  [[nodiscard]] EvidenceValues of(
      const PairSet& pairs, int threads,
      const std::function<bool()>& go_on = {}) const override;

 private:
  const GeneStore& store_;
  PairEvidence evidence_;
  NetworkEvidence network_;
};

/// The terms, families, modules, paralogs and alterations of a store, and the
/// shares of gene_status.h: all that lists of a network read of it.
[[nodiscard]] GeneStore annotation_of(const GeneStore& store);

}  // namespace musl
