#include <Rcpp.h>

#include <algorithm>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "musl/direction.h"
#include "musl/evidence.h"
#include "r_convert.h"

namespace {

/// Genes as numbers from 1.
std::vector<int> from_one(std::vector<std::int32_t> genes) {
  for (auto& gene : genes) ++gene;
  return genes;
}

/// A list of columns of one value a difference; `get(difference)`.
template <class Get>
auto column(const std::vector<musl::PairDifference>& from, const Get& get) {
  std::vector<decltype(get(from[0]))> out;
  out.reserve(from.size());
  for (const auto& one : from) out.push_back(get(one));
  return out;
}

Rcpp::List as_list(const std::vector<musl::PairDifference>& found) {
  using Difference = musl::PairDifference;
  return Rcpp::List::create(
      Rcpp::Named("row") =
          column(found, [](const Difference& x) { return double(x.row) + 1; }),
      Rcpp::Named("alteration") =
          column(found, [](const Difference& x) { return x.alteration + 1; }),
      Rcpp::Named("turned") =
          column(found, [](const Difference& x) { return x.turned; }),
      Rcpp::Named("n_lines") =
          column(found, [](const Difference& x) { return x.n_lines; }),
      Rcpp::Named("z") = column(found, [](const Difference& x) { return x.z; }),
      Rcpp::Named("effect_size") =
          column(found, [](const Difference& x) { return x.effect_size; }),
      Rcpp::Named("altered") =
          column(found, [](const Difference& x) { return x.altered; }),
      Rcpp::Named("other") =
          column(found, [](const Difference& x) { return x.other; }),
      Rcpp::Named("share_altered") =
          column(found, [](const Difference& x) { return x.share_altered; }),
      Rcpp::Named("share_other") =
          column(found, [](const Difference& x) { return x.share_other; }),
      Rcpp::Named("explained_by") =
          column(found, [](const Difference& x) { return x.explained_by + 1; }),
      Rcpp::Named("asks_relation") = column(
          found, [](const Difference& x) { return musl::asks_relation(x); }));
}

std::vector<musl::PairDifference> as_differences(const Rcpp::List& from) {
  const auto row = Rcpp::as<std::vector<double>>(from["row"]);
  const auto n_lines = Rcpp::as<std::vector<int>>(from["n_lines"]);
  const auto z = Rcpp::as<std::vector<float>>(from["z"]);
  const auto size = Rcpp::as<std::vector<float>>(from["effect_size"]);
  const auto altered = Rcpp::as<std::vector<float>>(from["altered"]);
  const auto other = Rcpp::as<std::vector<float>>(from["other"]);
  const auto share = Rcpp::as<std::vector<float>>(from["share_altered"]);
  std::vector<musl::PairDifference> out(row.size());
  for (std::size_t i = 0; i < out.size(); ++i) {
    out[i].row = static_cast<std::int64_t>(row[i]) - 1;
    out[i].n_lines = n_lines[i];
    out[i].z = z[i];
    out[i].effect_size = size[i];
    out[i].altered = altered[i];
    out[i].other = other[i];
    out[i].share_altered = share[i];
  }
  return out;
}

musl::AlterationState as_state(bool activated) {
  return activated ? musl::AlterationState::activated
                   : musl::AlterationState::lost;
}

}  // namespace

namespace musl_r {

Rcpp::List as_list(const musl::Alterations& alterations, bool whole) {
  Rcpp::List out;
  for (const auto& one : alterations) {
    Rcpp::List x = Rcpp::List::create(
        Rcpp::Named("name") = one.name, Rcpp::Named("event") = one.event,
        Rcpp::Named("n_lines") = one.n_lines,
        Rcpp::Named("lost") = from_one(one.lost),
        Rcpp::Named("activated") = from_one(one.activated));
    if (whole) {
      x["together"] = one.together;
      x["gene"] = from_one(one.gene);
      x["z"] = one.z;
      x["effect_size"] = one.effect_size;
      x["altered"] = one.altered;
      x["other"] = one.other;
      x["share_altered"] = one.share_altered;
      x["share_other"] = one.share_other;
    }
    out.push_back(x);
  }
  return out;
}

}  // namespace musl_r

// The alterations of a store, or if that is NULL of a model: see
// musl_r::as_list().
// [[Rcpp::export(rng = false)]]
Rcpp::List cpp_alterations(SEXP store, SEXP model, bool whole) {
  return musl_r::as_list(
      musl_r::store_of(store, model).part<musl::Alterations>(), whole);
}

// The differences of pairs of an anchor (gene_a) and a candidate: columns of
// musl::PairDifference, rows and alterations from 1.
// [[Rcpp::export(rng = false)]]
Rcpp::List cpp_differences(SEXP store, SEXP model, Rcpp::List pairs,
                           bool activated) {
  const musl::GeneStore& known = musl_r::store_of(store, model);
  return as_list(musl::differences_of(known.part<musl::Alterations>(),
                                      musl_r::as_pairs(pairs), known.n_genes,
                                      as_state(activated)));
}

// list(call: 0 unclear, 1 needed more, 2 needed less, 3 not needed; bonus), one
// a difference.
// differences  columns of cpp_differences()
// list         number of the list of each pair
// relation     of each pair
// significant  one a difference, or NULL: by z and relation
// [[Rcpp::export(rng = false)]]
Rcpp::List cpp_call_directions(
    Rcpp::List differences, std::vector<int> list, std::vector<double> relation,
    Rcpp::Nullable<Rcpp::LogicalVector> significant) {
  const auto found = as_differences(differences);
  std::vector<musl::Direction> calls;
  if (significant.isNull()) {
    calls = musl::call_directions(found, {list, list, {}}, relation);
  } else {
    const Rcpp::LogicalVector tested(significant.get());
    calls = musl::call_tested(
        found, std::vector<std::uint8_t>(tested.begin(), tested.end()));
  }
  std::vector<int> code;
  std::vector<double> bonus;
  for (std::size_t i = 0; i < found.size(); ++i) {
    code.push_back(static_cast<int>(calls[i]));
    bonus.push_back(musl::direction_bonus(found[i]));
  }
  return Rcpp::List::create(Rcpp::Named("call") = code,
                            Rcpp::Named("bonus") = bonus);
}
