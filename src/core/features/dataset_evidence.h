#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "data/dataset.h"
#include "features/network_evidence.h"
#include "features/partner_evidence.h"
#include "features/store_evidence.h"
#include "store/gene_store.h"

namespace musl {

/// Evidence from what a network reads, and from annotation beside it.
class DatasetEvidence final : public PartnerEvidence {
 public:
  /// Refers to both arguments. The cohorts of `data` must be unfolded.
  ///
  /// annotation  of the data's genes; null for none
  DatasetEvidence(const Dataset& data, const GeneStore* annotation);

  [[nodiscard]] std::int64_t n_genes() const override { return data_.n_genes; }
  [[nodiscard]] bool is_empty() const override {
    return data_.cohorts.empty() && network_.is_empty() && !annotation_;
  }
  /// correlation is the mean over the cohorts that have both genes.
  [[nodiscard]] EvidenceValues of(
      const PairSet& pairs, int threads,
      const std::function<bool()>& go_on = {}) const override;

 private:
  [[nodiscard]] double correlation(std::int32_t a, std::int32_t b) const;
  [[nodiscard]] double of_genes(std::int32_t a, std::int32_t b) const;

  const Dataset& data_;
  NetworkEvidence network_;
  std::unique_ptr<StoreEvidence> annotation_;
  std::vector<float> level_;  // (G)
};

}  // namespace musl
