#include <Rcpp.h>

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "graph/csr_graph.h"
#include "io/embedding_file.h"
#include "io/text_file.h"
#include "r_convert.h"

namespace {

/// UTF-8 strings, marked as such for R.
Rcpp::CharacterVector as_strings(const std::vector<std::string>& strings) {
  Rcpp::CharacterVector out(static_cast<R_xlen_t>(strings.size()));
  for (std::size_t i = 0; i < strings.size(); ++i) {
    out[static_cast<R_xlen_t>(i)] = Rf_mkCharLenCE(
        strings[i].data(), static_cast<int>(strings[i].size()), CE_UTF8);
  }
  return out;
}

// Positions between R's, from 1, and the core's; NA and -1 mean none.

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

}  // namespace

// [[Rcpp::export(rng = false)]]
Rcpp::List cpp_read_embedding_tensors(std::string path) {
  const auto table = musl::read_embedding_tensors(path);
  return Rcpp::List::create(
      Rcpp::Named("ids") = as_strings(table.ids),
      Rcpp::Named("values") = musl_r::as_matrix(table.values));
}

// `end`: the byte that ends a line.
// [[Rcpp::export(rng = false)]]
Rcpp::List cpp_scan_text(std::string path, std::string end) {
  const auto facts = musl::scan_text(path, end.at(0));
  return Rcpp::List::create(
      Rcpp::Named("n_lines") = static_cast<double>(facts.n_lines),
      Rcpp::Named("zero_line") = static_cast<double>(facts.zero_line),
      Rcpp::Named("has_quotes") = facts.has_quotes,
      Rcpp::Named("is_ascii") = facts.is_ascii);
}

// rows          list(path, delimiter, n_skip, n_rows, n_fields)
// number, text  ascending columns, from 1
// returns list(numbers, a row of the table in each column if it has several;
// codes, a list of positions in levels), or NULL for a reader that tells why
// [[Rcpp::export(rng = false)]]
Rcpp::Nullable<Rcpp::List> cpp_read_plain_rows(Rcpp::List rows,
                                               Rcpp::IntegerVector number,
                                               Rcpp::IntegerVector text) {
  const auto count = [&rows](const char* name) {
    return static_cast<std::int64_t>(Rcpp::as<double>(rows[name]));
  };
  const musl::PlainRows plain{Rcpp::as<std::string>(rows["path"]),
                              count("n_skip"),
                              count("n_rows"),
                              count("n_fields"),
                              Rcpp::as<std::string>(rows["delimiter"]).at(0),
                              NA_REAL,
                              zero_based(number),
                              zero_based(text)};
  Rcpp::NumericVector numbers(Rcpp::no_init(number.size() * plain.n_rows));
  Rcpp::List codes(text.size());
  std::vector<std::int32_t*> columns;
  for (R_xlen_t k = 0; k < text.size(); ++k) {
    Rcpp::IntegerVector column(Rcpp::no_init(plain.n_rows));
    columns.push_back(column.begin());
    codes[k] = column;
  }
  const auto levels =
      musl::read_plain_rows(plain, numbers.begin(), columns, /*threads=*/0);
  if (!levels) return R_NilValue;
  if (number.size() > 1) {
    numbers.attr("dim") = Rcpp::Dimension(number.size(), plain.n_rows);
  }
  for (std::int32_t* const column : columns) {
    std::for_each(column, column + plain.n_rows, [](std::int32_t& x) { ++x; });
  }
  return Rcpp::List::create(Rcpp::Named("numbers") = numbers,
                            Rcpp::Named("codes") = codes,
                            Rcpp::Named("levels") = as_strings(*levels));
}

// from, to  positions from 1 in node_of
// weight    one a row, or none: all 1
// node_of   node of each name, from 1, NA for none
// returns list(from, to, weight, n_rows, one an edge; n_unmapped, n_loops)
// [[Rcpp::export(rng = false)]]
Rcpp::List cpp_merge_edges(Rcpp::IntegerVector from, Rcpp::IntegerVector to,
                           std::vector<double> weight,
                           Rcpp::IntegerVector node_of) {
  const auto edges = musl::merge_edges(zero_based(from), zero_based(to), weight,
                                       zero_based(node_of));
  return Rcpp::List::create(
      Rcpp::Named("from") = one_based(edges.from),
      Rcpp::Named("to") = one_based(edges.to),
      Rcpp::Named("weight") = edges.weight,
      Rcpp::Named("n_rows") = edges.n_rows,
      Rcpp::Named("n_unmapped") = static_cast<double>(edges.n_unmapped),
      Rcpp::Named("n_loops") = static_cast<double>(edges.n_loops));
}
