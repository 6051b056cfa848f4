#pragma once

#include <cstdint>

#include "musl/dataset.h"
#include "musl/pair_set.h"
#include "musl/partners.h"

namespace musl::nn {

/// Inputs from the known pairs: the SL graph, and the features of known pairs
/// that will be requested.
struct PartnerInputs {
  KnownPartners known;
  OutOfFold table;
};

/// asked  pairs for which the table is made; they need not be known
[[nodiscard]] PartnerInputs make_partner_inputs(const GeneSpaces& spaces,
                                                const PairSet& known,
                                                const PairSet& asked,
                                                std::int64_t n_genes,
                                                int threads);

}  // namespace musl::nn
