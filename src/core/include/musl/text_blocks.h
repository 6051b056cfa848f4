#pragma once

#include <cstdint>
#include <functional>
#include <string_view>

#include "musl/text_fields.h"
#include "musl/text_file.h"

namespace musl {

/// Whole records from a text file.
struct TextBlock {
  std::string_view text;
  std::int64_t index = 0;       // from 0, in order of the file
  std::int64_t first_line = 1;  // number of its first line in the file
};

/// Calls `work` for each block of the file, on up to `threads` threads (0: all)
/// and out of order; blocks are read and unpacked one at a time, so that memory
/// stays bounded whatever the file's size. `tick` as for parallel_for().
/// The exception of the first block that fails is rethrown.
///
/// block_bytes  approximate text of a block; FormatError for a record longer
///              than 16 times that
/// skip_lines   lines before the first block, with any content
void for_each_block(TextFile* file, const Dialect& dialect, int threads,
                    const std::function<void(const TextBlock&)>& work,
                    const std::function<bool()>& tick = {},
                    std::size_t block_bytes = std::size_t{4} << 20,
                    std::int64_t skip_lines = 0);

}  // namespace musl
