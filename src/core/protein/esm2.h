#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/matrix.h"

namespace musl {

struct EmbedOptions {
  std::string device = "cpu";         // resolved
  std::string precision = "float32";  // or "bfloat16"
  int threads = 0;                    // 0: all; CPU only
  std::int64_t batch_tokens = 0;      // 0: chosen for the device
  std::string cache;                  // directory, or empty for none
};

struct ProteinEmbeddings {
  Matrix values;                     // (proteins, width)
  std::int64_t n_cached = 0;         // distinct sequences found in the cache
  std::int64_t n_computed = 0;       // distinct sequences computed now
  std::vector<std::string> damaged;  // cache files that were ignored
};

}  // namespace musl
