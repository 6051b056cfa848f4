#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "learners/measured_model.h"
#include "model/scorer.h"
#include "store/gene_store.h"

namespace musl {

/// The scorers that read features of pairs. Refers to model and store.
///
/// gene_of  as in predict_measured()
[[nodiscard]] std::unique_ptr<Scorer> feature_scorer(
    const MeasuredModel& model, const GeneStore& store,
    std::vector<std::int32_t> gene_of);

}  // namespace musl
