#include <Rcpp.h>

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "musl/column_table.h"
#include "musl/edge_table.h"
#include "r_read.h"

namespace {

char quote_of(bool quoted) { return quoted ? '"' : '\0'; }

Rcpp::IntegerVector one_based(const std::vector<std::int32_t>& codes) {
  Rcpp::IntegerVector out(static_cast<R_xlen_t>(codes.size()));
  for (std::size_t i = 0; i < codes.size(); ++i) {
    out[static_cast<R_xlen_t>(i)] = codes[i] + 1;
  }
  return out;
}

std::vector<std::int32_t> zero_based(const Rcpp::IntegerVector& codes) {
  std::vector<std::int32_t> out(codes.begin(), codes.end());
  for (auto& code : out) code = code == NA_INTEGER ? -1 : code - 1;
  return out;
}

Rcpp::CharacterVector as_column(const musl::TextColumn& column) {
  const Rcpp::CharacterVector levels = musl_r::as_strings(column.levels);
  Rcpp::CharacterVector out(static_cast<R_xlen_t>(column.code.size()));
  for (std::size_t i = 0; i < column.code.size(); ++i) {
    SET_STRING_ELT(out, static_cast<R_xlen_t>(i),
                   STRING_ELT(levels, column.code[i]));
  }
  return out;
}

musl::ColumnRequest as_request(const Rcpp::List& how) {
  musl::ColumnRequest out;
  out.text = zero_based(how["text"]);
  out.number = zero_based(how["number"]);
  out.has_header = Rcpp::as<bool>(how["header"]);
  out.missing = NA_REAL;
  return out;
}

/// STRING's columns of a row -> its score, 0 to 1, in the first place.
struct StringScore {
  double scale;                // what one point of the file is
  double min;                  // on the scale 0 to 1
  std::vector<bool> dampened;  // of the channels; none: the score as given
  bool has_homology;           // behind the channels

  bool operator()(double* numbers) const {
    const std::size_t n = dampened.size();
    if (n > 0) {
      std::vector<double> scores;
      for (std::size_t k = 0; k < n; ++k) {
        scores.push_back(numbers[k] * scale);
      }
      const double homology = has_homology ? numbers[n] * scale : 0;
      numbers[0] = musl::combine_string_scores(scores, dampened, homology);
    } else {
      numbers[0] *= scale;
    }
    // Scores count in thousandths: a threshold must not fail on rounding. What
    // is no score is kept, to be found and told.
    return !(numbers[0] >= 0 && numbers[0] < min - 1e-9);
  }
};

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
  const auto table = musl::read_columns(&file, start, as_request(how), threads,
                                        musl_r::interrupt_tick());
  // push_back() copies the list each time: a million columns would take hours.
  Rcpp::List out(
      static_cast<R_xlen_t>(table.text.size() + table.number.size()));
  R_xlen_t at = 0;
  for (const auto& column : table.text) out[at++] = as_column(column);
  for (const auto& column : table.number) out[at++] = Rcpp::wrap(column);
  return out;
}

// Links of STRING: the two ends and their score, 0 to 1.
// how  list(text: the two ends, number: the score or the channels and then
//      homology, header, scale, min, dampened, homology)
// [[Rcpp::export(rng = false)]]
Rcpp::List cpp_string_links(std::string path, Rcpp::List how, int threads) {
  musl::TextFile file(path);
  const auto start = musl::read_table_start(file, quote_of(true));
  musl::ColumnRequest request = as_request(how);
  request.shared_levels = true;
  request.keep =
      StringScore{Rcpp::as<double>(how["scale"]), Rcpp::as<double>(how["min"]),
                  Rcpp::as<std::vector<bool>>(how["dampened"]),
                  Rcpp::as<bool>(how["homology"])};
  const auto table = musl::read_columns(&file, start, request, threads,
                                        musl_r::interrupt_tick());
  return Rcpp::List::create(
      Rcpp::Named("from") = one_based(table.text[0].code),
      Rcpp::Named("to") = one_based(table.text[1].code),
      Rcpp::Named("name") = musl_r::as_strings(table.text[0].levels),
      Rcpp::Named("score") = Rcpp::wrap(table.number[0]),
      Rcpp::Named("n_left_out") = static_cast<double>(table.n_left_out));
}

// from, to  positions from 1 in node_of
// node_of   node of each name, from 1, NA for none
// [[Rcpp::export(rng = false)]]
Rcpp::List cpp_merge_edges(Rcpp::IntegerVector from, Rcpp::IntegerVector to,
                           std::vector<double> weight,
                           Rcpp::IntegerVector node_of) {
  const auto edges = musl::merge_edges(zero_based(from), zero_based(to), weight,
                                       zero_based(node_of));
  return Rcpp::List::create(
      Rcpp::Named("from") = one_based(edges.from),
      Rcpp::Named("to") = one_based(edges.to),
      Rcpp::Named("weight") = Rcpp::wrap(edges.weight),
      Rcpp::Named("n_unmapped") = static_cast<double>(edges.n_unmapped),
      Rcpp::Named("n_loops") = static_cast<double>(edges.n_loops),
      Rcpp::Named("n_merged") = static_cast<double>(edges.n_merged));
}
