#include "nn/inputs/partner_inputs.h"

namespace musl::nn {

PartnerInputs make_partner_inputs(const GeneSpaces& spaces,
                                  const PairSet& known, const PairSet& asked,
                                  std::int64_t n_genes, int threads) {
  return {KnownPartners(spaces, known, n_genes, threads),
          OutOfFold(spaces, known, asked, n_genes, threads)};
}

}  // namespace musl::nn
