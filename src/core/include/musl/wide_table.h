#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "musl/text_fields.h"
#include "musl/text_file.h"

namespace musl {

/// A table of a few text columns and many columns of numbers, such as cell
/// lines x genes. The text is not copied; numbers are read in parallel directly
/// into the caller's matrix.
class WideTable {
 public:
  /// Reads the header, below comments as read_table_start() finds it, and finds
  /// the records. FormatError if there is no header or no record, and like
  /// TextFile.
  explicit WideTable(const std::string& path, const TextLimits& limits = {});
  /// Text instead of a file, called `name` in messages.
  WideTable(const std::string& name, std::string text,
            const TextLimits& limits = {});

  /// One name per column; the first is empty if the header lacks it, as in
  /// tables that R writes with row names.
  [[nodiscard]] const std::vector<std::string>& names() const { return names_; }
  [[nodiscard]] std::int64_t n_rows() const {
    return static_cast<std::int64_t>(rows_.size());
  }
  [[nodiscard]] const Dialect& dialect() const { return dialect_; }
  /// Line of the file where a row begins.
  [[nodiscard]] std::int64_t line(std::int64_t row) const;

  /// The text of the columns (0-based), one vector over all rows per column.
  [[nodiscard]] std::vector<std::vector<std::string>> text(
      const std::vector<int>& columns) const;

  /// Where numbers go.
  struct Request {
    std::vector<std::int64_t> rows;  // of the table, 0-based, in order
    std::vector<int> columns;        // of the table, 0-based
    /// true:  `out` is columns x rows, column-major, so that a row of the
    ///        table is a column of `out`; false: `out` is rows x columns.
    bool transpose = true;
    double missing = 0;  // stored for a missing value
  };
  /// Fills `out`. FormatError for rows with more or fewer fields than the
  /// header, and for fields that are neither a finite number nor missing.
  /// threads, tick  as for parallel_for()
  void numbers(const Request& request, double* out, int threads,
               const std::function<bool()>& tick = {}) const;

 private:
  struct Row {
    std::string_view text;
    std::int64_t line;
  };
  void index();
  void check_lengths() const;
  void read_rows(const Request& request, double* out, int threads,
                 const std::function<bool()>& tick) const;
  void read_row(const Row& row, const std::vector<std::int32_t>& slot,
                double missing, std::int64_t step, double* out) const;
  [[noreturn]] void refuse_fields(const Row& row, std::size_t found) const;
  [[noreturn]] void refuse_number(const Row& row, std::size_t column,
                                  std::string_view field,
                                  NumberKind kind) const;

  mutable TextFile file_;
  Dialect dialect_;
  std::vector<std::string> names_;
  std::vector<Row> rows_;
};

}  // namespace musl
