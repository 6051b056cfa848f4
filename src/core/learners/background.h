#pragma once

#include <cstdint>

#include "musl/measured_model.h"

namespace musl {

/// Adds random pairs of the genes that screens without queries measured, each
/// as two rows: a hit of weight `background_rate` and a non-hit of the rest, in
/// a group each.
///
/// A library of chosen pairs, paralogs say, cannot show what its pairs have in
/// common, and a model of it alone ranks among all genes by what single genes
/// are. Against pairs that nobody chose its higher rate of hits tells. A gene
/// is drawn as often as it was measured, so that it is no more frequent here
/// than there. Measured pairs are not drawn: few are left where a screen
/// crossed all of its genes. Screens by query hold pairs that nobody chose, and
/// those that they lack to the weight of `background` are drawn.
///
/// rows  before weights are balanced
void add_background(const MeasuredPairs& measured, const WeighingConfig& config,
                    std::int64_t n_genes, std::uint64_t seed,
                    TrainingRows* rows);

}  // namespace musl
