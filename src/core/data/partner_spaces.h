#pragma once

#include "data/dataset.h"
#include "data/preprocess.h"

namespace musl {

/// Gene spaces in which the partners of a gene are compared: unit rows, (G, F)
/// each, zero for genes without data.
///
/// Computed from the standardised node features: the spectral rows, the
/// embeddings (above 128 columns: a fixed random projection to 128), the
/// marginals of all cohorts, their co-expression rows, and the propagated
/// copies of the last two. Missing inputs give zeros. If the dataset has
/// spaces, they are returned. Rounded to half precision, as a model stores
/// them.
[[nodiscard]] GeneSpaces partner_spaces(const Dataset& data,
                                        const Preprocess& preprocess,
                                        int threads);

}  // namespace musl
