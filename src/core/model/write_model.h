#pragma once

#include "io/archive.h"
#include "model/model.h"

namespace musl {

/// The tensors of a model, not packed; keep_inputs as in Model::to_archive().
[[nodiscard]] Archive write_model(const ModelState& model, bool keep_inputs);

}  // namespace musl
