#pragma once

#include <cstdint>
#include <string>

#include "io/archive.h"
#include "learners/boosted_trees.h"

namespace musl {

/// Under names that begin with `name`.
void put_trees(const std::string& name, const BoostedTrees& model,
               Archive* archive);
/// FormatError for trees that are missing, inconsistent or without an end.
[[nodiscard]] BoostedTrees read_trees(const std::string& name,
                                      std::int64_t n_features,
                                      const Archive& archive);

}  // namespace musl
