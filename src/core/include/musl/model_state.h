#pragma once

#include <memory>

#include "musl/config.h"
#include "musl/dataset.h"
#include "musl/preprocess.h"
#include "musl/stacking.h"

namespace musl {

class Networks;

/// The contents of a model.
struct ModelState {
  ArchitectureConfig architecture;
  Preprocess preprocess;
  StackWeights stack;
  Dataset data;             // stored inputs, or those of Model::reference()
  bool has_inputs = false;  // false: `data` is a reference only
  std::shared_ptr<const Networks> networks;
};

}  // namespace musl
