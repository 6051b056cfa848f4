#pragma once

#include "musl/model.h"
#include "musl/preprocess.h"
#include "nn/musl_net.h"

namespace musl {

/// What a model is made of.
struct Model::Impl {
  ArchitectureConfig architecture;
  Preprocess preprocess;
  nn::MuslNet net{nullptr};  // on the CPU, in evaluation mode
  Dataset data;              // kept inputs, or what reference() promises
  bool has_inputs = false;   // false: `data` is a reference only
};

namespace nn {

/// Sizes, names and columns of `data` against what the model reads; ShapeError
/// that names the difference. A dataset that passes cannot be read out of
/// bounds.
void check_dataset(const Model::Impl& model, const Dataset& data);

}  // namespace nn
}  // namespace musl
