#include <Rcpp.h>

#include <cstdint>
#include <string>
#include <vector>

#include "musl/error.h"
#include "musl/gene_sets.h"
#include "musl/gene_store.h"
#include "r_convert.h"

namespace {

/// "terms", "families" or "modules".
const musl::GeneSets& sets_of(const musl::GeneStore& store,
                              const std::string& part) {
  if (part == "terms") return store.part<musl::Terms>().sets;
  if (part == "families") return store.part<musl::Families>().sets;
  if (part == "modules") return store.part<musl::Modules>().sets;
  throw musl::InputError("There are no sets of \"" + part + "\".");
}

}  // namespace

// The sets that contain both genes of a pair: list(row: the pair, set: from 1;
// size: genes of each, branch: its name). `store` may be NULL, for that of the
// model.
// [[Rcpp::export(rng = false)]]
Rcpp::List cpp_shared_sets(SEXP store, SEXP model, std::string part,
                           Rcpp::List pairs) {
  const auto& sets = sets_of(musl_r::store_of(store, model), part);
  auto found = musl::shared_sets(sets, musl_r::as_pairs(pairs));
  std::vector<double> size;
  std::vector<std::string> branch;
  for (std::size_t i = 0; i < found.set.size(); ++i) {
    const auto at = static_cast<std::size_t>(found.set[i]);
    size.push_back(sets.size[at]);
    branch.push_back(
        sets.branches.at(static_cast<std::size_t>(sets.branch[at])));
    ++found.pair[i];
    ++found.set[i];
  }
  return Rcpp::List::create(
      Rcpp::Named("row") = found.pair, Rcpp::Named("set") = found.set,
      Rcpp::Named("size") = size, Rcpp::Named("branch") = branch);
}

// The genes, from 1, of each of these sets.
// [[Rcpp::export(rng = false)]]
Rcpp::List cpp_set_members(SEXP store, SEXP model, std::string part,
                           std::vector<std::int32_t> sets) {
  for (auto& set : sets) --set;
  Rcpp::List out;
  for (auto& genes :
       musl::set_members(sets_of(musl_r::store_of(store, model), part), sets)) {
    for (auto& gene : genes) ++gene;
    out.push_back(Rcpp::wrap(genes));
  }
  return out;
}

// The number of genes of every set, which says whether names are those of the
// sets.
// [[Rcpp::export(rng = false)]]
std::vector<float> cpp_set_sizes(SEXP store, SEXP model, std::string part) {
  return sets_of(musl_r::store_of(store, model), part).size;
}
