#include <string>

#include "features/feature_group.h"
#include "musl/error.h"
#include "musl/evidence.h"

namespace musl {

EvidenceStore make_evidence_store(const EvidenceInput& input,
                                  std::uint64_t seed, int threads) {
  if (input.bits < 3 || input.bits > 8) {
    throw InputError("Unit rows have 3 to 8 bits an entry, not " +
                     std::to_string(input.bits) + ".");
  }
  EvidenceStore out;
  out.n_genes = input.n_genes;
  for (const auto& group : feature_groups()) {
    if (group.make != nullptr) group.make(input, seed, threads, &out);
  }
  return out;
}

}  // namespace musl
