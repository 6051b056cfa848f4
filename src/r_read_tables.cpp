#include <Rcpp.h>

#include <string>

#include "musl/column_table.h"
#include "r_read.h"

namespace {

char quote_of(bool quoted) { return quoted ? '"' : '\0'; }

Rcpp::CharacterVector as_column(const musl::TextColumn& column) {
  const Rcpp::CharacterVector levels = musl_r::as_strings(column.levels);
  Rcpp::CharacterVector out(static_cast<R_xlen_t>(column.code.size()));
  for (std::size_t i = 0; i < column.code.size(); ++i) {
    SET_STRING_ELT(out, static_cast<R_xlen_t>(i),
                   STRING_ELT(levels, column.code[i]));
  }
  return out;
}

musl::ColumnRequest as_column_request(const Rcpp::List& how) {
  musl::ColumnRequest out;
  out.text = musl_r::zero_based(how["text"]);
  out.number = musl_r::zero_based(how["number"]);
  out.has_header = Rcpp::as<bool>(how["header"]);
  out.missing = NA_REAL;
  return out;
}

}  // namespace

// [[Rcpp::export(rng = false)]]
Rcpp::List cpp_table_start(std::string path, bool quoted) {
  const musl::TextFile file(path);
  const auto start = musl::read_table_start(file, quote_of(quoted));
  return Rcpp::List::create(
      Rcpp::Named("first") = musl_r::as_strings(start.first),
      Rcpp::Named("second") = musl_r::as_strings(start.second),
      Rcpp::Named("delimiter") = std::string(1, start.dialect.delimiter));
}

// how  list(text, number: positions from 1, header)
// returns the columns, those of text first
// [[Rcpp::export(rng = false)]]
Rcpp::List cpp_table_columns(std::string path, bool quoted, Rcpp::List how,
                             int threads) {
  musl::TextFile file(path);
  const auto start = musl::read_table_start(file, quote_of(quoted));
  const auto table = musl::read_columns(&file, start, as_column_request(how),
                                        threads, musl_r::interrupt_tick());
  // push_back() copies the list each time: a million columns would take hours.
  Rcpp::List out(
      static_cast<R_xlen_t>(table.text.size() + table.number.size()));
  R_xlen_t at = 0;
  for (const auto& column : table.text) out[at++] = as_column(column);
  for (const auto& column : table.number) out[at++] = Rcpp::wrap(column);
  return out;
}
