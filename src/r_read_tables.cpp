#include <Rcpp.h>

#include <string>

#include "musl/table_start.h"
#include "r_read.h"

namespace {

char quote_of(bool quoted) { return quoted ? '"' : '\0'; }

}  // namespace

// The header and the first row of a table, and where its text is: in the file
// itself if that is plain text, else it is written to `unpacked`.
// [[Rcpp::export(rng = false)]]
Rcpp::List cpp_table_start(std::string path, bool quoted,
                           std::string unpacked) {
  musl::TextFile file(path);
  const auto start = musl::read_table_start(file, quote_of(quoted));
  const bool is_plain = file.is_plain();
  if (!is_plain) musl::write_text(&file, unpacked);
  musl::TextFile plain(is_plain ? path : unpacked);
  const auto records = musl::scan_records(plain.whole(), start, path);
  plain.check_size();
  return Rcpp::List::create(
      Rcpp::Named("path") = path,
      Rcpp::Named("text") = is_plain ? path : unpacked,
      Rcpp::Named("quoted") = quoted,
      Rcpp::Named("first") = musl_r::as_strings(start.first),
      Rcpp::Named("second") = musl_r::as_strings(start.second),
      Rcpp::Named("delimiter") = std::string(1, start.dialect.delimiter),
      Rcpp::Named("is_comment") = start.is_comment,
      Rcpp::Named("n_records") = static_cast<double>(records.n),
      Rcpp::Named("first_line") = static_cast<double>(records.first_line),
      Rcpp::Named("second_line") = static_cast<double>(records.second_line),
      Rcpp::Named("has_quotes") = records.has_quotes,
      Rcpp::Named("is_ascii") = records.is_ascii);
}

// The line of a record, counted from 0. `text` is the plain text of the table.
// [[Rcpp::export(rng = false)]]
double cpp_record_line(std::string text, bool quoted, double record) {
  musl::TextFile file(text);
  const auto start = musl::read_table_start(file, quote_of(quoted));
  return static_cast<double>(musl::record_line(
      file.whole(), start, text, static_cast<std::int64_t>(record)));
}
