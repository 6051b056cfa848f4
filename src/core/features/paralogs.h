#pragma once

#include <cstdint>

#include "musl/evidence.h"

namespace musl {

/// Ranks and counts over all genes, then the pairs of the universe. Throws
/// ShapeError, GeneError or InputError for an inconsistent table.
[[nodiscard]] Paralogs make_paralogs(const ParalogsInput& input,
                                     std::int64_t n_genes);

/// The paralogs over another universe; see remap_evidence().
[[nodiscard]] Paralogs remap_paralogs(const Paralogs& paralogs,
                                      const std::vector<std::int32_t>& gene_of);

/// Index of b among the paralogs of a, -1 if it is not one.
[[nodiscard]] std::int64_t find_paralog(const Paralogs& paralogs,
                                        std::int32_t a, std::int32_t b);

}  // namespace musl
