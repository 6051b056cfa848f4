#include "musl/wide_table.h"

#include <algorithm>
#include <utility>

#include "musl/error.h"
#include "musl/parallel.h"
#include "musl/table_start.h"

namespace musl {

namespace {

constexpr std::size_t kReleaseBytes = std::size_t{32} << 20;
/// Rows per work item. If rows of the table are rows of the result, eight share
/// a cache line.
constexpr std::int64_t kRowsTogether = 16;

bool is_decimal_comma(std::string_view field) {
  const std::size_t comma = field.find(',');
  return comma != std::string_view::npos && !field.empty() &&
         field.find_first_not_of("+-0123456789,eE") == std::string_view::npos &&
         field.find(',', comma + 1) == std::string_view::npos;
}

}  // namespace

WideTable::WideTable(const std::string& path, const TextLimits& limits)
    : file_(path, limits) {
  index();
}

WideTable::WideTable(const std::string& name, std::string text,
                     const TextLimits& limits)
    : file_(name, std::move(text), limits) {
  index();
}

void WideTable::index() {
  const TableStart start = read_table_start(file_, '"');
  dialect_ = start.dialect;
  names_ = start.first;
  const std::string_view text = after_comments(file_.whole(), start);
  Records records(text, dialect_, file_.name(), first_line(start));
  std::string_view record;
  if (!start.is_comment) (void)records.next(&record);  // the header
  std::string_view passed = text.substr(0, 0);
  while (records.next(&record)) {
    rows_.push_back({record, records.line()});
    const auto seen = static_cast<std::size_t>(record.data() - passed.data());
    if (seen > kReleaseBytes) {
      file_.release({passed.data(), seen});
      passed = record;
    }
  }
  if (rows_.empty()) {
    refuse_text(file_.name(), 1, "", "it has a header and no row",
                "Was the download or the export broken off?");
  }
  check_lengths();
  file_.check_size();
}

/// A row shorter than its delimiters is incomplete. Checked before memory for
/// rows x columns is allocated, since such a file may announce any size.
void WideTable::check_lengths() const {
  for (const Row& row : rows_) {
    if (row.text.size() + 1 < names_.size()) {
      refuse_fields(row, split_fields(row.text, dialect_).size());
    }
  }
}

std::int64_t WideTable::line(std::int64_t row) const {
  return rows_.at(static_cast<std::size_t>(row)).line;
}

std::vector<std::vector<std::string>> WideTable::text(
    const std::vector<int>& columns) const {
  std::vector<std::vector<std::string>> out(
      columns.size(), std::vector<std::string>(rows_.size()));
  std::vector<std::pair<int, std::size_t>> wanted;  // column and its place
  for (std::size_t k = 0; k < columns.size(); ++k) {
    wanted.emplace_back(columns[k], k);
  }
  std::sort(wanted.begin(), wanted.end());
  for (std::size_t r = 0; r < rows_.size(); ++r) {
    Fields fields(rows_[r].text, dialect_);
    std::string_view field;
    int n_read = 0;
    for (const auto& [column, k] : wanted) {
      for (; n_read <= column; ++n_read) {
        if (!fields.next(&field)) {
          refuse_fields(rows_[r], static_cast<std::size_t>(n_read));
        }
      }
      out[k][r] = field_utf8(field, file_.name(), rows_[r].line);
    }
  }
  return out;
}

void WideTable::numbers(const Request& request, double* out, int threads,
                        const std::function<bool()>& tick) const {
  file_.check_size();  // before missing pages are read
  read_rows(request, out, threads, tick);
  file_.check_size();
}

void WideTable::read_rows(const Request& request, double* out, int threads,
                          const std::function<bool()>& tick) const {
  std::vector<std::int32_t> slot(names_.size(), -1);
  for (std::size_t k = 0; k < request.columns.size(); ++k) {
    slot.at(static_cast<std::size_t>(request.columns[k])) =
        static_cast<std::int32_t>(k);
  }
  const auto n_rows = static_cast<std::int64_t>(request.rows.size());
  const auto n_columns = static_cast<std::int64_t>(request.columns.size());
  const std::int64_t step = request.transpose ? 1 : n_rows;
  const std::int64_t stride = request.transpose ? n_columns : 1;
  const std::int64_t together = request.transpose ? 1 : kRowsTogether;
  parallel_for((n_rows + together - 1) / together, threads,
               [&](std::int64_t item) {
                 const std::int64_t end =
                     std::min(n_rows, (item + 1) * together);
                 for (std::int64_t r = item * together; r < end; ++r) {
                   const Row& row = rows_.at(static_cast<std::size_t>(
                       request.rows[static_cast<std::size_t>(r)]));
                   read_row(row, slot, request.missing, step, out + r * stride);
                   file_.release(row.text);
                 }
               },
               tick);
}

void WideTable::read_row(const Row& row, const std::vector<std::int32_t>& slot,
                         double missing, std::int64_t step, double* out) const {
  Fields fields(row.text, dialect_);
  std::string_view field;
  std::size_t column = 0;
  while (fields.next(&field)) {
    if (column == slot.size()) {
      refuse_fields(row, split_fields(row.text, dialect_).size());
    }
    const std::int32_t at = slot[column];
    if (at >= 0) {
      double value = missing;
      const NumberKind kind = parse_number(field, &value);
      if (kind == NumberKind::infinite || kind == NumberKind::none) {
        refuse_number(row, column, field, kind);
      }
      out[at * step] = value;
    }
    ++column;
  }
  if (column < slot.size()) refuse_fields(row, column);
}

void WideTable::refuse_fields(const Row& row, std::size_t found) const {
  const bool last = row.line == rows_.back().line;
  refuse_text(file_.name(), row.line, "",
              std::to_string(found) + (found == 1 ? " field" : " fields") +
                  " where the header has " + std::to_string(names_.size()),
              last ? "The file seems truncated: download or copy it again."
                   : "Are there delimiters within fields, such as decimal "
                     "commas? Quote these fields, or write decimal points.");
}

void WideTable::refuse_number(const Row& row, std::size_t column,
                              std::string_view field, NumberKind kind) const {
  const std::string where =
      std::to_string(column + 1) + " (" + show_field(names_[column]) + ")";
  if (kind == NumberKind::infinite) {
    refuse_text(file_.name(), row.line, where,
                show_field(field) + " is no finite number",
                "Write NA for a value that is missing.");
  }
  refuse_text(file_.name(), row.line, where,
              show_field(field) + " is no number",
              is_decimal_comma(field)
                  ? "Write decimal points, not commas."
                  : "Write NA for a value that is missing; is this column one "
                    "of text, or another delimiter in use?");
}

}  // namespace musl
