#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace musl {

/// How a table is delimited and quoted.
struct Dialect {
  char delimiter = ',';
  char quote = '"';   // '\0': quotes are plain characters
  bool runs = false;  // several delimiters in a row count as one
};

/// Iterates over the records of a text. A record ends with its line, unless a
/// quoted field spans lines. Blank lines are skipped.
class Records {
 public:
  /// file        what messages call the text; must outlive this object
  /// first_line  number of the first line of `text`, from 1
  Records(std::string_view text, const Dialect& dialect,
          const std::string& file, std::int64_t first_line = 1)
      : left_(text), dialect_(dialect), file_(file), next_line_(first_line) {}

  /// The next record without its line end; false at the end. FormatError for an
  /// unclosed quote.
  [[nodiscard]] bool next(std::string_view* record);
  /// Line on which the record of the last next() begins.
  [[nodiscard]] std::int64_t line() const { return line_; }
  /// The text after the record of the last next().
  [[nodiscard]] std::string_view rest() const { return left_; }

 private:
  struct Extent {
    std::size_t end;
    bool one_line;
  };
  [[nodiscard]] Extent extent() const;

  std::string_view left_;
  Dialect dialect_;
  const std::string& file_;
  std::int64_t next_line_, line_ = 0;
};

/// Iterates over the fields of one record.
class Fields {
 public:
  Fields(std::string_view record, const Dialect& dialect)
      : left_(record), dialect_(dialect) {
    if (dialect_.runs) skip_delimiters();
    more_ = !dialect_.runs || !left_.empty();
  }

  /// The next field without its quotes; false at the end. Valid until the next
  /// call.
  [[nodiscard]] bool next(std::string_view* field) {
    if (!more_) return false;
    if (!left_.empty() && left_.front() == dialect_.quote &&
        dialect_.quote != '\0') {
      *field = quoted();
      return true;
    }
    const std::size_t end = left_.find(dialect_.delimiter);
    *field = left_.substr(0, end);
    step_over(end);
    return true;
  }

 private:
  [[nodiscard]] std::string_view quoted();
  void skip_delimiters() {
    while (!left_.empty() && left_.front() == dialect_.delimiter) {
      left_.remove_prefix(1);
    }
  }
  void step_over(std::size_t end) {
    if (end == std::string_view::npos) {
      left_ = {};
      more_ = false;
      return;
    }
    left_.remove_prefix(end + 1);
    if (dialect_.runs) {
      skip_delimiters();
      more_ = !left_.empty();
    }
  }

  std::string_view left_;
  Dialect dialect_;
  bool more_ = true;
  std::string unescaped_;
};

/// All fields of a record.
[[nodiscard]] std::vector<std::string> split_fields(std::string_view record,
                                                    const Dialect& dialect);

/// Guesses the delimiter of a table from its first lines: of tab, comma,
/// semicolon and bar the one that splits these lines most often and equally;
/// else spaces, also if the first line has spaces and no comma, later lines
/// have decimal commas and spaces split all alike. A table of one column is
/// treated as comma-separated.
[[nodiscard]] Dialect sniff_dialect(std::string_view head, char quote = '"');

/// A field as number, read like R's as.numeric() but without hexadecimals.
enum class NumberKind { number, missing, infinite, none };

/// Missing: empty, NA, N/A, NaN, null, None, "-", "."; in any case. Infinite:
/// also a number too large for a double. `value` is set only for `number`.
/// Surrounding blanks are ignored.
[[nodiscard]] NumberKind parse_number(std::string_view field, double* value);

}  // namespace musl
