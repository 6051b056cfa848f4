#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/matrix.h"
#include "store/gene_store.h"

namespace musl {

/// How to compute the per-gene inputs of the pair network: coordinates by
/// annotation, families, network and profiles, and a table.
///
/// Coordinates are meaningful only on the axes of one store, so they always
/// come from the store used in training; the table is read from any store.
struct NeuralInputs {
  /// Leading axes of a cohort's profiles, scaled; the cubes of the coordinates
  /// on each have a positive sum.
  struct Axes {
    std::string cohort;
    std::uint64_t profiles;  // a hash of the profiles; 0: not known
    Matrix axis;             // (columns of the profile, axes)
  };
  std::vector<Axes> cohorts;
  std::vector<std::string> column;     // of the table
  std::vector<float> mean, scale;      // of each column
  std::vector<float> lowest, highest;  // of standardised values that count
};

/// Axes, means and scales of a store: the same for cohorts in any order.
[[nodiscard]] NeuralInputs learn_neural_inputs(const GeneStore& store);

/// Limits columns of dependency, fitness and expression to the values of 99 %
/// of the genes of training, and their inputs (U, F).
void limit_neural_inputs(NeuralInputs* inputs, Matrix* genes);

/// F, the number of inputs per gene; `known` is the store used in training.
[[nodiscard]] std::int64_t neural_width(const NeuralInputs& inputs,
                                        const GeneStore& known);

/// Inputs (genes, F) of genes of `given`, 0 if unknown.
///
/// known    the store used in training; if it has no profiles, those of `given`
///          count if they are the same
/// gene_of  index of each gene of `given` in `known`, -1 for none; empty if the
///          two are the same
[[nodiscard]] Matrix neural_inputs(const NeuralInputs& inputs,
                                   const GeneStore& known,
                                   const GeneStore& given,
                                   const std::vector<std::int32_t>& gene_of,
                                   const std::vector<std::int32_t>& genes);

}  // namespace musl
