#include "features/evidence.h"

#include "features/feature_group.h"

namespace musl {

std::vector<EvidenceColumn> evidence_columns(const GeneStore& store) {
  return PairEvidence(store).columns();
}

Matrix pair_evidence(const GeneStore& store, const PairSet& pairs,
                     int threads) {
  return PairEvidence(store).of(pairs, threads);
}

GeneStore make_evidence_store(const EvidenceInput& input, std::uint64_t seed,
                              int threads) {
  GeneStore out = make_store(input, seed, threads);
  for (const auto& group : feature_groups()) {
    if (group.make != nullptr) group.make(input, seed, threads, &out);
  }
  return out;
}

}  // namespace musl
