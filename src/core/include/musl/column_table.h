#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "musl/text_fields.h"
#include "musl/text_file.h"

namespace musl {

/// Text stored by code: most columns of a long table repeat few values.
struct TextColumn {
  std::vector<std::int32_t> code;   // 0-based into the levels
  std::vector<std::string> levels;  // in order of first occurrence
};

/// The header of a table, or its first record if it has no header.
struct TableStart {
  Dialect dialect;
  std::vector<std::string> first;   // fields of the first record
  std::vector<std::string> second;  // of the second; empty if there is none
  std::int64_t lines_before = 0;    // comments and blank lines before the first
  bool is_comment = false;          // whether the first begins with "#"
};

/// Reads the start without consuming the file. The last of the lines that begin
/// with "#" is the header if it has as many fields as the next line. If the
/// first record has one field fewer than the second, it gets an empty first
/// name.
///
/// quote      '\0' for files in which quotes are plain characters
/// most_head  FormatError if the first two records do not end within a head of
///            more than so many bytes
[[nodiscard]] TableStart read_table_start(
    const TextFile& file, char quote,
    std::size_t most_head = std::size_t{64} << 20);

/// Which columns of a table to read, and which rows to keep.
struct ColumnRequest {
  std::vector<int> text;    // columns, 0-based
  std::vector<int> number;  // likewise
  bool has_header = true;
  /// All text columns share their levels, as the two ends of edges do.
  bool shared_levels = false;
  double missing = 0;  // stored for a missing number
  /// Whether to keep a row with these numbers; it may change them.
  std::function<bool(double*)> keep;
};

struct ColumnTable {
  std::vector<TextColumn> text;             // with shared levels, those of
  std::vector<std::vector<double>> number;  // the first column alone are set
  std::int64_t n_rows = 0;
  std::int64_t n_left_out = 0;  // by `keep`
};

/// Reads columns of a long table, block by block in parallel; the result does
/// not depend on `threads`. FormatError for rows with more or fewer fields than
/// the first, and for fields that are not numbers.
/// threads, tick, block_bytes  as for for_each_block()
[[nodiscard]] ColumnTable read_columns(TextFile* file, const TableStart& start,
                                       const ColumnRequest& request,
                                       int threads,
                                       const std::function<bool()>& tick = {},
                                       std::size_t block_bytes = std::size_t{4}
                                                                 << 20);

}  // namespace musl
