#pragma once

#include <cstdint>
#include <string>

#include "io/archive.h"
#include "learners/neural_member.h"
#include "store/gene_store.h"

namespace musl {

/// Stores a pair network as tensors and strings under `prefix`, an absent one
/// as nothing. Reading throws FormatError for parts that do not fit each other,
/// `n_columns` or the store.
void put_neural(const std::string& prefix, const NeuralMember& net,
                Archive* archive);
[[nodiscard]] NeuralMember read_neural(const std::string& prefix,
                                       std::int64_t n_columns,
                                       const GeneStore& store,
                                       const Archive& archive);

}  // namespace musl
