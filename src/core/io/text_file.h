#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace musl {

/// What a text file holds.
struct TextFacts {
  std::int64_t n_lines = 0;    // that are not empty
  std::int64_t zero_line = 0;  // of the first zero byte, from 1; 0: none
  bool has_quotes = false;
  bool is_ascii = true;
};

/// Scans a text whose lines `end` ends, up to the first zero byte; a carriage
/// return alone is an empty line. FormatError as for read_file().
[[nodiscard]] TextFacts scan_text(const std::string& path, char end);

/// The rows of a table without quotes, one a line, and their columns to read.
struct PlainRows {
  std::string path;
  std::int64_t n_skip = 0;  // lines above the first row
  std::int64_t n_rows = 0;
  std::int64_t n_fields = 0;
  char delimiter = ',';
  double missing = 0;             // what an empty field or NA becomes
  std::vector<int> number, text;  // ascending, from 0
};

/// Reads numbers, and text as codes from 0 into the levels that it returns, in
/// order of first occurrence. Blanks around fields do not count. The result
/// does not depend on `threads`.
///
/// numbers  n_rows x number.size(), those of a row together
/// codes    n_rows of each column in text
/// returns  none, with whatever in the others, if the file has another number
///          of rows or fields, a field that is no decimal number, a blank line
///          or, between blanks, an empty field: for a reader that tells why
[[nodiscard]] std::optional<std::vector<std::string>> read_plain_rows(
    const PlainRows& rows, double* numbers,
    const std::vector<std::int32_t*>& codes, int threads);

}  // namespace musl
