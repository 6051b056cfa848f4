#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "musl/text_fields.h"
#include "musl/text_file.h"

namespace musl {

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

/// The line of the first record, comments and a header among them left out.
[[nodiscard]] inline std::int64_t first_line(const TableStart& start) {
  return start.lines_before + (start.is_comment ? 2 : 1);
}

/// The text from that line on.
[[nodiscard]] std::string_view after_comments(std::string_view text,
                                              const TableStart& start);

/// What another reader must know to read the records of a table, and to prove
/// that it has read all of them. Comments are no records.
struct TableRecords {
  std::int64_t n = 0;
  std::int64_t first_line = 0, second_line = 0;  // where they begin; 0 for none
  bool has_quotes = false;                       // whether any " is in the text
  bool is_ascii = true;
};

/// FormatError, with `name` for the file, for a record with more or fewer
/// fields than the first, a quote that is never closed and a zero byte.
[[nodiscard]] TableRecords scan_records(std::string_view text,
                                        const TableStart& start,
                                        const std::string& name);

/// The line on which a record begins; records count from 0.
[[nodiscard]] std::int64_t record_line(std::string_view text,
                                       const TableStart& start,
                                       const std::string& name,
                                       std::int64_t record);

}  // namespace musl
