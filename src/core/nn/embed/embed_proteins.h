#pragma once

#include <string>
#include <vector>

#include "musl/esm2.h"

namespace musl::nn {

/// Implements the public function of the same name.
[[nodiscard]] ProteinEmbeddings embed_proteins(
    const Esm2Folder& folder, const std::vector<std::string>& sequences,
    const EmbedOptions& options, const EventSink& sink);

}  // namespace musl::nn
