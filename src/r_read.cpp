#include "r_read.h"

#include <cstdint>
#include <memory>
#include <utility>

#include "musl/text_file.h"
#include "musl/wide_table.h"
#include "r_callback.h"

namespace musl_r {

Rcpp::CharacterVector as_strings(const std::vector<std::string>& strings) {
  Rcpp::CharacterVector out(static_cast<R_xlen_t>(strings.size()));
  for (std::size_t i = 0; i < strings.size(); ++i) {
    out[static_cast<R_xlen_t>(i)] = Rf_mkCharLenCE(
        strings[i].data(), static_cast<int>(strings[i].size()), CE_UTF8);
  }
  return out;
}

Rcpp::IntegerVector one_based(const std::vector<std::int32_t>& positions) {
  Rcpp::IntegerVector out(static_cast<R_xlen_t>(positions.size()));
  for (std::size_t i = 0; i < positions.size(); ++i) {
    out[static_cast<R_xlen_t>(i)] =
        positions[i] < 0 ? NA_INTEGER : positions[i] + 1;
  }
  return out;
}

std::vector<std::int32_t> zero_based(const Rcpp::IntegerVector& positions) {
  std::vector<std::int32_t> out(positions.begin(), positions.end());
  for (auto& position : out) {
    position = position == NA_INTEGER ? -1 : position - 1;
  }
  return out;
}

std::function<bool()> interrupt_tick() {
  auto sink = std::make_shared<RSink>(R_NilValue);
  return [sink] { return sink->events()(musl::TrainEvent{}); };
}

}  // namespace musl_r

namespace {

using WidePointer = Rcpp::XPtr<musl::WideTable>;

}  // namespace

// [[Rcpp::export(rng = false)]]
Rcpp::List cpp_wide_open(std::string path) {
  auto table = std::make_unique<musl::WideTable>(path);
  const Rcpp::CharacterVector names = musl_r::as_strings(table->names());
  const auto n_rows = static_cast<double>(table->n_rows());
  WidePointer pointer(table.get(), /*set_delete_finalizer=*/true);
  (void)table.release();  // R's finalizer owns it now
  return Rcpp::List::create(Rcpp::Named("table") = pointer,
                            Rcpp::Named("names") = names,
                            Rcpp::Named("n_rows") = n_rows);
}

// columns  positions from 1
// [[Rcpp::export(rng = false)]]
Rcpp::List cpp_wide_text(SEXP table, Rcpp::IntegerVector columns) {
  const auto text =
      WidePointer(table).checked_get()->text(musl_r::zero_based(columns));
  Rcpp::List out(static_cast<R_xlen_t>(text.size()));
  R_xlen_t at = 0;
  for (const auto& column : text) out[at++] = musl_r::as_strings(column);
  return out;
}

// Lines of the file on which the rows begin.
// [[Rcpp::export(rng = false)]]
Rcpp::NumericVector cpp_wide_lines(SEXP table, Rcpp::IntegerVector rows) {
  const musl::WideTable& wide = *WidePointer(table).checked_get();
  Rcpp::NumericVector out(rows.size());
  for (R_xlen_t i = 0; i < rows.size(); ++i) {
    out[i] = static_cast<double>(wide.line(rows[i] - 1));
  }
  return out;
}

// rows, columns  positions from 1
// transpose      the result is columns x rows, else rows x columns
// [[Rcpp::export(rng = false)]]
Rcpp::NumericMatrix cpp_wide_numbers(SEXP table, Rcpp::IntegerVector rows,
                                     Rcpp::IntegerVector columns,
                                     bool transpose, int threads) {
  const musl::WideTable& wide = *WidePointer(table).checked_get();
  musl::WideTable::Request request;
  for (const int row : rows) request.rows.push_back(row - 1);
  request.columns = musl_r::zero_based(columns);
  request.transpose = transpose;
  request.missing = NA_REAL;
  const auto n_rows = static_cast<int>(rows.size());
  const auto n_columns = static_cast<int>(columns.size());
  Rcpp::NumericMatrix out(Rcpp::no_init(transpose ? n_columns : n_rows,
                                        transpose ? n_rows : n_columns));
  wide.numbers(request, out.begin(), threads, musl_r::interrupt_tick());
  return out;
}

// Non-blank lines, without surrounding blanks.
// [[Rcpp::export(rng = false)]]
Rcpp::CharacterVector cpp_text_lines(std::string path) {
  return musl_r::as_strings(musl::read_lines(path));
}

// Frees the text without waiting for the garbage collector.
// [[Rcpp::export(rng = false)]]
void cpp_wide_close(SEXP table) { WidePointer(table).release(); }
