#pragma once

#include <cstdint>

namespace musl {

/// (x - mean) / scale of each column, clipped to [-clip, clip], in place.
///
/// mean, scale  (columns)
/// x            (n, columns) row-major
void scale_rows(const float* mean, const float* scale, std::int64_t columns,
                float clip, std::int64_t n, float* x);

}  // namespace musl
