#include <Rcpp.h>

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "base/error.h"
#include "r_convert.h"
#include "store/gene_sets.h"
#include "store/gene_store.h"

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
// size: genes of each; members: from 1, of those of at most
// `listed` genes; sizes: of all sets, which says whether names are theirs).
// `store` may be NULL, for that of the model.
// [[Rcpp::export(rng = false)]]
Rcpp::List cpp_shared_sets(SEXP store, SEXP model, std::string part,
                           Rcpp::List pairs, int listed) {
  const auto& sets = sets_of(musl_r::store_of(store, model), part);
  auto found = musl::shared_sets(sets, musl_r::as_pairs(pairs));
  std::vector<double> size;
  std::vector<std::int32_t> small;
  std::vector<std::size_t> place;
  for (std::size_t i = 0; i < found.set.size(); ++i) {
    const auto at = static_cast<std::size_t>(found.set[i]);
    size.push_back(sets.size[at]);
    if (sets.size[at] <= static_cast<float>(listed)) {
      small.push_back(found.set[i]);
      place.push_back(i);
    }
  }
  std::vector<std::vector<std::int32_t>> members(found.set.size());
  auto genes = musl::set_members(sets, small);
  for (std::size_t k = 0; k < place.size(); ++k) {
    for (auto& gene : genes[k]) ++gene;
    members[place[k]] = std::move(genes[k]);
  }
  for (auto& pair : found.pair) ++pair;
  for (auto& set : found.set) ++set;
  return Rcpp::List::create(
      Rcpp::Named("row") = found.pair, Rcpp::Named("set") = found.set,
      Rcpp::Named("size") = size, Rcpp::Named("members") = Rcpp::wrap(members),
      Rcpp::Named("sizes") = sets.size);
}
