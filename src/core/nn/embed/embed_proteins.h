#pragma once

#include <string>
#include <vector>

#include "base/events.h"
#include "protein/esm2.h"
#include "protein/esm2_folder.h"

namespace musl::nn {

/// Of model/backend.h.
[[nodiscard]] ProteinEmbeddings embed_proteins(
    const Esm2Folder& folder, const std::vector<std::string>& sequences,
    const EmbedOptions& options, const EventSink& sink);

}  // namespace musl::nn
