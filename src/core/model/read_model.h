#pragma once

#include <memory>

#include "io/archive.h"
#include "model/model.h"

namespace musl {

/// The state of a model from its archive; FormatError for any damage.
[[nodiscard]] std::shared_ptr<ModelState> read_model(const Archive& archive);

}  // namespace musl
